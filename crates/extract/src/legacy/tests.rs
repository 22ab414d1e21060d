use super::*;

fn converted(font_name: &str, text: &str) -> String {
    font(font_name).unwrap().to_unicode(text).unwrap()
}

#[test]
fn names_are_known_in_all_their_forms() {
    for (name, family, converts) in [
        ("ABCDEF+KrutiDev010", "Kruti Dev", true),
        ("KrutiDev010Bold", "Kruti Dev", true),
        ("Kruti Dev 011", "Kruti Dev", true),
        ("KRUTI_DEV_030,BoldItalic", "Kruti Dev", true),
        ("JJNAFB+DevLys-100", "DevLys", true),
        ("GMPLPC+Walkman-Chanakya905Bold", "Walkman-Chanakya", true),
        ("KVZIZE+ChanakyaThin", "Chanakya", false),
        ("EOZSTF+Nudikvke,Bold", "Nudi", true),
        ("Nudi 01 e", "Nudi", true),
        ("BRHKannada", "BRH Kannada", true),
        ("BAAAAA+ELCOT-ANSI", "ELCOT-ANSI", true),
        ("Bamini-Plain", "Bamini", true),
        ("ML-Revathi-Normal", "ML", true),
        ("MLB-Revathi-Normal", "ML", true),
        ("LGSJGF+Shree-Tel7-002", "Shree-Lipi", false),
        ("HFJLJA+DV_Divya-Bold", "DVB-TT", false),
        ("Vanavil-Avvaiyar", "Vanavil", false),
        ("NOORIN01", "InPage Noori", false),
    ] {
        let found = font(name).unwrap_or_else(|| panic!("{name} is not known"));
        assert_eq!(
            (found.name(), found.has_table()),
            (family, converts),
            "{name}"
        );
        assert_eq!(found.to_unicode("k").is_some(), converts, "{name}");
    }
}

#[test]
fn fonts_of_unicode_and_of_latin_are_left_alone() {
    for name in [
        "",
        "+",
        "ABCDEF+",
        "TimesNewRomanPSMT",
        "Mangal",
        "BCDEEE+Mangal-Regular",
        "NudiUni01k",
        "Nudi Parijatha",
        "JameelNooriNastaleeq",
        "MalayalamMN",
        "Meera",
        "aakar-medium",
        "MLModern",
        "muktinarrow",
        "Nirmala UI",
        "é+KrutiÐev",
    ] {
        assert!(font(name).is_none(), "{name}");
    }
}

#[test]
fn kruti_dev() {
    for (typed, meant) in [
        ("fnukad", "दिनांक"),
        ("vf/kfu.kZ;", "अधिनिर्णय"),
        ("fu.kZ;", "निर्णय"),
        ("U;k;ky;", "न्यायालय"),
        ("fLFkfr", "स्थिति"),
        ("vkfFkZd", "आर्थिक"),
        ("dk;ksZa", "कार्यों"),
        ("izFke vfrfjDr", "प्रथम अतिरिक्त"),
        ("eksVj nq?kZVuk nkok vf/kdj.k]", "मोटर दुर्घटना दावा अधिकरण,"),
        ("{kfriwfrZ gsrq ;g vkosnu", "क्षतिपूर्ति हेतु यह आवेदन"),
        ("¼vkt fnukad & 28@02@2019 dks", "(आज दिनांक - 28/02/2019 को"),
        ("dzekad&1@2013-", "क्रमांक-1/2013."),
        ("iz”u", "प्रश्न"),
        ("efLr’d", "मस्तिष्क"),
        ("o\"kZ", "वर्ष"),
        ("vkSj b±V Å¡V", "और ईंट ऊँट"),
        ("cM+k <+kbZ t+ehu", "बड़ा ढ़ाई ज़मीन"),
        ("=qfV ;a= K ,sls", "त्रुटि यंत्र ज्ञ ऐसे"),
        ("M‚DVj vkWfQl", "डॉक्टर ऑफिस"),
        ("iw.kZr% vr%", "पूर्णतः अतः"),
        ("fnukad% 12", "दिनांक: 12"),
        ("nq%[k fu%'kqYd", "दुःख निःशुल्क"),
        ("i=koyh f=Hkqt", "पत्रावली त्रिभुज"),
        ("gSA D;k\\", "है। क्या?"),
        // A line that was broken before an upright.
        ("us ?\nkVuk ls ?\n", "ने\u{20}\nघटना से घ्\n"),
        // Struck twice, and typed in another order than the eye's.
        ("gSS ess", "है मे"),
        ("lasp", "सेंच"),
    ] {
        assert_eq!(converted("KrutiDev010", typed), nfc(meant), "{typed}");
    }
}

#[test]
fn walkman_chanakya() {
    for (typed, meant) in [
        ("yksxksa osQ fy,", "लोगों के लिए"),
        ("iQyksa rFkk taxy", "फलों तथा जंगल"),
        ("laLo`Qr oqQN oSQls", "संस्कृत कुछ कैसे"),
        ("vè;k; /keZ fla/q", "अध्याय धर्म सिंधु"),
        ("mQij jQdh lI+kQj Ý+yS'k", "ऊपर रुकी सफ़र फ़्लैश"),
        ("(f'kdkj) fo'ks\"k", "(शिकार) विशेष"),
    ] {
        assert_eq!(
            converted("Walkman-Chanakya905", typed),
            nfc(meant),
            "{typed}"
        );
    }
}

