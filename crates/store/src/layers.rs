//! Layers that are made from text by the stages of a pipeline: one shard in, one file out.

use std::collections::BTreeSet;

use nirnay_model::Sha256;

use crate::document_cache::OcrCache;
use crate::publish::{self, part_path};
use crate::{
    CachedOcr, Lake, Layer, LayerRow, OcrPages, PartRows, PartWriter, PublishReport,
    PublishedJudgments, ReadRow, Shard, StoreError,
};

fn shard_path(layer: Layer, shard: &Shard) -> String {
    part_path(layer, &shard.partition().folder(), shard.part)
}

/// Parts of a layer without partitions lie in its folder.
fn table_path(layer: Layer, part: u32) -> String {
    format!("{}/part-{part:04}.parquet", layer.name())
}

impl Lake {
    /// The judgments of a shard, in publication order, in bounded memory.
    pub fn shard_judgments(&self, shard: &Shard) -> Result<PublishedJudgments, StoreError> {
        PublishedJudgments::of_shard(self.ledger(), shard)
    }

    /// The hash of the values of those rows of a shard that have a document.
    pub fn shard_rows_hash(&self, shard: &Shard) -> Result<Sha256, StoreError> {
        publish::rows_hash(&self.ledger().snapshot()?, shard)
    }

    /// The hash of a shard's file in a layer, if it has one.
    pub fn part_hash(&self, layer: Layer, shard: &Shard) -> Result<Option<Sha256>, StoreError> {
        let artifact = self.ledger().artifact(&shard_path(layer, shard))?;
        Ok(artifact.map(|artifact| artifact.sha256))
    }

    /// Whether a shard's file in a layer was made from `input` and is still there.
    pub fn part_is_current(
        &self,
        layer: Layer,
        shard: &Shard,
        input: &Sha256,
    ) -> Result<bool, StoreError> {
        self.is_current(&shard_path(layer, shard), input)
    }

    /// As [`Lake::part_is_current`], for a layer without partitions.
    pub fn table_is_current(
        &self,
        layer: Layer,
        part: u32,
        input: &Sha256,
    ) -> Result<bool, StoreError> {
        self.is_current(&table_path(layer, part), input)
    }

    fn is_current(&self, path: &str, input: &Sha256) -> Result<bool, StoreError> {
        let Some(artifact) = self.ledger().artifact(path)? else {
            return Ok(false);
        };
        let size = self.disk().size(&self.dir().join(path))?;
        Ok(artifact.input == *input && size == Some(artifact.bytes))
    }

    /// Begins the file of a shard, made from `input`. It replaces the old one when it is finished.
    pub fn write_part<R: LayerRow>(
        &self,
        shard: &Shard,
        input: Sha256,
    ) -> Result<PartWriter<'_, R>, StoreError> {
        self.writable("publishing")?;
        let path = shard_path(R::LAYER, shard);
        Ok(PartWriter::new(self.disk(), self.ledger(), path, input))
    }

    /// As [`Lake::write_part`], for a layer without partitions.
    pub fn write_table<R: LayerRow>(
        &self,
        part: u32,
        input: Sha256,
    ) -> Result<PartWriter<'_, R>, StoreError> {
        self.writable("publishing")?;
        let path = table_path(R::LAYER, part);
        Ok(PartWriter::new(self.disk(), self.ledger(), path, input))
    }

    /// The rows of a shard's file; nothing if there is none.
    pub fn read_part<R: ReadRow>(&self, shard: &Shard) -> Result<PartRows<R>, StoreError> {
        PartRows::of(self.disk(), self.ledger(), &shard_path(R::LAYER, shard))
    }

    /// What was read from the pictures of a shard's pages, by document.
    pub fn ocr_pages(&self, shard: &Shard) -> Result<OcrPages, StoreError> {
        OcrPages::of(self.disk(), self.ledger(), &shard_path(Layer::Ocr, shard))
    }

    /// As [`Lake::read_part`], for a layer without partitions.
    pub fn read_table<R: ReadRow>(&self, part: u32) -> Result<PartRows<R>, StoreError> {
        PartRows::of(self.disk(), self.ledger(), &table_path(R::LAYER, part))
    }

    /// Drops files of shards that no longer exist, takes rows that are to be shown to nobody out of those
    /// that wait, and writes `manifest.json`. Call it after the last part of the layer.
    pub fn finish_layer(&self, layer: Layer) -> Result<PublishReport, StoreError> {
        self.writable("publishing")?;
        publish::finish_layer(self.disk(), self.ledger(), layer)
    }

    /// Takes rows that are to be shown to nobody out of all files of a layer that no stage looks after now.
    pub fn hide_in_layer(&self, layer: Layer) -> Result<(), StoreError> {
        self.writable("publishing")?;
        publish::hide_in_layer(self.disk(), self.ledger(), layer)
    }

    /// As [`Lake::finish_layer`], for a layer without partitions that has `parts` parts now.
    pub fn finish_table(&self, layer: Layer, parts: u32) -> Result<PublishReport, StoreError> {
        self.writable("publishing")?;
        let keep: BTreeSet<String> = (0..parts).map(|part| table_path(layer, part)).collect();
        publish::finish_parts(self.disk(), self.ledger(), layer, &keep)
    }

    /// What character recognition gave for a document.
    pub fn cached_ocr(&self, sha256: &Sha256) -> Result<Option<CachedOcr>, StoreError> {
        OcrCache::new(self.disk()).get(sha256)
    }

    /// Keeps what character recognition gave for a document. Several threads may call this.
    pub fn put_cached_ocr(&self, sha256: &Sha256, ocr: &CachedOcr) -> Result<(), StoreError> {
        self.writable("keeping recognised text")?;
        OcrCache::new(self.disk()).put(sha256, ocr)
    }
}
