//! How long is looked: steps that may be taken, and who watches them.
//!
//! A step is one look at one entry of a list, a few nanoseconds. Counted steps, and not a clock, end the search, so that
//! the same grants always get the same proposal.

use std::ops::ControlFlow;

/// How much work may go into looking for fewer roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effort {
    /// Steps of a few nanoseconds each. What has to be done for any proposal is done even if it takes more.
    pub steps: u64,
}

impl Effort {
    /// About a second.
    pub const QUICK: Self = Self { steps: 200_000_000 };
    /// Some ten seconds; less where the fewest roles are known sooner.
    pub const THOROUGH: Self = Self {
        steps: 2_000_000_000,
    };
}

/// How far the search is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// The fewest roles found so far; none before there is a first proposal.
    pub roles: Option<usize>,
    /// Fewer roles than these are impossible, as far as is known.
    pub bound: usize,
    /// Steps taken.
    pub done: u64,
    /// Steps that may be taken.
    pub planned: u64,
}

/// Whoever watches has had enough.
pub(super) struct Cancelled;

pub(super) struct Budget<'a> {
    progress: Progress,
    told: u64,
    watch: &'a mut dyn FnMut(Progress) -> ControlFlow<()>,
}

impl<'a> Budget<'a> {
    /// Steps between two calls of who watches: often enough to stop at once, too seldom to cost anything.
    const BETWEEN: u64 = 1 << 22;

    pub(super) fn new(
        effort: Effort,
        watch: &'a mut dyn FnMut(Progress) -> ControlFlow<()>,
    ) -> Self {
        Self {
            progress: Progress {
                roles: None,
                bound: 0,
                done: 0,
                planned: effort.steps,
            },
            told: 0,
            watch,
        }
    }

    pub(super) fn left(&self) -> u64 {
        self.progress.planned.saturating_sub(self.progress.done)
    }

    pub(super) fn spend(&mut self, steps: usize) -> Result<(), Cancelled> {
        self.progress.done += steps as u64;
        if self.progress.done - self.told < Self::BETWEEN {
            return Ok(());
        }
        self.tell()
    }

    /// So many roles suffice, and fewer than `bound` do not.
    pub(super) fn found(&mut self, roles: usize, bound: usize) -> Result<(), Cancelled> {
        self.progress.roles = Some(roles);
        self.progress.bound = self.progress.bound.max(bound);
        self.tell()
    }

    fn tell(&mut self) -> Result<(), Cancelled> {
        self.told = self.progress.done;
        match (self.watch)(self.progress) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(Cancelled),
        }
    }
}
