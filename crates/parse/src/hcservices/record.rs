//! One row of a search, and the list of them as JSON.

use std::cell::Cell;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, SeqAccess, Visitor};

use super::value::Text;

macro_rules! record {
    ($($field:ident),+ $(,)?) => {
        /// What a row may hold, by the portal's names.
        #[derive(Deserialize, Debug, Default, PartialEq, Eq)]
        #[serde(default)]
        pub(super) struct Record<'a> {
            $(#[serde(borrow)] pub(super) $field: Text<'a>,)+
        }

        impl<'a> Record<'a> {
            /// The place of a name among those that are read, and its value.
            pub(super) fn field(&mut self, name: &str) -> Option<(u32, &mut Text<'a>)> {
                let mut place = 0;
                $(
                    if name == stringify!($field) {
                        return Some((place, &mut self.$field));
                    }
                    place += 1;
                )+
                debug_assert!(place <= 32, "the places fit into the bits of a word");
                None
            }
        }
    };
}

// In the order in which the portal sends them.
record! {
    orderurlpath, cino, case_no, case_no2, case_year, case_type, type_name, pet_name, res_name, lpet_name, lres_name,
    party_name1, party_name2, adv_name1, adv_name2, date_of_decision, court_no, todays_date, date_next_list,
    purpose_name, judgename, desgname,
}

/// Hands on the records of a JSON list as they are read; `count` says how many, also after an error.
pub(super) fn each(
    list: &str,
    count: &Cell<u64>,
    most: u64,
    take: &mut dyn FnMut(Record<'_>),
) -> Result<(), serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_str(list);
    Rows { take, count, most }
        .deserialize(&mut deserializer)
        .and_then(|()| deserializer.end())
}

struct Rows<'a> {
    take: &'a mut dyn FnMut(Record<'_>),
    count: &'a Cell<u64>,
    most: u64,
}

impl<'de> DeserializeSeed<'de> for Rows<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Rows<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of records")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<(), A::Error> {
        while let Some(record) = access.next_element::<Record<'de>>()? {
            if self.count.get() >= self.most {
                return Err(A::Error::custom("more rows than any search has"));
            }
            self.count.set(self.count.get() + 1);
            (self.take)(record);
        }
        while access.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }
}
