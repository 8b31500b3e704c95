//! A derivation in words: what people read, on the page and at the command line.

use domain::assignment::Agent;
use domain::id::{AssignmentId, IdentityId, RequestItemId, RuleId};
use domain::resolution::Chain;
use domain::role::Grantable;
use domain::time::Instant;
use domain::words;

use super::load::{Via, Whole};
use super::named::{NamedRole, Names, Wanted};

words! {
    /// How somebody comes to an access.
    How {
        /// It was given itself.
        Direct = "direct", "Direct";
        /// Through a role that was given.
        Role = "role", "Role";
        /// A rule gives it, or a role with it.
        Rule = "rule", "Rule";
        /// A source found it, and nothing here gave it.
        Import = "import", "Found by an import";
    }
}

/// What stands at the beginning of a way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// The assignment, when it is one.
    pub assignment: Option<AssignmentId>,
    /// What gave it.
    pub agent: Agent,
    /// Why, in the giver's words.
    pub reason: String,
    /// Who gave it.
    pub granted_by: Option<(IdentityId, String)>,
    /// The item of a request by which it was asked for.
    pub request: Option<RequestItemId>,
    /// The rule that gives it.
    pub rule: Option<(RuleId, String)>,
    /// The source that brought it.
    pub source: Option<String>,
    /// From when.
    pub from: Instant,
    /// Until when.
    pub until: Option<Instant>,
}

/// One way to an access, with names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// How, in a word.
    pub how: How,
    /// Where it begins.
    pub reason: Reason,
    /// The roles on it, from what was given to what holds the entitlement.
    pub roles: Vec<NamedRole>,
    /// Since when it is there.
    pub since: Instant,
    /// When it ends by itself.
    pub until: Option<Instant>,
}

pub(crate) fn how(via: &Via, roles: bool) -> How {
    match via {
        Via::Found(_) => How::Import,
        Via::Assigned(one) if one.content.agent == Agent::Rule => How::Rule,
        Via::Assigned(_) if roles => How::Role,
        Via::Assigned(_) => How::Direct,
    }
}

/// What a chain needs the names of.
pub(super) fn want(wanted: &mut Wanted, whole: &Whole, chain: &Chain) {
    wanted.roles.extend(&chain.roles);
    match &whole.via[chain.given] {
        Via::Found(seen) => {
            wanted.sources.insert(seen.source);
        }
        Via::Assigned(one) => {
            wanted.people.extend(one.content.granted_by);
            wanted.rules.extend(one.content.rule);
            wanted.sources.extend(one.content.source);
        }
    }
}

pub(super) fn reason(via: &Via, names: &Names) -> Reason {
    match via {
        Via::Found(seen) => Reason {
            assignment: None,
            agent: Agent::Import,
            reason: String::new(),
            granted_by: None,
            request: None,
            rule: None,
            source: names.sources.get(&seen.source).cloned(),
            from: seen.first_seen,
            until: None,
        },
        Via::Assigned(one) => {
            let content = &one.content;
            let person = |id| (id, names.people.get(&id).cloned().unwrap_or_default());
            let rule = |id| (id, names.rules.get(&id).cloned().unwrap_or_default());
            Reason {
                assignment: Some(one.id),
                agent: content.agent,
                reason: content.reason.clone(),
                granted_by: content.granted_by.map(person),
                request: content.request,
                rule: content.rule.map(rule),
                source: content
                    .source
                    .and_then(|id| names.sources.get(&id).cloned()),
                from: content.valid_from,
                until: content.valid_until,
            }
        }
    }
}

pub(super) fn way(whole: &Whole, chain: &Chain, names: &Names) -> Way {
    let via = &whole.via[chain.given];
    let roles = chain.roles.iter().map(|id| NamedRole {
        id: *id,
        display_name: names.role(*id),
    });
    Way {
        how: how(via, !chain.roles.is_empty()),
        reason: reason(via, names),
        roles: roles.collect(),
        since: chain.since,
        until: chain.until,
    }
}

impl Way {
    /// Why, in half a sentence: “a rule gives the role Clerk, which includes Reader”.
    pub fn because(&self) -> String {
        let by = match (&self.reason.rule, self.reason.agent) {
            (Some((_, rule)), _) => format!("the rule “{rule}” gives "),
            (None, Agent::Request) => match &self.reason.granted_by {
                Some((_, name)) => format!("{name} approved a request for "),
                None => "a request was approved for ".to_owned(),
            },
            (None, Agent::Emergency) => "of an emergency, with ".to_owned(),
            (None, Agent::Import) if self.reason.assignment.is_none() => {
                let source = self.reason.source.as_deref().unwrap_or("an import");
                return format!("{source} found it, and nothing here ever gave it");
            }
            (None, Agent::Import) => match &self.reason.source {
                Some(source) => format!("{source} gives "),
                None => "an import gives ".to_owned(),
            },
            (None, _) => match &self.reason.granted_by {
                Some((_, name)) => format!("{name} gave "),
                None => "an administrator gave ".to_owned(),
            },
        };
        let mut roles = self.roles.iter();
        let Some(first) = roles.next() else {
            return format!("{by}it directly");
        };
        let mut text = format!("{by}the role {}", first.display_name);
        for role in roles {
            text.push_str(", which includes ");
            text.push_str(&role.display_name);
        }
        text
    }
}

/// One sentence: who has what, and the first reason with how many more there are.
pub fn sentence(person: &str, what: &str, application: &str, ways: &[Way]) -> String {
    let Some(first) = ways.first() else {
        return format!("{person} does not have {what} in {application}.");
    };
    let more = match ways.len() - 1 {
        0 => String::new(),
        1 => " There is one more reason.".to_owned(),
        more => format!(" There are {more} more reasons."),
    };
    format!(
        "{person} has {what} in {application} because {}.{more}",
        first.because()
    )
}

pub(super) fn wanted_of_given(wanted: &mut Wanted, whole: &Whole, index: usize) {
    if let Via::Assigned(one) = &whole.via[index] {
        wanted.add(one.content.what);
    }
}

/// What was given, for saying what must end.
pub(super) fn given_name(whole: &Whole, index: usize, names: &Names) -> (Grantable, String) {
    let what = whole.given[index].what;
    (what, names.of(what))
}
