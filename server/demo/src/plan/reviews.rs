//! A review of the manager's team that is over, and one that waits for the manager.

use super::act::{Act, By, Reviewing};
use super::{Cast, Planner};

impl Planner {
    pub(super) fn reviews(&mut self, cast: Cast) {
        let team = format!("manager:{}", self.members[cast.manager].draft.username);
        for (before, minute, by, what) in [
            (
                40,
                9 * 60 + 40,
                By::Administrator,
                Reviewing::Launch(0, team.clone()),
            ),
            (36, 10 * 60 + 25, By::Manager, Reviewing::Decide(0)),
            (32, 16 * 60 + 5, By::Administrator, Reviewing::Close(0)),
            (29, 8 * 60 + 2, By::System, Reviewing::CarryOut),
            (
                4,
                9 * 60 + 35,
                By::Administrator,
                Reviewing::Launch(1, team.clone()),
            ),
        ] {
            let day = self.before(before);
            self.act(day, minute, by, Act::Review(what));
        }
    }
}
