//! Mastheads of our own making, one for each family of courts.

use super::*;

fn document(pages: &[&str]) -> Vec<PageText> {
    (1..)
        .zip(pages)
        .map(|(page, text)| PageText {
            page,
            text: (*text).to_owned(),
            ..PageText::default()
        })
        .collect()
}

fn read_text(text: &str) -> Structure {
    read(&document(&[text]), None)
}

fn values<'a, T: 'a>(
    found: impl IntoIterator<Item = &'a T>,
    value: impl Fn(&'a T) -> &'a str,
) -> Vec<&'a str> {
    found.into_iter().map(value).collect()
}

fn sides(structure: &Structure, side: Side) -> Vec<&str> {
    values(
        structure.parties.iter().filter(|party| party.side == side),
        |party| party.found.value.as_str(),
    )
}

fn judges(structure: &Structure) -> Vec<&str> {
    values(&structure.coram, |judge| judge.value.as_str())
}

fn cases(structure: &Structure) -> Vec<&str> {
    values(&structure.cases, |case| case.found.value.as_str())
}

fn decided(structure: &Structure) -> String {
    structure
        .dates
        .decision
        .as_ref()
        .map_or_else(String::new, |date| date.value.to_string())
}

#[test]
fn the_supreme_court() {
    let first = "REPORTABLE\n2024 INSC 11\nIN THE SUPREME COURT OF INDIA\nCIVIL APPELLATE JURISDICTION\n\
        CIVIL APPEAL NO. 7001 OF 2024\n(Arising out of SLP (C) No. 511 of 2019)\nARUN PRASAD (D) THR. LRS.\n…APPELLANT(S)\n\
        VERSUS\nTHE STATE OF KARNATAKA & ORS.\n…RESPONDENT(S)\nJ U D G M E N T\nB. C. VARMA, J.\n1.\nLeave granted.\n\
        2.\nThis appeal is against a judgment dated 3rd May, 2018 of the High Court of Karnataka.\n";
    let last = "FACTS\n3.\nThe appellant was a clerk.\n4. For these reasons, the appeal is allowed. Pending applications are disposed of.\n\
        ....................J.\n(B. C. VARMA)\n....................J.\n(D. E. FERNANDES)\nNEW DELHI;\nJANUARY 9, 2024.";
    let structure = read(&document(&[first, last]), None);
    assert_eq!(structure.court_code.as_deref(), Some("sci"));
    assert_eq!(
        structure.jurisdiction.as_ref().unwrap().value,
        "CIVIL APPELLATE JURISDICTION"
    );
    assert!(structure.reportable.as_ref().unwrap().value);
    assert_eq!(
        cases(&structure),
        ["CIVIL APPEAL/7001/2024", "SLP (C)/511/2019"]
    );
    assert_eq!(structure.cases[1].relation, Relation::ArisingFrom);
    assert_eq!(sides(&structure, Side::First), ["ARUN PRASAD (D)"]);
    assert_eq!(sides(&structure, Side::Second), ["THE STATE OF KARNATAKA"]);
    assert_eq!(structure.parties[0].role, Some(Role::Appellant));
    assert_eq!(structure.author.as_ref().unwrap().value, "B. C. VARMA");
    assert_eq!(judges(&structure), ["B. C. VARMA", "D. E. FERNANDES"]);
    assert_eq!(decided(&structure), "2024-01-09");
    assert_eq!(structure.dates.decision.as_ref().unwrap().page, 2);
    assert_eq!(
        structure.result.as_ref().unwrap().value,
        nirnay_model::Disposal::Allowed
    );
    assert_eq!(structure.kind.as_ref().unwrap().value, Kind::Judgment);
    assert_eq!(structure.paragraphs.len(), 4);
    let sections: Vec<_> = structure
        .sections
        .iter()
        .map(|section| section.kind)
        .collect();
    assert_eq!(sections, [SectionKind::Judgment, SectionKind::Facts]);
}

