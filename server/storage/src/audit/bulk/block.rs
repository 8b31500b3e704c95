//! Rows laid end to end: the numbers and lengths of each in one list, the bytes of all in another.

/// How many numbers and how many byte strings a row has.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    pub(super) numbers: usize,
    pub(super) texts: usize,
}

/// Rows of one shape: so many numbers and so many byte strings each. A missing byte string has length -1.
#[derive(Debug, Default)]
pub(super) struct Block {
    head: Vec<i64>,
    bytes: Vec<u8>,
}

/// The byte strings of a row, to be taken in their order.
#[derive(Debug)]
pub(super) struct Texts<'b> {
    lengths: &'b [i64],
    rest: &'b [u8],
}

impl<'b> Texts<'b> {
    /// The next byte string of a column that may be null.
    pub(super) fn optional(&mut self) -> Option<&'b [u8]> {
        let (length, lengths) = self.lengths.split_first()?;
        self.lengths = lengths;
        let (text, rest) = self.rest.split_at_checked(usize::try_from(*length).ok()?)?;
        self.rest = rest;
        Some(text)
    }

    /// The next byte string of a column that is never null.
    pub(super) fn required(&mut self) -> &'b [u8] {
        self.optional().unwrap_or_default()
    }
}

impl Block {
    pub(super) fn number(&mut self, number: i64) {
        self.head.push(number);
    }

    /// Announces the lengths of a row's byte strings and appends them.
    pub(super) fn texts<const N: usize>(&mut self, texts: [Option<&[u8]>; N]) {
        for text in texts {
            self.text(text);
        }
    }

    /// Announces the length of a row's next byte string and appends it.
    pub(super) fn text(&mut self, text: Option<&[u8]>) {
        self.head
            .push(text.map_or(-1, |text| i64::try_from(text.len()).unwrap_or(i64::MAX)));
        self.bytes.extend_from_slice(text.unwrap_or_default());
    }

    /// The rows: their numbers and their byte strings.
    pub(super) fn rows(
        &self,
        Shape { numbers, texts }: Shape,
    ) -> impl Iterator<Item = (&[i64], Texts<'_>)> {
        let mut bytes = &self.bytes[..];
        self.head.chunks_exact(numbers + texts).map(move |row| {
            let (numbers, lengths) = row.split_at(numbers);
            let (own, rest) = bytes.split_at_checked(width(lengths)).unwrap_or_default();
            bytes = rest;
            (numbers, Texts { lengths, rest: own })
        })
    }
}

/// Bytes of a row.
fn width(lengths: &[i64]) -> usize {
    lengths
        .iter()
        .map(|length| usize::try_from(*length).unwrap_or(0))
        .sum()
}

#[cfg(test)]
mod tests {
    use super::{Block, Shape};

    #[test]
    fn rows_come_back_as_they_were_laid_down() {
        let mut block = Block::default();
        for (number, text) in [
            (1, Some(&b"ab"[..])),
            (2, None),
            (3, Some(b"")),
            (4, Some(b"c d")),
        ] {
            block.number(number);
            block.texts([text, Some(b"x")]);
        }
        let shape = Shape {
            numbers: 1,
            texts: 2,
        };
        let rows: Vec<_> = block
            .rows(shape)
            .map(|(numbers, mut texts)| (numbers[0], texts.optional(), texts.required()))
            .collect();
        assert_eq!(
            rows,
            [
                (1, Some(&b"ab"[..]), &b"x"[..]),
                (2, None, b"x"),
                (3, Some(b""), b"x"),
                (4, Some(b"c d"), b"x")
            ]
        );
        assert!(Block::default().rows(shape).next().is_none());
    }
}
