//! Models of one or two nodes, written byte by byte in ONNX's protocol buffers.

/// A size of a picture or a text.
#[derive(Clone, Copy)]
pub(crate) enum Size {
    /// So much.
    Fixed(u64),
    /// Whatever comes.
    Any(&'static str),
}

fn varint(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 128 {
        bytes.push(value as u8 | 128);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

/// A field of a protocol buffer that holds bytes.
fn field(number: u64, body: &[u8]) -> Vec<u8> {
    [
        varint(number << 3 | 2),
        varint(body.len() as u64),
        body.to_vec(),
    ]
    .concat()
}

/// A field of a protocol buffer that holds a number.
fn number(number: u64, value: u64) -> Vec<u8> {
    [varint(number << 3), varint(value)].concat()
}

fn value_info(name: &str, sizes: &[Size]) -> Vec<u8> {
    let dimensions: Vec<u8> = sizes
        .iter()
        .flat_map(|size| match size {
            Size::Fixed(size) => field(1, &number(1, *size)),
            Size::Any(name) => field(1, &field(2, name.as_bytes())),
        })
        .collect();
    let tensor = [number(1, 1), field(2, &dimensions)].concat();
    [field(1, name.as_bytes()), field(2, &field(1, &tensor))].concat()
}

fn node(operator: &str, inputs: &[&str], output: &str, attributes: &[u8]) -> Vec<u8> {
    let inputs: Vec<u8> = inputs
        .iter()
        .flat_map(|name| field(1, name.as_bytes()))
        .collect();
    let rest = [field(2, output.as_bytes()), field(4, operator.as_bytes())].concat();
    [inputs, rest, attributes.to_vec()].concat()
}

fn model(nodes: &[Vec<u8>], rest: &[u8]) -> Vec<u8> {
    let nodes: Vec<u8> = nodes.iter().flat_map(|node| field(1, node)).collect();
    let graph = [nodes, field(2, b"g"), rest.to_vec()].concat();
    [number(1, 8), field(7, &graph), field(8, &number(2, 13))].concat()
}

/// A grey picture comes out as it went in, without its dimensions of one: its rows are the steps of a
/// text and its columns the classes.
pub(crate) fn rows_are_steps(height: u64, width: u64) -> Vec<u8> {
    let one = Size::Fixed(1);
    let sizes = [Size::Fixed(height), Size::Fixed(width)];
    let rest = [
        field(11, &value_info("x", &[one, one, sizes[0], sizes[1]])),
        field(12, &value_info("y", &sizes)),
    ]
    .concat();
    model(&[node("Squeeze", &["x"], "y", &[])], &rest)
}

/// A grey picture of any width: its columns are the steps of a text and its rows the classes, in the
/// order step, picture, class.
pub(crate) fn columns_are_steps(height: u64) -> Vec<u8> {
    let (one, height, width) = (Size::Fixed(1), Size::Fixed(height), Size::Any("width"));
    let axes = [number(1, 1), number(2, 7), number(7, 1), field(8, b"axes")].concat();
    let perm: Vec<u8> = [2, 0, 1]
        .into_iter()
        .flat_map(|axis| number(8, axis))
        .collect();
    let attribute = field(5, &[field(1, b"perm"), perm, number(20, 7)].concat());
    let rest = [
        field(5, &axes),
        field(11, &value_info("x", &[one, one, height, width])),
        field(12, &value_info("y", &[width, one, height])),
    ]
    .concat();
    let nodes = [
        node("Squeeze", &["x", "axes"], "z", &[]),
        node("Transpose", &["z"], "y", &attribute),
    ];
    model(&nodes, &rest)
}