#[test]
fn the_supreme_court_reports() {
    let text = "* Author\n[2024] 4 S.C.R. 900 : 2024 INSC 99\nM/s Blue Kiln Ltd.\nv.\nR. S. Tiwari & Anr.\n(Civil Appeal No. 77 of 2023)\n\
        02 April 2024\n[A. B. Kohli and C. D. Khan,* JJ.]\nIssue for Consideration\nWhether the respondent is a workman.\n\
        Headnotes\nLabour – Held: No.\nJudgment / Order of the Supreme Court\nJudgment\nC. D. Khan, J.\n1. Leave granted.\n\
        2. Heard.\nResult of the case:\nAppeal dismissed.\n";
    let structure = read_text(text);
    assert_eq!(structure.court_code.as_deref(), Some("sci"));
    assert_eq!(cases(&structure), ["Civil Appeal/77/2023"]);
    assert_eq!(sides(&structure, Side::First), ["M/s Blue Kiln Ltd."]);
    assert_eq!(sides(&structure, Side::Second), ["R. S. Tiwari"]);
    assert_eq!(judges(&structure), ["A. B. Kohli", "C. D. Khan"]);
    assert_eq!(structure.author.as_ref().unwrap().value, "C. D. Khan");
    assert_eq!(decided(&structure), "2024-04-02");
    assert_eq!(
        structure.result.as_ref().unwrap().value,
        nirnay_model::Disposal::Dismissed
    );
}

#[test]
fn delhi() {
    let text = "$~58\n*  IN THE HIGH COURT OF DELHI AT NEW DELHI\n+  W.P.(C) 4242/2024\nRAVI SHANKAR ..... Petitioner\n\
        Through: Mr. A. K. Mehta, Adv.\nversus\nCITY CORPORATION & ORS ..... Respondents\nThrough: Ms. Divya Nair, Standing Counsel.\n\
        CORAM:\nHON'BLE MR. JUSTICE S. T. BASU\nO R D E R\n%  15.04.2024\n1. Learned counsel seeks leave to withdraw.\n\
        2. The petition is dismissed as withdrawn.\nS. T. BASU, J\nAPRIL 15, 2024/r";
    let structure = read_text(text);
    assert_eq!(structure.court_code.as_deref(), Some("7_26"));
    assert_eq!(structure.bench.as_ref().unwrap().value, "New Delhi");
    assert_eq!(cases(&structure), ["W.P.(C)/4242/2024"]);
    assert_eq!(sides(&structure, Side::First), ["RAVI SHANKAR"]);
    assert_eq!(sides(&structure, Side::Second), ["CITY CORPORATION"]);
    assert_eq!(judges(&structure), ["S. T. BASU"]);
    let counsel: Vec<_> = structure
        .appearances
        .iter()
        .map(|c| (c.found.value.as_str(), c.side))
        .collect();
    assert_eq!(
        counsel,
        [
            ("A. K. Mehta", Some(Side::First)),
            ("Divya Nair", Some(Side::Second))
        ]
    );
    assert_eq!(decided(&structure), "2024-04-15");
    assert_eq!(
        structure.result.as_ref().unwrap().value,
        nirnay_model::Disposal::Withdrawn
    );
}

