//! From the codes of an eight-bit font to what each of its glyphs stands for.

// Circled letters, which no eight-bit Indic font has, are what tables write for glyphs that are no
// character of their own and act on what stands around them. None leaves a composer.

/// A vowel sign that is drawn, and therefore coded, before its consonants.
pub(super) const PRE_I: char = 'ⓘ';
/// Repha: an R before the whole syllable, coded after it.
pub(super) const REPH: char = 'Ⓡ';
/// An R below or beside its consonant, coded after it.
pub(super) const RAKAR: char = 'ⓡ';
/// A hook that makes a K of the Devanagari V before it, PH of P, UU of U and RU of R.
pub(super) const HOOK: char = 'Ⓗ';
/// Two dots: visarga or colon.
pub(super) const DOTS: char = 'Ⓓ';
/// The upright of a Devanagari letter, the vowel sign AA where the letter before it is whole.
pub(super) const STEM: char = 'Ⓢ';
/// The vowel sign E of Tamil or Malayalam, before its consonant.
pub(super) const PRE_E: char = 'ⓔ';
/// The vowel sign EE of Tamil or Malayalam, before its consonant.
pub(super) const PRE_EE: char = 'Ⓔ';
/// The vowel sign AI of Tamil, before its consonant.
pub(super) const PRE_AI: char = 'Ⓐ';
/// A glyph that is the Tamil sign AA after a letter and the letter RA before a dot or a loop.
pub(super) const AA_OR_RA: char = 'ⓐ';
/// The tail that lengthens a Tamil U, or makes one of none.
pub(super) const LONG_TAIL: char = 'Ⓣ';
/// The headstroke that closes a Kannada letter: its inherent vowel.
pub(super) const INHERENT: char = 'Ⓥ';
/// The curl that lengthens a Kannada vowel sign.
pub(super) const LONGER: char = 'Ⓛ';
/// The sign that makes the Kannada E an AI.
pub(super) const TO_AI: char = 'Ⓘ';
/// The dot that makes a Kannada consonant aspirated.
pub(super) const ASPIRATE: char = 'ⓗ';
/// A Kannada or Malayalam letter follows that is written below the one before it.
pub(super) const BELOW: char = 'ⓑ';
/// The curl of the Kannada I that goes with an aspirate or an M and says nothing itself.
pub(super) const SILENT: char = 'ⓢ';
/// The letter R of a Malayalam cluster, drawn before it.
pub(super) const PRE_RA: char = 'ⓟ';

/// Whether `c` is one of the marks above.
pub(super) fn is_mark(c: char) -> bool {
    ('Ⓐ'..='ⓩ').contains(&c)
}

/// What the codes of a font stand for, ready for look-up.
pub(super) struct Glyphs {
    /// By the first code of the sequence; the longest first.
    by_first: Vec<Vec<(Vec<u8>, &'static str)>>,
}

impl Glyphs {
    /// From tables of (characters as an engine reports them, what they stand for). A later table
    /// wins over an earlier one, so that a font can be written as what it changes in another.
    pub(super) fn new(latin: Latin, tables: &[&[(&str, &'static str)]]) -> Self {
        let mut by_first = vec![Vec::<(Vec<u8>, &'static str)>::new(); 256];
        for (key, value) in tables.iter().copied().flatten() {
            let codes: Vec<u8> = key.chars().filter_map(|c| latin.code(c)).collect();
            let Some(place) = codes
                .first()
                .and_then(|first| by_first.get_mut(usize::from(*first)))
            else {
                continue;
            };
            place.retain(|(known, _)| *known != codes);
            place.push((codes, *value));
        }
        for place in &mut by_first {
            place.sort_by_key(|(codes, _)| std::cmp::Reverse(codes.len()));
        }
        Self { by_first }
    }

    /// Feeds `sink` with what the glyphs of `text` stand for. What no table knows is fed as it is.
    ///
    /// `latin` is the encoding in which the engine took the font's codes for Latin characters.
    pub(super) fn read(&self, latin: Latin, text: &str, mut sink: impl FnMut(char)) {
        let codes: Vec<(char, Option<u8>)> = text.chars().map(|c| (c, latin.code(c))).collect();
        let mut rest = codes.as_slice();
        while let Some(((c, first), tail)) = rest.split_first() {
            let known = first
                .and_then(|first| self.by_first.get(usize::from(first)))
                .and_then(|place| place.iter().find(|(key, _)| starts_with(rest, key)));
            let Some((key, value)) = known else {
                // Marks are ours: the same characters in a text must not act as them.
                if !is_mark(*c) {
                    sink(*c);
                }
                rest = tail;
                continue;
            };
            value.chars().for_each(&mut sink);
            rest = rest.get(key.len()..).unwrap_or_default();
        }
    }
}

fn starts_with(codes: &[(char, Option<u8>)], key: &[u8]) -> bool {
    codes.len() >= key.len() && key.iter().zip(codes).all(|(k, (_, c))| Some(*k) == *c)
}

/// An encoding of Latin letters that a font pretends to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Latin {
    /// Code page 1252.
    Windows,
    /// Mac OS Roman.
    Apple,
}

/// The upper half of Mac OS Roman. The ligatures and the slash have the names that fonts use.
const APPLE: &str = "ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü†°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø\
    ¿¡¬√ƒ≈∆«»…\u{a0}ÀÃÕŒœ–—“”‘’÷◊ÿŸ⁄€‹›ﬁﬂ‡·‚„‰ÂÊÁËÈÍÎÏÌÓÔ\u{f8ff}ÒÚÛÙıˆ˜¯˘˙˚¸˝˛ˇ";
/// The second row of the upper half of code page 1252; the rest is Latin-1.
const WINDOWS: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ";

impl Latin {
    /// The code of the font that an engine reported as `c`.
    fn code(self, c: char) -> Option<u8> {
        let upper = |row: &str| {
            let at = row.chars().position(|known| known == c)?;
            u8::try_from(0x80 + at).ok()
        };
        match (self, c) {
            (_, '\u{20}'..='\u{7e}') => Some(c as u32 as u8),
            // Fonts of symbols report their codes in this block.
            (_, '\u{f020}'..='\u{f0ff}') => Some((c as u32 & 0xff) as u8),
            (Self::Windows, '\u{80}'..='\u{ff}') => Some(c as u32 as u8),
            (Self::Windows, 'μ') => Some(0xb5),
            (Self::Windows, '∙') => Some(0xb7),
            (Self::Windows, _) => upper(WINDOWS),
            (Self::Apple, 'μ') => Some(0xb5),
            (Self::Apple, 'Ω') => Some(0xbd),
            (Self::Apple, _) => upper(APPLE),
        }
    }
}
