//! The harness itself: it sets a console up, and it does not let a damaged database pass.

use domain::permission::{ConsoleRight, Rights};
use storage::Store;
use testkit::{Engine, TestApp, both_apps};

#[tokio::test]
async fn a_console_is_set_up_with_whom_a_test_needs() {
    both_apps(async |app| {
        let kim = app.welcome().await;
        let ana = app.someone("Ana Silva", &[ConsoleRight::Audit]).await;
        let mut read = app.db().read().await;
        for (cx, right) in [(kim, ConsoleRight::Administer), (ana, ConsoleRight::Audit)] {
            let rights = read
                .console_rights(cx.me().unwrap(), app.service().now())
                .await
                .unwrap();
            assert_eq!(
                (rights, cx.actor.rights()),
                (Rights::NONE.with(right), rights)
            );
        }
    })
    .await;
}

#[tokio::test]
#[should_panic(expected = "the log does not verify")]
async fn a_change_behind_the_log_is_noticed() {
    let app = TestApp::new(Engine::Sqlite).await;
    app.welcome().await;
    let Store::Sqlite { writer, .. } = app.db().store() else {
        panic!("a SQLite store")
    };
    sqlx::query("UPDATE identity SET display_name = 'Somebody Else'")
        .execute(writer)
        .await
        .unwrap();
    app.finish().await;
}