#[test]
fn madras_at_madurai() {
    let text = "BEFORE THE MADURAI BENCH OF MADRAS HIGH COURT\nDATED: 26.02.2020\nCORAM:\nTHE HONOURABLE MR.JUSTICE K.L.MOHAN\n\
        Cont.P.(MD)No.12 of 2020\nin\nCrl.O.P.(MD)No.1079 of 2019\nR.Selvi\n: Petitioner\nVs.\nMuthu,\nInspector of Police,\nMadurai.\n\
        : Respondent\nPRAYER: Contempt Petition filed under Section 11 of the Act.\nFor Petitioner : Mr.M.Pandian\n\
        For Respondent : Mr.S.Sekar,\nAdditional Public Prosecutor.\nORDER\nHeard both sides. The contempt petition is closed.";
    let structure = read_text(text);
    assert_eq!(structure.court.as_ref().unwrap().value, "Madras High Court");
    assert_eq!(structure.bench.as_ref().unwrap().value, "Madurai");
    assert_eq!(
        cases(&structure),
        ["Cont.P.(MD)/12/2020", "Crl.O.P.(MD)/1079/2019"]
    );
    assert_eq!(structure.cases[1].relation, Relation::Within);
    assert_eq!(sides(&structure, Side::First), ["R.Selvi"]);
    assert_eq!(sides(&structure, Side::Second), ["Muthu"]);
    assert_eq!(judges(&structure), ["K.L.MOHAN"]);
    assert_eq!(decided(&structure), "2020-02-26");
    let counsel: Vec<_> = structure
        .appearances
        .iter()
        .map(|c| (c.found.value.as_str(), c.side))
        .collect();
    assert_eq!(
        counsel,
        [
            ("M.Pandian", Some(Side::First)),
            ("S.Sekar", Some(Side::Second))
        ]
    );
}

#[test]
fn karnataka_says_and_for_versus() {
    let text = "IN THE HIGH COURT OF KARNATAKA, KALABURAGI BENCH\nDATED THIS THE 18TH DAY OF JULY 2012\nBEFORE\n\
        THE HON'BLE MR. JUSTICE A. N. GOWDA\nCRIMINAL PETITION No.103/2012\nBETWEEN:\nPRASHANT\nS/O MAHESH,\nAGED 32 YEARS\n... PETITIONER\n\
        (BY SRI G.A.HOLLA, ADVOCATE)\nAND:\n1. THE STATE OF KARNATAKA\nR/P STATE PUBLIC PROSECUTOR\n2. USHA\nW/O PRASHANT\n... RESPONDENTS\n\
        (BY SRI V.S.KULKARNI, GOVERNMENT PLEADER FOR R1)\nTHIS CRIMINAL PETITION COMING ON FOR ADMISSION THIS DAY, THE COURT MADE THE FOLLOWING:\n\
        ORDER\nThe petition is allowed.";
    let structure = read_text(text);
    assert_eq!(
        structure.court.as_ref().unwrap().value,
        "High Court of Karnataka"
    );
    assert_eq!(structure.bench.as_ref().unwrap().value, "Kalaburagi");
    assert_eq!(sides(&structure, Side::First), ["PRASHANT"]);
    assert_eq!(
        sides(&structure, Side::Second),
        ["THE STATE OF KARNATAKA", "USHA"]
    );
    assert_eq!(judges(&structure), ["A. N. GOWDA"]);
    assert_eq!(decided(&structure), "2012-07-18");
    let counsel: Vec<_> = structure
        .appearances
        .iter()
        .map(|c| (c.found.value.as_str(), c.side))
        .collect();
    assert_eq!(
        counsel,
        [
            ("G.A.HOLLA", Some(Side::First)),
            ("V.S.KULKARNI", Some(Side::Second))
        ]
    );
}

