//! The index as its callers see it.

#[cfg(test)]
mod corpus;
#[cfg(test)]
mod durability;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod search;
