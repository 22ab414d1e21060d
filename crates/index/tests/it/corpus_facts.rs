//! Facts of the invented judgments, as reading their texts would give them.

use nirnay_index::{Facts, IndexDocument, Provision};

fn provision(statute: &str, section: &str) -> Provision {
    Provision {
        statute: (!statute.is_empty()).then(|| statute.to_owned()),
        section: section.to_owned(),
    }
}

/// What the texts of `d01` to `d09` say of themselves.
pub(crate) fn of(key: &str) -> Facts {
    let english = || vec!["eng".to_owned()];
    match key {
        "d01" => Facts {
            languages: english(),
            provisions: vec![
                provision("IPC", "s 498A"),
                provision("IPC", "s 302"),
                provision("IPC", "s 34"),
            ],
            ..Facts::default()
        },
        "d02" => Facts {
            languages: english(),
            provisions: vec![provision("Arbitration Act", "s 34")],
            cited_by: 7,
            ..Facts::default()
        },
        "d03" => Facts {
            kind: Some("order".to_owned()),
            languages: english(),
            judges: vec!["A.B. Kulkarni, J.".to_owned()],
            case_number: Some("Criminal Bail Application No. 12 of 2025".to_owned()),
            own_citations: vec!["2025:BHC-AS:77".to_owned()],
            cites: vec!["2025 INSC 555".to_owned(), "(2017) 10 SCC 1".to_owned()],
            cited_by: 2,
            ..Facts::default()
        },
        "d04" => Facts {
            provisions: vec![provision("CrPC", "s 482"), provision("", "s 12")],
            ..Facts::default()
        },
        "d05" => Facts {
            languages: vec!["hin".to_owned(), "eng".to_owned()],
            provisions: vec![
                provision("IPC", "s 302"),
                provision("Constitution", "art 226"),
            ],
            ..Facts::default()
        },
        "d06" => Facts {
            languages: vec!["tam".to_owned()],
            ..Facts::default()
        },
        _ => Facts::default(),
    }
}

/// The document with what its text says.
pub(crate) fn with_facts(mut document: IndexDocument) -> IndexDocument {
    document.facts = of(&document.key);
    document
}
