# Nirnay: recipes. `./just` finds or installs `just` and passes the arguments on.

set positional-arguments

cargo := "cargo"
# Benchmarks against other people's optimised programs.
optimised := "^(text|hostile|citations|judgments|peer|scale|speed|rank|index|search|page)"
nirnay := "cargo run --quiet --locked --package nirnay --"

# List the recipes
[private]
default:
    @just --list --unsorted

# Crawl a pipeline (default: the demo on the embedded simulated portals)
[group('main job')]
crawl *ARGS='pipelines/demo.toml':
    @{{ nirnay }} crawl {{ if ARGS == "" { "pipelines/demo.toml" } else { ARGS } }}

# Search the lake: ./just search 'bail "section 439"'
[group('main job')]
search *ARGS:
    @{{ nirnay }} search "$@"

# Serve the lake as a local web page and JSON API: ./just serve --lake data/demo.lake
[group('main job')]
serve *ARGS:
    @{{ nirnay }} serve "$@"

# Show whether every sum agrees
[group('main job')]
audit *ARGS:
    @{{ nirnay }} audit "$@"

# Run any nirnay command: ./just run status
[group('main job')]
run *ARGS:
    @{{ nirnay }} "$@"

# Everything that must pass: build, unit, end-to-end, planted bugs, readers, Python client, browser
[group('test')]
test: build test-rust test-doc planted test-python test-browser

# Build all crates and the command
[group('test')]
build:
    {{ cargo }} build --locked --workspace --all-targets

# Unit and end-to-end tests (arguments go to cargo test)
[group('test')]
test-rust *ARGS:
    {{ cargo }} test --locked --workspace {{ if ARGS == "" { "--all-targets" } else { ARGS } }}

# Examples in the documentation
[group('test')]
test-doc:
    {{ cargo }} test --locked --workspace --doc

# Parquet readers (DuckDB, polars, pyarrow), WARC reader, the Python client bharat-courts
[group('test')]
test-python:
    {{ cargo }} build --locked --workspace --all-targets
    tests/python/run

# The web page in chromium, by Playwright: use, keys, no scripts, accessibility
[group('test')]
test-browser:
    {{ cargo }} build --locked --workspace --all-targets
    tests/browser/run

# The long form, at most 90 minutes: kills, every system call, walks, power failures, weeks, fuzz (or the named parts)
[group('test')]
torture *PARTS:
    {{ cargo }} build --locked --workspace --all-targets
    tests/torture "$@"

# Bugs planted on purpose: each must be caught by its check
[group('test')]
planted:
    {{ cargo }} test --locked --workspace --features nirnay-tests/planted --test planted -- --nocapture

# Formatting, lints and documentation as the continuous integration sees them
[group('check')]
check: fmt-check clippy doc

# Format all code
[group('check')]
fmt:
    {{ cargo }} fmt --all

# Check the formatting
[group('check')]
fmt-check:
    {{ cargo }} fmt --all --check

# Lints, warnings denied
[group('check')]
clippy:
    {{ cargo }} clippy --locked --workspace --all-targets -- -D warnings

# Documentation of all items, warnings denied
[group('check')]
doc:
    RUSTDOCFLAGS="-D warnings" {{ cargo }} doc --locked --workspace --no-deps --document-private-items

# Write docs/data-dictionary.md anew
[group('docs')]
docs:
    {{ nirnay }} doctor --data-dictionary > docs/data-dictionary.md

# The figures in docs/benchmarks.md; `bench check` compares ratios with tests/bench-bounds.toml
[group('bench')]
bench *ARGS:
    {{ if ARGS =~ "^cases" { "true" } else { cargo + " build --locked --package nirnay" + (if ARGS =~ optimised { " --release" } else { "" }) } }}
    {{ if ARGS =~ "^(cases|check)" { cargo + " build --locked --package nirnay-parse --example case_replies --release" } else { "true" } }}
    {{ if ARGS =~ "^(index|search)" { cargo + " build --locked --package nirnay-index --example texts --release" } else { "true" } }}
    {{ cargo }} run --locked --package nirnay-tests --bin bench {{ if ARGS =~ optimised { "--release" } else { "" } }} -- {{ ARGS }}
