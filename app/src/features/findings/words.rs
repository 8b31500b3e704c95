//! What each finding means, what to do about it, and where it is listed.

use domain::finding::{Finding, FindingList};
use domain::search::Search;
use domain::time::Date;

use crate::listing::Params;
use crate::routes;
use crate::ui::{Icon, Tone};

/// What it means and what to do, in a sentence or two.
pub(super) const fn meaning(finding: Finding) -> &'static str {
    match finding {
        Finding::NoManager => {
            "Nobody decides about the access of these people. Name a manager, here or in the source they come from."
        }
        Finding::ManagerEnded => {
            "Their manager has left, so decisions wait for somebody who cannot answer. Name the new manager."
        }
        Finding::EndedWithAccess => {
            "They have left, and a source still sees access of theirs. Have it removed in the application now."
        }
        Finding::OrphanAccount => {
            "These logins belong to nobody who is known here. Find out whose they are, or have them removed."
        }
        Finding::Dormant => {
            "Not used for 90 days or longer. Ask whether it is still needed, or have it removed."
        }
        Finding::ApplicationWithoutOwner => {
            "Nobody answers for these applications. Name an owner who can decide who gets in."
        }
        Finding::EntitlementWithoutOwner => {
            "Nobody answers for these by name; at best the owner of the application does. Name somebody who knows what they let people do."
        }
        Finding::NoDescription => {
            "Nobody can tell what these let a person do. Describe them in plain words."
        }
        Finding::Outlier => {
            "Hardly anybody of the same department and title has it. Ask whether it is still needed, or left over from earlier work."
        }
        Finding::RoleWithoutHolders => {
            "Nobody holds them, directly, by a rule or through another role. Give them to somebody, or end them."
        }
        Finding::Expiring => {
            "Its last day is within 30 days, and no rule ended it. Ask whether it is still needed, and change the last day or let it end."
        }
        Finding::NoReason => {
            "Nobody said why this was given. Ask whoever gave it; end it if nobody can say."
        }
        Finding::OverlappingRoles => {
            "Two roles give the same, or nearly so. Let one include the other, or end one, so that nobody has to guess which to ask for."
        }
    }
}

/// How bad it is to leave it.
pub(super) const fn tone(finding: Finding) -> Tone {
    match finding {
        Finding::EndedWithAccess => Tone::Bad,
        Finding::OrphanAccount | Finding::ManagerEnded | Finding::Outlier => Tone::Warn,
        _ => Tone::Plain,
    }
}

/// Its drawing.
pub(super) const fn icon(finding: Finding) -> Icon {
    match finding {
        Finding::NoManager => Icon::User,
        Finding::ManagerEnded | Finding::EndedWithAccess => Icon::UserX,
        Finding::ApplicationWithoutOwner => Icon::AppWindow,
        Finding::EntitlementWithoutOwner => Icon::KeyRound,
        Finding::NoDescription | Finding::NoReason => Icon::FileText,
        Finding::OrphanAccount => Icon::IdCard,
        Finding::Dormant | Finding::Expiring => Icon::Clock,
        Finding::Outlier => Icon::KeySquare,
        Finding::RoleWithoutHolders | Finding::OverlappingRoles => Icon::Layers,
    }
}

/// The list that shows it.
pub(super) fn href(finding: Finding, dormant_before: Date) -> String {
    let list = match finding.list() {
        FindingList::People => routes::PEOPLE,
        FindingList::Applications => routes::APPLICATIONS,
        FindingList::Entitlements => routes::ENTITLEMENTS,
        FindingList::Accounts => routes::ACCOUNTS,
        FindingList::Access => routes::ACCESS,
        FindingList::Outliers => routes::OUTLIERS,
        FindingList::Roles => routes::ROLES,
        FindingList::Assignments => routes::ASSIGNMENTS,
        FindingList::Overlaps => routes::OVERLAPPING_ROLES,
    };
    let search = Search::parse(&finding.search(dormant_before));
    Params::default().with_search(list, &search)
}

/// Those that need somebody first.
pub(super) const ORDER: &[Finding] = &[
    Finding::EndedWithAccess,
    Finding::OrphanAccount,
    Finding::ManagerEnded,
    Finding::NoManager,
    Finding::Outlier,
    Finding::Dormant,
    Finding::ApplicationWithoutOwner,
    Finding::EntitlementWithoutOwner,
    Finding::NoDescription,
    Finding::RoleWithoutHolders,
    Finding::OverlappingRoles,
    Finding::Expiring,
    Finding::NoReason,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_finding_has_its_place_and_its_list() {
        assert_eq!(ORDER.len(), Finding::ALL.len());
        let day: Date = "2026-08-24".parse().expect("a day");
        for finding in ORDER {
            assert!(Finding::ALL.contains(finding));
            let href = href(*finding, day);
            let whole = matches!(finding, Finding::Outlier | Finding::OverlappingRoles);
            assert_ne!(href.contains("?q="), whole, "{finding:?}");
        }
        assert_eq!(href(Finding::Dormant, day), "/access?q=used%3C2026-08-24");
    }
}
