//! Laws, sections, purposes and stages.

/// Laws and the sections under which cases are brought.
pub(crate) const ACTS: &[(&str, &str)] = &[
    ("CONSTITUTION OF INDIA", "226,227"),
    ("CODE OF CRIMINAL PROCEDURE, 1973", "482"),
    ("NEGOTIABLE INSTRUMENTS ACT", "138,142"),
    ("INDIAN PENAL CODE", "420,406,120B"),
    ("INDIAN PENAL CODE", "302,34"),
    ("CODE OF CIVIL PROCEDURE, 1908", "100"),
    ("MOTOR VEHICLES ACT, 1988", "166"),
    ("HINDU MARRIAGE ACT", "13(1)(ia)"),
    ("ARBITRATION & CONCILIATION ACT, 1996", "34"),
    ("INDUSTRIAL DISPUTES ACT, 1947", "25-F"),
    ("LAND ACQUISITION ACT, 1894", "18"),
    ("SPECIFIC RELIEF ACT", "10,20"),
    ("BHARATIYA NYAYA SANHITA, 2023", "318(4)"),
    ("DELHI RENT CONTROL ACT", "14(1)(e)"),
];

/// What cases are listed for.
pub(crate) const PURPOSES: &[&str] = &[
    "192-NOTICE & ADJOURNED MATTERS",
    "181-FOR FINAL DISPOSAL",
    "FOR ADMISSION",
    "FOR ORDERS",
    "FOR HEARING",
    "AWAITING RECORD",
    "FOR EVIDENCE",
    "ARGUMENTS",
];

/// What new cases are listed for before they are registered.
pub(crate) const FRESH: &str = "3600-FRESH MATTERS";

/// The lists on which cases stand.
pub(crate) const LISTS: &[&str] = &["DAILY", "DAILY", "DAILY", "SUPPLEMENTARY", "WEEKLY"];
