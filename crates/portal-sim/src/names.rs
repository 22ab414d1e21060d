//! Word lists from which invented parties, judges and companies are put together.

/// Given and family names of a region.
pub(crate) struct Region {
    pub(crate) given: &'static [&'static str],
    pub(crate) family: &'static [&'static str],
}

const HINDI: Region = Region {
    given: &[
        "Ramesh",
        "Suresh",
        "Anil",
        "Sunita",
        "Pushpa",
        "Rajendra",
        "Vinod",
        "Manoj",
        "Geeta",
        "Kamla",
        "Shyam",
        "Mahesh",
        "Dinesh",
        "Asha",
        "Rakesh",
        "Santosh",
        "Meera",
        "Ajay",
        "Vikas",
        "Poonam",
        "Om Prakash",
        "Ram Swaroop",
        "Munni Devi",
        "Babulal",
    ],
    family: &[
        "Sharma",
        "Verma",
        "Gupta",
        "Mishra",
        "Tiwari",
        "Yadav",
        "Pandey",
        "Singh",
        "Chauhan",
        "Srivastava",
        "Dubey",
        "Agarwal",
        "Saxena",
        "Rathore",
        "Meena",
        "Jain",
        "Kumar",
        "Prasad",
        "Maurya",
        "Thakur",
    ],
};

const PUNJABI: Region = Region {
    given: &[
        "Gurpreet",
        "Harjit",
        "Balwinder",
        "Manpreet",
        "Jaswant",
        "Kuldeep",
        "Paramjit",
        "Amarjit",
        "Sukhdev",
        "Ravinder",
        "Harbhajan",
        "Simran",
        "Daljit",
        "Navjot",
    ],
    family: &[
        "Singh",
        "Kaur",
        "Sandhu",
        "Gill",
        "Dhillon",
        "Sidhu",
        "Brar",
        "Grewal",
        "Malhotra",
        "Chopra",
        "Bedi",
        "Ahluwalia",
    ],
};

const BENGALI: Region = Region {
    given: &[
        "Subrata", "Ananya", "Debashis", "Sourav", "Mousumi", "Partha", "Tapan", "Sharmila",
        "Biswajit", "Ranjan", "Amal", "Kakoli", "Gautam", "Swapan",
    ],
    family: &[
        "Banerjee",
        "Mukherjee",
        "Chatterjee",
        "Das",
        "Ghosh",
        "Bose",
        "Sarkar",
        "Mondal",
        "Roy",
        "Sen",
        "Dutta",
        "Saha",
        "Biswas",
        "Paul",
    ],
};

const TAMIL: Region = Region {
    given: &[
        "K. Murugan",
        "S. Lakshmi",
        "R. Senthil",
        "P. Selvi",
        "M. Arumugam",
        "V. Kannan",
        "A. Ganesan",
        "T. Meenakshi",
        "N. Palani",
        "G. Rajeswari",
        "D. Subramani",
        "J. Prabhakaran",
    ],
    family: &[
        "", "", "Nadar", "Pillai", "Gounder", "Chettiar", "Iyer", "Mudaliar", "Thevar",
    ],
};

const TELUGU: Region = Region {
    given: &[
        "Venkata Ramana",
        "Srinivasa",
        "Lakshmi",
        "Nageswara",
        "Padmavathi",
        "Krishna",
        "Satyanarayana",
        "Anjali",
        "Rama",
        "Suryanarayana",
        "Vijaya",
        "Bhaskara",
    ],
    family: &[
        "Reddy", "Rao", "Naidu", "Chowdary", "Murthy", "Goud", "Raju", "Sastry", "Varma", "Yadav",
        "Setty",
    ],
};

const KANNADA: Region = Region {
    given: &[
        "Basavaraj",
        "Nagappa",
        "Shivanna",
        "Manjunath",
        "Lakshmamma",
        "Gangadhar",
        "Ravi",
        "Sharada",
        "Mallikarjun",
        "Prakash",
        "Savitri",
        "Channabasappa",
    ],
    family: &[
        "Gowda", "Patil", "Hegde", "Shetty", "Bhat", "Kulkarni", "Desai", "Hiremath", "Naik",
        "Angadi",
    ],
};

const MALAYALAM: Region = Region {
    given: &[
        "Thomas",
        "Mathew",
        "Sreedharan",
        "Unnikrishnan",
        "Mariamma",
        "Abdul Rahman",
        "Joseph",
        "Leela",
        "Rajan",
        "Biju",
        "Fathima",
        "Gopalan",
    ],
    family: &[
        "Nair", "Menon", "Varghese", "Kurian", "Pillai", "Chacko", "Koya", "Panicker", "George",
        "K.K.",
    ],
};

