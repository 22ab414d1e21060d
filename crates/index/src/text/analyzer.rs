//! The tokenizers of the index, and the same spellings for the words of a query.

use std::collections::VecDeque;
use std::ops::Range;

use tantivy::tokenizer::{Token, TokenStream, Tokenizer, TokenizerManager};

use super::Stems;
use super::fold::exact;
use super::packed::Unpacker;
use super::split::{Group, Groups, groups};

/// Name of the tokenizer of exact spellings. The number changes when its output does, and with it
/// the schema: an index made by other rules does not open.
pub(crate) const EXACT: &str = "nirnay_exact_1";
/// Name of the tokenizer of loose spellings.
pub(crate) const LOOSE: &str = "nirnay_loose_1";

/// Name of the tokenizer of a body that was read already, in exact spellings with their places.
pub(crate) const PACKED_EXACT: &str = "nirnay_packed_exact_1";
/// Name of the tokenizer of a body that was read already, in loose spellings.
pub(crate) const PACKED_LOOSE: &str = "nirnay_packed_loose_1";

/// Makes the tokenizers known to an index.
pub(crate) fn register(manager: &TokenizerManager) {
    manager.register(EXACT, WordTokenizer::default());
    manager.register(
        LOOSE,
        WordTokenizer {
            stems: Some(Stems::default()),
            ..WordTokenizer::default()
        },
    );
    manager.register(PACKED_EXACT, Unpacker { has_places: true });
    manager.register(PACKED_LOOSE, Unpacker { has_places: false });
}

/// Splits text into words in their exact spelling, or in their loose one if it has stems.
#[derive(Debug, Clone, Default)]
struct WordTokenizer {
    stems: Option<Stems>,
    word: String,
}

impl Tokenizer for WordTokenizer {
    type TokenStream<'a> = WordStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> WordStream<'a> {
        WordStream {
            text,
            groups: groups(text),
            tokenizer: self,
            position: 0,
            token: Token::default(),
            ready: VecDeque::new(),
        }
    }
}

struct WordStream<'a> {
    text: &'a str,
    groups: Groups<'a>,
    tokenizer: &'a mut WordTokenizer,
    position: usize,
    token: Token,
    ready: VecDeque<Token>,
}

impl WordStream<'_> {
    /// Writes the current word into `token`, in the spelling of the tokenizer.
    fn put(tokenizer: &mut WordTokenizer, token: &mut Token) {
        token.text.clear();
        token.text.push_str(match &mut tokenizer.stems {
            Some(stems) => stems.loose(&tokenizer.word),
            None => &tokenizer.word,
        });
    }

    fn single(&mut self, group: &Group) {
        spell(self.text, &group.first, &mut self.tokenizer.word);
        self.token.offset_from = group.first.start;
        self.token.offset_to = group.first.end;
        self.token.position = self.position;
        Self::put(self.tokenizer, &mut self.token);
    }

    /// The pieces of a group and their joined form, all at one position, each word once.
    fn several(&mut self, group: &Group) {
        for (range, word) in words(self.text, group) {
            let mut token = Token {
                offset_from: range.start,
                offset_to: range.end,
                position: self.position,
                ..Token::default()
            };
            self.tokenizer.word = word;
            Self::put(self.tokenizer, &mut token);
            if self.ready.iter().all(|other| other.text != token.text) {
                self.ready.push_back(token);
            }
        }
    }
}

