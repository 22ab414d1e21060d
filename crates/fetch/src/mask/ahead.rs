//! Where words stand, asked for at ascending places: however often, each byte is looked at once.

use memchr::memmem::Finder;

/// The next occurrence.
pub(super) struct Ahead<'a> {
    body: &'a [u8],
    finder: Finder<'a>,
    /// The first occurrence at or behind the place asked for last; the body's end if there is none.
    next: Option<usize>,
}

impl<'a> Ahead<'a> {
    pub(super) fn new(body: &'a [u8], needle: &'a [u8]) -> Self {
        Self {
            body,
            finder: Finder::new(needle),
            next: None,
        }
    }

    /// The first occurrence at or behind `at`.
    pub(super) fn from(&mut self, at: usize) -> Option<usize> {
        let next = self.next.filter(|next| *next >= at).unwrap_or_else(|| {
            let rest = self.body.get(at..).unwrap_or_default();
            let found = self.finder.find(rest);
            found.map_or(self.body.len(), |found| at + found)
        });
        self.next = Some(next);
        (next < self.body.len()).then_some(next)
    }
}

/// The latest occurrence, in whatever case.
pub(super) struct Behind<'a> {
    body: &'a [u8],
    needle: &'a [u8],
    latest: Option<usize>,
    /// Up to here the body was looked at.
    seen: usize,
}

impl<'a> Behind<'a> {
    pub(super) fn new(body: &'a [u8], needle: &'a [u8]) -> Self {
        Self {
            body,
            needle,
            latest: None,
            seen: 0,
        }
    }

    /// The latest occurrence that ends at or before `at`.
    pub(super) fn before(&mut self, at: usize) -> Option<usize> {
        let from = self.seen.saturating_sub(self.needle.len() - 1);
        let part = self.body.get(from..at).unwrap_or_default();
        let found = if let [byte] = self.needle {
            memchr::memrchr(*byte, part)
        } else {
            part.windows(self.needle.len())
                .rposition(|window| window.eq_ignore_ascii_case(self.needle))
        };
        self.latest = found.map(|found| from + found).or(self.latest);
        self.seen = self.seen.max(at);
        self.latest
    }
}

#[cfg(test)]
mod tests {
    use memchr::memmem;

    use super::*;

    #[test]
    fn the_same_as_looking_each_time() {
        let body = b"ab ABab b a aab ab";
        let (mut ahead, mut behind) = (Ahead::new(body, b"ab"), Behind::new(body, b"ab"));
        for at in 0..body.len() {
            let rest = body.get(at..).unwrap();
            let next = memmem::find(rest, b"ab").map(|found| at + found);
            assert_eq!(ahead.from(at), next, "from {at}");
            let lower = body.get(..at).unwrap().to_ascii_lowercase();
            assert_eq!(
                behind.before(at),
                memmem::rfind(&lower, b"ab"),
                "before {at}"
            );
        }
    }
}
