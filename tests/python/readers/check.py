"""Reads a lake with the tools researchers use and checks types, sums and captures.

usage: check.py LAKE EXPORT_HC EXPORT_SC   (prints a line per check, exits 1 on the first failure)
"""

import glob
import json
import sys
from pathlib import Path

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
from warcio.archiveiterator import ArchiveIterator

lake, export_hc, export_sc = (Path(arg) for arg in sys.argv[1:4])
done = 0


def check(name, good, said=""):
    global done
    if not good:
        print(f"FAIL {name}: {said}")
        sys.exit(1)
    done += 1
    print(f"ok   {name} {said}")


judgments = str(lake / "judgments/**/*.parquet")
files = glob.glob(judgments, recursive=True)
check("files", len(files) > 5, f"{len(files)} files")

# DuckDB: types as a researcher meets them.
con = duckdb.connect()
con.sql(f"create view j as select * from read_parquet('{judgments}', hive_partitioning=true)")
types = {name: kind for name, kind, *_ in con.sql("describe j").fetchall()}
wanted = {
    "decision_date": "DATE",
    "registration_date": "DATE",
    "first_seen": "TIMESTAMP WITH TIME ZONE",
    "last_seen": "TIMESTAMP WITH TIME ZONE",
    "judges": "VARCHAR[]",
    "languages": "VARCHAR[]",
    "cnr": "VARCHAR",
    "cnr_year": "USMALLINT",
    "case_no": "UINTEGER",
    "bench_strength": "USMALLINT",
    "document_sha256": "BLOB",
    "document_size": "UBIGINT",
    "document_pages": "UINTEGER",
    "row_hash": "BLOB",
}
wrong = {name: types.get(name) for name, kind in wanted.items() if types.get(name) != kind}
check("duckdb types", not wrong, str(wrong or ""))
rows, keys = con.sql("select count(*), count(distinct row_key) from j").fetchall()[0]
check("duckdb keys are unique", rows == keys and rows > 0, f"{rows} rows")
bad = con.sql("select count(*) from j where year <> year(decision_date) or court <> court_code or bench <> bench_code").fetchall()[0][0]
check("duckdb partitions agree with columns", bad == 0, str(bad))
one = con.sql("select cnr from j where cnr is not null limit 1").fetchall()[0][0]
check("duckdb finds a CNR", con.sql(f"select count(*) from j where cnr = '{one}'").fetchall()[0][0] >= 1, one)
delay = con.sql("select median(decision_date - registration_date) from j where registration_date is not null").fetchall()[0][0]
check("duckdb computes time to decision", delay is not None and delay >= 0, f"median {delay} days")

# polars
frame = pl.scan_parquet(judgments, hive_partitioning=True).collect()
check("polars rows", frame.height == rows, str(frame.height))
check("polars types", frame.schema["decision_date"] == pl.Date and frame.schema["judges"] == pl.List(pl.String)
      and frame.schema["first_seen"] == pl.Datetime("us", "UTC"), str(frame.schema["first_seen"]))

# pyarrow
table = ds.dataset(lake / "judgments", partitioning="hive").to_table()
check("pyarrow rows", table.num_rows == rows, str(table.num_rows))
schema = table.schema
check("pyarrow types", schema.field("decision_date").type == pa.date32()
      and schema.field("first_seen").type == pa.timestamp("us", tz="UTC")
      and schema.field("judges").type == pa.list_(pa.field("item", pa.string(), nullable=False))
      and schema.field("document_sha256").type == pa.binary(32))
meta = pq.ParquetFile(files[0]).metadata
column = meta.row_group(0).column(0)
check("parquet is zstd with statistics", column.compression == "ZSTD" and column.is_stats_set)
pandas = pq.read_table(files[0]).to_pandas()
check("pandas reads a file", len(pandas) == meta.num_rows, str(len(pandas)))

# Documents: every stored one is there under its own hash, and its text is in text/.
import hashlib

stored = con.sql("select lower(hex(document_sha256)) from j where document_status = 'stored'").fetchall()
for (sha,) in stored[:50]:
    path = lake / "documents" / sha[:2] / sha[2:4] / f"{sha}.pdf"
    if hashlib.sha256(path.read_bytes()).hexdigest() != sha:
        check("documents have their hash", False, sha)
check("documents have their hash", len(stored) > 0, f"{len(stored)} stored")
pages, docs = con.sql(
    f"select count(*), count(distinct document_sha256) from read_parquet('{lake}/text/**/*.parquet', hive_partitioning=true)"
).fetchall()[0]
check("text has pages", pages >= docs > 0, f"{pages} pages of {docs} documents")

# WARC: readable, digests right, nothing secret.
captures = 0
leaks = []
for name in sorted(glob.glob(str(lake / "captures/*.warc.gz"))):
    with open(name, "rb") as stream:
        for record in ArchiveIterator(stream, check_digests="raise"):
            body = record.content_stream().read()
            captures += 1
            headers = record.http_headers
            for header in ("Cookie", "Set-Cookie"):
                value = headers.get_header(header) if headers else None
                if value and not set(value.split(";")[0].split("=", 1)[1]) <= {"x"}:
                    leaks.append((name, header, value[:60]))
            if b'"app_token":"' in body:
                token = body.split(b'"app_token":"', 1)[1].split(b'"', 1)[0]
                if set(token) - set(b"x"):
                    leaks.append((name, "app_token", token[:20]))
check("WARC records are whole", captures > 50, f"{captures} records")
check("WARC holds no secret", not leaks, str(leaks[:3]))

# The published open data's own shapes.
hc = ds.dataset(export_hc, partitioning="hive").to_table()
check("12 columns", [f.name for f in hc.schema][:12] == [
    "court_code", "title", "description", "judge", "pdf_link", "cnr", "date_of_registration", "decision_date",
    "disposal_nature", "court", "raw_html", "pdf_exists"], str(hc.schema.names))
check("12-column types", hc.schema.field("decision_date").type == pa.timestamp("ns") and hc.schema.field("pdf_exists").type == pa.bool_())
in_lake = con.sql("select count(*) from j where source = 'ecourts-hc'").fetchall()[0][0]
check("12-column rows", hc.num_rows == in_lake, f"{hc.num_rows}")
html = hc.column("raw_html").to_pylist()
check("raw HTML comes back from the captures", all("open_pdf(" in text for text in html))
sc = ds.dataset(export_sc).to_table()  # `year` is a text column in this shape, so no hive partition beside it
check("18 columns", len(sc.schema) == 18 and all(f.type == pa.string() for f in sc.schema) and sc.num_rows > 0, str(sc.schema.names))

manifest = json.loads((lake / "manifest.json").read_text())
check("manifest is JSON", bool(manifest))
print(f"{done} passed, 0 failed")