impl TokenStream for WordStream<'_> {
    fn advance(&mut self) -> bool {
        if let Some(token) = self.ready.pop_front() {
            self.token = token;
            return true;
        }
        let Some(group) = self.groups.next() else {
            return false;
        };
        if group.rest.is_empty() {
            self.single(&group);
        } else {
            self.several(&group);
            if let Some(token) = self.ready.pop_front() {
                self.token = token;
            }
        }
        self.position += 1;
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

/// Writes the exact spelling of a piece of `text` to `out`, in place of what is there.
pub(crate) fn spell(text: &str, piece: &Range<usize>, out: &mut String) {
    out.clear();
    exact(text.get(piece.clone()).unwrap_or(""), out);
    // One word for the ways of writing "against" in a cause title.
    if matches!(out.as_str(), "vs" | "versus") {
        out.truncate(1);
    }
}

/// The exact spellings that a group of `text` has in the index, with their places: of its pieces,
/// and of the whole if there are several.
pub(crate) fn words(text: &str, group: &Group) -> Vec<(Range<usize>, String)> {
    let mut words: Vec<(Range<usize>, String)> = Vec::with_capacity(2 + group.rest.len());
    for piece in group.pieces() {
        let mut word = String::new();
        spell(text, piece, &mut word);
        words.push((piece.clone(), word));
    }
    if !group.rest.is_empty() {
        let joined = words.iter().map(|(_, word)| word.as_str()).collect();
        words.push((group.range(), joined));
    }
    words
}

/// The exact spellings of a text of a query, one word a position.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Spellings {
    /// Pieces that read as one word are one.
    pub(crate) joined: Vec<String>,
    /// The pieces one after the other, if that is something else.
    pub(crate) spread: Option<Vec<String>>,
}

impl Spellings {
    /// The sequences of words, the joined one first.
    pub(crate) fn sequences(&self) -> impl Iterator<Item = &[String]> {
        std::iter::once(self.joined.as_slice()).chain(self.spread.as_deref())
    }
}

