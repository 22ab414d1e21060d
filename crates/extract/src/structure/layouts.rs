//! Mastheads of our own making in the standard layouts of High Courts, one a court.

use super::*;

/// What a layout says.
struct Layout {
    text: &'static str,
    court: &'static str,
    case: &'static str,
    first: &'static str,
    second: &'static str,
    judge: &'static str,
    date: &'static str,
    kind: Kind,
    result: &'static str,
}

fn of_text(text: &str) -> Structure {
    read(
        &[PageText {
            page: 1,
            text: text.to_owned(),
            ..PageText::default()
        }],
        None,
    )
}

impl Layout {
    fn check(&self) {
        let read = of_text(self.text);
        let party = |side| {
            let mut of_side = read.parties.iter().filter(|party| party.side == side);
            of_side.next().map(|party| party.found.value.clone())
        };
        let date = read.dates.decision.map(|date| date.value.to_string());
        let found = [
            read.court_code,
            read.cases.first().map(|case| case.found.value.clone()),
            party(Side::First),
            party(Side::Second),
            read.coram.first().map(|judge| judge.value.clone()),
            date,
            read.kind.map(|kind| kind.value.name().to_owned()),
            read.result.map(|result| result.value.name().to_owned()),
        ];
        let expected = [
            self.court,
            self.case,
            self.first,
            self.second,
            self.judge,
            self.date,
            self.kind.name(),
            self.result,
        ];
        let found = found.each_ref().map(|value| value.as_deref().unwrap_or(""));
        assert_eq!(found, expected, "{}", self.text);
    }
}

#[test]
fn patna() {
    Layout {
        text: "IN THE HIGH COURT OF JUDICATURE AT PATNA\nCivil Writ Jurisdiction Case No.1717 of 2020\n\
            ======================================================\nHarihar Thakur Son of Late Bisun Thakur, Resident of Village- Rampur,\nDistrict- Siwan.\n\
            ... ... Petitioner/s\nVersus\n1. The State of Bihar through the Principal Secretary, Patna.\n2. The Collector, Siwan.\n\
            ... ... Respondent/s\n======================================================\nAppearance :\n\
            For the Petitioner/s : Mr. Om Prakash Lal, Advocate\nFor the Respondent/s : Mr. Dinesh Rai, SC-4\n\
            ======================================================\nCORAM: HONOURABLE MR. JUSTICE NAVAL KISHORE\nORAL JUDGMENT\nDate : 12-03-2024\n\
            Heard learned counsel for the parties.\n2. The writ petition is dismissed.\n(Naval Kishore, J)\n",
        court: "10_8",
        case: "Civil Writ Jurisdiction Case/1717/2020",
        first: "Harihar Thakur",
        second: "The State of Bihar",
        judge: "NAVAL KISHORE",
        date: "2024-03-12",
        kind: Kind::Judgment,
        result: "dismissed",
    }
    .check();
}

#[test]
fn allahabad() {
    Layout {
        text: "Neutral Citation No. - 2025:AHC:90909\nCourt No. - 9\n\nCase :- WRIT - C No. - 1717 of 2019\n\nPetitioner :- Lalta Prasad\n\
            Respondent :- State Of U.P. And 3 Others\nCounsel for Petitioner :- Girish Nigam\nCounsel for Respondent :- C.S.C.\n\n\
            Hon'ble Sudha Rani,J.\n\nHeard learned counsel for the petitioner and the learned Standing Counsel.\n\
            The grievance of the petitioner is that his representation is pending.\nThe writ petition is disposed of.\n\nOrder Date :- 12.3.2025\nRKS\n",
        court: "9_13",
        case: "WRIT - C/1717/2019",
        first: "Lalta Prasad",
        second: "State Of U.P.",
        judge: "Sudha Rani",
        date: "2025-03-12",
        kind: Kind::Order,
        result: "disposed_of",
    }
    .check();
}

