//! Counts of tests, read from what the runners print.

use std::fmt;

use anyhow::ensure;

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Tally {
    pub(super) passed: u64,
    pub(super) failed: u64,
    /// Ignored, skipped, filtered out, cancelled or marked as to be done.
    pub(super) left_out: u64,
}

impl Tally {
    pub(super) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.left_out += other.left_out;
    }

    /// A runner that leaves tests out, or finds none, has not shown anything.
    pub(super) fn judge(self, ended_well: bool) -> anyhow::Result<()> {
        ensure!(self.failed == 0, "{self}");
        ensure!(
            ended_well,
            "the runner stopped before it could report; its reason is above"
        );
        ensure!(
            self.left_out == 0,
            "{} tests were skipped or ignored; every test must run",
            self.left_out
        );
        ensure!(self.passed > 0, "the runner reported no test at all");
        Ok(())
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{} passed, {} failed", self.passed, self.failed)
    }
}

/// `test result: ok. 5 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s`
pub(super) fn of_cargo(text: &str) -> Tally {
    let mut tally = Tally::default();
    for line in text
        .lines()
        .filter(|line| line.starts_with("test result: "))
    {
        for part in line.split(['.', ';']).map(str::trim) {
            let Some((count, what)) = part.split_once(' ') else {
                continue;
            };
            let Ok(count) = count.parse::<u64>() else {
                continue;
            };
            match what {
                "passed" => tally.passed += count,
                "failed" => tally.failed += count,
                "ignored" | "filtered out" => tally.left_out += count,
                _ => {}
            }
        }
    }
    tally
}

/// `# pass 5` or `ℹ pass 5`, depending on the reporter; the same for fail, skipped, todo and cancelled.
pub(super) fn of_node(text: &str) -> Tally {
    let mut tally = Tally::default();
    for line in text.lines() {
        let mut words = line.split_whitespace();
        let (Some("#" | "ℹ"), Some(what), Some(count), None) =
            (words.next(), words.next(), words.next(), words.next())
        else {
            continue;
        };
        let Ok(count) = count.parse::<u64>() else {
            continue;
        };
        match what {
            "pass" => tally.passed += count,
            "fail" | "cancelled" => tally.failed += count,
            "skipped" | "todo" => tally.left_out += count,
            _ => {}
        }
    }
    tally
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_is_summed_over_all_binaries() {
        let text = "running 3 tests\ntest a ... ok\n\
            test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.20s\n\
            test result: FAILED. 4 passed; 2 failed; 1 ignored; 0 measured; 5 filtered out; finished in 0.00s\n";
        assert_eq!(
            of_cargo(text),
            Tally {
                passed: 7,
                failed: 2,
                left_out: 6
            }
        );
    }

    #[test]
    fn both_reporters_of_node_are_read() {
        let expected = Tally {
            passed: 9,
            failed: 3,
            left_out: 4,
        };
        for mark in ["#", "ℹ"] {
            let counts = [
                "tests 16",
                "pass 9",
                "fail 1",
                "cancelled 2",
                "skipped 3",
                "todo 1",
                "duration_ms 8.1",
            ];
            let text = counts.map(|count| format!("{mark} {count}\n")).concat();
            assert_eq!(of_node(&text), expected);
        }
    }

    #[test]
    fn a_skipped_test_is_a_failure_and_so_is_none() {
        let ran = Tally {
            passed: 5,
            ..Tally::default()
        };
        assert!(ran.judge(true).is_ok());
        assert!(Tally { left_out: 1, ..ran }.judge(true).is_err());
        assert!(Tally::default().judge(true).is_err());
        assert!(ran.judge(false).is_err(), "it ended badly");
        assert!(Tally { failed: 1, ..ran }.judge(true).is_err());
    }
}