/// How the words of `text` stand in the index.
pub(crate) fn spellings(text: &str) -> Spellings {
    let mut joined = Vec::new();
    let mut spread = Vec::new();
    for group in groups(text) {
        let words = words(text, &group);
        let pieces = 1 + group.rest.len();
        joined.extend(words.last().map(|(_, word)| word.clone()));
        spread.extend(words.into_iter().take(pieces).map(|(_, word)| word));
    }
    let spread = (spread != joined).then_some(spread);
    Spellings { joined, spread }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tokens as `position:text`, from the tokenizer that the index uses.
    fn tokens(name: &str, text: &str) -> String {
        let manager = TokenizerManager::new();
        register(&manager);
        let mut analyzer = manager.get(name).unwrap();
        let mut stream = analyzer.token_stream(text);
        let mut out = Vec::new();
        while let Some(token) = stream.next() {
            assert!(text.get(token.offset_from..token.offset_to).is_some());
            out.push(format!("{}:{}", token.position, token.text));
        }
        out.join(" ")
    }

    #[test]
    fn exact_spellings() {
        for (text, expected) in [
            ("The Court HELD, that", "0:the 1:court 2:held 3:that"),
            // Indic words stay whole across virama, matra, pulli and joiners.
            (
                "उच्च न्यायालय के निर्णय; தீர்ப்பு",
                "0:उच्च 1:न्यायालय 2:के 3:निर्णय 4:தீர்ப்பு",
            ),
            ("ক্ষতি ಕ್ಷಮೆ తీర్పు", "0:ক্ষতি 1:ಕ್ಷಮೆ 2:తీర్పు"),
            ("क्\u{200d}ष और क्ष", "0:क्ष 1:और 2:क्ष"),
            ("അവന്\u{200d} അവൻ", "0:അവൻ 1:അവൻ"),
            // One canonical form of precomposed and decomposed letters.
            (
                "क\u{93c} \u{958} e\u{301} \u{e9}",
                "0:क\u{93c} 1:क\u{93c} 2:é 3:é",
            ),
            ("धारा ३०२ ௩", "0:धारा 1:302 2:3"),
            // Sections and numbers.
            (
                "s. 498A and 302/34 IPC",
                "0:s 1:498a 2:and 3:302 4:34 5:ipc",
            ),
            (
                "498-A 304-B, 12-05-2023",
                "0:498 0:a 0:498a 1:304 1:b 1:304b 2:12 3:05 4:2023",
            ),
            (
                "Rs.1,50,000 on 12.05.2023",
                "0:rs 1:1 2:50 3:000 4:on 5:12 6:05 7:2023",
            ),
            ("482(1)(b)", "0:482 1:1 2:b"),
            // Citations and case numbers.
            ("2023:DHC:2720-DB", "0:2023 1:dhc 2:2720 3:db"),
            ("[2025] 5 S.C.R. 275", "0:2025 1:5 2:s 2:c 2:r 2:scr 3:275"),
            ("W.P.(C) No. 1/2024", "0:w 0:p 0:wp 1:c 2:no 3:1 4:2024"),
            ("Cr.P.C. and CrPC", "0:cr 0:p 0:c 0:crp\u{63} 1:and 2:crpc"),
            // Names, possessives, glued sentences, broken lines.
            ("D\u{2019}Souza's plea", "0:d 0:souza 0:dsouza 1:plea"),
            (
                "S.Ram v. State vs. Union",
                "0:s 1:ram 2:v 3:state 4:v 5:union",
            ),
            (
                "of law.The judg-\nment of non-\nBailable",
                "0:of 1:law 2:the 3:judg 3:ment 3:judgment 4:of 5:non 6:bailable",
            ),
            (
                "\u{fb01}ling co\u{ad}operation foo_bar",
                "0:filing 1:cooperation 2:foo 3:bar",
            ),
            ("… — *** § ()", ""),
        ] {
            assert_eq!(tokens(EXACT, text), expected, "{text}");
        }
    }

    #[test]
    fn loose_spellings() {
        for (text, expected) in [
            ("Appeals appealed APPEAL", "0:appeal 1:appeal 2:appeal"),
            ("498A 2025 ips", "0:498a 1:2025 2:ip"),
            ("ज़मानत जमानत पाँच पांच", "0:जमानत 1:जमानत 2:पांच 3:पांच"),
            ("Société societe", "0:societ 1:societ"),
        ] {
            assert_eq!(tokens(LOOSE, text), expected, "{text}");
        }
    }

    #[test]
    fn inflected_indic_words_meet() {
        for (one, other) in [
            ("न्यायालयों", "न्यायालय"),
            ("अपराधियों", "अपराधी"),
            ("வழக்குகள்", "வழக்கு"),
        ] {
            assert_eq!(tokens(LOOSE, one), tokens(LOOSE, other), "{one} {other}");
        }
    }

    #[test]
    fn long_words_are_cut_and_still_found() {
        let long = "x".repeat(5_000);
        assert_eq!(tokens(EXACT, &long), format!("0:{}", "x".repeat(80)));
        assert_eq!(spellings(&long).joined, ["x".repeat(80)]);
        let tamil = "நி".repeat(100);
        assert_eq!(tokens(EXACT, &tamil).chars().count(), 2 + 80);
    }

    #[test]
    fn words_of_a_query_are_spelled_as_in_the_index() {
        let spelled = spellings("Cr.P.C. 498-A");
        assert_eq!(spelled.joined, ["crpc", "498a"]);
        assert_eq!(spelled.spread.unwrap(), ["cr", "p", "c", "498", "a"]);
        assert_eq!(spellings("302/34").joined, ["302", "34"]);
        assert_eq!(spellings("302/34").spread, None);
        assert_eq!(spellings(" -- ").joined, Vec::<String>::new());
    }

    proptest::proptest! {
        /// Any text: tokens lie on character boundaries, in order, never empty.
        #[test]
        fn any_text_has_sound_tokens(text in "(\\PC|[\n\u{200d}\u{94d}'.-]){0,80}") {
            let mut end_of_last_group = 0;
            for group in groups(&text) {
                proptest::prop_assert!(group.range().start >= end_of_last_group);
                end_of_last_group = group.range().end;
                for (range, word) in words(&text, &group) {
                    proptest::prop_assert!(text.get(range).is_some());
                    proptest::prop_assert!(!word.is_empty());
                }
            }
        }
    }
}