#[test]
fn a_court_that_only_its_own_citation_names() {
    let own = "2025:AHC-LKO:90909\nCourt No. - 9\nCase :- APPLICATION U/S 482 No. - 57 of 2021\nApplicant :- Lalta Prasad\n\
        Opposite Party :- State Of U.P.\n\nHon'ble Sudha Rani,J.\n\nHeard learned counsel. The application is rejected.\nOrder Date :- 1.4.2025\n";
    let read = of_text(own);
    assert_eq!(read.court_code.as_deref(), Some("9_13"));
    let court = read.court.unwrap();
    assert_eq!((&*court.text, court.start), ("2025:AHC-LKO:90909", 0));
    assert!(court.confidence < 0.9);
    assert_eq!(read.cases[0].case_type, "APPLICATION U/S 482");
    let kind = read.kind.unwrap();
    assert_eq!((kind.value, kind.page), (Kind::Order, 1));
    assert!(kind.text.contains("rejected"), "{}", kind.text);
    // One that is only cited says nothing.
    let cited = own.replace("2025:AHC-LKO:90909\n", "").replace(
        "Heard learned counsel.",
        "Reliance is placed on Ram v. Shyam, 2024:DHC:808, which is followed.",
    );
    assert_eq!(of_text(&cited).court, None);
}

#[test]
fn kerala() {
    Layout {
        text: "2025:KER:80808\nIN THE HIGH COURT OF KERALA AT ERNAKULAM\nPRESENT\nTHE HONOURABLE MR. JUSTICE P. K. VARKEY\n\
            TUESDAY, THE 12TH DAY OF AUGUST 2025 / 21ST SRAVANA, 1947\nCRL.MC NO. 717 OF 2025\n\
            AGAINST THE ORDER DATED 02.01.2024 IN CC NO.12 OF 2023 OF JUDICIAL MAGISTRATE OF FIRST CLASS, ADOOR\nPETITIONER/ACCUSED:\n\n\
            SAJEEV THOMAS\nAGED 45 YEARS, S/O. THOMAS, ADOOR\n\nBY ADV SRI.M.BIJU\n\nRESPONDENTS/STATE & COMPLAINANT:\n\n1 STATE OF KERALA\n\
            REPRESENTED BY THE PUBLIC PROSECUTOR, ERNAKULAM\n\n2 LEELA MANI\nAGED 40 YEARS\n\n\
            THIS CRIMINAL MISC. CASE HAVING COME UP FOR ADMISSION ON 12.08.2025, THE COURT ON THE SAME DAY PASSED THE FOLLOWING:\n\
            ORDER\nThe petitioner is the accused. The petition is allowed.\n",
        court: "32_4",
        case: "CRL.MC/717/2025",
        first: "SAJEEV THOMAS",
        second: "STATE OF KERALA",
        judge: "P. K. VARKEY",
        date: "2025-08-12",
        kind: Kind::Order,
        result: "allowed",
    }
    .check();
}

#[test]
fn madhya_pradesh() {
    Layout {
        text: "NEUTRAL CITATION NO. 2025:MPHC-JBP:90909\n1 WP-1717-2025\nIN THE HIGH COURT OF MADHYA PRADESH\nAT JABALPUR\nBEFORE\n\
            HON'BLE SHRI JUSTICE VINAY SARAF\nON THE 12th OF MARCH, 2025\nWRIT PETITION No. 1717 of 2025\nGOPAL DAS AHIRWAR\nVersus\n\
            THE STATE OF MADHYA PRADESH AND OTHERS\nAppearance:\nShri Anil Rai - Advocate for the petitioner.\nShri B. P. Tomar - Government Advocate for the State.\n\
            ORDER\nThe petitioner is a driver. The petition is allowed.\n(VINAY SARAF)\nJUDGE\n",
        court: "23_23",
        case: "WRIT PETITION/1717/2025",
        first: "GOPAL DAS AHIRWAR",
        second: "THE STATE OF MADHYA PRADESH",
        judge: "VINAY SARAF",
        date: "2025-03-12",
        kind: Kind::Order,
        result: "allowed",
    }
    .check();
}

#[test]
fn jharkhand() {
    Layout {
        text: "IN THE HIGH COURT OF JHARKHAND AT RANCHI\nW.P.(S) No. 1717 of 2020\nBirsa Oraon ..... Petitioner\nVersus\n\
            The State of Jharkhand & Others ..... Respondents\n---------\nCORAM: HON'BLE MR. JUSTICE DEEPAK TOPPO\n---------\n\
            For the Petitioner : Mr. Amit Sinha, Advocate\nFor the State : Mr. Rohit Kujur, A.C. to G.P.-II\n---------\n\
            05/12.03.2025\nHeard learned counsel for the parties.\n2. The writ petition stands dismissed as withdrawn.\n(Deepak Toppo, J.)\n",
        court: "20_7",
        case: "W.P.(S)/1717/2020",
        first: "Birsa Oraon",
        second: "The State of Jharkhand",
        judge: "DEEPAK TOPPO",
        date: "2025-03-12",
        kind: Kind::Order,
        result: "withdrawn",
    }
    .check();
}

