//! The sequence `g` and a letter, as a state machine without the document.

/// Milliseconds within which the second key must come.
const PATIENCE: f64 = 1_500.0;

/// Remembers that `g` was pressed.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Prefix {
    since: Option<f64>,
}

/// What a key means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Go to this path.
    Go(String),
    /// The first half of a sequence.
    Started,
    /// Focus the search of the page.
    Search,
    /// Show the keys.
    Help,
    /// Not a global shortcut.
    Other,
}

impl Prefix {
    /// Takes one key at a time given in milliseconds.
    pub(super) fn press(&mut self, key: &str, now: f64, go: &[(String, String)]) -> Meaning {
        // Shift comes as a key of its own before the letter.
        if key == "Shift" {
            return Meaning::Other;
        }
        let waiting = self
            .since
            .take()
            .is_some_and(|since| now - since <= PATIENCE);
        if waiting && let Some((_, path)) = go.iter().find(|(letter, _)| letter == key) {
            return Meaning::Go(path.clone());
        }
        match key {
            "g" => {
                self.since = Some(now);
                Meaning::Started
            }
            "/" => Meaning::Search,
            "?" => Meaning::Help,
            _ => Meaning::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn presses(keys: &[(&str, f64)]) -> Vec<Meaning> {
        let go = [
            ("p".to_owned(), "/people".to_owned()),
            ("a".to_owned(), "/audit".to_owned()),
        ];
        let mut prefix = Prefix::default();
        keys.iter()
            .map(|(key, at)| prefix.press(key, *at, &go))
            .collect()
    }

    #[test]
    fn g_and_a_letter_go_somewhere() {
        assert_eq!(
            presses(&[("g", 0.0), ("p", 200.0)]),
            [Meaning::Started, Meaning::Go("/people".to_owned())]
        );
    }

    #[test]
    fn a_late_or_unknown_second_key_means_itself() {
        assert_eq!(presses(&[("g", 0.0), ("p", 1_600.0)])[1], Meaning::Other);
        assert_eq!(
            presses(&[("g", 0.0), ("z", 100.0), ("p", 200.0)])[1..],
            [Meaning::Other, Meaning::Other]
        );
        assert_eq!(presses(&[("g", 0.0), ("/", 100.0)])[1], Meaning::Search);
    }

    #[test]
    fn g_twice_starts_again() {
        assert_eq!(
            presses(&[("g", 0.0), ("g", 1_000.0), ("a", 2_000.0)])[2],
            Meaning::Go("/audit".to_owned())
        );
    }

    #[test]
    fn a_letter_alone_is_not_a_global_shortcut() {
        assert_eq!(presses(&[("p", 0.0)]), [Meaning::Other]);
        assert_eq!(presses(&[("?", 0.0)]), [Meaning::Help]);
    }
}
