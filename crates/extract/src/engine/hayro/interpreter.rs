//! Content streams to placed glyphs: the operators that text depends on, and no painting.
//!
//! An interpreter of our own, because it can stop in the middle: a page of a hostile file has a
//! budget of operators and glyphs, where a device behind a renderer can only look away.

use hayro_font::kurbo::{Affine, Point, Vec2};
use hayro_syntax::content::TypedIter;
use hayro_syntax::content::ops::TypedInstruction;
use hayro_syntax::object::dict::keys::{
    ACTUAL_TEXT, BBOX, FONT, FORM, IMAGE, MATRIX, OC, RESOURCES, SUBTYPE, TYPE,
};
use hayro_syntax::object::{Array, Dict, Name, Number, Object, Stream, String as PdfString};
use hayro_syntax::page::Resources;

use super::face::{FaceId, Faces};
use super::state::{State, unit_box};
use super::strings::text_string;
use super::visibility::Layers;
use crate::layout::{Glyph, Texts, Value, Way};

/// Glyphs of a page; the fullest real one has some 12,000.
const MOST_GLYPHS: usize = 200_000;
/// Operators of a page; a plan drawn in lines has some 100,000.
const MOST_PAGE_STEPS: u64 = 3_000_000;
/// Forms within forms.
const MOST_DEPTH: u32 = 24;
/// Saved states and open spans of a page; real content has a dozen, careless producers thousands.
const MOST_OPEN: usize = 1 << 16;

/// What may still be spent on a document.
#[derive(Debug)]
pub(super) struct Budget {
    /// Operators of the document, with what decoding forms again costs.
    pub(super) steps: u64,
}

/// What is shared by the pages of a document.
pub(super) struct Shared<'a> {
    pub(super) faces: Faces<'a>,
    pub(super) texts: Texts,
    pub(super) layers: Layers,
    pub(super) budget: Budget,
    /// Whether something was left out because a limit was reached.
    pub(super) cut: bool,
}

/// What a page shows.
#[derive(Debug, Default)]
pub(super) struct Shown {
    pub(super) glyphs: Vec<Glyph>,
    /// Glyphs with a Unicode value, and without; spaces apart.
    pub(super) mapped: u32,
    pub(super) unmapped: u32,
    /// The boxes of its images, with the number of glyphs painted before each.
    pub(super) images: Vec<([f64; 4], usize)>,
    /// Filled shapes with curves: letters as outlines are hundreds.
    pub(super) outlines: u32,
}

/// A marked span of content.
struct Span {
    hidden: bool,
    pagination: bool,
    /// What it says instead of its glyphs, and its first glyph.
    says: Option<(String, usize)>,
}

pub(super) struct Interpreter<'s, 'a> {
    shared: &'s mut Shared<'a>,
    size: (f64, f64),
    pub(super) shown: Shown,
    state: State,
    states: Vec<State>,
    floor: Floor,
    /// What is left of the page's operators.
    steps: u64,
    /// Whether the path begun has curves.
    curved: bool,
    spans: Vec<Span>,
    hidden: u32,
    pagination: u32,
}

/// Where this stream's own states and spans begin, and how many it has opened beyond what is kept.
#[derive(Debug, Clone, Copy, Default)]
struct Floor {
    states: usize,
    spans: usize,
    states_beyond: u32,
    spans_beyond: u32,
}

/// Nothing more is to be read.
struct Stop;

type Flow = Result<(), Stop>;

impl<'s, 'a> Interpreter<'s, 'a> {
    /// For a page of this size, with the matrix from user space to the upright page.
    pub(super) fn new(shared: &'s mut Shared<'a>, size: (f64, f64), ctm: Affine) -> Self {
        Self {
            shared,
            size,
            shown: Shown::default(),
            state: State::new(ctm),
            states: Vec::new(),
            floor: Floor::default(),
            steps: MOST_PAGE_STEPS,
            curved: false,
            spans: Vec::new(),
            hidden: 0,
            pagination: 0,
        }
    }

    /// Runs a content stream of the page.
    pub(super) fn page(&mut self, content: &[u8], resources: &Resources<'a>) {
        // A page that was cut short keeps what it has.
        self.content(content, resources, 0).ok();
    }

