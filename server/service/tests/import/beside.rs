//! Others write while an import is applied.

use std::pin::pin;
use std::task::Poll;

use domain::application::ApplicationDraft;
use domain::source::FileKind::Applications;
use domain::source::ImportMode::Delta;
use domain::source::RunState;
use service::applications;
use service::imports::{self, Progress, Worker};
use testkit::both_apps;

use crate::kit::{done, stage};

#[tokio::test]
async fn what_somebody_adds_meanwhile_makes_an_import_compare_again() {
    both_apps(async |app| {
        let (service, cx) = (app.service(), app.welcome().await);
        for polls in 0..40 {
            let file = format!("application\napp{polls}\n");
            let run = stage(service, &cx, "crm", Delta, &[(Applications, &file)])
                .await
                .expect("staged");
            imports::check(service, &cx, run, &Progress::silent())
                .await
                .expect("a check");
            let (silent, worker) = (Progress::silent(), Worker::named("a test"));
            let mut apply = pin!(imports::apply(service, &cx, run, None, worker, &silent));
            let mut left = polls;
            let early = std::future::poll_fn(|context| {
                if left == 0 {
                    return Poll::Ready(None);
                }
                left -= 1;
                apply.as_mut().poll(context).map(Some)
            })
            .await;
            let draft = ApplicationDraft {
                name: format!("app{polls}"),
                display_name: format!("By hand {polls}"),
                criticality: "low".to_owned(),
                ..ApplicationDraft::default()
            };
            let add = applications::create(service, &cx, &draft);
            let outcome = match early {
                Some(outcome) => outcome,
                None => tokio::join!(apply, add).0,
            };
            let run = done(outcome.expect("an end"));
            assert_eq!(
                (run.state, run.message.as_str()),
                (RunState::Applied, ""),
                "after {polls} polls"
            );
        }
    })
    .await;
}