const MARATHI: Region = Region {
    given: &[
        "Sanjay",
        "Vijay",
        "Pandurang",
        "Shobha",
        "Ashok",
        "Balasaheb",
        "Sunil",
        "Mangala",
        "Dattatraya",
        "Nitin",
        "Vandana",
        "Baburao",
        "Kishor",
    ],
    family: &[
        "Patil", "Deshmukh", "Jadhav", "Shinde", "Pawar", "Kulkarni", "Joshi", "Gaikwad", "More",
        "Bhosale", "Chavan", "Kamble", "D'Souza",
    ],
};

const GUJARATI: Region = Region {
    given: &[
        "Bharatbhai",
        "Jayeshbhai",
        "Kantaben",
        "Maheshbhai",
        "Ramilaben",
        "Dineshbhai",
        "Hasmukhbhai",
        "Nareshbhai",
        "Savitaben",
        "Prakashbhai",
    ],
    family: &[
        "Patel",
        "Shah",
        "Mehta",
        "Desai",
        "Parmar",
        "Solanki",
        "Trivedi",
        "Chaudhary",
        "Rathod",
        "Thakor",
    ],
};

const ODIA: Region = Region {
    given: &[
        "Prafulla",
        "Sasmita",
        "Bijay",
        "Niranjan",
        "Pratima",
        "Santosh",
        "Rabindra",
        "Jayanti",
        "Trilochan",
        "Kailash",
    ],
    family: &[
        "Mohanty", "Panda", "Sahoo", "Behera", "Nayak", "Patnaik", "Mishra", "Jena", "Swain",
        "Pradhan",
    ],
};

const NORTH_EAST: Region = Region {
    given: &[
        "Dipak",
        "Hemanta",
        "Rupjyoti",
        "Lalthanga",
        "Bijoy",
        "Ibomcha",
        "Pranab",
        "Kevichusa",
        "Tarun",
        "Anjana",
        "Tashi",
        "Mary",
    ],
    family: &[
        "Baruah", "Bora", "Deka", "Singh", "Sangma", "Lyngdoh", "Debbarma", "Jamir", "Lepcha",
        "Saikia", "Hazarika", "Kalita",
    ],
};

const KASHMIRI: Region = Region {
    given: &[
        "Mohd. Ashraf",
        "Bashir Ahmad",
        "Rifat",
        "Ghulam Nabi",
        "Farooq Ahmad",
        "Shakeela",
        "Tariq Ahmad",
        "Sanjeev",
        "Rattan Lal",
        "Nazir Ahmad",
    ],
    family: &[
        "Bhat", "Dar", "Lone", "Wani", "Mir", "Raina", "Kaul", "Sheikh", "Gupta", "Sharma",
    ],
};

/// The names in use around a court.
pub(crate) fn region(slug: &str) -> &'static Region {
    match slug {
        "punjab" | "delhi" => &PUNJABI,
        "calcutta" | "tripura" => &BENGALI,
        "madras" => &TAMIL,
        "andhra" | "telangana" => &TELUGU,
        "karnataka" => &KANNADA,
        "kerala" => &MALAYALAM,
        "bombay" => &MARATHI,
        "gujarat" => &GUJARATI,
        "orissa" => &ODIA,
        "gauhati" | "manipur" | "meghalaya" | "sikkim" => &NORTH_EAST,
        "jammu" => &KASHMIRI,
        _ => &HINDI,
    }
}

/// All regions, for parties of the Supreme Court.
pub(crate) const REGIONS: [&Region; 12] = [
    &HINDI,
    &PUNJABI,
    &BENGALI,
    &TAMIL,
    &TELUGU,
    &KANNADA,
    &MALAYALAM,
    &MARATHI,
    &GUJARATI,
    &ODIA,
    &NORTH_EAST,
    &KASHMIRI,
];

/// The State that most often appears before a court.
pub(crate) fn state(slug: &str) -> &'static str {
    match slug {
        "allahabad" => "State of U.P.",
        "andhra" => "State of Andhra Pradesh",
        "bombay" => "State of Maharashtra",
        "calcutta" => "State of West Bengal",
        "chhattisgarh" => "State of Chhattisgarh",
        "delhi" => "State (NCT of Delhi)",
        "gauhati" => "State of Assam",
        "gujarat" => "State of Gujarat",
        "himachal" => "State of H.P.",
        "jammu" => "UT of J&K",
        "jharkhand" => "State of Jharkhand",
        "karnataka" => "State of Karnataka",
        "kerala" => "State of Kerala",
        "mp" => "State of Madhya Pradesh",
        "madras" => "The State of Tamil Nadu",
        "manipur" => "State of Manipur",
        "meghalaya" => "State of Meghalaya",
        "orissa" => "State of Odisha",
        "patna" => "The State of Bihar",
        "punjab" => "State of Haryana",
        "rajasthan" => "State of Rajasthan",
        "sikkim" => "State of Sikkim",
        "telangana" => "State of Telangana",
        "tripura" => "State of Tripura",
        "uttarakhand" => "State of Uttarakhand",
        _ => "Union of India",
    }
}

