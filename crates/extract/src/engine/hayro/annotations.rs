//! Annotations of pages: signature fields, and whatever else has text.

use hayro_font::kurbo::Affine;
use hayro_syntax::Pdf;
use hayro_syntax::object::dict::keys::{
    ACRO_FORM, ANNOTS, AP, AS, CONTENTS, F, FIELDS, FT, KIDS, M, N, NAME, PARENT, REASON, SIG,
    SUBTYPE, V,
};
use hayro_syntax::object::{Array, Dict, Name, Object, Stream, String as PdfString};
use hayro_syntax::page::{Page, Resources};

use super::interpreter::{Interpreter, Shared};
use super::strings::{date, text_string};
use crate::furniture::signature;
use crate::layout::{self, Sheet};
use crate::{Annotation, Signature};

/// Annotations of a page that are looked at.
const MOST: usize = 500;
/// An appearance is drawn in the middle of a sheet this large, wherever its own box lies.
const SHEET: f64 = 20_000.0;
const HIDDEN: u32 = 1 << 1;

/// What the annotations of a page say.
pub(super) struct Notes<'s, 'a> {
    page: u32,
    shared: &'s mut Shared<'a>,
    pub(super) signatures: Vec<Signature>,
    pub(super) annotations: Vec<Annotation>,
}

impl<'s, 'a> Notes<'s, 'a> {
    pub(super) fn new(page: u32, shared: &'s mut Shared<'a>) -> Self {
        Self {
            page,
            shared,
            signatures: Vec::new(),
            annotations: Vec::new(),
        }
    }

    /// What was found adds to the output, in bytes.
    pub(super) fn bytes(&self) -> u64 {
        let signatures = self.signatures.iter().map(Signature::bytes);
        let annotations = self.annotations.iter().map(Annotation::bytes);
        signatures.chain(annotations).sum()
    }

    pub(super) fn read(&mut self, page: &Page<'a>) {
        let Some(list) = page.raw().get::<Array<'a>>(ANNOTS) else {
            return;
        };
        for (at, annotation) in list.iter::<Dict<'a>>().enumerate() {
            if at >= MOST {
                self.shared.cut = true;
                break;
            }
            let kind = annotation.get::<Name<'_>>(SUBTYPE);
            let kind = kind.as_ref().map_or("", |name| name.as_str());
            match kind {
                "Link" | "Popup" | "" => {}
                "Widget" if inherited_name(&annotation) == Some(SIG.to_vec()) => {
                    self.signature(&annotation, page.resources());
                }
                kind => self.note(kind, &annotation, page.resources()),
            }
        }
    }

    fn signature(&mut self, widget: &Dict<'a>, resources: &Resources<'a>) {
        let shown = self.appearance(widget, resources);
        let value = inherited_value(widget);
        if let Some(found) = signature_of(value.as_ref(), shown, Some(self.page)) {
            self.signatures.push(found);
        }
    }

    fn note(&mut self, kind: &str, annotation: &Dict<'a>, resources: &Resources<'a>) {
        if annotation.get::<u32>(F).unwrap_or(0) & HIDDEN != 0 {
            return;
        }
        let shown = self.appearance(annotation, resources);
        let text = if shown.is_empty() {
            string(annotation, CONTENTS)
        } else {
            Some(shown)
        };
        if let Some(text) = text.filter(|text| !text.trim().is_empty()) {
            self.annotations.push(Annotation {
                page: self.page,
                kind: kind.chars().take(32).collect(),
                text: text.trim().to_owned(),
            });
        }
    }

    /// The text that an annotation shows.
    fn appearance(&mut self, annotation: &Dict<'a>, resources: &Resources<'a>) -> String {
        let Some(stream) = normal_appearance(annotation) else {
            return String::new();
        };
        let middle = Affine::translate((SHEET / 2.0, SHEET / 2.0)) * Affine::FLIP_Y;
        let mut interpreter = Interpreter::new(self.shared, (SHEET, SHEET), middle);
        interpreter.appearance(&stream, resources);
        let glyphs = interpreter.shown.glyphs;
        let sheet = Sheet {
            size: (SHEET as f32, SHEET as f32),
            texts: &self.shared.texts,
        };
        let lines = layout::read(&glyphs, sheet).lines;
        let texts: Vec<String> = lines.into_iter().map(|line| line.text).collect();
        texts.join("\n")
    }
}

fn normal_appearance<'a>(annotation: &Dict<'a>) -> Option<Stream<'a>> {
    match annotation.get::<Dict<'a>>(AP)?.get::<Object<'a>>(N)? {
        Object::Stream(stream) => Some(stream),
        Object::Dict(states) => states.get::<Stream<'a>>(annotation.get::<Name<'_>>(AS)?),
        _ => None,
    }
}

/// The kind of a field, which its parent may give.
fn inherited_name(field: &Dict<'_>) -> Option<Vec<u8>> {
    let own = field.get::<Name<'_>>(FT);
    let kind = own.or_else(|| field.get::<Dict<'_>>(PARENT)?.get::<Name<'_>>(FT))?;
    Some(kind.to_vec())
}

fn inherited_value<'a>(field: &Dict<'a>) -> Option<Dict<'a>> {
    field
        .get::<Dict<'a>>(V)
        .or_else(|| field.get::<Dict<'a>>(PARENT)?.get::<Dict<'a>>(V))
}

/// A signature from its dictionary, and from what its box shows where that says more. A field that
/// nobody has signed, and that shows nothing, is none.
fn signature_of(value: Option<&Dict<'_>>, shown: String, page: Option<u32>) -> Option<Signature> {
    if value.is_none() && shown.trim().is_empty() {
        return None;
    }
    let read = signature::parse(&shown);
    let entry = |key: &[u8]| value.and_then(|dict| string(dict, key));
    Some(Signature {
        page,
        signer: entry(NAME).or(read.signer),
        signed_at: entry(M).map(|text| date(&text)).or(read.signed_at),
        reason: entry(REASON).or(read.reason),
        text: shown,
    })
}

fn string(dict: &Dict<'_>, key: &[u8]) -> Option<String> {
    let text = text_string(dict.get::<PdfString<'_>>(key)?.as_bytes());
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Adds the signatures of the document's form that no page shows.
pub(super) fn fields_without_widgets(pdf: &Pdf, known: &mut Vec<Signature>) {
    let xref = pdf.xref();
    let fields = xref
        .get::<Dict<'_>>(xref.root_id())
        .and_then(|catalog| catalog.get::<Dict<'_>>(ACRO_FORM))
        .and_then(|form| form.get::<Array<'_>>(FIELDS));
    let Some(fields) = fields else {
        return;
    };
    let mut left = MOST;
    for field in fields.iter::<Dict<'_>>().take(MOST) {
        let mut all = vec![field.clone()];
        if let Some(kids) = field.get::<Array<'_>>(KIDS) {
            all.extend(kids.iter::<Dict<'_>>().take(left));
        }
        left = left.saturating_sub(all.len() - 1);
        for field in all {
            if inherited_name(&field) != Some(SIG.to_vec()) {
                continue;
            }
            let Some(value) = inherited_value(&field) else {
                continue;
            };
            let Some(found) = signature_of(Some(&value), String::new(), None) else {
                continue;
            };
            let is_known = known
                .iter()
                .any(|other| other.signer == found.signer && other.signed_at == found.signed_at);
            if !is_known {
                known.push(found);
            }
        }
    }
}
