//! The States, districts, complexes and establishments of the district courts. The States and their
//! numbers are the portal's (August 2026); of districts each State has two real names here, and what is
//! below them is invented.

use std::sync::LazyLock;

/// A State or Union Territory.
#[derive(Debug)]
pub(crate) struct State {
    /// Its number on the portal.
    pub(crate) code: u16,
    pub(crate) name: &'static str,
    /// The first two letters of its CNRs.
    letters: &'static str,
    /// The High Court above it, by slug.
    pub(crate) slug: &'static str,
    /// Two districts: name, and letters three and four of their CNRs.
    pub(crate) districts: [(&'static str, &'static str); 2],
}

/// An establishment: a court within a complex.
#[derive(Debug)]
pub(crate) struct Establishment {
    pub(crate) state: &'static State,
    /// Number of the district in its State, from 1.
    pub(crate) district: u16,
    pub(crate) district_name: &'static str,
    /// The complex, as forms send it: `1080010`.
    pub(crate) complex: String,
    pub(crate) complex_name: String,
    /// Number of the establishment in its district, from 1.
    pub(crate) code: u16,
    pub(crate) name: String,
    /// The first six characters of its CNRs.
    pub(crate) cnr_head: String,
}

const fn state(
    code: u16,
    name: &'static str,
    letters: &'static str,
    slug: &'static str,
    districts: [(&'static str, &'static str); 2],
) -> State {
    State {
        code,
        name,
        letters,
        slug,
        districts,
    }
}

static STATES: [State; 36] = [
    state(
        1,
        "Maharashtra",
        "MH",
        "bombay",
        [("Pune", "PU"), ("Nagpur", "NG")],
    ),
    state(
        2,
        "Andhra Pradesh",
        "AP",
        "andhra",
        [("Guntur", "GU"), ("Kurnool", "KU")],
    ),
    state(
        3,
        "Karnataka",
        "KA",
        "karnataka",
        [("Mysuru", "MY"), ("Belagavi", "BL")],
    ),
    state(
        4,
        "Kerala",
        "KL",
        "kerala",
        [("Ernakulam", "ER"), ("Kannur", "KN")],
    ),
    state(
        5,
        "Himachal Pradesh",
        "HP",
        "himachal",
        [("Shimla", "SH"), ("Kangra", "KA")],
    ),
    state(
        6,
        "Assam",
        "AS",
        "gauhati",
        [("Kamrup", "KM"), ("Cachar", "CA")],
    ),
    state(
        7,
        "Jharkhand",
        "JH",
        "jharkhand",
        [("Ranchi", "RN"), ("Dhanbad", "DH")],
    ),
    state(8, "Bihar", "BR", "patna", [("Patna", "PA"), ("Gaya", "GA")]),
    state(
        9,
        "Rajasthan",
        "RJ",
        "rajasthan",
        [("Jaipur", "JP"), ("Kota", "KT")],
    ),
    state(
        10,
        "Tamil Nadu",
        "TN",
        "madras",
        [("Chennai", "CH"), ("Madurai", "MD")],
    ),
    state(
        11,
        "Odisha",
        "OD",
        "orissa",
        [("Cuttack", "CU"), ("Ganjam", "GN")],
    ),
    state(
        12,
        "Jammu and Kashmir",
        "JK",
        "jammu",
        [("Jammu", "JA"), ("Srinagar", "SR")],
    ),
    state(
        13,
        "Uttar Pradesh",
        "UP",
        "allahabad",
        [("Lucknow", "LK"), ("Agra", "AG")],
    ),
    state(
        14,
        "Haryana",
        "HR",
        "punjab",
        [("Gurugram", "GR"), ("Hisar", "HS")],
    ),
    state(
        15,
        "Uttarakhand",
        "UK",
        "uttarakhand",
        [("Dehradun", "DD"), ("Nainital", "NT")],
    ),
    state(
        16,
        "West Bengal",
        "WB",
        "calcutta",
        [("Howrah", "HW"), ("Nadia", "ND")],
    ),
    state(
        17,
        "Gujarat",
        "GJ",
        "gujarat",
        [("Rajkot", "RJ"), ("Surat", "SU")],
    ),
    state(
        18,
        "Chhattisgarh",
        "CG",
        "chhattisgarh",
        [("Raipur", "RP"), ("Durg", "DU")],
    ),
    state(
        19,
        "Mizoram",
        "MZ",
        "gauhati",
        [("Aizawl", "AZ"), ("Lunglei", "LU")],
    ),
    state(
        20,
        "Tripura",
        "TR",
        "tripura",
        [("West Tripura", "WT"), ("Dhalai", "DL")],
    ),
    state(
        21,
        "Meghalaya",
        "ML",
        "meghalaya",
        [("East Khasi Hills", "EK"), ("Ri Bhoi", "RB")],
    ),
    state(
        22,
        "Punjab",
        "PB",
        "punjab",
        [("Ludhiana", "LD"), ("Amritsar", "AS")],
    ),
    state(
        23,
        "Madhya Pradesh",
        "MP",
        "mp",
        [("Bhopal", "BP"), ("Indore", "IN")],
    ),
    state(
        24,
        "Sikkim",
        "SK",
        "sikkim",
        [("Gangtok", "GT"), ("Namchi", "NA")],
    ),
    state(
        25,
        "Manipur",
        "MN",
        "manipur",
        [("Imphal West", "IW"), ("Thoubal", "TB")],
    ),
    state(
        26,
        "Delhi",
        "DL",
        "delhi",
        [("New Delhi", "ND"), ("Central", "CT")],
    ),
    state(
        27,
        "Chandigarh",
        "CH",
        "punjab",
        [("Chandigarh", "CH"), ("Chandigarh II", "CD")],
    ),
    state(
        28,
        "Andaman and Nicobar",
        "AN",
        "calcutta",
        [("South Andaman", "SA"), ("Nicobar", "NI")],
    ),
    state(
        29,
        "Telangana",
        "TS",
        "telangana",
        [("Warangal", "WR"), ("Nizamabad", "NZ")],
    ),
    state(
        30,
        "Goa",
        "GA",
        "bombay",
        [("North Goa", "NG"), ("South Goa", "SG")],
    ),
    state(
        33,
        "Ladakh",
        "LA",
        "jammu",
        [("Leh", "LE"), ("Kargil", "KG")],
    ),
    state(
        34,
        "Nagaland",
        "NL",
        "gauhati",
        [("Kohima", "KO"), ("Dimapur", "DM")],
    ),
    state(
        35,
        "Puducherry",
        "PY",
        "madras",
        [("Puducherry", "PD"), ("Karaikal", "KK")],
    ),
    state(
        36,
        "Arunachal Pradesh",
        "AR",
        "gauhati",
        [("Papum Pare", "PP"), ("Tawang", "TW")],
    ),
    state(
        37,
        "Lakshadweep",
        "LD",
        "kerala",
        [("Kavaratti", "KV"), ("Andrott", "AD")],
    ),
    state(
        38,
        "Dadra and Nagar Haveli and Daman and Diu",
        "DN",
        "bombay",
        [("Daman", "DA"), ("Silvassa", "SL")],
    ),
];