#[test]
fn bombay_with_connected_matters() {
    let text = "2009:BHC-OS:123-DB\nIN THE HIGH COURT OF JUDICATURE AT BOMBAY\nORDINARY ORIGINAL CIVIL JURISDICTION\n\
        WRIT PETITION NO.1151 OF 2008\nWITH\nWRIT PETITION NO.1152 OF 2008\nOlga Lobo & Anr ..Petitioner.\n-versus\n\
        The Municipal Board of Bandra & others .. Respondents\nMr. H. S. Murthy, advocate for the petitioners.\n\
        CORAM: J. N. DESAI &\nR. G. PAI JJ.\nDATED: 31st March,2009\nP.C.\n1. Rule. The petition is disposed of.\n(J. N. DESAI, J.)\n(R. G. PAI, J.)";
    let structure = read_text(text);
    assert_eq!(structure.court.as_ref().unwrap().value, "Bombay High Court");
    assert_eq!(
        cases(&structure),
        ["WRIT PETITION/1151/2008", "WRIT PETITION/1152/2008"]
    );
    assert_eq!(structure.cases[1].relation, Relation::Connected);
    assert_eq!(sides(&structure, Side::First), ["Olga Lobo"]);
    assert_eq!(
        sides(&structure, Side::Second),
        ["The Municipal Board of Bandra"]
    );
    assert_eq!(judges(&structure), ["J. N. DESAI", "R. G. PAI"]);
    assert_eq!(structure.signatories.len(), 2);
    assert_eq!(decided(&structure), "2009-03-31");
    assert_eq!(structure.kind.as_ref().unwrap().value, Kind::Order);
}

#[test]
fn gujarat_adjourns() {
    let text = "C/CRA/132/2020\nORDER\nIN THE HIGH COURT OF GUJARAT AT AHMEDABAD\nR/CIVIL REVISION APPLICATION NO. 132 of 2020\n\
        ==========================================\nAMAR KANJI PATEL\nVersus\nTHE TOWN TRUST THROUGH\nITS TRUSTEES\n\
        ==========================================\nAppearance:\nMR. KIRAN H MISTRY(10012) for the Applicant(s) No. 1\n\
        ==========================================\nCORAM: HONOURABLE MS. JUSTICE S. K. VYAS\nDate : 27/08/2020\nORAL ORDER\n\
        At the request of learned advocate, stand over to 11.9.2020.\n(S. K. VYAS,J)";
    let structure = read_text(text);
    assert_eq!(
        structure.court.as_ref().unwrap().value,
        "High Court of Gujarat"
    );
    assert_eq!(cases(&structure), ["R/CIVIL REVISION APPLICATION/132/2020"]);
    assert_eq!(sides(&structure, Side::First), ["AMAR KANJI PATEL"]);
    assert_eq!(sides(&structure, Side::Second), ["THE TOWN TRUST"]);
    assert_eq!(decided(&structure), "2020-08-27");
    assert_eq!(structure.kind.as_ref().unwrap().value, Kind::InterimOrder);
    assert_eq!(structure.result, None);
}

#[test]
fn a_district_court() {
    let text = "IN THE COURT OF SH. RAKESH SYAL, SPECIAL JUDGE (PC ACT), SOUTH WEST DISTRICT, DWARKA, NEW DELHI\n\
        CRL. REVISION NO. 04/14\nNARENDER SHARMA\nS/O SH. SURENDER SHARMA\n........ PETITIONER\nVERSUS\n1. THE STATE\n2. JOGINDER KUMAR\nS/O SH. CHARAN DASS\n\
        ........ RESPONDENTS\nDate of Institution : 02-08-2014\nDate on which Order reserved : 01-09-2014\nDate of Order : 02-09-2014\nORDER\nThe revision is dismissed.";
    let structure = read_text(text);
    assert_eq!(structure.court_level, Some(CourtLevel::District));
    assert!(
        structure
            .court
            .as_ref()
            .unwrap()
            .value
            .starts_with("SPECIAL JUDGE (PC ACT)")
    );
    assert_eq!(judges(&structure), ["RAKESH SYAL"]);
    assert_eq!(cases(&structure), ["CRL. REVISION/4/2014"]);
    assert_eq!(sides(&structure, Side::First), ["NARENDER SHARMA"]);
    assert_eq!(
        sides(&structure, Side::Second),
        ["THE STATE", "JOGINDER KUMAR"]
    );
    assert_eq!(
        structure
            .dates
            .institution
            .as_ref()
            .unwrap()
            .value
            .to_string(),
        "2014-08-02"
    );
    assert_eq!(
        structure.dates.reserved.as_ref().unwrap().value.to_string(),
        "2014-09-01"
    );
    assert_eq!(decided(&structure), "2014-09-02");
}

