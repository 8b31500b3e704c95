//! Bringing files in through the pages alone, as somebody without scripts does, and looking at what came of it.

mod browser;

use domain::permission::ConsoleRight;
use domain::time::SECOND;
use http::StatusCode;
use service::passwords::set_by_link;
use service::{Cx, people};
use testkit::{PASSWORD, TestApp, both_apps};

use browser::{Answer, Browser, work};

const PEOPLE: &str = "login,name,mail,boss,state,cost centre\r\n\
    ana,Ana Silva,ana@example.com,,active,A1\r\n\
    ben,Ben Ode,ben@example.com,ana,active,A1\r\n\
    cy,Cy Tran,cy@example.com,ana,ended,B2\r\n\
    dan,Dan Ruiz,dan@example.com,nobody,active,B2\r\n";
const APPLICATIONS: &str = "application,display_name,owner\r\ncrm,Customer care,ana\r\n";
const ENTITLEMENTS: &str = "application,entitlement,kind,display_name\r\ncrm,read,permission,Read customers\r\ncrm,admin,group,Run it\r\n";
const ACCOUNTS: &str =
    "application,account,username,status\r\ncrm,ana,ana,enabled\r\ncrm,root,,enabled\r\n";
const ACCESS: &str = "username,application,entitlement,granted_at,last_used_at\r\n\
    ana,crm,read,2024-01-05,2020-03-01\r\n\
    ben,crm,read,2024-01-05,\r\n\
    cy,crm,admin,2024-01-05,\r\n";

/// Adds a source and answers its page.
async fn source(browser: &Browser) -> String {
    let fields = [
        ("name", "HR"),
        ("mode", "snapshot"),
        ("description", "Personnel"),
    ];
    browser
        .post("/sources/new", &fields)
        .await
        .leads()
        .to_owned()
}

/// Brings the files in, with the columns of the people named, and answers the page of the run.
async fn staged(browser: &Browser, source: &str, people: &str, access: &str) -> String {
    let files = [
        ("identities", "export.csv", people),
        ("files", "applications.csv", APPLICATIONS),
        ("files", "entitlements.csv", ENTITLEMENTS),
        ("files", "accounts.csv", ACCOUNTS),
        // Its name says nothing, its columns do.
        ("files", "who-has-what.csv", access),
    ];
    let path = format!("{source}/import");
    browser
        .upload(&path, &[("mode", "snapshot")], &files)
        .await
        .leads()
        .to_owned()
}

async fn name_columns(browser: &Browser, run: &str) {
    let columns = [
        ("kind", "identities"),
        ("identities.username", "login"),
        ("identities.display_name", "name"),
        ("identities.email", "mail"),
        ("identities.manager", "boss"),
        ("identities.status", "state"),
    ];
    assert_eq!(
        browser
            .post(&format!("{run}/columns"), &columns)
            .await
            .leads(),
        run
    );
}

async fn step(app: &TestApp, browser: &Browser, run: &str, act: &str) -> Answer {
    let asked = browser.post(&format!("{run}/{act}"), &[]).await;
    assert_eq!(asked.leads(), run);
    work(app.service()).await;
    browser.get(run).await
}

/// Lets the setting of a password lead to somebody who can sign in.
async fn with_password(app: &TestApp, name: &str, rights: &[ConsoleRight]) -> String {
    let cx = app.someone(name, rights).await;
    let id = cx.me().expect("a person");
    let operator = Cx::of(domain::permission::Actor::CommandLine);
    let link = people::link(app.service(), &operator, id)
        .await
        .expect("a link");
    let token = link.url.rsplit('/').next().expect("a token");
    let nobody = Cx::of(domain::permission::Actor::Anonymous);
    set_by_link(app.service(), &nobody, token, PASSWORD, PASSWORD)
        .await
        .expect("a password");
    name.to_lowercase().replace(' ', ".")
}

#[tokio::test]
async fn two_clicks_on_upload_bring_the_files_in_once() {
    both_apps(async |app| {
        app.welcome().await;
        let kim = Browser::signed_in(app.service(), "kim.lee").await;
        let source = source(&kim).await;
        let path = format!("{source}/import");
        let click = async |key: &str, files: &[_]| {
            let fields = [("mode", "snapshot"), ("idem", key)];
            kim.upload(&path, &fields, files).await
        };
        let people = ("files", "identities.csv", "username\r\nana\r\n");
        let desks = ("files", "applications.csv", APPLICATIONS);
        let run = click("a", &[people]).await.leads().to_owned();
        // The first click may not have got to the second file.
        let again = click("a", &[people, desks]).await;
        assert_eq!(again.leads(), run);
        let text = kim.get(&run).await.text();
        assert!(text.contains("identities.csv") && text.contains("applications.csv"));
        assert_ne!(click("b", &[people]).await.leads(), run);
        kim.post(&format!("{run}/cancel"), &[]).await.leads();
        let late = click("a", &[people]).await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        assert!(late.text().contains("Begin a new one"), "{}", late.text());
    })
    .await;
}

