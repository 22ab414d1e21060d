//! The fonts of a document: what each character code says and how wide it is.

use std::collections::HashMap;
use std::sync::Arc;

use hayro_font::hayro_cmap::{BfString, load_embedded};
use hayro_font::{
    CMapResolverFn, Font, FontCache, FontGlyph, FontQuery, FontResolverFn, StandardFont,
};
use hayro_syntax::object::dict::keys::BASE_FONT;
use hayro_syntax::object::{Dict, Name};

use crate::layout::{Texts, Value};

const UNITS_PER_EM: f32 = hayro_font::UNITS_PER_EM;

/// A font of the document; its place in [`Faces`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FaceId(pub(super) u16);

/// What a character code stands for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Code {
    /// Its Unicode value.
    pub(super) value: Value,
    /// Whether the font says so; otherwise the value is a replacement character.
    pub(super) mapped: bool,
    /// Its advance along the line, in em.
    pub(super) advance: f32,
    /// From the pen to the glyph's origin, in em: not nought for vertical writing only.
    pub(super) origin: (f32, f32),
}

/// A font with what has been asked of it so far.
pub(super) struct Face<'a> {
    font: Font<'a>,
    /// No font was named, or one that is not there: only plain ASCII is believed then.
    stand_in: bool,
    horizontal: bool,
    single: Box<[Option<Code>; 256]>,
    wide: HashMap<u32, Code>,
}

impl Face<'_> {
    /// Whether lines run from left to right rather than down.
    pub(super) fn is_horizontal(&self) -> bool {
        self.horizontal
    }

    /// Whether the face can show these bytes.
    pub(super) fn can_show(&self, bytes: &[u8]) -> bool {
        !self.stand_in || bytes.is_ascii()
    }

    /// The next code of a string and its length in bytes.
    pub(super) fn read(&self, bytes: &[u8], at: usize) -> (u32, usize) {
        let (code, length) = self.font.read_code(bytes, at);
        (code, length.max(1))
    }

    pub(super) fn code(&mut self, code: u32, texts: &mut Texts) -> Code {
        if let Some(slot) = self.single.get_mut(code as usize) {
            return *slot.get_or_insert_with(|| look_up(&self.font, code, texts));
        }
        *self
            .wide
            .entry(code)
            .or_insert_with(|| look_up(&self.font, code, texts))
    }
}

fn look_up(font: &Font<'_>, code: u32, texts: &mut Texts) -> Code {
    let unicode = match font.glyph(font.map_code(code), code) {
        FontGlyph::Outline(glyph) => glyph.as_unicode(),
        FontGlyph::Type3(glyph) => glyph.as_unicode(),
    };
    let value = match unicode {
        Some(BfString::Char(c)) => Some(texts.char(c)),
        Some(BfString::String(text)) => texts.string(&text),
        None => None,
    };
    let (advance, origin) = (font.code_advance(code), font.origin_displacement(code));
    let along = if font.is_horizontal() {
        advance.x
    } else {
        advance.y.abs()
    };
    Code {
        value: value.unwrap_or(Value::UNMAPPED),
        mapped: value.is_some(),
        advance: along as f32 / UNITS_PER_EM,
        origin: (
            origin.x as f32 / UNITS_PER_EM,
            origin.y as f32 / UNITS_PER_EM,
        ),
    }
}

/// The fonts of a document by the place of their dictionary in the file: two fonts may share their
/// resource name, as a stamp's and a page's do.
pub(super) struct Faces<'a> {
    cache: FontCache<'a>,
    programs: FontResolverFn,
    cmaps: CMapResolverFn,
    by_dictionary: HashMap<(usize, usize), Option<FaceId>>,
    loaded: Vec<Face<'a>>,
    names: Vec<Option<String>>,
    stand_in: Option<FaceId>,
}

impl<'a> Faces<'a> {
    pub(super) fn new() -> Self {
        Self {
            cache: FontCache::new(),
            programs: Arc::new(|query| {
                Some(match query {
                    FontQuery::Standard(font) => font.get_font_data(),
                    FontQuery::Fallback(font) => font.pick_standard_font().get_font_data(),
                })
            }),
            cmaps: Arc::new(load_embedded),
            by_dictionary: HashMap::new(),
            loaded: Vec::new(),
            names: Vec::new(),
            stand_in: None,
        }
    }

    pub(super) fn get_mut(&mut self, id: FaceId) -> Option<&mut Face<'a>> {
        self.loaded.get_mut(usize::from(id.0))
    }

    /// The `PostScript` names by face, without the prefix of a subset.
    pub(super) fn names(&self) -> &[Option<String>] {
        &self.names
    }

    /// The face of a font dictionary; the stand-in where it is no font.
    pub(super) fn load(&mut self, dict: &Dict<'a>) -> Option<FaceId> {
        let data = dict.data();
        let key = (data.as_ptr() as usize, data.len());
        if let Some(known) = self.by_dictionary.get(&key) {
            return *known;
        }
        let font = self.cache.font(dict, &self.programs, &self.cmaps);
        let id = match font {
            Some(font) => self.add(font, postscript_name(dict), false),
            None => self.stand_in(),
        };
        self.by_dictionary.insert(key, id);
        id
    }

    /// Helvetica, for text with no font that is there: other readers do so too.
    pub(super) fn stand_in(&mut self) -> Option<FaceId> {
        if self.stand_in.is_none() {
            let font = self
                .cache
                .standard_font(StandardFont::Helvetica, &self.programs)?;
            self.stand_in = self.add(font, None, true);
        }
        self.stand_in
    }

    fn add(&mut self, font: Font<'a>, name: Option<String>, stand_in: bool) -> Option<FaceId> {
        let id = u16::try_from(self.loaded.len()).ok()?;
        self.loaded.push(Face {
            horizontal: font.is_horizontal(),
            font,
            stand_in,
            single: Box::new([None; 256]),
            wide: HashMap::new(),
        });
        self.names.push(name);
        Some(FaceId(id))
    }
}

/// `ABCDEF+KrutiDev010` is `KrutiDev010`.
fn postscript_name(dict: &Dict<'_>) -> Option<String> {
    let name = dict.get::<Name<'_>>(BASE_FONT)?;
    let name = String::from_utf8_lossy(name.as_ref());
    let bare = match name.split_once('+') {
        Some((prefix, rest)) if prefix.len() == 6 => rest,
        _ => &*name,
    };
    Some(bare.chars().take(128).collect())
}