#[test]
fn hindi() {
    let text = "न्यायालय तहसीलदार सदर, वाराणसी\nवाद संख्या-2024/1234\nवाद संख्या-1234/2024\nश्रीमती माधुरी देवी\nबनाम\nश्रीमती सीता देवी\nनिर्णय\nदिनांक 16/02/2024\nनामांतरण का यह वाद है।";
    let structure = read_text(text);
    assert_eq!(structure.court_level, Some(CourtLevel::District));
    assert_eq!(sides(&structure, Side::First), ["माधुरी देवी"]);
    assert_eq!(sides(&structure, Side::Second), ["सीता देवी"]);
    assert_eq!(cases(&structure), ["वाद/1234/2024"]);
    assert_eq!(structure.kind.as_ref().unwrap().value, Kind::Judgment);
}

fn ended(text: &str) -> Option<nirnay_model::Disposal> {
    read_text(text).result.map(|result| result.value)
}

#[test]
fn the_result_is_that_of_the_matter_before_the_court() {
    use nirnay_model::Disposal::{Allowed, Dismissed, PartlyAllowed};
    let masthead = "IN THE SUPREME COURT OF INDIA\nCIVIL APPEAL NO. 7001 OF 2024\nWITH\nCIVIL APPEAL NO. 7002 OF 2024\n\
        ARUN PRASAD ...APPELLANT\nVERSUS\nUSHA DEVI ...RESPONDENT\nJUDGMENT\nB. C. VARMA, J.\n1. Leave granted.\n2. ";
    for (end, expected) in [
        (
            "The appeal is accordingly allowed. The impugned orders are set aside and the\ncomplaint is dismissed.",
            Allowed,
        ),
        (
            "The appeals are allowed, and the writ petition filed by the respondent before the\nHigh Court is dismissed.",
            Allowed,
        ),
        (
            "We allow Civil Appeal No. 7001 of 2024. We dismiss Civil Appeal No. 7002 of 2024 of the insured.",
            Allowed,
        ),
        (
            "The suit is decreed to this extent. The appeal is partly allowed.",
            PartlyAllowed,
        ),
        (
            "The appeal is dismissed. The matter is remanded to the trial court for execution.",
            Dismissed,
        ),
    ] {
        assert_eq!(ended(&format!("{masthead}{end}")), Some(expected), "{end}");
    }
}

