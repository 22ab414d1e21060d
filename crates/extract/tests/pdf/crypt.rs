//! The oldest encryption of PDF (40-bit RC4, empty user password), for a file made here.

/// The padding that stands for an empty password.
const PAD: [u8; 32] = [
    0x28, 0xBF, 0x4E, 0x5E, 0x4E, 0x75, 0x8A, 0x41, 0x64, 0x00, 0x4E, 0x56, 0xFF, 0xFA, 0x01, 0x08,
    0x2E, 0x2E, 0x00, 0xB6, 0xD0, 0x68, 0x3E, 0x80, 0x2F, 0x0C, 0xA9, 0xFE, 0x64, 0x53, 0x69, 0x7A,
];
const PERMISSIONS: i32 = -4;
pub(crate) const ID: &[u8] = b"0123456789abcdef";

/// The key of a document whose user password is `password`, and its encryption dictionary.
pub(crate) fn document_key(password: &[u8]) -> (Vec<u8>, String) {
    let owner = [7_u8; 32];
    let mut padded = password.to_vec();
    padded.extend_from_slice(&PAD);
    padded.truncate(32);
    let mut input = padded;
    input.extend_from_slice(&owner);
    input.extend_from_slice(&PERMISSIONS.to_le_bytes());
    input.extend_from_slice(ID);
    let key = md5(&input)[..5].to_vec();
    let user = rc4(&key, &PAD);
    let dictionary = format!(
        "<< /Filter /Standard /V 1 /R 2 /O <{}> /U <{}> /P {PERMISSIONS} >>",
        hex(&owner),
        hex(&user)
    );
    (key, dictionary)
}

/// Encrypts a string or stream of object `number`.
pub(crate) fn encrypt(key: &[u8], number: u32, plain: &[u8]) -> Vec<u8> {
    let mut input = key.to_vec();
    input.extend_from_slice(&number.to_le_bytes()[..3]);
    input.extend_from_slice(&[0, 0]);
    rc4(&md5(&input)[..key.len() + 5], plain)
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| {
        char::from_digit(u32::from(half), 16)
            .unwrap()
            .to_ascii_uppercase()
    };
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

fn rc4(key: &[u8], data: &[u8]) -> Vec<u8> {
    let mut state: Vec<u8> = (0..=255).collect();
    let mut j = 0_usize;
    for i in 0..256 {
        j = (j + usize::from(state[i]) + usize::from(key[i % key.len()])) % 256;
        state.swap(i, j);
    }
    let (mut i, mut j) = (0_usize, 0_usize);
    data.iter()
        .map(|byte| {
            i = (i + 1) % 256;
            j = (j + usize::from(state[i])) % 256;
            state.swap(i, j);
            byte ^ state[(usize::from(state[i]) + usize::from(state[j])) % 256]
        })
        .collect()
}

fn md5(message: &[u8]) -> [u8; 16] {
    const SHIFTS: [[u32; 4]; 4] = [
        [7, 12, 17, 22],
        [5, 9, 14, 20],
        [4, 11, 16, 23],
        [6, 10, 15, 21],
    ];
    let mut padded = message.to_vec();
    padded.push(0x80);
    while padded.len() % 64 != 56 {
        padded.push(0);
    }
    padded.extend_from_slice(&(message.len() as u64 * 8).to_le_bytes());
    let mut sum: [u32; 4] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476];
    for block in padded.chunks(64) {
        let words: Vec<u32> = block
            .chunks(4)
            .map(|word| u32::from_le_bytes(word.try_into().unwrap()))
            .collect();
        let [mut a, mut b, mut c, mut d] = sum;
        for step in 0..64_usize {
            let (mix, at) = match step / 16 {
                0 => ((b & c) | (!b & d), step),
                1 => ((d & b) | (!d & c), 5 * step + 1),
                2 => (b ^ c ^ d, 3 * step + 5),
                _ => (c ^ (b | !d), 7 * step),
            };
            let constant = (((step + 1) as f64).sin().abs() * 4_294_967_296.0) as u32;
            let turned = a
                .wrapping_add(mix)
                .wrapping_add(constant)
                .wrapping_add(words[at % 16])
                .rotate_left(SHIFTS[step / 16][step % 4]);
            (a, d, c, b) = (d, c, b, b.wrapping_add(turned));
        }
        for (total, part) in sum.iter_mut().zip([a, b, c, d]) {
            *total = total.wrapping_add(part);
        }
    }
    let mut out = [0; 16];
    for (at, word) in sum.iter().enumerate() {
        out[4 * at..4 * at + 4].copy_from_slice(&word.to_le_bytes());
    }
    out
}

#[test]
fn sums_are_right() {
    assert_eq!(hex(&md5(b"abc")), "900150983CD24FB0D6963F7D28E17F72");
    assert_eq!(hex(&rc4(b"Key", b"Plaintext")), "BBF316E8D940AF0AD3");
}
