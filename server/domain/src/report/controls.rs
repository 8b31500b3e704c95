//! What standards and laws ask for, as far as it is about who has access; each with what is counted for it here.
//!
//! The words are ours and short; the texts themselves are what counts. A figure here is evidence for a control, not a
//! judgement on it.

use crate::words;

words! {
    /// Where a control is from.
    Framework {
        /// Sarbanes-Oxley Act, section 404, through the general IT controls that auditors test.
        Sox = "sox", "SOX (ITGC)";
        /// AICPA Trust Services Criteria (2017, revised 2022).
        Soc2 = "soc2", "SOC 2";
        /// ISO/IEC 27001:2022, annex A.
        Iso27001 = "iso27001", "ISO 27001";
        /// PCI DSS 4.0.1.
        PciDss = "pci_dss", "PCI DSS";
        /// HIPAA Security Rule, 45 CFR part 164, subpart C.
        Hipaa = "hipaa", "HIPAA";
        /// General Data Protection Regulation (EU) 2016/679.
        Gdpr = "gdpr", "GDPR";
    }
}

words! {
    /// What is counted for a control.
    Check {
        /// All access was decided on in a review of the last 90 days.
        ReviewedQuarter = "reviewed_90", "All access reviewed within 90 days";
        /// Of the last 180 days.
        ReviewedHalf = "reviewed_180", "All access reviewed within 180 days";
        /// Of the last 365 days.
        ReviewedYear = "reviewed_365", "All access reviewed within a year";
        /// All access of high or critical risk was decided on in a review of the last 90 days.
        PrivilegedReviewed = "privileged_90", "Privileged access reviewed within 90 days";
        /// Nobody who left has access.
        NoLeavers = "no_leavers", "Nobody who left has access";
        /// Every account belongs to somebody.
        NoOrphans = "no_orphans", "Every account belongs to somebody";
        /// Nothing lies unused.
        NoDormant = "no_dormant", "No access lies unused";
        /// What was revoked in reviews is gone.
        RevokedGone = "revoked_gone", "What reviews revoked is really gone";
        /// The log is signed.
        Logged = "logged", "Every change is in a signed log";
    }
}

/// A control.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Control {
    /// Where it is from.
    pub framework: Framework,
    /// Its number there.
    pub clause: &'static str,
    /// What it asks for, in short.
    pub asks: &'static str,
    /// What is counted for it.
    pub check: Check,
}

const fn control(
    framework: Framework,
    clause: &'static str,
    asks: &'static str,
    check: Check,
) -> Control {
    Control {
        framework,
        clause,
        asks,
        check,
    }
}

/// The controls, in the order of their frameworks.
pub const CONTROLS: &[Control] = &[
    control(
        Framework::Sox,
        "Access review",
        "Access to systems of financial reporting is reviewed every quarter",
        Check::ReviewedQuarter,
    ),
    control(
        Framework::Sox,
        "Privileged access",
        "Powerful access is limited and reviewed",
        Check::PrivilegedReviewed,
    ),
    control(
        Framework::Sox,
        "Deprovisioning",
        "Access of those who leave is taken away in time",
        Check::NoLeavers,
    ),
    control(
        Framework::Soc2,
        "CC6.2",
        "Access is removed when it is no longer authorised",
        Check::NoLeavers,
    ),
    control(
        Framework::Soc2,
        "CC6.3",
        "Access is reviewed, and changed with roles and duties",
        Check::ReviewedQuarter,
    ),
    control(
        Framework::Soc2,
        "CC7.2",
        "What happens in systems is monitored",
        Check::Logged,
    ),
    control(
        Framework::Iso27001,
        "A.5.16",
        "The whole life of identities is managed",
        Check::NoOrphans,
    ),
    control(
        Framework::Iso27001,
        "A.5.18",
        "Access rights are given, reviewed, changed and removed",
        Check::ReviewedYear,
    ),
    control(
        Framework::Iso27001,
        "A.8.2",
        "Privileged access rights are restricted and managed",
        Check::PrivilegedReviewed,
    ),
    control(
        Framework::Iso27001,
        "A.8.15",
        "Logs are kept and protected",
        Check::Logged,
    ),
    control(
        Framework::PciDss,
        "7.2.4",
        "All user accounts and their access are reviewed at least every six months",
        Check::ReviewedHalf,
    ),
    control(
        Framework::PciDss,
        "8.2.5",
        "Access of those who leave is revoked at once",
        Check::NoLeavers,
    ),
    control(
        Framework::PciDss,
        "8.2.6",
        "Inactive accounts are removed or disabled within 90 days",
        Check::NoDormant,
    ),
    control(
        Framework::PciDss,
        "10.3",
        "Logs are protected against change",
        Check::Logged,
    ),
    control(
        Framework::Hipaa,
        "164.308(a)(3)(ii)(C)",
        "Access ends when somebody’s employment ends",
        Check::NoLeavers,
    ),
    control(
        Framework::Hipaa,
        "164.308(a)(4)(ii)(C)",
        "The right to access is documented, reviewed and modified",
        Check::ReviewedYear,
    ),
    control(
        Framework::Hipaa,
        "164.312(b)",
        "Activity in systems is recorded",
        Check::Logged,
    ),
    control(
        Framework::Gdpr,
        "Art. 5(1)(f)",
        "Personal data is protected against access that is not authorised",
        Check::RevokedGone,
    ),
    control(
        Framework::Gdpr,
        "Art. 5(2)",
        "Whoever is responsible can show that they comply",
        Check::Logged,
    ),
    control(
        Framework::Gdpr,
        "Art. 32(1)(d)",
        "Measures are tested and evaluated regularly",
        Check::ReviewedYear,
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_framework_and_check_has_a_control_once() {
        for framework in Framework::ALL {
            assert!(CONTROLS.iter().any(|one| one.framework == *framework));
        }
        for check in Check::ALL {
            assert!(CONTROLS.iter().any(|one| one.check == *check), "{check:?}");
        }
        let mut known: Vec<_> = CONTROLS
            .iter()
            .map(|one| (one.framework, one.clause))
            .collect();
        let all = known.len();
        known.sort_unstable();
        known.dedup();
        assert_eq!(known.len(), all);
    }
}