#[tokio::test]
async fn files_are_dropped_named_checked_and_applied_and_access_is_seen() {
    both_apps(async |app| {
        app.welcome().await;
        let kim = Browser::signed_in(app.service(), "kim.lee").await;
        let source = source(&kim).await;
        let form = kim.get(&format!("{source}/import")).await;
        assert!(
            form.body.contains("enctype=\"multipart/form-data\"")
                && form.body.contains("type=\"file\"")
        );

        let run = staged(&kim, &source, PEOPLE, ACCESS).await;
        let page = kim.get(&run).await.text();
        assert!(page.contains("Choose the column for username"), "{page}");
        assert!(page.contains("who-has-what.csv"), "{page}");
        name_columns(&kim, &run).await;
        let page = kim.get(&run).await;
        assert!(
            !page.text().contains("Choose the column for"),
            "{}",
            page.text()
        );
        assert!(
            page.text()
                .contains("Kept as attributes of each person: cost centre"),
            "{}",
            page.text()
        );

        let checked = step(app, &kim, &run, "check").await.text();
        assert!(
            checked.contains("What would happen") && checked.contains("Waits to be applied"),
            "{checked}"
        );
        assert!(
            checked.contains("nobody"),
            "the unknown manager is a problem: {checked}"
        );
        let nobody_yet = kim.get("/people?q=silva").await.text();
        assert!(
            nobody_yet.contains("Nobody matches"),
            "a check changes nothing"
        );

        let applied = step(app, &kim, &run, "apply").await;
        assert!(
            applied.text().contains("What it did") && applied.text().contains("Manifest root"),
            "{}",
            applied.text()
        );

        see_what_came(&kim, &run).await;
        see_findings(&kim).await;

        let again = staged(&kim, &source, PEOPLE, ACCESS).await;
        let checked = step(app, &kim, &again, "check").await.text();
        assert!(
            checked.contains("All files 12 0 0 0 "),
            "a second import changes nothing: {checked}"
        );
        app.clock().advance(SECOND);
    })
    .await;
}

/// The run row by row, the person, the holders, the application and their files.
async fn see_what_came(kim: &Browser, run: &str) {
    let rows = kim.get(&format!("{run}/rows")).await;
    assert!(
        rows.text().contains("Ana Silva") && rows.text().contains("Read customers"),
        "{}",
        rows.text()
    );
    let proof = kim.get(&format!("{run}/rows/0")).await;
    assert!(
        proof.status == StatusCode::OK && proof.body.contains("\"root\""),
        "{}",
        proof.body
    );
    let problems = kim.get(&format!("{run}/problems.csv")).await;
    assert!(
        problems.body.starts_with("file,line,column,problem\r\n"),
        "{}",
        problems.body
    );
    assert!(
        kim.get(&format!("{run}/problems"))
            .await
            .text()
            .contains("nobody")
    );

    let person = kim.get("/people?q=silva").await.link("/people/idn_");
    let access = kim.get(&format!("{person}/observed")).await;
    assert!(
        access.text().contains("Read customers") && access.text().contains("5 Jan 2024"),
        "{}",
        access.text()
    );
    assert!(
        kim.get(&format!("{person}/observed?q=admin"))
            .await
            .text()
            .contains("Nothing matches")
    );
    assert!(
        kim.get(&format!("{person}/observed.csv"))
            .await
            .body
            .contains("ana,Ana Silva")
    );
    assert!(
        kim.get(&format!("{person}/accounts"))
            .await
            .text()
            .contains("Customer care")
    );
    assert!(
        kim.get(&format!("{person}/accounts.csv"))
            .await
            .body
            .contains("Customer care")
    );

    let entitlement = access.link("/entitlements/ent_");
    let holders = kim.get(&format!("{entitlement}/observed")).await.text();
    assert!(
        holders.contains("Ana Silva")
            && holders.contains("Ben Ode")
            && !holders.contains("Cy Tran"),
        "{holders}"
    );
    assert!(
        kim.get(&format!("{entitlement}/observed?q=ode"))
            .await
            .text()
            .contains("1–1 of 1")
    );
    assert!(
        kim.get(&format!("{entitlement}/observed.csv"))
            .await
            .body
            .contains("ben,Ben Ode")
    );

    let application = access.link("/applications/app_");
    let accounts = kim.get(&format!("{application}/accounts")).await.text();
    let (orphan, owned) = (
        accounts.find("Belongs to nobody"),
        accounts.find("Ana Silva"),
    );
    assert!(
        orphan.is_some() && orphan < owned,
        "orphans come first: {accounts}"
    );
}

