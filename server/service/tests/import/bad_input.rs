//! Files that are wrong: a clear answer with line numbers, the rest kept, nothing lost.

use std::io::Write as _;

use domain::permission::Actor;
use domain::source::FileKind::{Access, Applications, Entitlements, Identities};
use domain::source::ImportMode::Snapshot;
use domain::source::RunState;
use service::{Cx, imports, sources};
use testkit::both_apps;

use crate::kit::{finish, import, places, problems, stage, totals};

#[tokio::test]
async fn a_header_that_cannot_be_used_refuses_the_file() {
    both_apps(async |app| {
        let cx = app.welcome().await;
        for (file, said) in [
            ("display_name\nAna\n", "“username” is missing"),
            ("username,Username\na,b\n", "twice"),
            ("", "empty"),
            ("\u{feff}", "empty"),
        ] {
            let run = import(app.service(), &cx, "hr", Snapshot, &[(Identities, file)]).await;
            assert_eq!(run.state, RunState::Refused);
            assert!(
                run.message.contains(said) && run.message.contains("identities.csv"),
                "{}",
                run.message
            );
        }
        let run = stage(app.service(), &cx, "hr", Snapshot, &[])
            .await
            .expect("staged");
        let run = finish(app.service(), &cx, run, None).await;
        assert!(run.message.contains("no file"), "{}", run.message);
    })
    .await;
}

#[tokio::test]
async fn a_mark_at_the_beginning_and_any_order_of_columns_are_fine() {
    both_apps(async |app| {
        let cx = app.welcome().await;
        let file = "\u{feff}Display Name,USERNAME\r\n\"Silva, Ana\",ana\r\n\r\n\"Two\nlines\",ben";
        let run = import(app.service(), &cx, "hr", Snapshot, &[(Identities, file)]).await;
        // A line break in a name is not to be kept: names are lines.
        assert_eq!(totals(&run, Identities), [2, 1, 0, 0, 0, 1]);
        assert_eq!(
            places(app.service(), &cx, &run).await,
            [(4, "display_name".to_owned())]
        );
    })
    .await;
}

#[tokio::test]
async fn bytes_that_are_no_text_cost_their_line() {
    both_apps(async |app| {
        let cx = app.welcome().await;
        let source = sources::or_create(app.service(), &cx, "hr")
            .await
            .expect("a source");
        let run = imports::begin(app.service(), &cx, source, Snapshot)
            .await
            .expect("a run");
        let mut upload =
            imports::Upload::begin(app.service(), &cx, run, Identities, "identities.csv")
                .await
                .expect("an upload");
        let mut file = b"username,title\nana,Chief\nben,\xe9t\xe9\ncy,a\0b\ndee,".to_vec();
        file.extend(std::iter::repeat_n(b'x', 10 << 20));
        file.extend(b"\neve,\"open\nfay,ok\nguy,a\"b\nhal,too,many\n");
        upload.push(app.service(), &file).await.expect("pushed");
        upload.finish(app.service()).await.expect("kept");
        let run = finish(app.service(), &cx, run, None).await;
        assert_eq!(totals(&run, Identities), [8, 2, 0, 0, 0, 6]);
        let found = problems(app.service(), &cx, &run).await;
        let said: Vec<_> = found
            .iter()
            .map(|problem| (problem.line, problem.column.as_str()))
            .collect();
        assert_eq!(
            said,
            [
                (3, "title"),
                (4, "title"),
                (5, "title"),
                (6, "title"),
                (8, "title"),
                (9, "")
            ]
        );
        for (problem, word) in found.iter().zip([
            "UTF-8",
            "NUL",
            "1 MiB",
            "closing quotation",
            "middle of a value",
            "3 values",
        ]) {
            assert!(problem.message.contains(word), "{}", problem.message);
        }
    })
    .await;
}