pub(crate) const FIRM_HEADS: &[&str] = &[
    "Shakti",
    "Bharat",
    "Sunrise",
    "National",
    "Deccan",
    "Himalaya",
    "Orient",
    "Narmada",
    "Vaibhav",
    "Prakash",
    "Lotus",
    "Eastern",
    "Coromandel",
    "Sahyadri",
    "Ganga",
    "Pioneer",
    "Mahalaxmi",
    "Swastik",
];

pub(crate) const FIRM_TRADES: &[&str] = &[
    "Steel",
    "Cement",
    "Infratech",
    "Textiles",
    "Insurance Co.",
    "Finance",
    "Builders",
    "Chemicals",
    "Transport",
    "Foods",
    "Power",
    "Estates",
    "Pharma",
    "Minerals",
    "Sugar Mills",
    "Engineering Works",
];

pub(crate) const FIRM_TAILS: &[&str] = &[
    "Ltd.",
    "Pvt. Ltd.",
    "Limited",
    "LLP",
    "& Co.",
    "& Sons",
    "Corporation",
];

pub(crate) const OFFICES: &[&str] = &[
    "Union of India",
    "Commissioner of Income Tax",
    "District Collector",
    "Municipal Corporation",
    "The Land Acquisition Officer",
    "State Transport Corporation",
    "The Chief Engineer, P.W.D.",
    "Central Bureau of Investigation",
    "The Registrar of Co-operative Societies",
    "Housing Board",
    "Director of School Education",
    "Employees' State Insurance Corporation",
];

/// What is written after a party's name now and then.
pub(crate) const TAILS: &[&str] = &[
    " & Ors.",
    " And Another",
    " & Anr.",
    " (D) by LRs",
    " AND 3 OTHERS",
    ", HYD",
    " @ Pappu",
];

/// Disposal natures as clerks type them, the frequent ones repeated.
pub(crate) const DISPOSALS: &[&str] = &[
    "DISMISSED",
    "DISMISSED",
    "DISMISSED",
    "ALLOWED",
    "ALLOWED",
    "DISPOSED OF",
    "DISPOSED OF",
    "DISPOSED OF NO COSTS",
    "Dismissed as Withdrawn",
    "PARTLY ALLOWED",
    "DISMISSED AS INFRUCTUOUS",
    "DISMISSED FOR DEFAULT",
    "Disposed Off",
    "CLOSED",
    "REMANDED",
    "BAIL GRANTED",
    "REJECTED",
    "SETTLED IN LOK ADALAT",
    "ALLOWED & REMANDED BACK",
];

pub(crate) const SCR_DISPOSALS: &[&str] = &[
    "Dismissed",
    "Appeal(s) allowed",
    "Disposed off",
    "Case Partly allowed",
    "Petition Dismissed",
    "Leave Granted & Allowed",
];

/// Case types of High Courts.
pub(crate) const CASE_TYPES: &[&str] = &[
    "WP",
    "W.P.(C)",
    "WP(C)",
    "CRMP",
    "CRL.A",
    "RSA",
    "CRP",
    "MFA",
    "LPA",
    "CWJC",
    "SA",
    "FAO",
    "CRL.M.C.",
    "BAIL APPLN.",
    "MCRC",
    "ARB.P.",
    "CS(OS)",
    "W.A.",
    "Crl.O.P.",
    "TAXAP",
    "CONT.CAS(C)",
    "FA",
];

pub(crate) const SCR_TYPES: &[&str] = &[
    "CIVIL APPEAL",
    "CRIMINAL APPEAL",
    "WRIT PETITION (CIVIL)",
    "WRIT PETITION (CRIMINAL)",
    "SPECIAL LEAVE PETITION (CIVIL)",
    "TRANSFER PETITION (CIVIL)",
    "REVIEW PETITION (CIVIL)",
];

pub(crate) const FEED_TYPES: &[&str] = &[
    "C.A.", "Crl.A.", "SLP(C)", "SLP(Crl)", "W.P.(C)", "MA", "T.P.(C)",
];
