//! The index as its callers see it.

#[cfg(test)]
mod corpus;
#[cfg(test)]
mod corpus_facts;
#[cfg(test)]
mod duplicates;
#[cfg(test)]
mod durability;
#[cfg(test)]
mod facets;
#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod language;
#[cfg(test)]
mod passage;
#[cfg(test)]
mod search;
