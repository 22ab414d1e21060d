//! One row of a batch, read by the names of its columns.

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Date32Type, Float32Type, UInt32Type};
use arrow_array::{Array, RecordBatch, StringArray};
use jiff::civil::Date;
use nirnay_model::{Cnr, RowKey, Sha256};

use super::columns;

/// A row of a batch.
#[derive(Clone, Copy)]
pub(super) struct Cells<'a> {
    batch: &'a RecordBatch,
    row: usize,
}

impl<'a> Cells<'a> {
    pub(super) fn of(batch: &'a RecordBatch, row: usize) -> Self {
        Self { batch, row }
    }

    fn array(&self, name: &str) -> Option<&'a dyn Array> {
        let array = self.batch.column_by_name(name)?;
        array.is_valid(self.row).then_some(array.as_ref())
    }

    /// A string; `None` where there is none.
    pub(super) fn text(&self, name: &str) -> Option<&'a str> {
        let array: &StringArray = self.array(name)?.as_string_opt()?;
        Some(array.value(self.row))
    }

    pub(super) fn string(&self, name: &str) -> Option<String> {
        self.text(name).map(str::to_owned)
    }

    /// The row's own key.
    pub(super) fn row_key(&self) -> Option<RowKey> {
        self.string("row_key").map(RowKey::from_stored)
    }

    /// A CNR; `None` where there is none that can be read.
    pub(super) fn cnr(&self, name: &str) -> Option<Cnr> {
        self.text(name)?.parse().ok()
    }

    pub(super) fn number(&self, name: &str) -> Option<u32> {
        let array = self.array(name)?.as_primitive_opt::<UInt32Type>()?;
        Some(array.value(self.row))
    }

    pub(super) fn float(&self, name: &str) -> Option<f32> {
        let array = self.array(name)?.as_primitive_opt::<Float32Type>()?;
        Some(array.value(self.row))
    }

    pub(super) fn flag(&self, name: &str) -> Option<bool> {
        Some(self.array(name)?.as_boolean_opt()?.value(self.row))
    }

    pub(super) fn date(&self, name: &str) -> Option<Date> {
        let array = self.array(name)?.as_primitive_opt::<Date32Type>()?;
        columns::date(array.value(self.row))
    }

    pub(super) fn hash(&self, name: &str) -> Option<Sha256> {
        let array = self.array(name)?.as_fixed_size_binary_opt()?;
        Some(Sha256::from_bytes(array.value(self.row).try_into().ok()?))
    }

    /// The strings of a list; none where the column or the list is not there.
    pub(super) fn list(&self, name: &str) -> Vec<String> {
        let list = self
            .array(name)
            .and_then(|array| array.as_list_opt::<i32>())
            .map(|lists| lists.value(self.row));
        let strings = list
            .as_ref()
            .and_then(|values| values.as_string_opt::<i32>());
        strings.map_or_else(Vec::new, |strings| {
            strings.iter().flatten().map(str::to_owned).collect()
        })
    }
}