#[test]
fn nudi() {
    for (typed, meant) in [
        ("¸ÀªÉÇÃðZÀÑ £ÁåAiÀiÁ®AiÀÄ", "ಸರ್ವೋಚ್ಚ ನ್ಯಾಯಾಲಯ"),
        ("£ÁåAiÀÄªÀÄÆwð", "ನ್ಯಾಯಮೂರ್ತಿ"),
        ("PÀ£ÁðlPÀ gÁdå", "ಕರ್ನಾಟಕ ರಾಜ್ಯ"),
        ("Qæ«Ä£À¯ï C¦Ã®Ä ¸ÀASÉå:", "ಕ್ರಿಮಿನಲ್ ಅಪೀಲು ಸಂಖ್ಯೆ:"),
        ("wÃ¥ÀÄð", "ತೀರ್ಪು"),
        ("¤tÂÃðvÀ ¨sÁ¢vÀ ¸ÉµÀ£ïì", "ನಿರ್ಣೀತ ಭಾದಿತ ಸೆಷನ್ಸ್"),
        ("¸ÀA§A¢ü¹zÀ ªÀÄvÀÄÛ ªÉÆzÀ®Ä", "ಸಂಬಂಧಿಸಿದ ಮತ್ತು ಮೊದಲು"),
        ("«gÀÄzÀÞ PÉÊUÉ ¸ÁPÀëöå", "ವಿರುದ್ಧ ಕೈಗೆ ಸಾಕ್ಷ್ಯ"),
    ] {
        assert_eq!(converted("Nudi01e", typed), meant, "{typed}");
    }
}

#[test]
fn bamini_and_elcot() {
    for (name, typed, meant) in [
        ("ELCOT-ANSI", "nkhl;lhh; thfd tpgj;J", "மோட்டார் வாகன விபத்து"),
        ("ELCOT-ANSI", "bjhif tH';f cj;jut[", "தொகை வழங்க உத்தரவு"),
        ("ELCOT-ANSI", "flY}h; rhiyapy; md;W/", "கடலூர் சாலையில் அன்று,"),
        ("ELCOT-ANSI", "jpUkjp kDjhuUf;F", "திருமதி மனுதாரருக்கு"),
        ("Bamini", "jkpo; muR ePjpkd;wk;", "தமிழ் அரசு நீதிமன்றம்"),
        ("Bamini", "Nkhl;lhH nghJ", "மோட்டார் பொது"),
        ("Bamini", "G+kp J}a nksdk;", "பூமி தூய மௌனம்"),
        ("Bamini", "ntspaPL", "வெளியீடு"),
    ] {
        assert_eq!(converted(name, typed), meant, "{typed}");
    }
}

#[test]
fn ml() {
    for (typed, meant) in [
        ("tUm. _meN{µ≥", "ഡോ. ബാലചന്ദ്രൻ"),
        ("s{]m^k¿, Iq´w", "പ്രൊഫസർ, കൂട്ടം"),
        ("C≥Ãn‰yq´v", "ഇൻസ്റ്റിറ്റ്യൂട്ട്"),
        ("Hm^okv Dujvaf", "ഓഫീസ് ഊഷ്മള"),
        ("sshkv kmlnXy A°mZan", "വൈസ് സാഹിത്യ അക്കാദമി"),
        ("\\-jvSw - Ip-dp¿", "നഷ്ടം - കുറുർ"),
        // The same codes as Windows names them.
        ("tImgnt¡mSv IqÀ tIkn³", "കോഴിക്കോട് കൂർ കേസിൻ"),
    ] {
        assert_eq!(converted("ML-TTRevathi", typed), meant, "{typed}");
    }
}

fn nfc(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization as _;
    text.nfc().collect()
}

#[test]
fn a_font_without_a_telling_name_is_known_by_what_it_says() {
    let name = |text: &str| by_bytes(text).map(|found| found.name());
    let hindi = "izkFkhZ ds fo:) vkjksi gS fd mlus fnukad dks Fkkuk esa ;g fjiksVZ ntZ djkbZ gS ";
    assert_eq!(name(hindi), Some("Kruti Dev"));
    let kannada = "F ¥ÀæPÀgÀtzÀ°è C¥ÀgÁ¢ü ªÀÄvÀÄÛ MAzÀÄ £ÁåAiÀiÁ®AiÀÄ JAzÀÄ CªÀgÀ ªÉÄÃ¯É ";
    assert_eq!(name(kannada), Some("Nudi"));
    let tamil = "vjph;kDjhuh; kDjhuh; jug;gpy; ,e;j kD kw;Wk; me;j xU tHf;F vd;W md;W ePjpkd;wk; ";
    assert_eq!(name(tamil), Some("ELCOT-ANSI"));
    // A list, in which hardly a small word stands.
    let list = "Hkkjr jkT; U;k;ky; fu.kZ; fnukad izdj.k vkns'k oknh izfroknh vf/kfu;e la[;k ftyk rglhy xzke \
                uxj fof/k dkuwu fookg cky fookg ds oknh";
    assert_eq!(name(list), Some("Kruti Dev"));
    for text in [
        "",
        "vadi prativadi gram tehsil zila nyayalaya adhiniyam dinank prakaran aadesh kanun ke vivah bal \
         rajya nagar vidhi sankhya bharat nirnay aur ka vadi gram zila dk ds dh",
        "The appeal is allowed and the order of the High Court is set aside with no costs.",
        "Mr. Anil Verma, Advocate\nMs. R. Pillai, AOR\nMr. S. Iyer, Advocate\nMs. K. Das",
        "याचिका खारिज की जाती है और प्रकरण समाप्त किया जाता है और वह",
        "qzx vbk jjw kqpt zzgh xcvq qzx vbk jjw kqpt zzgh xcvq",
    ] {
        assert_eq!(name(text), None, "{text}");
    }
}
