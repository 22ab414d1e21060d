//! The automaton of anchors: every name of the tables in one trie of letters, which a text is walked through from
//! each start of a word. Dots, spaces and brackets between letters are free, as they are in print: "S.C.C.", "SCC", "S C C".

use crate::lex;

const CLASSES: usize = 37;
const NONE: u8 = 255;

/// a-z without case, 0-9, &.
const CLASS: [u8; 256] = {
    let mut table = [NONE; 256];
    let mut c = 0u8;
    while c < 26 {
        table[(b'a' + c) as usize] = c;
        table[(b'A' + c) as usize] = c;
        c += 1;
    }
    let mut d = 0u8;
    while d < 10 {
        table[(b'0' + d) as usize] = 26 + d;
        d += 1;
    }
    table[b'&' as usize] = 36;
    table
};

/// The names, and for each name what it may stand for.
#[derive(Debug)]
pub(crate) struct Trie<T> {
    next: Vec<u16>,
    accept: Vec<u16>,
    entries: Vec<Vec<T>>,
    /// Two bits for each three letters that a name begins with: for names that may begin with a small letter, and for all.
    heads: [Vec<u64>; 2],
    /// Whether two letters are a name.
    twos: Vec<bool>,
}

/// The place of three letters in `heads`; `None` where they are not three letters.
#[inline]
fn head(first: u8, second: u8, third: u8) -> Option<usize> {
    let (a, b, c) = (
        CLASS[first as usize],
        CLASS[second as usize],
        CLASS[third as usize],
    );
    (a < 26 && b < 26 && c < 26).then(|| (a as usize * 26 + b as usize) * 26 + c as usize)
}

/// A name met in a text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hit<'t, T> {
    /// What it may stand for.
    pub(crate) entries: &'t [T],
    /// One past its last byte.
    pub(crate) end: usize,
}

/// How many names along one walk are kept: the longest ones.
const KEPT: usize = 4;

impl<T> Trie<T> {
    pub(crate) fn new() -> Self {
        Self {
            next: vec![0; CLASSES],
            accept: vec![0],
            // Entry 0 means "no name ends here".
            entries: vec![Vec::new()],
            heads: [0, 1].map(|_| vec![0; (26 * 26 * 26usize).div_ceil(64)]),
            twos: vec![false; CLASSES * CLASSES],
        }
    }

    /// Whether a name may begin at `at`: most words are told from names by their first three letters.
    #[inline]
    pub(crate) fn may_begin(&self, b: &[u8], at: usize) -> bool {
        let Some(&[first, second, third]) = b.get(at..at + 3) else {
            return true;
        };
        // "of the": the letter behind one space is the third, unless the two are a name.
        let third = match b.get(at + 3) {
            Some(behind) if third == b' ' && !self.is_two(first, second) => *behind,
            _ => third,
        };
        match head(first, second, third) {
            Some(bit) => self.heads[usize::from(first.is_ascii_uppercase())]
                .get(bit / 64)
                .is_some_and(|bits| bits >> (bit % 64) & 1 == 1),
            // A gap: the letters behind it may belong to the name.
            None => true,
        }
    }

    #[inline]
    fn is_two(&self, first: u8, second: u8) -> bool {
        let (a, b) = (CLASS[first as usize], CLASS[second as usize]);
        a == NONE || b == NONE || self.twos[a as usize * CLASSES + b as usize]
    }

    /// Adds a name; bytes that are not letters, digits or `&` do not count. An empty name, or one beyond the
    /// trie's capacity, is dropped. `small`: it may begin with a small letter.
    pub(crate) fn add(&mut self, name: &str, entry: T, small: bool) {
        let mut node = 0usize;
        for class in name
            .bytes()
            .map(|c| CLASS[c as usize])
            .filter(|c| *c != NONE)
        {
            let slot = node * CLASSES + class as usize;
            if self.next[slot] == 0 {
                let Ok(fresh) = u16::try_from(self.accept.len()) else {
                    return;
                };
                self.next[slot] = fresh;
                self.next.resize(self.next.len() + CLASSES, 0);
                self.accept.push(0);
            }
            node = self.next[slot] as usize;
        }
        if node == 0 {
            return;
        }
        if self.accept[node] == 0 {
            let Ok(fresh) = u16::try_from(self.entries.len()) else {
                return;
            };
            self.accept[node] = fresh;
            self.entries.push(Vec::new());
        }
        self.entries[self.accept[node] as usize].push(entry);
        let mut letters = name.bytes().filter(|c| CLASS[*c as usize] != NONE);
        if let [first, second] = letters.clone().collect::<Vec<u8>>()[..] {
            let (a, b) = (CLASS[first as usize], CLASS[second as usize]);
            self.twos[a as usize * CLASSES + b as usize] = true;
        }
        if let (Some(first), Some(second), Some(third)) =
            (letters.next(), letters.next(), letters.next())
            && let Some(bit) = head(first, second, third)
        {
            for heads in self.heads.iter_mut().skip(usize::from(!small)) {
                if let Some(bits) = heads.get_mut(bit / 64) {
                    *bits |= 1 << (bit % 64);
                }
            }
        }
    }

