//! What nobody can tell ends nothing: lines that are shifted.

use domain::source::FileKind::{Accounts, Applications, Entitlements, Identities};
use domain::source::ImportMode::Snapshot;
use domain::source::{FileKind, RunState};
use testkit::both_apps;

use crate::kit::{import, lines, totals};

#[tokio::test]
async fn a_shifted_line_that_seems_to_name_another_object_protects_all() {
    both_apps(async |app| {
        let (service, cx) = (app.service(), app.welcome().await);
        let many = |row: fn(u32) -> String| lines((2..40).map(row));
        // Kind, header, the line of one object, of another, the shifted line of the second, and everything else.
        let cases: [(FileKind, &str, &str, &str, &str, String); 5] = [
            (
                Identities,
                "deputy,username",
                ",a0",
                "a0,a1",
                "x,a0,a1",
                many(|n| format!(",a{n}\n")),
            ),
            (
                Identities,
                "deputy,external_id,username",
                ",A0,a0",
                ",A1,a1",
                "x,A9,a0,A1,a1",
                many(|n| format!(",A{n},a{n}\n")),
            ),
            (
                Applications,
                "note,application",
                ",a0",
                ",a1",
                "x,a0,a1",
                many(|n| format!(",a{n}\n")),
            ),
            (
                Entitlements,
                "application,note,entitlement",
                "a2,,r0",
                "a2,,r1",
                "a2,see,r0,r1",
                many(|n| format!("a2,,r{n}\n")),
            ),
            (
                Accounts,
                "application,note,account",
                "a2,,s0",
                "a2,,s1",
                "a2,see,s0,s1",
                many(|n| format!("a2,,s{n}\n")),
            ),
        ];
        for (number, (kind, header, one, other, shifted, rest)) in cases.into_iter().enumerate() {
            let source = format!("source {number}");
            let good = format!("{header}\n{one}\n{other}\n{rest}");
            let run = import(service, &cx, &source, Snapshot, &[(kind, &good)]).await;
            assert_eq!(run.state, RunState::Applied, "{header}");
            let bad = format!("{header}\n{one}\n{shifted}\n{rest}");
            let run = import(service, &cx, &source, Snapshot, &[(kind, &bad)]).await;
            assert_eq!(totals(&run, kind)[3..], [0, 39, 1], "{header}");
        }
    })
    .await;
}
