//! Small files that ask for much: memory, time, depth.

use std::time::Duration;

use nirnay_extract::Limits;

use crate::pdf::{self, deflate, stream, with_contents, with_objects};
use crate::{Ordeal, setting};

/// Limits that are reached sooner than the default ones, but for memory.
fn limits() -> Limits {
    Limits {
        cpu_seconds: setting("NIRNAY_HOSTILE_CPU", 1),
        wall: Duration::from_secs(setting("NIRNAY_HOSTILE_WALL", 20)),
        ..Limits::default()
    }
}

fn try_all(what: &str, files: Vec<(&str, Vec<u8>)>) {
    let mut ordeal = Ordeal::new(limits());
    for (name, bytes) in files {
        let text = ordeal.text(name, &bytes);
        let picture = ordeal.picture(name, &bytes, 200);
        ordeal.still_reads(name);
        eprintln!(
            "{name}: text {text}, picture {picture}, {} bytes",
            bytes.len()
        );
    }
    ordeal.report(what);
}

#[test]
fn streams_that_inflate() {
    let spaces = |mebibytes| pdf::inflating(b' ', mebibytes);
    let twice = deflate(&spaces(20 * 1024));
    try_all(
        "inflating streams",
        vec![
            ("2 GiB of spaces", pdf::bomb(2 * 1024)),
            (
                "20 GiB of spaces, deflated twice",
                with_contents(
                    &[stream("/Filter [/FlateDecode /FlateDecode]", &twice)],
                    &[],
                ),
            ),
            (
                "900 MiB of digits as a font's map",
                with_font_map(&stream("/Filter /FlateDecode", &pdf::inflating(b'7', 900))),
            ),
            (
                "predictor with rows of 2 GB",
                with_contents(
                    &[stream(
                        "/Filter /FlateDecode /DecodeParms << /Predictor 15 /Columns 2147483647 /Colors 4 >>",
                        &spaces(8),
                    )],
                    &[],
                ),
            ),
            (
                "hexadecimal of a bomb",
                with_contents(
                    &[stream(
                        "/Filter [/FlateDecode /ASCIIHexDecode]",
                        &pdf::inflating(b'4', 700),
                    )],
                    &[],
                ),
            ),
        ],
    );
}

#[test]
fn pages_that_never_end() {
    let packed = |content: &str| stream("/Filter /FlateDecode", &deflate(content.as_bytes()));
    let page = |content: &str| with_contents(&[packed(content)], &[]);
    let texts = format!("BT /F1 9 Tf {} ET", "(a) Tj ".repeat(5_000_000));
    let moving = format!("BT /F1 9 Tf {} ET", "1 1 Td (ab) Tj ".repeat(1_500_000));
    try_all(
        "long pages",
        vec![
            ("forms that show the next ten times", pdf::laughs(12)),
            ("a form that shows itself", pdf::ouroboros()),
            ("5 million texts", page(&texts)),
            ("1.5 million texts, each on a line", page(&moving)),
            ("2 million saved states", page(&"q ".repeat(2_000_000))),
            (
                "a million clips",
                page(&"0 0 9 9 re W n ".repeat(1_000_000)),
            ),
            (
                "half a million curves in a path",
                page(&format!("0 0 m {} f", "9 900 9 0 600 7 c ".repeat(500_000))),
            ),
        ],
    );
}

#[test]
fn things_that_nest() {
    let deep = |open: &str, close: &str, depth: usize| {
        format!("{}{}", open.repeat(depth), close.repeat(depth))
    };
    let array = deep("[", "]", 200_000);
    let dictionary = deep("<< /A ", " >>", 200_000);
    let with_object =
        |object: &str| with_contents(&[stream("", b"BT ET")], &[object.as_bytes().to_vec()]);
    try_all(
        "nested objects",
        vec![
            ("an array 200,000 deep", with_object(&array)),
            ("a dictionary 200,000 deep", with_object(&dictionary)),
            (
                "an operand 200,000 deep",
                with_contents(&[stream("", format!("{array} TJ").as_bytes())], &[]),
            ),
            (
                "arrays that are never closed",
                with_contents(&[stream("", "[".repeat(3_000_000).as_bytes())], &[]),
            ),
            ("a page tree that holds itself", tree("[2 0 R]", 1)),
            (
                "a page tree with its root as child",
                tree("[1 0 R 2 0 R]", 2_147_483_647),
            ),
            ("a page tree 100,000 deep", deep_tree(100_000)),
            (
                "a page 200,000 times",
                tree(&format!("[{}]", "3 0 R ".repeat(200_000)), 200_000),
            ),
            (
                "a length that is its own",
                with_objects(&[
                    b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
                    b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
                    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>".to_vec(),
                    b"<< /Length 4 0 R >>\nstream\nBT ET\nendstream".to_vec(),
                ]),
            ),
            (
                "a reference to itself",
                with_objects(&[
                    b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
                    b"<< /Type /Pages /Kids 3 0 R /Count 1 >>".to_vec(),
                    b"3 0 R".to_vec(),
                ]),
            ),
            ("cross-reference tables in a ring", ring()),
        ],
    );
}

