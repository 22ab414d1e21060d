//! Optional content: layers that a reader is not shown.

use std::collections::HashSet;

use hayro_syntax::object::dict::keys::{BASE_STATE, D, OCGS, OCMD, OCPROPERTIES, OFF, ON, P, TYPE};
use hayro_syntax::object::{Array, Dict, Name, ObjRef, ObjectIdentifier};
use hayro_syntax::xref::XRef;

/// The layers that are switched off when the document is opened.
#[derive(Debug, Default)]
pub(super) struct Layers(HashSet<ObjectIdentifier>);

impl Layers {
    pub(super) fn of(xref: &XRef) -> Self {
        let read = || {
            let catalog = xref.get::<Dict<'_>>(xref.root_id())?;
            let properties = catalog.get::<Dict<'_>>(OCPROPERTIES)?;
            let config = properties.get::<Dict<'_>>(D)?;
            let mut off = HashSet::new();
            if config.get::<Name<'_>>(BASE_STATE).as_deref() == Some(b"OFF".as_slice()) {
                off.extend(references(properties.get::<Array<'_>>(OCGS)));
            }
            for id in references(config.get::<Array<'_>>(ON)) {
                off.remove(&id);
            }
            off.extend(references(config.get::<Array<'_>>(OFF)));
            Some(off)
        };
        Self(read().unwrap_or_default())
    }

    /// Whether content that names this group, or this rule over groups, is shown.
    pub(super) fn shows(&self, entry: &Dict<'_>, reference: ObjRef) -> bool {
        if self.0.is_empty() {
            return true;
        }
        if entry.get::<Name<'_>>(TYPE).as_deref() != Some(OCMD) {
            return !self.0.contains(&reference.into());
        }
        let mut groups = references(entry.get::<Array<'_>>(OCGS));
        groups.extend(entry.get_ref(OCGS).map(ObjectIdentifier::from));
        if groups.is_empty() {
            return true;
        }
        let off = |id: &ObjectIdentifier| self.0.contains(id);
        match entry.get::<Name<'_>>(P).as_deref() {
            Some(b"AllOn") => !groups.iter().any(off),
            Some(b"AnyOff") => groups.iter().any(off),
            Some(b"AllOff") => groups.iter().all(off),
            _ => !groups.iter().all(off),
        }
    }
}

fn references(array: Option<Array<'_>>) -> Vec<ObjectIdentifier> {
    array
        .into_iter()
        .flat_map(|array| array.raw_iter().collect::<Vec<_>>())
        .filter_map(|item| item.as_obj_ref().map(ObjectIdentifier::from))
        .collect()
}
