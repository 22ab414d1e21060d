//! Texts and the keys that must come out of them; every text is made up for the purpose.

use nirnay_citation::{Basis, Kind, find, find_until, parse_key};

fn keys(text: &str, kinds: &[Kind]) -> Vec<String> {
    find(text)
        .into_iter()
        .filter(|citation| kinds.contains(&citation.kind))
        .map(|citation| citation.key)
        .collect()
}

const REPORTS: &[Kind] = &[Kind::Neutral, Kind::Reporter, Kind::Foreign];

fn check(rows: &[(&str, &[&str])], kinds: &[Kind]) {
    let mut wrong = Vec::new();
    for (text, expected) in rows {
        let found = keys(text, kinds);
        if found != *expected {
            wrong.push(format!(
                "{text:?}\n    found    {found:?}\n    expected {expected:?}"
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} rows:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn reporters() {
    check(
        &[
            ("A v. B, (2017) 10 SCC 1.", &["(2017) 10 SCC 1"]),
            ("A v. B 2017 (10) S.C.C. 1", &["(2017) 10 SCC 1"]),
            ("[2017 10 SCC 1]", &["(2017) 10 SCC 1"]),
            ("(2017)10 SCC-1 and", &["(2017) 10 SCC 1"]),
            ("2017 SCC (10) 1", &["(2017) 10 SCC 1"]),
            ("(2017) 10 Supreme Court Cases 1", &["(2017) 10 SCC 1"]),
            ("1992 Supp. (1) SCC 335", &["1992 Supp (1) SCC 335"]),
            ("1992 Supp.(1)SCC 335", &["1992 Supp (1) SCC 335"]),
            ("1981 (Supp) SCC 87", &["1981 Supp SCC 87"]),
            ("2010 (1) SCC (Cri.) 963", &["(2010) 1 SCC (Cri) 963"]),
            ("1996 SCC (L & S) 210", &["1996 SCC (L&S) 210"]),
            ("2018 SCC OnLine Del 1234", &["2018 SCC OnLine Del 1234"]),
            ("2018 SCC Online SC 99", &["2018 SCC OnLine SC 99"]),
            ("2018 SCC On Line P & H 7", &["2018 SCC OnLine P&H 7"]),
            ("AIR 1978 SC 597", &["AIR 1978 SC 597"]),
            ("A.I.R. 1978 S.C. 597", &["AIR 1978 SC 597"]),
            ("AIR1978SC597", &["AIR 1978 SC 597"]),
            ("1978 AIR (SC) 597", &["AIR 1978 SC 597"]),
            ("1978 AIR 597", &["AIR 1978 SC 597"]),
            ("AIR, 1978 Supreme Court 597", &["AIR 1978 SC 597"]),
            ("AIR 1993 Jammu and Kashmir 69", &["AIR 1993 J&K 69"]),
            ("AIR 1965 Mysore 73 (FB)", &["AIR 1965 Mys 73"]),
            ("AIR 1999 Punjab & Haryana 319", &["AIR 1999 P&H 319"]),
            ("AIR 1978 SC page 597", &["AIR 1978 SC 597"]),
            ("A.I.R. (28) 1941 Bom. 408", &["AIR 1941 Bom 408"]),
            ("2008 AIR SCW 2739", &["2008 AIR SCW 2739"]),
            ("[1975] 2 S.C.R. 715", &["[1975] 2 SCR 715"]),
            ("1975 (2) SCR 715", &["[1975] 2 SCR 715"]),
            ("[1950] S.C.R. 88", &["[1950] SCR 88"]),
            ("(1959) Supp 1 SCR 904", &["[1959] Supp (1) SCR 904"]),
            ("[1971] Supp. S.C.R. 634", &["[1971] Supp SCR 634"]),
            ("[1957] SUPP. 2 S.C.R. 11", &["[1957] Supp (2) SCR 11"]),
            ("2013 (6) Scale 563", &["(2013) 6 SCALE 563"]),
            ("JT 1996 (10) SC 550", &["JT 1996 (10) SC 550"]),
            ("JT (1994) 1 SC 290", &["JT 1994 (1) SC 290"]),
            ("JT [2000] Suppl. 1 SC 538", &["JT 2000 Supp (1) SC 538"]),
            ("2005 (3) JT 45 (SC)", &["JT 2005 (3) SC 45"]),
            ("1984CriLJ647", &["1984 Cri LJ 647"]),
            ("1997 Crl. L. J 335 (Del)", &["1997 Cri LJ 335"]),
            ("ILR 1986 KAR 1723", &["ILR 1986 Kant 1723"]),
            ("I.L.R. 36 Mad 453", &["ILR 36 Mad 453"]),
            ("ILR (1964) 1 Punj 750", &["ILR (1964) 1 Punj 750"]),
            ("(1959) ILR 38 Pat 95", &["ILR (1959) 38 Pat 95"]),
            ("[1967] 63 I.T.R. 219 (SC)", &["63 ITR 219"]),
            ("63 ITR 219", &["63 ITR 219"]),
            ("198-ITR-297", &["198 ITR 297"]),
            ("1996 (83) E.L.T. A33", &["83 ELT A33"]),
            ("118 (2005) DLT 320", &["118 DLT 320"]),
            ("I (1997) BC 247", &["1997 (1) BC 247"]),
            ("(1980) 21 (2) Guj LR 167", &["21 GLR 167"]),
            (
                "[1986] 158 ITR 174/23 Taxman 219",
                &["158 ITR 174", "23 Taxman 219"],
            ),
            ("44 Pun Re 1891 (FB)", &["44 PR 1891"]),
            ("(1993) 47 TTJ (Ahd) 556", &["47 TTJ 556"]),
            ("(1) A. T. R. 1970 S.C. 406", &["1970 ATR 406"]),
            ("(1) [1956] S.C.R. 916", &["[1956] SCR 916"]),
            ("(1911) 33 All. 51", &["ILR (1911) 33 All 51"]),
            (
                "(9) ILR 41 Mad 743 : (AIR 1919 Mad1944)",
                &["ILR 41 Mad 743", "AIR 1919 Mad 1944"],
            ),
            ("1926 PC 46", &["AIR 1926 PC 46"]),
            (
                "(1998) 6 SCC 5381998 Indlaw SC 1",
                &["(1998) 6 SCC 538", "1998 Indlaw SC 1"],
            ),
            ("dated 11.03.2005 Ex. 33", &[]),
            ("(2001) 3 XYJ 45", &["2001 (3) XYJ 45"]),
            ("1985 ACJ 645 (SC)", &["1985 ACJ 645"]),
            ("1969-II L.L.J. 749", &["1969 (2) LLJ 749"]),
            ("2003 (4) RCR (Criminal) 100", &["2003 (4) RCR (Cri) 100"]),
            (
                "1997 (2) R.C.R. (Criminal), 808",
                &["1997 (2) RCR (Cri) 808"],
            ),
            ("1998 (2) L.W. (Crl.) 541", &["1998 (2) LW (Cri) 541"]),
            ("2014 I AD (Delhi) 349", &["2014 (1) AD (Delhi) 349"]),
            ("1986 KHC 1", &["1986 KHC 1"]),
            ("MANU/SC/0123/2004", &["MANU/SC/0123/2004"]),
            ("2022 LiveLaw (SC) 123", &["2022 LiveLaw (SC) 123"]),
            ("(2019) 105 taxmann.com 12 (Delhi)", &["105 taxmann.com 12"]),
            ("22 I.A. 107-118", &["22 IA 107"]),
            ("215 ITR 215.The learned counsel", &["215 ITR 215"]),
        ],
        REPORTS,
    );
}

#[test]
fn foreign_reports() {
    check(
        &[
            ("[1932] AC 562", &["[1932] AC 562"]),
            ("[1858] 1 E. & E. 267", &["[1858] 1 E & E 267"]),
            ("(1854) 3 E. & B. 11", &["[1854] 3 E & B 11"]),
            ("(1867) 2 QB 523", &["[1867] 2 QB 523"]),
            ("[1966] I K.B. 613", &["[1966] 1 KB 613"]),
            ("[1972] 2 All ER 492", &["[1972] 2 All ER 492"]),
            ("410 U.S. 113", &["410 U.S. 113"]),
            ("[2011] UKSC 12", &["[2011] UKSC 12"]),
            ("[2020] EWHC 123 (Comm)", &["[2020] EWHC 123"]),
        ],
        &[Kind::Foreign],
    );
}

#[test]
fn neutral_citations() {
    check(
        &[
            ("2024 INSC 855", &["2024 INSC 855"]),
            ("2024INSC855", &["2024 INSC 855"]),
            ("2024 I.N.S.C. 855", &["2024 INSC 855"]),
            ("2023:DHC:2720", &["2023:DHC:2720"]),
            ("2023/DHC/002720", &["2023:DHC:2720"]),
            ("2023 : DHC : 2720 - DB", &["2023:DHC:2720-DB"]),
            (
                "2023:DHC:2073-DBThis is a digitally signed order",
                &["2023:DHC:2073-DB"],
            ),
            ("2023/MHC/4812", &["2023:MHC:4812"]),
            ("2025:RJ-\nJD:19943", &["2025:RJ-JD:19943"]),
            ("NC: 2024:KHC-D:7336", &["2024:KHC-D:7336"]),
            ("2025:PHHC:037643-DB", &["2025:PHHC:37643-DB"]),
            ("2025:BHC-AUG:15099", &["2025:BHC-AUG:15099"]),
            // Well formed, unknown.
            ("2026:XYHC:12", &["2026:XYHC:12"]),
            // A file number.
            ("No. 2019/ABC/12", &[]),
            ("12:30:2024", &[]),
        ],
        REPORTS,
    );
    assert!(!find("2026:XYHC:12")[0].resolved);
    assert!(find("2025:GAU-AS:1")[0].resolved);
}

#[test]
fn case_numbers() {
    check(
        &[
            ("W.P.(C) 5348/2024", &["WP(C) 5348/2024"]),
            ("Civil Appeal No. 6677 of 2026", &["CA 6677/2026"]),
            ("C.A. No. 6677/2026", &["CA 6677/2026"]),
            (
                "Criminal Appeal Nos. 12 and 13 of 2004",
                &["CRLA 12/2004", "CRLA 13/2004"],
            ),
            ("SLP (Crl.) No. 8845 of 2023", &["SLP(CRL) 8845/2023"]),
            ("CRM-M-12345-2020", &["CRMM 12345/2020"]),
            ("FIR No. 12/2010", &[]),
            // One case whatever the spelling of its type and class.
            (
                "Special Leave to Appeal (Crl.) 8845/2023",
                &["SLP(CRL) 8845/2023"],
            ),
            ("SLP (Cr.) No. 8845 of 2023", &["SLP(CRL) 8845/2023"]),
            ("Appeal (civil) 6677 of 2006", &["CA 6677/2006"]),
            ("Appeal (crl.) 67 of 2006", &["CRLA 67/2006"]),
            (
                "Crl. Appeals Nos. 6 & 7 of 2006",
                &["CRLA 6/2006", "CRLA 7/2006"],
            ),
            (
                "Petitions Nos. 3 and 4 of 1960",
                &["PETITION 3/1960", "PETITION 4/1960"],
            ),
            ("Suit No. 5 of 1990", &["SUIT 5/1990"]),
            (
                "(ARISING OUT OF SLP (C) NO. 55 OF 2019)",
                &["SLP(C) 55/2019"],
            ),
            (
                "The Impleadment Application No. 3 of 2001",
                &["IMPLEADMENTAPPLICATION 3/2001"],
            ),
            (
                "Regular Darkhast No. 5 of 2019",
                &["REGULARDARKHAST 5/2019"],
            ),
        ],
        &[Kind::CaseNumber],
    );
    check(
        &[
            ("Diary No. 1234 of 2020", &["Diary 1234/2020"]),
            ("Diary No(s). 77-2021", &["Diary 77/2021"]),
            ("D. No. 1234/2020", &["Diary 1234/2020"]),
            ("D.No. 77 of 2021", &["Diary 77/2021"]),
            // Doors have numbers too.
            ("D.No. 5-87/2", &[]),
            ("D. No. 12/2001-A", &[]),
        ],
        &[Kind::Diary],
    );
    check(
        &[
            ("CNR DLHC010000122024.", &["DLHC010000122024"]),
            ("WBCHCA0000012024", &["WBCHCA0000012024"]),
            ("GJHC24-046431-2025", &["GJHC240464312025"]),
            ("dlhc01-000012-2024", &["DLHC010000122024"]),
            ("Gjhc24 046431 2025", &["GJHC240464312025"]),
            ("ABCD010000122024X", &[]),
        ],
        &[Kind::Cnr],
    );
}

#[test]
fn ranges_of_case_numbers() {
    check(
        &[
            // The second number leaves out what it shares with the first.
            (
                "C.A. Nos. 8132-33 of 1991",
                &["CA 8132/1991", "CA 8133/1991"],
            ),
            (
                "W.P. Nos. 118 to 20/2003",
                &["WP 118/2003", "WP 119/2003", "WP 120/2003"],
            ),
            (
                "SLP (C) Nos. 700\u{2013}02/2014",
                &["SLP(C) 700/2014", "SLP(C) 701/2014", "SLP(C) 702/2014"],
            ),
            (
                "Civil Appeal Nos. 617/18 of 1969",
                &["CA 617/1969", "CA 618/1969"],
            ),
            // Every number of a full one, also where a number could be a year.
            (
                "Civil Appeal Nos. 31-33 of 1995",
                &["CA 31/1995", "CA 32/1995", "CA 33/1995"],
            ),
            (
                "Civil Appeal Nos. 2006- 2007/1998",
                &["CA 2006/1998", "CA 2007/1998"],
            ),
            (
                "O.A. No. 3 of 1987 to 5 of 1987",
                &["OA 3/1987", "OA 4/1987", "OA 5/1987"],
            ),
            ("Diary Nos. 8-9 of 2021", &["Diary 8/2021", "Diary 9/2021"]),
            // In a list, with numbers of their own.
            (
                "Civil Appeals Nos. 5, 31-32 and 40 of 1995 and 7 of 1996",
                &[
                    "CA 5/1995",
                    "CA 31/1995",
                    "CA 32/1995",
                    "CA 40/1995",
                    "CA 7/1996",
                ],
            ),
            ("W.P. Nos. 12 and 13 of 2001", &["WP 12/2001", "WP 13/2001"]),
            // No list of hundreds, and no guess.
            ("W.P. Nos. 20-950 of 1999", &["WP 20/1999", "WP 950/1999"]),
            ("W.P. Nos. 4181-79 of 1985", &["WP 4181/1985"]),
            // What a dash and four digits mean elsewhere.
            ("CRM-M-12345-2020", &["CRMM 12345/2020"]),
            ("C.A. No. 8510/95 of 1995", &["CA 8510/1995"]),
        ],
        &[Kind::CaseNumber, Kind::Diary],
    );
    let found = find("in C.A. Nos. 8132-33 of 1991, 8140 of 1991");
    let spans: Vec<_> = found
        .iter()
        .map(|c| (c.text.as_str(), c.start, c.end))
        .collect();
    assert_eq!(
        spans,
        [
            ("C.A. Nos. 8132-33 of 1991", 3, 28),
            ("C.A. Nos. 8132-33 of 1991", 3, 28),
            ("8140 of 1991", 30, 42),
        ]
    );
}

#[test]
fn provisions_and_their_statutes() {
    check(
        &[
            ("under Section 302 of the Indian Penal Code", &["IPC s 302"]),
            (
                "Sections 302, 304-B and 34 IPC",
                &["IPC s 302", "IPC s 304B", "IPC s 34"],
            ),
            ("u/s 302/34 I.P.C.", &["IPC s 302", "IPC s 34"]),
            ("Article 226 of the Constitution", &["Constitution art 226"]),
            (
                "Articles 14 and 21",
                &["Constitution art 14", "Constitution art 21"],
            ),
            ("Order XXI Rule 29 CPC", &["CPC o 21 r 29"]),
            (
                "O. 39 Rr. 1 and 2 of the Code of Civil Procedure, 1908",
                &["CPC o 39 r 1", "CPC o 39 r 2"],
            ),
            (
                "Section 482 Cr.P.C. read with Section 34 of the IPC",
                &["CrPC s 482", "IPC s 34"],
            ),
            ("Section 528 of the BNSS", &["BNSS s 528"]),
            ("section 302", &["s 302"]),
            ("Motor Vehicles Act, 1939, s. 110", &["MV Act 1939 s 110"]),
            (
                "Section 80HHC of the Income-tax Act, 1961",
                &["IT Act s 80HHC"],
            ),
        ],
        &[Kind::Provision],
    );
    let text = "The Prevention of Money-laundering Act, 2002 (hereinafter 'the Act') came. Under Section 3 of the Act it is so. Section 4 too.";
    let found: Vec<_> = find(text)
        .into_iter()
        .filter(|c| c.kind == Kind::Provision)
        .collect();
    assert_eq!(found[0].key, "PMLA s 3");
    assert_eq!(found[0].statute.as_ref().unwrap().basis, Basis::Defined);
    assert_eq!(found[1].key, "PMLA s 4");
    assert_eq!(found[1].statute.as_ref().unwrap().basis, Basis::Preceding);
    // A state's Act of a like name is another Act.
    assert_eq!(
        keys("the Karnataka Forest Act, 1963", &[Kind::Statute]),
        ["Karnataka Forest Act 1963"]
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn which_statute_a_provision_belongs_to() {
    check(
        &[
            // Of something that is no statute of the table.
            ("Article 5 of the agreement", &["art 5"]),
            (
                "Articles 5 and 6 of that treaty. Article 14 is another.",
                &["art 5", "art 6", "Constitution art 14"],
            ),
            ("the IPC. Section 8 of ATSA", &["ATSA s 8"]),
            ("Article 470 of the Regulations", &["art 470"]),
            // Rules have titles too, with hyphens and without.
            (
                "Rule 8D of the Income-tax Rules, 1962",
                &["Income Tax Rules 1962 r 8D"],
            ),
            (
                "RULE 8D OF THE INCOME TAX RULES, 1962",
                &["Income Tax Rules 1962 r 8D"],
            ),
            (
                "Rule 3 of the U. P. Fisheries Rules, 1954",
                &["UP Fisheries Rules 1954 r 3"],
            ),
            // A sentence that ends, and the number of a paragraph.
            ("as it is under the Rules.\n6. The petitioner", &[]),
            ("as it is under this section. 6. The petitioner", &[]),
            // Places in an Act are not its name.
            (
                "The Ferries Act, 1951. Chapter IV of the Act. By section 1 it",
                &["Ferries Act 1951 s 1"],
            ),
            (
                "The Ferries Act, 1951. The First Schedule to the Act, and section 1",
                &["Ferries Act 1951 s 1"],
            ),
            (
                "Chapter XXXI of the Code of Criminal Procedure; section 439",
                &["CrPC s 439"],
            ),
            // Which Act the text means.
            (
                "The Ferries Act, 1951; the Canals Act, 1962. Section 4 of the Act of 1951",
                &["Ferries Act 1951 s 4"],
            ),
            (
                "The Ferries Act, 1951; the Canals Act, 1962. Section 4 of the 1951 Act",
                &["Ferries Act 1951 s 4"],
            ),
            ("The Ferries Act, 1951. Section 4 of the new Act", &["s 4"]),
            (
                "The Ferries Act, 1951 (\"the new Act\"); the Canals Act, 1962. Section 4 of the new Act",
                &["Ferries Act 1951 s 4"],
            ),
            (
                "Madras Ferries and Canals Act, 1951; IPC; s. 4 of the Madras Act",
                &["Madras Ferries and Canals Act 1951 s 4"],
            ),
            ("Section 561-A of the Code of 1898", &["CrPC 1898 s 561A"]),
            // The name of a case is no statute at hand; a high number belongs where it was said to.
            (
                "under section 307 IPC. In re The Ferries Act, 1951 is a case. The charge under section 307",
                &["IPC s 307", "IPC s 307"],
            ),
            (
                "section 341 IPC. The Arms Act, 1959 was amended. He was charged under section 341",
                &["IPC s 341", "IPC s 341"],
            ),
            // An article and a section share no Act; a section is not of Rules.
            (
                "Art. 20(3) and s. 24 of the Evidence Act",
                &["Constitution art 20", "Evidence Act s 24"],
            ),
            (
                "Ferries Act, 1951/Ferries Rules, 1952: Sections 3 and 4",
                &["Ferries Act 1951 s 3", "Ferries Act 1951 s 4"],
            ),
            (
                "Sch. II Art. 11 of it; Article 12",
                &["art 11", "Constitution art 12"],
            ),
            // "The Code" is one of procedure, unless it was said whose section it is.
            ("the CrPC and the IPC; s. 188 of the Code", &["CrPC s 188"]),
            (
                "s. 300 IPC, the CrPC; s. 300 of the Code",
                &["IPC s 300", "IPC s 300"],
            ),
            (
                "the Income-tax Act; s. 13 of the 1922 Act",
                &["IT Act 1922 s 13"],
            ),
            (
                "section 420 (cheating) and section 304 Part II of the IPC",
                &["s 420", "IPC s 304"],
            ),
            ("section 420 (cheating) of the IPC", &["IPC s 420"]),
            ("section 498- A of the IPC", &["IPC s 498A"]),
            // An Act of forty sections has no fifty-first.
            (
                "The Factories Act, 1948 and the Industrial Disputes Act, 1947. By section 51 hours",
                &["Factories Act s 51"],
            ),
        ],
        &[Kind::Provision],
    );
    check(
        &[
            (
                "the Gujarat Co-operative Societies Act, 1961",
                &["Gujarat Co-operative Societies Act 1961"],
            ),
            (
                "THE GUJARAT FERRIES ACT, 1961",
                &["Gujarat Ferries Act 1961"],
            ),
            ("the U.P. Ferries Act, 1961", &["UP Ferries Act 1961"]),
            (
                "the Central Provinces Ferries Act, 1901",
                &["Central Provinces Ferries Act 1901"],
            ),
            (
                "in 1948, the Gujarat Ferries Act, 1961",
                &["Gujarat Ferries Act 1961"],
            ),
            // What only refers is no row.
            (
                "the Amending Act, the Act of 1961, the 1961 Act, Part II of the Act, An Act",
                &[],
            ),
            ("the Ranbir Penal Code", &["RPC"]),
        ],
        &[Kind::Statute],
    );
}

#[test]
fn pinpoints_and_clusters() {
    let found =
        find("(2010) 1 SCC 5 at para 10; [1972] 3 SCR 320, 326 and AIR 1963 SC 12 at p. 15");
    let pins: Vec<_> = found.iter().map(|c| c.pinpoint.as_deref()).collect();
    assert_eq!(pins, [Some("para 10"), Some("p 326"), Some("p 15")]);
    for (text, pinpoint) in [
        ("(2021) 3 SCC 40, 44 (para 6)", "p 44 para 6"),
        ("(2021) 3 SCC 40, 44-47, para 6", "p 44-47 para 6"),
        ("(2021) 3 SCC 40 (paras 6, 7 and 9)", "para 6, 7, 9"),
        ("[1972] 3 SCR 320, 326 (1973) 1 SCC 4", ""),
        ("(2021) 3 SCC 40 para 6, 12 ITR 7", "para 6"),
    ] {
        let pinpoint = (!pinpoint.is_empty()).then_some(pinpoint);
        assert_eq!(find(text)[0].pinpoint.as_deref(), pinpoint, "{text}");
    }
    let found = find(
        "A v. B (2000) 1 SCC 5 : AIR 2000 SC 77 = JT 2000 (1) SC 9 and C v. D (2001) 2 SCC 3, (2001) 4 SCC 5",
    );
    let clusters: Vec<_> = found.iter().map(|c| c.cluster).collect();
    assert_eq!(clusters, [Some(0), Some(0), Some(0), None, None]);
    let found = find("2006 Supp (10) SCR 1 2008 (3) SCC 331");
    assert_eq!(found.len(), 2);
}

#[test]
fn parallel_citations_of_different_years_are_one_cluster() {
    // A series numbers its volumes by the year of printing, another by the year of the judgment.
    for text in [
        "(2017) 10 SCC 1 : AIR 2017 SC 4161",
        "(2018) 1 SCC 809 : AIR 2017 SC 4609",
        "AIR 1978 SC 597 = (1979) 1 SCC 248 = [1978] 2 SCR 621",
        "(2019) 1 SCC 1 : (2018) 8 SCJ 609 : 2018 SCC OnLine SC 1642 : AIR 2018 SC (SUPP) 1841",
        "(1964) 52 ITR 1 : AIR 1962 SC 3",
        "(1998) 7 SCC 739, AIR 1999 SC 98",
        "2024 INSC 113 : (2024) 5 SCC 1",
    ] {
        let clusters: Vec<_> = find(text).iter().map(|c| c.cluster).collect();
        assert!(clusters.len() >= 2, "{text}: {clusters:?}");
        assert!(
            clusters.iter().all(|c| *c == Some(0)),
            "{text}: {clusters:?}"
        );
    }
    // Of one series, or years apart, or in a list: judgments of their own.
    for text in [
        "(2017) 10 SCC 1 : (2018) 1 SCC 809",
        "(2017) 10 SCC 1 : AIR 1978 SC 597",
        "(2017) 10 SCC 1, AIR 2014 SC 1863",
        "(2017) 10 SCC 1 and AIR 2017 SC 4161",
        // Nor does a judgment have two neutral citations.
        "2024:KHC:100; 2024:XYZHC:12",
        "2024:KHC:100 : 2023 INSC 12",
        "[2011] UKSC 12, [2010] EWCA Civ 5",
    ] {
        let found = find(text);
        assert_eq!(found.len(), 2, "{text}");
        assert!(found.iter().all(|c| c.cluster.is_none()), "{text}");
    }
}

#[test]
fn a_search_ends_where_it_was_told_to() {
    let text = "न्याय IPC, CrPC, CPC";
    assert_eq!(find_until(text, 9).1, None);
    assert_eq!(find_until(text, 3).1, None);
    let (found, stopped) = find_until(text, 2);
    assert_eq!(found.len(), 2);
    assert_eq!(stopped, Some(15));
}

#[test]
fn spans_count_characters() {
    let text = "न्याय — “AIR 1978 SC 597”";
    let found = find(text);
    let printed: String = text
        .chars()
        .skip(found[0].start)
        .take(found[0].end - found[0].start)
        .collect();
    assert_eq!(printed, found[0].text);
    assert_eq!(printed, "AIR 1978 SC 597");
}

#[test]
fn keys_read_back_as_themselves() {
    for key in [
        "2024 INSC 855",
        "2023:DHC:2720-DB",
        "(2017) 10 SCC 1",
        "1992 Supp (1) SCC 335",
        "(2010) 1 SCC (Cri) 963",
        "AIR 1978 SC 597",
        "[1975] 2 SCR 715",
        "[1950] SCR 88",
        "[1959] Supp (1) SCR 904",
        "JT 1996 (10) SC 550",
        "1984 Cri LJ 647",
        "ILR (1964) 1 Punj 750",
        "63 ITR 219",
        "1997 (1) BC 247",
        "MANU/SC/0123/2004",
        "2022 LiveLaw (SC) 123",
        "2018 SCC OnLine Del 1234",
        "[1932] AC 562",
        "WP(C) 5348/2024",
        "Diary 1234/2020",
        "DLHC010000122024",
        "IPC s 302",
        "CPC o 21 r 29",
        "Constitution art 226",
        "MV Act 1939",
        "IPC",
    ] {
        assert_eq!(parse_key(key).map(|k| k.text).as_deref(), Some(key));
    }
    for none in [
        "",
        "murder",
        "2017",
        "AIR 1978 SC 597 and AIR 1979 SC 1",
        "bail in ndps",
    ] {
        assert_eq!(parse_key(none), None, "{none}");
    }
}

#[test]
fn volumes_that_print_hides() {
    check(
        &[
            // A roman volume glued to its reporter.
            ("(2005)ILLJ1065MAD", &["2005 (1) LLJ 1065"]),
            ("(1996)IILLJ77SC", &["1996 (2) LLJ 77"]),
            ("(2003)IIILLJ501Bom", &["2003 (3) LLJ 501"]),
            // The number of a supplement.
            ("JT 2001 (Suppl. 1) SC 12", &["JT 2001 Supp (1) SC 12"]),
            ("JT 2001 (Suppl. 2) SC 12", &["JT 2001 Supp (2) SC 12"]),
            ("JT 2001 (Suppl) SC 12", &["JT 2001 Supp SC 12"]),
            ("1992 SCC (Supp) 2 22", &["1992 Supp (2) SCC 22"]),
            ("1992 SCC (Supp) 22", &["1992 Supp SCC 22"]),
            ("1992 SCC (Supp. 2) 22", &["1992 Supp (2) SCC 22"]),
            // A volume without brackets.
            ("1998 BLJR 1 228", &["1998 (1) BLJR 228"]),
            ("1998 BLJR 228", &["1998 BLJR 228"]),
            (
                "1998 BLJR 12, 187 ITR 363",
                &["1998 BLJR 12", "187 ITR 363"],
            ),
            ("1998 BLJR 12 187 ITR 363", &["1998 BLJR 12", "187 ITR 363"]),
            // LiveLaw, abbreviated.
            ("LL 2021 SC 12", &["2021 LiveLaw (SC) 12"]),
            ("2021 LL (SC) 12", &["2021 LiveLaw (SC) 12"]),
            ("LL 2021 12", &[]),
            ("24 CLR 330", &["24 CLR 330"]),
            ("1995 (2) CLR 330", &["1995 (2) CLR 330"]),
        ],
        REPORTS,
    );
}

#[test]
fn service_matters_are_no_plural() {
    check(
        &[
            ("W.P.(S) No. 1717 of 2020", &["WP(S) 1717/2020"]),
            ("WP(S) No. 1717/2020", &["WP(S) 1717/2020"]),
            ("Writ Petition (S) No. 1717 of 2020", &["WP(S) 1717/2020"]),
            ("WPS No. 1717 of 2020", &["WPS 1717/2020"]),
            ("W.P.(s) No. 1717 of 2020", &["WP 1717/2020"]),
            (
                "W.P.(S) Nos. 17 and 18 of 2020",
                &["WP 17/2020", "WP 18/2020"],
            ),
            ("WPs Nos. 17 and 18 of 2020", &["WP 17/2020", "WP 18/2020"]),
            ("CIVIL APPEAL(S) NO. 17 OF 2020", &["CA 17/2020"]),
            ("CIVIL APPEAL(S) NO(S). 17 OF 2020", &["CA 17/2020"]),
        ],
        &[Kind::CaseNumber],
    );
}

#[test]
fn ranges_of_provisions() {
    let ipc = |sections: &[u32]| -> Vec<String> {
        sections.iter().map(|n| format!("IPC s {n}")).collect()
    };
    for (text, expected) in [
        ("Sections 3 to 5 of the Indian Penal Code", ipc(&[3, 4, 5])),
        ("sections 1, 3 to 5 and 9 of the IPC", ipc(&[1, 3, 4, 5, 9])),
        ("I.P.C., ss. 3 to 5", ipc(&[3, 4, 5])),
        ("sections 3 and 5 IPC", ipc(&[3, 5])),
        ("sections 100 to 300 IPC", ipc(&[100, 300])),
        ("sections 3(1) to 5 IPC", ipc(&[3, 5])),
    ] {
        assert_eq!(keys(text, &[Kind::Provision]), expected, "{text}");
    }
    let found = find("Sections 3 to 5 of the Indian Penal Code");
    let spans: Vec<_> = found[..3].iter().map(|c| (c.start, c.end)).collect();
    assert_eq!(spans, [(0, 15); 3]);
}

#[test]
fn a_short_name_with_its_year() {
    let text = "The Kiln Owners Protection Act, 1986 (for short \"KP Act, 1986\") binds them. \
        Under section 12 of the KP Act, 1986 and section 14 of the KP Act it is void.";
    let expected = "Kiln Owners Protection Act 1986";
    let found = find(text);
    for citation in &found {
        match &citation.statute {
            None => assert_eq!((citation.kind, &*citation.key), (Kind::Statute, expected)),
            Some(link) => assert_eq!((&*link.key, link.basis), (expected, Basis::Defined)),
        }
    }
    assert_eq!(found.len(), 3, "{found:?}");
}