async fn see_findings(kim: &Browser) {
    let findings = kim.get("/findings").await;
    assert!(
        findings.text().contains("Orphan account 1"),
        "{}",
        findings.text()
    );
    let orphans = kim.get(&findings.link("/accounts?q=")).await.text();
    assert!(
        orphans.contains("root") && orphans.contains("1–1 of 1"),
        "{orphans}"
    );
    let dormant = kim.get(&findings.link("/access?q=")).await.text();
    assert!(
        dormant.contains("Ana Silva") && dormant.contains("1 Mar 2020"),
        "{dormant}"
    );
    let left = kim
        .get(&findings.link("/people?q=status%3Aended"))
        .await
        .text();
    assert!(left.contains("Cy Tran"), "{left}");
    let overview = kim.get("/overview").await.text();
    assert!(
        overview.contains("Access seen 3") && overview.contains("Ended, still has access 1"),
        "{overview}"
    );
    assert_eq!(kim.get("/").await.leads(), "/overview");
}

#[tokio::test]
async fn a_snapshot_that_lost_half_its_rows_asks_for_a_reason_and_can_be_called_off() {
    both_apps(async |app| {
        app.welcome().await;
        let kim = Browser::signed_in(app.service(), "kim.lee").await;
        let source = source(&kim).await;
        let first = staged(&kim, &source, PEOPLE, ACCESS).await;
        name_columns(&kim, &first).await;
        step(app, &kim, &first, "check").await;
        step(app, &kim, &first, "apply").await;
        app.clock().advance(SECOND);

        let half = "login,name,mail,boss,state,cost centre\r\nana,Ana Silva,ana@example.com,,active,A1\r\n";
        let run = staged(&kim, &source, half, ACCESS).await;
        let checked = step(app, &kim, &run, "check").await.text();
        assert!(checked.contains("More than a tenth of this source would end"), "{checked}");
        let refused = kim.post(&format!("{run}/apply"), &[("reason", " ")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
        assert!(refused.text().contains("One thing needs your attention"), "{}", refused.text());
        assert_eq!(kim.post(&format!("{run}/cancel"), &[]).await.leads(), run);
        assert!(kim.get(&run).await.text().contains("was cancelled; nothing was written"));

        let run = staged(&kim, &source, half, ACCESS).await;
        step(app, &kim, &run, "check").await;
        assert_eq!(kim.post(&format!("{run}/apply"), &[("reason", "They were sold with the branch")]).await.leads(), run);
        work(app.service()).await;
        let applied = kim.get(&run).await.text();
        assert!(applied.contains("What it did") && applied.contains("They were sold with the branch"), "{applied}");
    })
    .await;
}

#[tokio::test]
async fn what_is_no_file_of_an_import_is_told_and_the_rest_is_kept() {
    both_apps(async |app| {
        app.welcome().await;
        let kim = Browser::signed_in(app.service(), "kim.lee").await;
        let source = source(&kim).await;
        let path = format!("{source}/import");
        let nothing = kim.upload(&path, &[("mode", "snapshot")], &[]).await;
        assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            nothing.text().contains("Choose at least one file"),
            "{}",
            nothing.text()
        );
        let broken = kim.post(&path, &[("mode", "snapshot")]).await;
        assert_eq!(broken.status, StatusCode::UNPROCESSABLE_ENTITY);

        let files = [
            ("files", "applications.csv", APPLICATIONS),
            ("files", "minutes.csv", "who,said,what\r\nana,x,y\r\n"),
            ("files", "applications-2.csv", APPLICATIONS),
        ];
        let some = kim.upload(&path, &[("mode", "delta")], &files).await;
        assert_eq!(some.status, StatusCode::UNPROCESSABLE_ENTITY);
        let text = some.text();
        assert!(
            text.contains("One file was taken; the rest needs your attention"),
            "{text}"
        );
        assert!(
            text.contains("minutes.csv") && text.contains("second file of applications"),
            "{text}"
        );
        let run = some.link("/runs/run_");
        let added = kim
            .upload(
                &path,
                &[("run", run.trim_start_matches("/runs/"))],
                &[("files", "entitlements.csv", ENTITLEMENTS)],
            )
            .await;
        assert_eq!(added.leads(), run);
        let page = kim.get(&run).await.text();
        assert!(page.contains("Delta · 2 files"), "{page}");
        assert_eq!(
            kim.post(&format!("{run}/discard"), &[("kind", "entitlements")])
                .await
                .leads(),
            run
        );
        assert!(kim.get(&run).await.text().contains("Delta · 1 file ·"));
    })
    .await;
}

#[tokio::test]
async fn who_may_not_import_is_told_before_a_byte_is_read() {
    both_apps(async |app| {
        app.welcome().await;
        let kim = Browser::signed_in(app.service(), "kim.lee").await;
        let source = source(&kim).await;
        let run = staged(&kim, &source, PEOPLE, ACCESS).await;
        let employee = with_password(app, "Eve Employee", &[]).await;
        let auditor = with_password(app, "Ada Auditor", &[ConsoleRight::Audit]).await;
        let manager = with_password(app, "Ida Identities", &[ConsoleRight::ManageIdentities]).await;
        let path = format!("{source}/import");
        let files = [("files", "applications.csv", APPLICATIONS)];
        for (who, status) in [
            (Browser::new(app.service()), StatusCode::SEE_OTHER),
            (
                Browser::signed_in(app.service(), &employee).await,
                StatusCode::FORBIDDEN,
            ),
            (
                Browser::signed_in(app.service(), &auditor).await,
                StatusCode::FORBIDDEN,
            ),
        ] {
            let answer = who.upload(&path, &[], &files).await;
            assert_eq!(answer.status, status);
            assert!(!answer.location.starts_with("/runs"));
            assert_eq!(who.post(&format!("{run}/check"), &[]).await.status, status);
        }
        let ada = Browser::signed_in(app.service(), &auditor).await;
        let page = ada.get(&run).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(
            !page.text().contains("Ana Silva") && !page.text().contains("Cancel import"),
            "an auditor sees no rows and no buttons"
        );
        let ida = Browser::signed_in(app.service(), &manager).await;
        assert!(
            ida.upload(&path, &[], &files)
                .await
                .leads()
                .starts_with("/runs/")
        );
        let eve = Browser::signed_in(app.service(), &employee).await;
        for hidden in ["/overview", "/findings"] {
            assert_eq!(
                eve.get(hidden).await.status,
                StatusCode::NOT_FOUND,
                "{hidden}"
            );
        }
        assert_eq!(eve.get("/access").await.status, StatusCode::FORBIDDEN);
    })
    .await;
}

#[tokio::test]
async fn the_folder_of_a_source_is_offered_to_administrators_alone() {
    both_apps(async |app| {
        app.welcome().await;
        let kim = Browser::signed_in(app.service(), "kim.lee").await;
        let manager = with_password(app, "Ida Identities", &[ConsoleRight::ManageIdentities]).await;
        let ida = Browser::signed_in(app.service(), &manager).await;
        let offers = |page: &Answer| page.body.contains("name=\"folder\"");
        assert!(offers(&kim.get("/sources/new").await));
        let page = ida.get("/sources/new").await;
        assert!(!offers(&page));
        let why = "Only an administrator can choose the folder";
        assert!(page.text().contains(why), "{}", page.text());
        let fields = [
            ("name", "HR"),
            ("mode", "delta"),
            ("folder", "/var/lib/bailiwick/drop"),
            ("every_minutes", "60"),
        ];
        let refused = ida.post("/sources/new", &fields).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        let source = kim.post("/sources/new", &fields).await.leads().to_owned();
        // What the form does not offer stays as it is.
        let edit = format!("{source}/edit");
        let page = ida.get(&edit).await;
        assert!(!offers(&page) && page.text().contains(why));
        let (_, rest) = page.body.split_once("name=\"version\"").expect("a version");
        let (_, rest) = rest.split_once("value=\"").expect("a version");
        let version = rest.split('"').next().unwrap_or_default();
        let fields = [("name", "People"), ("mode", "delta"), ("version", version)];
        assert_eq!(ida.post(&edit, &fields).await.leads(), source);
        let text = kim.get(&source).await.text();
        assert!(
            text.contains("People") && text.contains("/var/lib/bailiwick/drop"),
            "{text}"
        );
    })
    .await;
}
