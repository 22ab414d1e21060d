//! The documents of a shard, as published in `text/`.

use std::collections::BTreeSet;
use std::iter::Peekable;

use nirnay_extract::ocr::TRUSTED;
use nirnay_model::{Cnr, ExtractMethod, PageCondition, PageText, RowKey, Sha256};
use nirnay_store::{Lake, Layer, LayerInput, OcrPages, Shard, StoreError, TextRows};

/// A document with its pages.
#[derive(Debug)]
pub(crate) struct DocumentText {
    pub(crate) row_key: RowKey,
    pub(crate) cnr: Option<Cnr>,
    pub(crate) sha256: Sha256,
    pub(crate) pages: Vec<PageText>,
    /// The pages whose text is what was read on their pictures.
    pub(crate) from_pictures: BTreeSet<u32>,
}

/// An iterator over the documents of a shard; one of them is in memory at a time.
pub(crate) struct DocumentsOf {
    rows: Peekable<TextRows>,
    pictures: Option<OcrPages>,
}

/// Adds what [`DocumentsOf::readable`] reads to the input of a layer.
pub(crate) fn add_input(
    lake: &Lake,
    shard: &Shard,
    input: &mut LayerInput,
) -> Result<(), StoreError> {
    for layer in [Layer::Text, Layer::Ocr] {
        let hash = lake.part_hash(layer, shard)?;
        input.add(hash.as_ref().map_or(&[], |hash| hash.as_bytes().as_slice()));
    }
    input.add(&TRUSTED.to_le_bytes());
    Ok(())
}

impl DocumentsOf {
    /// The documents with the text of their PDFs.
    pub(crate) fn shard(lake: &Lake, shard: &Shard) -> Result<Self, StoreError> {
        Ok(Self {
            rows: lake.read_text(shard)?.peekable(),
            pictures: None,
        })
    }

    /// The documents with the text that can be read: what was read on the picture of a page stands in for a
    /// text that cannot be trusted, where it can be trusted itself. What is not is in `ocr/` alone.
    pub(crate) fn readable(lake: &Lake, shard: &Shard) -> Result<Self, StoreError> {
        Ok(Self {
            rows: lake.read_text(shard)?.peekable(),
            pictures: Some(lake.ocr_pages(shard)?),
        })
    }

    fn document(&mut self) -> Result<Option<DocumentText>, StoreError> {
        let Some(first) = self.rows.next().transpose()? else {
            return Ok(None);
        };
        let mut document = DocumentText {
            row_key: first.row_key,
            cnr: first.cnr,
            sha256: first.sha256,
            pages: vec![first.page],
            from_pictures: BTreeSet::new(),
        };
        let key = document.row_key.clone();
        // An error ends the document, and the walk.
        let mine = |row: &Result<nirnay_store::TextRow, StoreError>| {
            row.as_ref().map_or(true, |row| row.row_key == key)
        };
        while let Some(row) = self.rows.next_if(mine).transpose()? {
            document.pages.push(row.page);
        }
        self.take_pictures(&mut document)?;
        Ok(Some(document))
    }

    fn take_pictures(&mut self, document: &mut DocumentText) -> Result<(), StoreError> {
        let Some(pictures) = &mut self.pictures else {
            return Ok(());
        };
        for read in pictures.of_document(&document.row_key, &document.sha256)? {
            if read.confidence.is_none_or(|sure| sure < TRUSTED) {
                continue;
            }
            let place = document
                .pages
                .binary_search_by_key(&read.page, |page| page.page);
            let page = place.ok().and_then(|place| document.pages.get_mut(place));
            if let Some(page) = page.filter(|page| page.needs_ocr) {
                page.text = read.text;
                page.method = ExtractMethod::Ocr;
                page.condition = PageCondition::Readable;
                document.from_pictures.insert(page.page);
            }
        }
        Ok(())
    }
}

impl Iterator for DocumentsOf {
    type Item = Result<DocumentText, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.document().transpose()
    }
}