static ESTABLISHMENTS: LazyLock<Vec<Establishment>> = LazyLock::new(|| {
    let mut all = Vec::new();
    for state in &STATES {
        for (place, (district_name, letters)) in state.districts.iter().enumerate() {
            let district = place as u16 + 1;
            // The first complex of a district has one establishment, the second has three.
            let courts = [
                (1, "Civil Court", "District and Sessions Court"),
                (2, "Court Complex", "Civil Court Senior Division"),
                (2, "Court Complex", "Chief Judicial Magistrate"),
                (2, "Court Complex", "Munsif Court"),
            ];
            for (code, (complex, kind, court)) in (1..).zip(courts) {
                all.push(Establishment {
                    state,
                    district,
                    district_name,
                    complex: format!("1{:02}{:04}", state.code, district * 10 + complex),
                    complex_name: format!("{kind}, {district_name}"),
                    code,
                    name: format!("{court}, {district_name}"),
                    cnr_head: format!("{}{letters}{code:02}", state.letters),
                });
            }
        }
    }
    all
});

/// All States.
pub(crate) fn states() -> &'static [State] {
    &STATES
}

/// All establishments, those of a complex in a row.
pub(crate) fn establishments() -> &'static [Establishment] {
    &ESTABLISHMENTS
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::bench;

    #[test]
    fn heads_are_unique_and_no_high_courts() {
        let mut heads: HashSet<&str> = HashSet::new();
        for place in establishments() {
            assert_eq!(place.cnr_head.len(), 6);
            assert_ne!(place.cnr_head.get(2..4), Some("HC"));
            assert!(heads.insert(&place.cnr_head), "{}", place.cnr_head);
        }
        assert_eq!(heads.len(), 36 * 2 * 4);
        assert!(
            states()
                .iter()
                .all(|state| !bench::benches_of(state.slug).is_empty())
        );
    }
}