#[test]
fn pictures_that_are_too_large() {
    let boxed = |media: &str, content: &[u8]| {
        with_objects(&[
            b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
            format!(
                "<< /Type /Page /Parent 2 0 R /MediaBox {media} /Contents 4 0 R /Resources \
                 << /XObject << /X 5 0 R >> /Pattern << /P 6 0 R >> /Shading << /S 7 0 R >> >> >>"
            )
            .into_bytes(),
            stream("", content),
            image(60_000, 60_000, "/DeviceRGB", 8, &pdf::inflating(b'a', 512)),
            stream(
                "/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 9 9] /XStep 0.0001 /YStep 0.0001 /Resources << /Pattern << /P 6 0 R >> >>",
                b"/Pattern cs /P scn 0 0 9 9 re f",
            ),
            b"<< /ShadingType 1 /ColorSpace /DeviceRGB /Domain [0 1000000000 0 1000000000] /Function << /FunctionType 2 /Domain [0 1] /N 1 >> >>".to_vec(),
        ])
    };
    let image_page = b"9 0 0 9 0 0 cm /X Do";
    try_all(
        "large pictures",
        vec![
            (
                "a page of 2,000 km",
                boxed("[0 0 6000000000 6000000000]", b"0 0 9 9 re f"),
            ),
            (
                "a page that is a line",
                boxed("[0 0 100000000 0.1]", b"0 0 9 9 re f"),
            ),
            (
                "a page without numbers",
                boxed("[/a (b) null true]", b"0 0 9 9 re f"),
            ),
            (
                "a page upside down",
                boxed("[600 800 -600 -800]", b"0 0 9 9 re f"),
            ),
            ("an image of 10 GB", boxed("[0 0 612 792]", image_page)),
            (
                "a hundred images of 10 GB",
                boxed("[0 0 612 792]", &b"/X Do ".repeat(100)),
            ),
            (
                "tiles without size that hold themselves",
                boxed("[0 0 612 792]", b"/Pattern cs /P scn 0 0 600 700 re f"),
            ),
            ("a shading without end", boxed("[0 0 612 792]", b"/S sh")),
            (
                "lines of 2,000 km in dashes of nothing",
                boxed(
                    "[0 0 612 792]",
                    b"[0.000000001 0.000000001] 0 d 0 0 m 1000000000 1000000000 l S",
                ),
            ),
            (
                "a JPEG of 65,535 pixels a side",
                with_image(&stream(
                    "/Type /XObject /Subtype /Image /Width 65535 /Height 65535 /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode",
                    JPEG_HEAD,
                )),
            ),
            (
                "a fax of a million lines",
                with_image(&stream(
                    "/Type /XObject /Subtype /Image /Width 1000000 /Height 1000000 /ColorSpace /DeviceGray /BitsPerComponent 1 /Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns 1000000 /Rows 1000000 >>",
                    &[0xff; 2000],
                )),
            ),
        ],
    );
}

/// The head of a baseline JPEG whose frame says 65,535 by 65,535, in three colours.
const JPEG_HEAD: &[u8] = &[
    0xff, 0xd8, 0xff, 0xc0, 0x00, 0x11, 0x08, 0xff, 0xff, 0xff, 0xff, 0x03, 0x01, 0x22, 0x00, 0x02,
    0x11, 0x01, 0x03, 0x11, 0x01, 0xff, 0xda, 0x00, 0x0c, 0x03, 0x01, 0x00, 0x02, 0x11, 0x03, 0x11,
    0x00, 0x3f, 0x00, 0x12, 0x34, 0x56, 0xff, 0xd9,
];

fn image(width: u32, height: u32, space: &str, bits: u8, flate: &[u8]) -> Vec<u8> {
    stream(
        &format!(
            "/Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace {space} \
             /BitsPerComponent {bits} /Filter /FlateDecode"
        ),
        flate,
    )
}

fn with_image(image: &[u8]) -> Vec<u8> {
    with_contents(
        &[stream("", b"600 0 0 700 0 0 cm /X Do")],
        &[image.to_vec()],
    )
}

/// A page in a font whose table of Unicode values is `map`.
fn with_font_map(map: &[u8]) -> Vec<u8> {
    with_objects(&[
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>".to_vec(),
        stream("", b"BT /F1 12 Tf 72 72 Td (abc) Tj ET"),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R >>".to_vec(),
        map.to_vec(),
    ])
}

/// A page tree with these kids; number 3 is a page.
fn tree(kids: &str, count: u32) -> Vec<u8> {
    with_objects(&[
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        format!("<< /Type /Pages /Kids {kids} /Count {count} /Parent 2 0 R >>").into_bytes(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>".to_vec(),
    ])
}

fn deep_tree(depth: usize) -> Vec<u8> {
    let mut objects = vec![b"<< /Type /Catalog /Pages 2 0 R >>".to_vec()];
    for level in 0..depth {
        objects.push(
            format!(
                "<< /Type /Pages /Kids [{} 0 R] /Count 1 /Parent {} 0 R >>",
                level + 3,
                level + 1
            )
            .into_bytes(),
        );
    }
    objects.push(b"<< /Type /Page /MediaBox [0 0 9 9] >>".to_vec());
    with_objects(&objects)
}

/// Two cross-reference tables, each of which names the other as the one before it.
fn ring() -> Vec<u8> {
    let mut file = pdf::with_pages(&["Round and round"]);
    let at = |file: &[u8]| {
        file.windows(4)
            .position(|window| window == b"xref")
            .unwrap()
    };
    let first = at(&file);
    let second = file.len();
    file.extend_from_slice(
        format!("xref\n0 0\ntrailer\n<< /Size 9 /Root 1 0 R /Prev {second} >>\nstartxref\n{second}\n%%EOF\n")
            .as_bytes(),
    );
    let text = String::from_utf8(file).unwrap();
    text.replacen(
        "/Root 1 0 R >>",
        &format!("/Root 1 0 R /Prev {first} >>"),
        1,
    )
    .into_bytes()
}
