//! Small words of the languages of Indian courts: what every page of prose has, whatever it is about.
//!
//! Source: written for this program from general knowledge of the languages and words that recur in
//! the mastheads and formulas of judgments. 2026-11-29. A word may stand with several languages.

/// A language and its small words.
#[derive(Debug)]
pub(crate) struct SmallWords {
    /// ISO 639-3.
    pub(crate) language: &'static str,
    /// ISO 15924.
    pub(crate) script: &'static str,
    /// The share of small words in prose that is on the low side of usual.
    pub(crate) usual: f32,
    /// Separated by spaces.
    pub(crate) words: &'static str,
}

/// The languages; the first of a script is the one that is taken where no word tells.
pub(crate) const LANGUAGES: &[SmallWords] = &[
    SmallWords {
        language: "hin",
        script: "Deva",
        usual: 0.20,
        words: "है हैं का की के को में से ने और यह वह कि पर नहीं तो भी था थे थी गया गई गए किया कर करने करता करते \
            लिए द्वारा एवं या जो इस उस एक अपने अपनी हो ही तथा जाता जाती जाए होने होता होती कोई कुछ क्या सकता साथ रूप \
            बाद उक्त अनुसार तक जिस उसके इसके उनके दिया किसी बनाम विरुद्ध आदेश",
    },
    SmallWords {
        language: "mar",
        script: "Deva",
        usual: 0.08,
        words: "आहे आहेत आणि व हे हा ही तो ती ते या त्या मध्ये केला केली केले नाही नाहीत होता होती होते असून असे असा \
            असल्याने तसेच यांनी यांचे यांच्या यांना त्यांच्या त्याच्या करून करण्यात करणे येते येईल आला आले आली म्हणून सदर परंतु \
            किंवा त्यांनी मी झाला झाली झाले पासून साठी आपल्या प्रत्येक कोणत्याही विरुद्ध",
    },
    SmallWords {
        language: "nep",
        script: "Deva",
        usual: 0.10,
        words: "छ छन् छैन र को मा लाई ले बाट गरेको भएको हुने हुनेछ गर्ने गर्न गरी गरिएको यो त्यो यस पनि तथा वा हो थियो \
            भन्ने सो लागि भने हुन्छ थिए भई प्रत्येक व्यक्तिलाई आफ्नो कुनै गर्नु हुन",
    },
    SmallWords {
        language: "san",
        script: "Deva",
        usual: 0.05,
        words: "च न इति एव तु तत् सः अस्ति वा यः अथ तस्य अपि हि ते तेन यत् भवति भवन्ति अस्य सर्वे कृत्वा सर्वेषां यथा तथा \
            स्यात् नास्ति अस्मिन् यस्य तस्मात् अधिकारः स्वस्य सह",
    },
    SmallWords {
        language: "ben",
        script: "Beng",
        usual: 0.10,
        words: "এবং ও এই যে করা হয় না তার একটি জন্য থেকে করে হয়েছে সে কি তিনি কোনো কোন করেন ছিল উপর মধ্যে বা দ্বারা \
            সঙ্গে পর হইয়াছে করিয়া করার করতে হতে হবে প্রত্যেকেরই রয়েছে এর যা অধিকার আদালত মামলা বনাম এক নিজের",
    },
    SmallWords {
        language: "asm",
        script: "Beng",
        usual: 0.08,
        words: "আৰু হয় এই কৰা নাই কৰি বাবে পৰা যে এটা তেওঁ হৈছে কৰিছিল লগত বা দ্বাৰা পিছত কৰে থকা সেই মই ওপৰত বিৰুদ্ধে",
    },
    SmallWords {
        language: "guj",
        script: "Gujr",
        usual: 0.12,
        words: "છે અને ના નો ની નું થી માં એ આ કે તે માટે કરી કરવામાં કરવા આવે આવેલ હતી હતો હતા પર નથી જે તથા પણ થયેલ \
            સદર સામે તેમજ અથવા કોઈ પોતાના દરેક વ્યક્તિને હક હોય એક સાથે",
    },
    SmallWords {
        language: "pan",
        script: "Guru",
        usual: 0.20,
        words: "ਹੈ ਦੇ ਦੀ ਦਾ ਨੂੰ ਵਿੱਚ ਵਿਚ ਅਤੇ ਨੇ ਤੋਂ ਹਨ ਇਸ ਕਿ ਇਹ ਲਈ ਨਾਲ ਤੇ ਸੀ ਕੀਤਾ ਗਿਆ ਜੋ ਕਰ ਨਹੀਂ ਹੋ ਉਸ ਜਾਂ ਹਰ ਇੱਕ ਕਿਸੇ",
    },
    SmallWords {
        language: "ori",
        script: "Orya",
        usual: 0.06,
        words: "ଓ ଏହି କରି ହୋଇ ଯେ ପାଇଁ ନାହିଁ ତାଙ୍କ ଏବଂ ରେ ସେ କୁ ଥିଲା ଦ୍ୱାରା ବା ଏକ କରିବା ହେଉଛି ପରେ ଅଟେ ଏହା କିମ୍ବା",
    },
    SmallWords {
        language: "tam",
        script: "Taml",
        usual: 0.05,
        words: "மற்றும் இந்த என்று ஒரு அந்த என்ற ஆகும் அல்லது உள்ள இது அவர் அது செய்து மேலும் என ஆகிய வழக்கு மனு மனுதாரர் \
            நீதிமன்றம் தான் போது கீழ் இருந்து ஆனால் இல்லை வேண்டும் வந்த பின்னர் நீதிபதி தேதி என்பது தரப்பில் செய்ய உரிமை \
            எதிர்மனுதாரர் அன்று மீது எந்த யாவரும் தமது ஒவ்வொருவரும் உடைய",
    },
    SmallWords {
        language: "tel",
        script: "Telu",
        usual: 0.06,
        words: "మరియు ఈ ఒక ఆ కు లో ని యొక్క చేసిన అని ఉంది ద్వారా లేదా కోసం ఇది చేయడం తన నుండి కాదు వారు అయితే ఉన్న గల \
            వలన ప్రకారం ప్రతి కలదు హక్కు తమ గాని లేక ఏ వారి",
    },
    SmallWords {
        language: "kan",
        script: "Knda",
        usual: 0.06,
        words: "ಮತ್ತು ಈ ಒಂದು ಆ ಅವರ ಎಂದು ಇದು ಅಥವಾ ಹಾಗೂ ನ್ಯಾಯಾಲಯ ಪ್ರಕರಣ ಸದರಿ ಮೇಲೆ ಅದು ಇಲ್ಲ ಎಂಬ ಆದರೆ ಯಾವುದೇ ಸಂಖ್ಯೆ \
            ಅವರು ಇದನ್ನು ಸಂಬಂಧಿಸಿದ ಮಾನ್ಯ ಇವರು ನಂತರ ಮಾಡಿದ ಮೂಲಕ ಪ್ರತಿಯೊಬ್ಬ ಹಕ್ಕು ಎಲ್ಲ ಯಾವ ತನ್ನ ಆಪಾದಿತ",
    },
    SmallWords {
        language: "mal",
        script: "Mlym",
        usual: 0.03,
        words: "ഈ ഒരു എന്ന ആ ഇത് അത് കേസ് എന്നാൽ അല്ലെങ്കിൽ ഉള്ള ആണ് എന്നും എന്ന് കോടതി ഹർജി വിധി നിന്ന് കൊണ്ട് അവർ വരെ \
            കൂടി പ്രകാരം മറ്റ് കൂടാതെ വേണ്ടി ഏതൊരു അവകാശം ഓരോ തന്റെ യാതൊരു ആരും",
    },
    SmallWords {
        language: "urd",
        script: "Arab",
        usual: 0.15,
        words: "کے کی میں ہے اور سے کا کو اس نے کہ پر یہ ہیں جو تھا تھی نہیں وہ ایک تھے بھی کیا گیا لئے لیے تو ہو کر عدالت \
            مقدمہ یا کسی ہر اپنی حق",
    },
];