    /// Shows a form by itself, as an annotation's appearance is.
    pub(super) fn appearance(&mut self, stream: &Stream<'a>, resources: &Resources<'a>) {
        self.form(stream, resources, 0).ok();
    }

    fn content(&mut self, data: &[u8], resources: &Resources<'a>, depth: u32) -> Flow {
        let (before, outer) = (self.state, self.floor);
        self.floor = Floor {
            states: self.states.len(),
            spans: self.spans.len(),
            ..Floor::default()
        };
        let mut names: Vec<(Vec<u8>, Option<FaceId>)> = Vec::new();
        let mut operators = TypedIter::new(data);
        let mut flow = Ok(());
        while let Some(operator) = operators.next() {
            flow = self.spend(1);
            if flow.is_ok() {
                flow = self.operator(&operator, resources, &mut names, depth);
            }
            if flow.is_err() {
                break;
            }
        }
        self.floor.spans_beyond = 0;
        while self.spans.len() > self.floor.spans {
            self.end_span();
        }
        self.states.truncate(self.floor.states);
        (self.state, self.floor) = (before, outer);
        flow
    }

    fn spend(&mut self, steps: u64) -> Flow {
        let left = &mut self.shared.budget.steps;
        *left = left.saturating_sub(steps);
        self.steps = self.steps.saturating_sub(steps);
        if *left == 0 || self.steps == 0 || self.shown.glyphs.len() >= MOST_GLYPHS {
            self.shared.cut = true;
            return Err(Stop);
        }
        Ok(())
    }

    fn save(&mut self) {
        if self.states.len() < MOST_OPEN {
            self.states.push(self.state);
        } else {
            self.floor.states_beyond += 1;
            self.shared.cut = true;
        }
    }

    /// Never below what the stream began with: a form cannot undo its page's state.
    fn restore(&mut self) {
        if self.floor.states_beyond > 0 {
            self.floor.states_beyond -= 1;
        } else if self.states.len() > self.floor.states
            && let Some(state) = self.states.pop()
        {
            self.state = state;
        }
    }

    fn operator(
        &mut self,
        operator: &TypedInstruction<'_, '_>,
        resources: &Resources<'a>,
        names: &mut Vec<(Vec<u8>, Option<FaceId>)>,
        depth: u32,
    ) -> Flow {
        match operator {
            TypedInstruction::SaveState(_) => self.save(),
            TypedInstruction::RestoreState(_) => self.restore(),
            TypedInstruction::Transform(m) => {
                self.state.ctm *= affine([m.0, m.1, m.2, m.3, m.4, m.5]);
            }
            TypedInstruction::CubicTo(_)
            | TypedInstruction::CubicStartTo(_)
            | TypedInstruction::CubicEndTo(_) => self.curved = true,
            TypedInstruction::FillPathNonZero(_)
            | TypedInstruction::FillPathNonZeroCompatibility(_)
            | TypedInstruction::FillPathEvenOdd(_)
            | TypedInstruction::FillAndStrokeNonZero(_)
            | TypedInstruction::FillAndStrokeEvenOdd(_) => {
                self.shown.outlines += u32::from(std::mem::take(&mut self.curved));
            }
            TypedInstruction::StrokePath(_) | TypedInstruction::EndPath(_) => self.curved = false,
            TypedInstruction::TextFont(font) => {
                self.state.size = font.1.as_f64();
                self.state.face = self.named_face(font.0, resources, names);
            }
            TypedInstruction::SetGraphicsState(name) => self.extended_state(name.0, resources),
            TypedInstruction::XObject(name) => {
                if let Some(stream) = resources.get_x_object(name.0) {
                    return self.external(&stream, resources, depth);
                }
            }
            TypedInstruction::InlineImage(_) => self.image(),
            TypedInstruction::BeginMarkedContent(tag) => self.begin_span(tag.0, None, None),
            TypedInstruction::BeginMarkedContentWithProperties(span) => {
                self.begin_marked(span.0, span.1, resources);
            }
            TypedInstruction::EndMarkedContent(_) => self.end_span(),
            other => self.text_operator(other),
        }
        Ok(())
    }

