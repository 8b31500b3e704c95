//! What is proposed: roles, and who would hold them.
//!
//! Made by [`super::discover()`]; whether it is right is told by [`super::check()`].

/// Roles that together give every user exactly what the user has today.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proposal {
    /// The roles, those that give the most first.
    pub roles: Vec<Proposed>,
}

/// A role that could be made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proposed {
    /// What it gives, ascending.
    pub permissions: Vec<u32>,
    /// Who would hold it, ascending: users who have all of its permissions and would not have all they have without it.
    pub users: Vec<u32>,
}

impl Proposed {
    /// How many grants the role stands for.
    pub fn grants(&self) -> usize {
        self.permissions.len() * self.users.len()
    }
}