    /// Numbers the nodes level by level: the first steps of all walks then share little memory.
    pub(crate) fn settle(&mut self) {
        let nodes = self.accept.len();
        let mut order = Vec::with_capacity(nodes);
        order.push(0usize);
        let mut at = 0;
        while let Some(&node) = order.get(at) {
            at += 1;
            let steps = &self.next[node * CLASSES..(node + 1) * CLASSES];
            order.extend(
                steps
                    .iter()
                    .filter(|next| **next != 0)
                    .map(|next| usize::from(*next)),
            );
        }
        let mut fresh = vec![0u16; nodes];
        for (number, node) in order.iter().enumerate() {
            fresh[*node] = number as u16;
        }
        let next = order
            .iter()
            .flat_map(|node| &self.next[node * CLASSES..(node + 1) * CLASSES])
            .map(|node| fresh[usize::from(*node)])
            .collect();
        let accept = order.iter().map(|node| self.accept[*node]).collect();
        self.next = next;
        self.accept = accept;
    }

    /// The names that begin at `at`, longest first.
    #[inline]
    pub(crate) fn walk(&self, b: &[u8], at: usize) -> Hits<'_, T> {
        let mut hits = Hits {
            trie: self,
            found: [(0, 0); KEPT],
            count: 0,
        };
        let mut node = 0usize;
        let mut i = at;
        while let Some(&c) = b.get(i) {
            let class = CLASS[c as usize];
            if class == NONE {
                let after = gap(b, i);
                if after == i {
                    break;
                }
                i = after;
                continue;
            }
            node = self.next[node * CLASSES + class as usize] as usize;
            if node == 0 {
                break;
            }
            i += 1;
            let accept = self.accept[node];
            if accept != 0 && !b.get(i).is_some_and(u8::is_ascii_alphabetic) {
                hits.push(accept, i);
            }
        }
        hits
    }

    /// The longest name that begins at `at`.
    pub(crate) fn longest(&self, b: &[u8], at: usize) -> Option<Hit<'_, T>> {
        self.walk(b, at).next()
    }

    #[cfg(test)]
    pub(crate) fn nodes(&self) -> usize {
        self.accept.len()
    }
}

/// The names of one walk, longest first.
#[derive(Debug)]
pub(crate) struct Hits<'t, T> {
    trie: &'t Trie<T>,
    found: [(u16, usize); KEPT],
    count: usize,
}

impl<T> Hits<'_, T> {
    fn push(&mut self, accept: u16, end: usize) {
        if self.count == KEPT {
            self.found.rotate_left(1);
            self.count -= 1;
        }
        self.found[self.count] = (accept, end);
        self.count += 1;
    }
}

impl<'t, T> Iterator for Hits<'t, T> {
    type Item = Hit<'t, T>;

    fn next(&mut self) -> Option<Hit<'t, T>> {
        self.count = self.count.checked_sub(1)?;
        let (accept, end) = self.found[self.count];
        Some(Hit {
            entries: &self.trie.entries[accept as usize],
            end,
        })
    }
}

/// The longest gap inside a name, in bytes.
const GAP: usize = 10;

#[inline]
fn gap(b: &[u8], from: usize) -> usize {
    let mut at = from;
    while at - from < GAP {
        let step = match b[at..].first() {
            Some(b'.' | b'(' | b')' | b'[' | b']' | b'/' | b',') => 1,
            None => 0,
            _ => lex::space(b, at)
                .max(lex::dash(b, at))
                .max(lex::quote(b, at)),
        };
        if step == 0 {
            return at;
        }
        at += step;
    }
    from
}