    fn text_operator(&mut self, operator: &TypedInstruction<'_, '_>) {
        let state = &mut self.state;
        match operator {
            TypedInstruction::BeginText(_) => state.begin_text(),
            TypedInstruction::SetTextMatrix(m) => {
                state.set_matrix(affine([m.0, m.1, m.2, m.3, m.4, m.5]));
            }
            TypedInstruction::HorizontalScaling(h) => state.scale = h.0.as_f64() / 100.0,
            TypedInstruction::TextLeading(leading) => state.leading = leading.0.as_f64(),
            TypedInstruction::CharacterSpacing(space) => state.char_space = space.0.as_f64(),
            TypedInstruction::WordSpacing(space) => state.word_space = space.0.as_f64(),
            TypedInstruction::TextRise(rise) => state.rise = rise.0.as_f64(),
            TypedInstruction::TextRenderingMode(mode) => {
                state.invisible = matches!(mode.0.as_i64(), 3 | 7);
            }
            TypedInstruction::NextLine(by) => state.next_line(by.0.as_f64(), by.1.as_f64()),
            TypedInstruction::NextLineAndSetLeading(by) => {
                state.leading = -by.1.as_f64();
                state.next_line(by.0.as_f64(), by.1.as_f64());
            }
            TypedInstruction::NextLineUsingLeading(_) => state.next_line(0.0, -state.leading),
            TypedInstruction::ShowText(text) => self.show(text.0),
            TypedInstruction::NextLineAndShowText(text) => {
                state.next_line(0.0, -state.leading);
                self.show(text.0);
            }
            TypedInstruction::ShowTextWithParameters(text) => {
                state.word_space = text.0.as_f64();
                state.char_space = text.1.as_f64();
                state.next_line(0.0, -state.leading);
                self.show(text.2);
            }
            TypedInstruction::ShowTexts(pieces) => self.show_pieces(pieces.0),
            _ => {}
        }
    }