#[test]
fn a_date_of_decision_is_none_of_those_told() {
    let masthead = "IN THE COURT OF SH. RAKESH SYAL, CIVIL JUDGE, DWARKA\nCIVIL SUIT NO. 12/2015\n\
        RAM DAS\n..... PLAINTIFF\nVERSUS\nUSHA\n..... DEFENDANT\nDate of Institution: 14.01.2015\nORDER\n";
    let with = |body: &str| decided(&read_text(&format!("{masthead}{body}")));
    // Before the suit was brought, within a sentence, under a line that goes on.
    assert_eq!(with("1. The deed is\n01.01.2014\nas produced."), "");
    assert_eq!(
        with("1. It rests on an agreement dated\n3.4.2016\nand a receipt."),
        ""
    );
    assert_eq!(
        with("1. The notice of the parties dated 3.4.2016 was sent."),
        ""
    );
    assert_eq!(
        with("1. The suit is decreed.\nDated: 09.10.2017"),
        "2017-10-09"
    );
    assert_eq!(
        with("Order No. 12 dated 5th March, 2016\n\n1. Heard both sides."),
        "2016-03-05"
    );
    // The order of another court, at the head of a line.
    assert_eq!(
        with(
            "1. The petition is directed against\nOrder No. 12 dated 05.03.2016 of the court below."
        ),
        ""
    );
    assert_eq!(
        with(
            "1. The petition is directed against\nOrder No. 12 dated 05.03.2016\nof the court below."
        ),
        ""
    );
    // Long before the end nothing is its date.
    let long = "The witness was examined at length. ".repeat(100);
    assert_eq!(with(&format!("1. Told on\n\nMarch 3, 2016.\n{long}")), "");
    let hindi = "न्यायालय मोटर दुर्घटना दावा अधिकरण, बालोद\nक्लेम प्रकरण क्रमांक-04/15\nसंस्थापित दिनांक 14.01.2015\nमहेश\n----आवेदक\n\
        विरूद्ध\nवरूण\n----अनावेदक\nअधिनिर्णय\n(आज दिनांक- 09/10/2017 को घोषित किया गया)\n01/ दुर्घटना दिनांक 01.01.2014 को हुई।";
    assert_eq!(decided(&read_text(hindi)), "2017-10-09");
    let kannada = "ಸರ್ವೋಚ್ಚ ನ್ಯಾಯಾಲಯ\nಶಾಂತ -ವಿರುದ್ಧ- ಕರ್ನಾಟಕ ರಾಜ್ಯ\nಕ್ರಿಮಿನಲ್ ಅಪೀಲು ಸಂಖ್ಯೆ: 15/2018, ದಿನಾಂಕ 10ನೇ ಡಿಸೆಂಬರ್ 2018.\n\
        ತೀರ್ಪು\n1. ಅನುಮತಿಯನ್ನು ನೀಡಲಾಗಿದೆ. ದಿನಾಂಕ 20.02.2009 ರಂದು";
    assert_eq!(decided(&read_text(kannada)), "2018-12-10");
    let notification = "DEPARTMENT OF LAW\nNOTIFICATION\nDated: 18.06.2010\nThe following rules are hereby notified for general information.";
    assert_eq!(decided(&read_text(notification)), "");
}

#[test]
fn translations_name_judges_and_parties() {
    let kannada = "ಸರ್ವೋಚ್ಚ ನ್ಯಾಯಾಲಯ\nಸನ್ಮಾನ್ಯ ನ್ಯಾಯಮೂರ್ತಿ ಎ. ಕುಮಾರ್ ರಾವ್\nಹಾಗೂ\nಸನ್ಮಾನ್ಯ ನ್ಯಾಯಮೂರ್ತಿ ಬಿ. ಮೋಹನ್ ರೆಡ್ಡಿ\n\
        ಶಾಂತ ಗೌಡ -ವಿರುದ್ಧ- ಕರ್ನಾಟಕ ರಾಜ್ಯ\nಕ್ರಿಮಿನಲ್ ಅಪೀಲು ಸಂಖ್ಯೆ: 15/2018\nತೀರ್ಪು\nನ್ಯಾಯಮೂರ್ತಿ ಬಿ. ಮೋಹನ್ ರೆಡ್ಡಿ:\n1. ಅನುಮತಿಯನ್ನು ನೀಡಲಾಗಿದೆ.";
    let structure = read_text(kannada);
    assert_eq!(judges(&structure), ["ಎ. ಕುಮಾರ್ ರಾವ್", "ಬಿ. ಮೋಹನ್ ರೆಡ್ಡಿ"]);
    assert_eq!(structure.author.as_ref().unwrap().value, "ಬಿ. ಮೋಹನ್ ರೆಡ್ಡಿ");
    assert_eq!(sides(&structure, Side::First), ["ಶಾಂತ ಗೌಡ"]);
    assert_eq!(sides(&structure, Side::Second), ["ಕರ್ನಾಟಕ ರಾಜ್ಯ"]);

    let hindi = "भारत का उच्चतम न्यायालय\nआपराधिक अपील क्रमांक 48/2009\nरमेश सिंह .......... अपीलार्थी\nबनाम\nमध्यप्रदेश राज्य .......... प्रत्यर्थी\n\
        निर्णय\nमोहन गुप्ता, न्यायमूर्ति (मौखिक)\nयह अपील निर्देशित की जाती है।\n..........न्यायमूर्ति\n(मोहन गुप्ता)\n..........न्यायमूर्ति\n(सुरेश बोस)";
    let structure = read_text(hindi);
    assert_eq!(structure.author.as_ref().unwrap().value, "मोहन गुप्ता");
    assert_eq!(judges(&structure), ["मोहन गुप्ता", "सुरेश बोस"]);
    assert_eq!(sides(&structure, Side::First), ["रमेश सिंह"]);
}

