//! Values of the portal's records: text, number or null, and the word `None` of its database.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Visitor};

/// A text however the portal types it; empty where it gives nothing. Borrowed from the reply where that has it
/// without escapes.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Text<'a>(Option<Cow<'a, str>>);

impl<'a> Text<'a> {
    pub(super) fn as_deref(&self) -> Option<&str> {
        self.0.as_deref()
    }

    pub(super) fn into_owned(self) -> Option<String> {
        self.0.map(Cow::into_owned)
    }

    /// A text of the reply.
    pub(super) fn borrowed(text: &'a str) -> Self {
        let ends = |text: &str| text.bytes().next().zip(text.bytes().next_back());
        let bare = ends(text).is_some_and(|(a, b)| a.is_ascii_graphic() && b.is_ascii_graphic());
        let text = if bare { text } else { text.trim() };
        Self(is_said(text).then_some(Cow::Borrowed(text)))
    }

    /// A text that had to be put together.
    pub(super) fn of(text: &str) -> Self {
        let text = text.trim();
        Self(is_said(text).then(|| Cow::Owned(text.to_owned())))
    }
}

fn is_said(text: &str) -> bool {
    !text.is_empty() && text != "None" && text != "null"
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor(PhantomData))
    }
}

struct TextVisitor<'a>(PhantomData<&'a str>);

impl<'de: 'a, 'a> Visitor<'de> for TextVisitor<'a> {
    type Value = Text<'a>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text, a number or null")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Text<'a>, E> {
        Ok(Text::borrowed(text))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Text<'a>, E> {
        Ok(Text::of(text))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Text<'a>, E> {
        Ok(Text(Some(Cow::Owned(number.to_string()))))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Text<'a>, E> {
        Ok(Text(Some(Cow::Owned(number.to_string()))))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Text<'a>, E> {
        Ok(Text(Some(Cow::Owned(number.to_string()))))
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Text<'a>, E> {
        Ok(Text(None))
    }

    fn visit_unit<E: Error>(self) -> Result<Text<'a>, E> {
        Ok(Text(None))
    }

    fn visit_none<E: Error>(self) -> Result<Text<'a>, E> {
        Ok(Text(None))
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Text<'a>, D::Error> {
        Text::deserialize(deserializer)
    }
}

/// A list of texts, or one text in its place.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Texts {
    pub(super) list: Vec<Text<'static>>,
    /// Whether the portal sent a list.
    pub(super) is_list: bool,
}

/// No High Court has more establishments.
const MOST_TEXTS: usize = 4096;

impl<'de> Deserialize<'de> for Texts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextsVisitor)
    }
}

struct TextsVisitor;

impl<'de> Visitor<'de> for TextsVisitor {
    type Value = Texts;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of texts, a text or null")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Texts, A::Error> {
        let mut list = Vec::new();
        while let Some(text) = access.next_element::<Text<'_>>()? {
            if list.len() == MOST_TEXTS {
                return Err(A::Error::custom("a list of too many texts"));
            }
            list.push(Text(text.into_owned().map(Cow::Owned)));
        }
        Ok(Texts {
            list,
            is_list: true,
        })
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Texts, E> {
        Ok(Texts {
            list: vec![Text::of(text)],
            is_list: false,
        })
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Texts, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Texts, E> {
        Ok(Texts::default())
    }

    fn visit_unit<E: Error>(self) -> Result<Texts, E> {
        Ok(Texts::default())
    }
}
