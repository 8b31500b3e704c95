//! Where lines differ from the hashes they had, at the first place, and how.

use crate::pack::error::PackError;

/// What happened to a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    Changed,
    Added,
    Missing,
    /// It stands here, and stood there (from 0).
    Moved(usize),
}

/// The first place where lines differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Difference {
    /// Which of the lines, from 0; of a missing one, where it stood.
    pub(super) at: usize,
    pub(super) how: How,
    /// The review item on the line, where the caller knew one.
    pub(super) item: Option<u64>,
}

/// Lines that come one after the other, and the hashes they should have.
#[derive(Debug)]
pub(super) struct Compare<'a, const N: usize> {
    expected: &'a [[u8; N]],
    at: usize,
    odd: Option<([u8; N], Option<u64>)>,
    found: Option<Difference>,
}

impl<'a, const N: usize> Compare<'a, N> {
    pub(super) fn new(expected: &'a [[u8; N]]) -> Self {
        Self {
            expected,
            at: 0,
            odd: None,
            found: None,
        }
    }

    /// Takes the hash of the next line; `item` is asked where it differs.
    pub(super) fn push(&mut self, hash: [u8; N], item: impl FnOnce() -> Option<u64>) {
        match self.odd {
            None if self.expected.get(self.at) == Some(&hash) => self.at += 1,
            None => self.odd = Some((hash, item())),
            // What a line was is told by the one behind it.
            Some(odd) if self.found.is_none() => self.found = Some(self.judge(odd, Some(&hash))),
            Some(_) => {}
        }
    }

    /// Whether all lines so far are as they should be.
    pub(super) fn agrees(&self) -> bool {
        self.odd.is_none()
    }

    /// Whether the next line should have this hash.
    pub(super) fn expects(&self, hash: &[u8; N]) -> bool {
        self.expected.get(self.at) == Some(hash)
    }

    /// Whether the first difference is known, so that the rest need not be read.
    pub(super) fn is_decided(&self) -> bool {
        self.found.is_some()
    }

    /// The first difference, after the last line.
    pub(super) fn finish(self) -> Option<Difference> {
        if self.found.is_some() {
            return self.found;
        }
        if let Some(odd) = self.odd {
            return Some(self.judge(odd, None));
        }
        (self.at < self.expected.len()).then_some(Difference {
            at: self.at,
            how: How::Missing,
            item: None,
        })
    }

    fn judge(&self, (odd, item): ([u8; N], Option<u64>), next: Option<&[u8; N]>) -> Difference {
        let (at, expected) = (self.at, self.expected);
        let place = |hash: &[u8; N]| expected[at..].iter().position(|other| other == hash);
        let how = match (expected.get(at), place(&odd)) {
            (None, _) => How::Added,
            (own, None) if next == own => How::Added,
            (_, None) => How::Changed,
            // Its own line, or the one that stood behind that, comes next: the two changed places.
            (own, Some(ahead))
                if next.is_some() && (next == own || next == expected.get(at + 1)) =>
            {
                How::Moved(at + ahead)
            }
            (_, Some(_)) => How::Missing,
        };
        Difference { at, how, item }
    }
}

impl Difference {
    /// The sentence: the lines should be `those`, such as "what the campaign was launched with"; the first of them is line
    /// `first` of `part`.
    pub(super) fn error(self, part: &'static str, first: u64, those: &str) -> PackError {
        let line = first + self.at as u64;
        match self.how {
            How::Changed => PackError::line(
                part,
                line,
                self.item,
                format!("is not {those}: it was changed"),
            ),
            How::Added => PackError::line(
                part,
                line,
                self.item,
                format!("was added: it is not in {those}"),
            ),
            How::Moved(was) => {
                let was = first + was as u64;
                let what = format!("stands in the wrong place: in {those} it is line {was}");
                PackError::line(part, line, self.item, what)
            }
            How::Missing => PackError {
                line: Some(line),
                ..PackError::of(
                    part,
                    format!(
                        "Line {line} of {part} is missing: {those} has a line there that was taken out."
                    ),
                )
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compared(expected: &[u8], lines: &[u8]) -> Option<(usize, How)> {
        let expected: Vec<_> = expected.iter().map(|byte| [*byte; 8]).collect();
        let mut compare = Compare::new(&expected);
        for line in lines {
            compare.push([*line; 8], || None);
        }
        compare.finish().map(|found| (found.at, found.how))
    }

    #[test]
    fn what_happened_to_a_line_is_told() {
        assert_eq!(compared(b"abcd", b"abcd"), None);
        assert_eq!(compared(b"", b""), None);
        for (lines, at, how) in [
            (&b"abxd"[..], 2, How::Changed),
            (b"xbcd", 0, How::Changed),
            (b"abcx", 3, How::Changed),
            (b"abxcd", 2, How::Added),
            (b"xabcd", 0, How::Added),
            (b"abcdx", 4, How::Added),
            (b"abcdd", 4, How::Added),
            (b"abccd", 3, How::Added),
            (b"abd", 2, How::Missing),
            (b"bcd", 0, How::Missing),
            (b"abc", 3, How::Missing),
            (b"ad", 1, How::Missing),
            (b"", 0, How::Missing),
            (b"acbd", 1, How::Moved(2)),
            (b"dbca", 0, How::Moved(3)),
            (b"adcb", 1, How::Moved(3)),
        ] {
            assert_eq!(
                compared(b"abcd", lines),
                Some((at, how)),
                "{}",
                lines.escape_ascii()
            );
        }
    }
}