#[test]
fn what_stands_where_a_party_would_need_not_be_one() {
    // A provision in brackets above the name, and a relation behind it.
    let award = "स्थायी लोक अदालत, बालोद\n(विधिक सेवा प्राधिकरण अधिनियम, 1987 की धारा 19 के अधीन)\nक्लेम प्रकरण क्रं0-3/2018.\n\
        नारायण साहू आ. बिशाल साहू, उम्र-45 वर्ष ----आवेदक.\nविरूध्द\nद बीमा कं.लि. ----अनावेदक.\nअधिनिर्णय\nदिनॉंक:-27-5-2018.\nपक्षकारों ने समझौता कर लिया है।";
    let structure = read_text(award);
    assert_eq!(sides(&structure, Side::First), ["नारायण साहू"]);
    assert_eq!(cases(&structure), ["क्लेम प्रकरण/3/2018"]);
    assert_eq!(decided(&structure), "2018-05-27");

    // What the matter arose from, over two lines.
    let order = "SUPREME COURT OF INDIA\nRECORD OF PROCEEDINGS\nSpecial Leave to Appeal (C) No. 12/2020\n\
        (Arising out of impugned final judgment and order dated 30-01-2020 in CA No. 36/2019 passed by the High Court of Judicature at\nBombay)\n\
        THE STATE OF MAHARASHTRA & ANR. Petitioner(s)\nVERSUS\nPRAVIN KOTHARI Respondent(s)\nDate : 05-08-2020 This was called on today.\n\
        CORAM : HON'BLE MR. JUSTICE A. B. RAO\nHON'BLE MR. JUSTICE C. D. SINHA\nFor Petitioner(s) Mr. E. Chitnis, Adv.\nMs. F. Desai, AOR\n\n\
        For Respondent(s) Dr. G. Guruswamy, Sr. Adv.\n\nUPON hearing the counsel the Court made the following\nORDER\nIssue notice.";
    let structure = read_text(order);
    assert_eq!(sides(&structure, Side::First), ["THE STATE OF MAHARASHTRA"]);
    assert_eq!(judges(&structure), ["A. B. RAO", "C. D. SINHA"]);
    let counsel: Vec<_> = structure
        .appearances
        .iter()
        .map(|c| (c.found.value.as_str(), c.side))
        .collect();
    assert_eq!(
        counsel,
        [
            ("E. Chitnis", Some(Side::First)),
            ("F. Desai", Some(Side::First)),
            ("G. Guruswamy", Some(Side::Second))
        ]
    );

    // A schoolbook, rules, and a notification with a list of courts.
    for text in [
        "अतीन्द्रिय\nअर्थ\n1. इन्द्रियों से परे\n2. प्रकाश, उजाला\nअभियुक्त\n3. तरह-तरह के शब्द और उनके अर्थ यहाँ दिए गए हैं।",
        "THE MOTOR RULES, 2018\nIn the matter titled \"State of Assam Vs.\nRam Das\" the court gave directions.\n1. Short Title :- These Rules shall be called so.\n\
         2. Commencement :- They shall come into force.",
        "NOTIFICATION\nThe following courts are established in the district for all purposes of law.\nWest\nDistrict Judge\nSouth\nDistrict Judge",
    ] {
        let structure = read_text(text);
        assert_eq!(structure.parties, [], "{text}");
        assert_eq!(structure.coram, [], "{text}");
    }
}