    fn show_pieces(&mut self, pieces: &Array<'_>) {
        for piece in pieces.iter::<Object<'_>>() {
            match piece {
                Object::Number(number) => {
                    let by = -number.as_f64() / 1000.0 * self.state.size;
                    let horizontal = self.is_horizontal();
                    self.state.advance(by, horizontal);
                }
                Object::String(text) => self.show(&text),
                _ => {}
            }
        }
    }

    fn is_horizontal(&mut self) -> bool {
        self.state
            .face
            .and_then(|face| self.shared.faces.get_mut(face))
            .is_none_or(|face| face.is_horizontal())
    }

    fn show(&mut self, text: &PdfString<'_>) {
        if self.state.face.is_none() {
            self.state.face = self.shared.faces.stand_in();
        }
        let Some(id) = self.state.face else {
            return;
        };
        let bytes = text.as_bytes();
        let Shared { faces, texts, .. } = &mut *self.shared;
        let Some(face) = faces.get_mut(id) else {
            return;
        };
        let visible = self.hidden == 0 && face.can_show(bytes);
        let horizontal = face.is_horizontal();
        let placed = Placed {
            face: id.0,
            horizontal,
            pagination: self.pagination > 0,
            size: self.size,
        };
        let mut at = 0;
        while at < bytes.len() {
            let (number, length) = face.read(bytes, at);
            at += length;
            let code = face.code(number, texts);
            if visible && let Some(glyph) = placed.glyph(&self.state, code) {
                if self.shown.glyphs.len() >= MOST_GLYPHS {
                    self.shared.cut = true;
                    return;
                }
                self.shown.glyphs.push(glyph);
                let seen = u32::from(!code.value.is_space());
                self.shown.mapped += seen * u32::from(code.mapped);
                self.shown.unmapped += seen * u32::from(!code.mapped);
            }
            let mut by = f64::from(code.advance) * self.state.size + self.state.char_space;
            if number == 32 && length == 1 {
                by += self.state.word_space;
            }
            self.state
                .advance(if horizontal { by } else { -by }, horizontal);
        }
    }

    fn named_face(
        &mut self,
        name: &Name<'_>,
        resources: &Resources<'a>,
        names: &mut Vec<(Vec<u8>, Option<FaceId>)>,
    ) -> Option<FaceId> {
        let bytes: &[u8] = name.as_ref();
        if let Some((_, face)) = names.iter().find(|(known, _)| known == bytes) {
            return *face;
        }
        let face = match resources.get_font(name) {
            Some(dict) => self.shared.faces.load(&dict),
            None => self.shared.faces.stand_in(),
        };
        if names.len() < 64 {
            names.push((bytes.to_vec(), face));
        }
        face
    }

    fn extended_state(&mut self, name: &Name<'_>, resources: &Resources<'a>) {
        let font = resources
            .get_ext_g_state(name)
            .and_then(|state| state.get::<Array<'_>>(FONT));
        let Some(font) = font else {
            return;
        };
        let mut parts = font.iter::<Object<'_>>();
        let dict = parts.next().and_then(Object::into_dict);
        let size = parts.next().and_then(Object::into_number);
        if let (Some(dict), Some(size)) = (dict, size) {
            self.state.face = self.shared.faces.load(&dict);
            self.state.size = size.as_f64();
        }
    }

    fn external(&mut self, stream: &Stream<'a>, resources: &Resources<'a>, depth: u32) -> Flow {
        let dict = stream.dict();
        let shown = match (dict.get::<Dict<'_>>(OC), dict.get_ref(OC)) {
            (Some(group), Some(reference)) => self.shared.layers.shows(&group, reference),
            _ => true,
        };
        if !shown || self.hidden > 0 {
            return Ok(());
        }
        match dict.get::<Name<'_>>(SUBTYPE).as_deref() {
            Some(IMAGE) => {
                self.image();
                Ok(())
            }
            Some(FORM) => self.form(stream, resources, depth),
            _ => Ok(()),
        }
    }

    fn form(&mut self, stream: &Stream<'a>, resources: &Resources<'a>, depth: u32) -> Flow {
        if depth >= MOST_DEPTH {
            self.shared.cut = true;
            return Ok(());
        }
        if !stream.dict().contains_key(BBOX) {
            return Ok(());
        }
        let Ok(data) = stream.decoded_data() else {
            return Ok(());
        };
        self.spend(1 + data.len() as u64 / 16)?;
        let own = stream.dict().get::<Dict<'a>>(RESOURCES).map(Resources::new);
        let before = self.state;
        if let Some(matrix) = stream.dict().get::<[f64; 6]>(MATRIX) {
            self.state.ctm *= Affine::new(matrix);
        }
        let flow = self.content(&data, own.as_ref().unwrap_or(resources), depth + 1);
        self.state = before;
        flow
    }

    fn image(&mut self) {
        if self.hidden == 0 && self.shown.images.len() < 4096 {
            let lies = unit_box(self.state.ctm);
            self.shown.images.push((lies, self.shown.glyphs.len()));
        }
    }

    fn begin_marked(&mut self, tag: &Name<'_>, object: &Object<'_>, resources: &Resources<'a>) {
        match object {
            Object::Name(name) => {
                let properties = resources.properties.get::<Dict<'_>>(name);
                let hidden = match (&properties, resources.properties.get_ref(name)) {
                    (Some(group), Some(reference)) => !self.shared.layers.shows(group, reference),
                    _ => false,
                };
                self.begin_span(tag, properties.as_ref(), Some(hidden));
            }
            Object::Dict(properties) => self.begin_span(tag, Some(properties), None),
            _ => self.begin_span(tag, None, None),
        }
    }

    fn begin_span(&mut self, tag: &Name<'_>, properties: Option<&Dict<'_>>, hidden: Option<bool>) {
        let says = properties
            .filter(|_| self.spans.iter().all(|span| span.says.is_none()))
            .and_then(|dict| dict.get::<PdfString<'_>>(ACTUAL_TEXT))
            .map(|text| (text_string(text.as_bytes()), self.shown.glyphs.len()));
        let pagination = (**tag == *b"Artifact")
            && properties
                .and_then(|dict| dict.get::<Name<'_>>(TYPE))
                .is_some_and(|kind| *kind == *b"Pagination");
        if self.spans.len() >= MOST_OPEN {
            self.floor.spans_beyond += 1;
            self.shared.cut = true;
            return;
        }
        let hidden = hidden.unwrap_or(false);
        self.hidden += u32::from(hidden);
        self.pagination += u32::from(pagination);
        self.spans.push(Span {
            hidden,
            pagination,
            says,
        });
    }

    /// Never a span of the streams around this one.
    fn end_span(&mut self) {
        if self.floor.spans_beyond > 0 {
            self.floor.spans_beyond -= 1;
            return;
        }
        if self.spans.len() <= self.floor.spans {
            return;
        }
        let Some(span) = self.spans.pop() else {
            return;
        };
        self.hidden = self.hidden.saturating_sub(u32::from(span.hidden));
        self.pagination = self.pagination.saturating_sub(u32::from(span.pagination));
        if let Some((text, first)) = span.says {
            self.replace(&text, first);
        }
    }

    /// What a span says takes the place of its glyphs, where they are one piece of a line. (A span
    /// over more would lose its lines; one without words says nothing about them.)
    fn replace(&mut self, text: &str, first: usize) {
        let Some([start, .., end] | [start @ end]) = self.shown.glyphs.get(first..) else {
            return;
        };
        let level = (start.y - end.y).abs() < 0.5 * start.size && start.way == end.way;
        // The last may be a mark over or under a letter, which is as wide as it is.
        let right = self.shown.glyphs.iter().skip(first);
        let right = right.fold(end.x + end.width, |right, glyph| {
            right.max(glyph.x + glyph.width)
        });
        let width = right - start.x;
        let fits = text.chars().count() <= 24 && start.way == Way::Right && width >= 0.0;
        if !level || !fits || text.trim().is_empty() {
            return;
        }
        if let Some(value) = self.shared.texts.string(text) {
            let whole = Glyph {
                width,
                value,
                ..*start
            };
            let replaced = self.shown.glyphs.drain(first..);
            let unknown = replaced
                .filter(|glyph| glyph.value == Value::UNMAPPED)
                .count() as u32;
            self.shown.unmapped = self.shown.unmapped.saturating_sub(unknown);
            self.shown.mapped += unknown;
            self.shown.glyphs.push(whole);
        }
    }
}

/// What the glyphs of a string have in common.
struct Placed {
    face: u16,
    horizontal: bool,
    pagination: bool,
    size: (f64, f64),
}

impl Placed {
    /// The glyph on the page; none where it lies outside.
    fn glyph(&self, state: &State, code: super::face::Code) -> Option<Glyph> {
        let matrix = state.glyph_matrix();
        let origin = matrix * Point::new(f64::from(code.origin.0), f64::from(code.origin.1));
        let [a, b, c, d, ..] = matrix.as_coeffs();
        let along = a.hypot(b);
        let size = c.hypot(d);
        let (width, height) = self.size;
        // A line that runs over the edge of the paper is read as far as it is seen.
        let half = f64::from(code.advance) / 2.0;
        let (middle, across) = if self.horizontal {
            (origin + Vec2::new(half * a, half * b), a.abs() >= b.abs())
        } else {
            (origin, c.abs() >= d.abs())
        };
        let (slack_x, slack_y) = if across { (0.0, size) } else { (size, 0.0) };
        let inside = middle.x >= -slack_x
            && middle.x <= width + slack_x
            && middle.y >= -slack_y
            && middle.y <= height + slack_y;
        if !inside || !size.is_finite() || !along.is_finite() {
            return None;
        }
        let (way, stretch) = if self.horizontal {
            (Way::of(a as f32, b as f32), along)
        } else {
            (Way::of(-c as f32, -d as f32), size)
        };
        Some(Glyph {
            x: origin.x as f32,
            y: origin.y as f32,
            width: code.advance * stretch as f32,
            size: size as f32,
            value: code.value,
            face: self.face,
            way,
            invisible: state.invisible,
            pagination: self.pagination,
        })
    }
}

fn affine(numbers: [Number; 6]) -> Affine {
    Affine::new(numbers.map(|number| number.as_f64()))
}