#[tokio::test]
async fn wrong_values_are_said_with_line_and_column() {
    both_apps(async |app| {
        let cx = app.welcome().await;
        let file = "username,email,employment_type,status,start_date,end_date\n\
                    ana,ana@x.org,Contractor,on leave,2026-01-01,\n\
                    ana,,,,,\n\
                    b b,,,,,\n\
                    cy,nowhere,robot,asleep,2026-02-30,tomorrow\n\
                    =cmd(),,,,,\n\
                    ,,,,,\n";
        let run = import(app.service(), &cx, "hr", Snapshot, &[(Identities, file)]).await;
        // A formula is a text like another; it becomes harmless where it leaves the console.
        assert_eq!(totals(&run, Identities), [6, 2, 0, 0, 0, 4]);
        let found = places(app.service(), &cx, &run).await;
        let expected = [(3, "external_id"), (4, "username"), (5, "employment_type"), (5, "status"), (5, "start_date"), (5, "end_date"), (5, "email")];
        assert_eq!(found[..7], expected.map(|(line, column)| (line, column.to_owned())));
        let kinds = "application,entitlement,kind,risk,requestable,actions\ncrm,a,magic,,,\ncrm,b,,extreme,maybe,\ncrm,c,team,low,TRUE,read;read;write\n";
        let run = import(app.service(), &cx, "hr", Snapshot, &[(Applications, "application\ncrm\n"), (Entitlements, kinds)]).await;
        assert_eq!(totals(&run, Entitlements), [3, 1, 0, 0, 0, 2]);
        let found = places(app.service(), &cx, &run).await;
        let expected = [(2, "kind"), (3, "requestable"), (3, "risk")];
        assert_eq!(found, expected.map(|(line, column)| (line, column.to_owned())));
    })
    .await;
}

#[tokio::test]
async fn the_console_itself_cannot_be_imported() {
    both_apps(async |app| {
        let cx = app.welcome().await;
        let files: &[_] = &[
            (Applications, "application\nBailiwick\n"),
            (
                Entitlements,
                "application,entitlement\nbailiwick,superpower\nbailiwick,administer\n",
            ),
            (
                Access,
                "username,application,entitlement\nkim.lee,bailiwick,administer\n",
            ),
        ];
        let run = import(app.service(), &cx, "hr", Snapshot, files).await;
        assert_eq!(totals(&run, Applications), [1, 0, 0, 0, 0, 1]);
        assert_eq!(totals(&run, Entitlements), [2, 0, 0, 0, 0, 2]);
        assert_eq!(totals(&run, Access), [1, 0, 0, 0, 0, 1]);
    })
    .await;
}

#[tokio::test]
async fn a_folder_is_read_whole_or_not_at_all() {
    both_apps(async |app| {
        app.welcome().await;
        let cx = Cx::of(Actor::CommandLine);
        let folder = tempfile::tempdir().expect("a folder");
        let source = sources::or_create(app.service(), &cx, "folder")
            .await
            .expect("a source");
        let nothing = imports::folder(app.service(), &cx, source, Snapshot, folder.path()).await;
        assert!(nothing.is_err_and(|error| error.to_string().contains("no file to import")));
        let mut file = std::fs::File::create(folder.path().join("identities.csv")).expect("a file");
        file.write_all(b"username\nana\n").expect("written");
        let run = imports::folder(app.service(), &cx, source, Snapshot, folder.path())
            .await
            .expect("staged");
        assert_eq!(
            totals(&finish(app.service(), &cx, run, None).await, Identities),
            [1, 1, 0, 0, 0, 0]
        );
        std::fs::write(folder.path().join("identities-2.csv"), "username\n").expect("written");
        let two = imports::folder(app.service(), &cx, source, Snapshot, folder.path()).await;
        assert!(two.is_err_and(|error| error.to_string().contains("both files of identities")));
    })
    .await;
}

#[test]
fn kinds_are_told_by_name_or_by_header() {
    assert_eq!(
        imports::kind_of("/drop/Role Members.csv"),
        Some(domain::source::FileKind::RoleMembers)
    );
    assert_eq!(imports::kind_of("access-2026-11-22.csv"), Some(Access));
    assert_eq!(imports::kind_of("accessories.csv"), None);
    assert_eq!(imports::kind_of("identities.xlsx"), None);
    let header = |names: &[&str]| {
        names
            .iter()
            .map(|name| (*name).to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        imports::kind_of_header(&header(&[
            "Username",
            "Application",
            "Entitlement",
            "Granted At"
        ])),
        Some(Access)
    );
    assert_eq!(
        imports::kind_of_header(&header(&["username", "display name"])),
        Some(Identities)
    );
    assert_eq!(imports::kind_of_header(&header(&["a", "b"])), None);
}
