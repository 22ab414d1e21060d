//! Records of the Supreme Court's listings.

use jiff::civil::Date;
use serde::Deserialize;

use crate::day;
use crate::load::Stored;
use crate::markup::unescape;
use crate::random::{mix, mix_text};

/// A record of a Supreme Court listing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub(crate) struct Record {
    #[serde(default)]
    pub(crate) diary_no: Option<String>,
    #[serde(default)]
    pub(crate) case_no: Option<String>,
    #[serde(default)]
    pub(crate) pet: Option<String>,
    #[serde(default)]
    pub(crate) res: Option<String>,
    #[serde(default)]
    pub(crate) pet_adv: Option<String>,
    #[serde(default)]
    pub(crate) res_adv: Option<String>,
    #[serde(default)]
    pub(crate) bench: Option<String>,
    #[serde(default)]
    pub(crate) judgement_by: Option<String>,
    #[serde(default)]
    pub(crate) judgment_dates: Option<String>,
    #[serde(default)]
    pub(crate) temp_link: Option<String>,
}

impl Record {
    /// A number that names the record.
    pub(crate) fn hash(&self) -> u64 {
        let part = |text: &Option<String>| mix_text(text.as_deref().unwrap_or(""));
        mix(&[
            part(&self.diary_no),
            part(&self.case_no),
            part(&self.judgment_dates),
            part(&self.temp_link),
            part(&self.pet),
        ])
    }

    /// The date in `…_Judgement_14-Nov-2024.pdf (English)`.
    pub(crate) fn linked_date(&self) -> Option<Date> {
        let (_, rest) = self.temp_link.as_deref()?.split_once("Judgement_")?;
        day::read_named(rest.split(['.', ' ']).next()?)
    }

    /// The year of `1056-2010`; 1950 where there is none.
    pub(crate) fn diary_year(&self) -> u16 {
        let year = self
            .diary_no
            .as_deref()
            .and_then(|text| text.rsplit('-').next())
            .and_then(|y| y.parse().ok());
        year.filter(|year| (1900..2100).contains(year))
            .unwrap_or(1950)
    }

    /// What a row of it prints; `printed` is its date.
    pub(crate) fn stored(&self, printed: String) -> Stored {
        let list = |text: &Option<String>| -> Vec<String> {
            plain(text.as_ref())
                .split(',')
                .map(|name| name.trim().to_owned())
                .filter(|name| !name.is_empty())
                .collect()
        };
        let judges = list(&self.bench);
        let author = list(&self.judgement_by)
            .first()
            .and_then(|by| judges.iter().position(|judge| judge == by));
        let number = plain(self.case_no.as_ref());
        let has_number = number.chars().any(|c| c.is_ascii_digit() && c != '0');
        let advocates = [("petitioner", &self.pet_adv), ("respondent", &self.res_adv)];
        let excerpt: Vec<String> = advocates
            .into_iter()
            .map(|(side, adv)| (side, plain(adv.as_ref())))
            .filter(|(_, adv)| !adv.is_empty())
            .map(|(side, adv)| format!("For the {side}: {adv}."))
            .collect();
        Stored {
            number: if has_number { number } else { String::new() },
            petitioner: plain(self.pet.as_ref()),
            respondent: plain(self.res.as_ref()),
            judges,
            author,
            decided: printed,
            excerpt: excerpt.join(" "),
            record: Some(self.hash()),
            ..Stored::default()
        }
    }
}

/// A text without entities, white space drawn together.
pub(crate) fn plain(text: Option<&String>) -> String {
    let text = unescape(text.map_or("", String::as_str));
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