#[test]
fn calcutta() {
    Layout {
        text: "12.03.2025\nItem No. 7\nCt. No. 17\n\nIN THE HIGH COURT AT CALCUTTA\nConstitutional Writ Jurisdiction\nAppellate Side\n\n\
            WPA 1717 of 2020\n\nSubir Kumar Pal\nVersus\nThe State of West Bengal & Ors.\n\nMr. Arup Dutta\n... for the petitioner\n\
            Mr. Tapan Sen\n... for the State\n\nHeard the parties. The petitioner is a retired teacher.\n\
            With the above directions, WPA 1717 of 2020 is disposed of.\n\nCAN 2 of 2021 is dismissed.\n\n(Mala Bose, J.)\n",
        court: "19_16",
        case: "WPA/1717/2020",
        first: "Subir Kumar Pal",
        second: "The State of West Bengal",
        judge: "Mala Bose",
        date: "2025-03-12",
        kind: Kind::Order,
        result: "disposed_of",
    }
    .check();
}

#[test]
fn himachal_pradesh() {
    Layout {
        text: "IN THE HIGH COURT OF HIMACHAL PRADESH, SHIMLA\nCWP No. 1717 of 2025\nDecided on: 12.03.2025\n________________________________\n\
            Roop Lal ...Petitioner\nVersus\nState of H.P. and others ...Respondents\n________________________________\nCoram\n\
            Hon'ble Mr. Justice Ravi Thakur, Judge.\nWhether approved for reporting?1\nFor the petitioner: Mr. Ajay Negi, Advocate.\n\
            For the respondents: Mr. Vikas Rana, Additional Advocate General.\n________________________________\nRavi Thakur, Judge (Oral)\n\
            By way of this petition, the petitioner prays for his arrears.\n2. The petition is disposed of.\n(Ravi Thakur)\nJudge\n",
        court: "2_5",
        case: "CWP/1717/2025",
        first: "Roop Lal",
        second: "State of H.P.",
        judge: "Ravi Thakur",
        date: "2025-03-12",
        kind: Kind::Order,
        result: "disposed_of",
    }
    .check();
}

#[test]
fn punjab_and_haryana() {
    Layout {
        text: "115\nIN THE HIGH COURT OF PUNJAB AND HARYANA\nAT CHANDIGARH\nCRM-M-1717-2024\nDate of decision: 12.03.2024\n\
            JARNAIL SINGH ...Petitioner\nVERSUS\nSTATE OF PUNJAB ...Respondent\nCORAM: HON'BLE MR. JUSTICE KARAN BRAR\n\
            Present: Mr. Sunil Sethi, Advocate, for the petitioner.\nMs. Ritu Gill, DAG, Punjab.\n****\nKARAN BRAR, J. (ORAL)\n\
            1. The prayer in this petition is for regular bail.\n2. The petition is allowed.\n(KARAN BRAR)\nJUDGE\n12.03.2024\n",
        court: "3_22",
        case: "CRM-M/1717/2024",
        first: "JARNAIL SINGH",
        second: "STATE OF PUNJAB",
        judge: "KARAN BRAR",
        date: "2024-03-12",
        kind: Kind::Order,
        result: "allowed",
    }
    .check();
}

#[test]
fn a_judgment_by_the_words_beside_its_date() {
    let read = of_text(
        "IN THE HIGH COURT OF HIMACHAL PRADESH, SHIMLA\nRSA No. 71 of 2020\nJudgment reserved on: 02.03.2025\nDecided on: 12.03.2025\n\
        Roop Lal ...Appellant\nVersus\nGita Devi ...Respondent\nCoram\nHon'ble Mr. Justice Ravi Thakur, Judge.\nRavi Thakur, Judge\n\
        The appeal is dismissed.\n",
    );
    assert_eq!(read.kind.unwrap().value, Kind::Judgment);
}

#[test]
fn a_court_in_a_sentence_is_no_masthead() {
    for text in [
        "PART A\n1. The claim of equal pay is at the root of these appeals. The lead matter grew out of petitions which were brought before the\n\
         High Court of Delhi in 2003 and 2006.\n2. The rule reads as follows.\n",
        "Rules for the keeping of wills that are filed in the court of\nDistrict Judges, or Sub-Delegates, and of papers in the cases of their estates.\n",
        "The appellants had gone by way of a petition to the\nHigh Court of Kerala, which heard them.\n",
    ] {
        assert_eq!(of_text(text).court, None, "{text}");
    }
}