#[test]
fn words_above_dots_are_no_judges() {
    let text = "IN THE SUPREME COURT OF INDIA\nCIVIL APPEAL NO. 7 OF 2024\nA. PRASAD ...APPELLANT\nVERSUS\nUSHA ...RESPONDENT\nJUDGMENT\nB. C. VARMA, J.\n\
        1. The complainant may go before any\nCompetent Forum.\n………………J\n(B. C. VARMA)\n………………J\n(D. E. RAO)";
    assert_eq!(judges(&read_text(text)), ["B. C. VARMA", "D. E. RAO"]);
}

#[test]
fn scans_and_garbage_say_why() {
    let scanned = PageText {
        page: 1,
        condition: PageCondition::Scanned,
        needs_ocr: true,
        ..PageText::default()
    };
    assert_eq!(read(&[scanned], None).unread, Some(Unread::Scanned));
    let garbled = PageText {
        page: 1,
        text: "'()'*+(,- ".repeat(50),
        condition: PageCondition::Garbled,
        ..PageText::default()
    };
    assert_eq!(read(&[garbled], None).unread, Some(Unread::Garbled));
    assert_eq!(read(&[], None).unread, Some(Unread::NoText));
}

fn row(case: (&str, u32, u16), judge: &str, date: &str, disposal: &str) -> nirnay_model::Judgment {
    let (case_type, number, year) = case;
    serde_json::from_value(serde_json::json!({
        "source": "ecourts-hc", "court_code": "7_26", "court_name": "High Court of Delhi",
        "bench_code": "dhcdb", "cnr": null, "order_no": null, "title": "", "petitioner": "RAVI SHANKER",
        "respondent": "CITY CORPORATION", "case_number_raw": null,
        "case_number": { "case_type": case_type, "number": number, "year": year },
        "diary_number": null, "judges": [judge], "author_judge": null, "bench_strength": null,
        "registration_date": null, "decision_date": date, "decision_date_raw": "",
        "disposal_raw": null, "disposal": disposal, "neutral_citation": null,
        "reporter_citation": null, "description": null, "languages": [],
        "document_path": null, "citation_year": null, "document_kind": "unstated",
        "uploaded_at": null, "flags": []
    }))
    .unwrap()
}

#[test]
fn the_portal_agrees_or_contradicts() {
    let pages = document(&[
        "IN THE HIGH COURT OF DELHI AT NEW DELHI\nW.P.(C) 4242/2024\nRAVI SHANKAR ..... Petitioner\n\
        versus\nCITY CORPORATION & ORS ..... Respondents\nCORAM:\nHON'BLE MR. JUSTICE S. T. BASU\nO R D E R\n%  15.04.2024\n\
        1. The petition is dismissed.",
    ]);
    let same = row(
        ("WP(C)", 4242, 2024),
        "HONOURABLE MR. JUSTICE S.T. BASU",
        "2024-04-15",
        "dismissed",
    );
    let structure = read(&pages, Some(&same));
    assert_eq!(structure.conflicts, [""; 0]);
    assert!(
        structure
            .portal
            .iter()
            .all(|field| field.agreement == Agreement::Agree),
        "{:?}",
        structure.portal
    );

    let other = row(
        ("W.P.(C)", 17, 2019),
        "HONOURABLE MS. JUSTICE R. IYER",
        "2019-01-02",
        "allowed",
    );
    let structure = read(&pages, Some(&other));
    assert_eq!(
        structure.conflicts,
        ["case_number", "judges", "decision_date", "result"]
    );
    let date = structure
        .elements()
        .find(|row| row.field == "date_decision")
        .unwrap();
    assert_eq!(
        (date.conflict, date.portal_value.as_deref()),
        (Some(true), Some("2019-01-02"))
    );

    let empty = read(&[], Some(&other));
    assert!(empty.conflicts.is_empty());
}
