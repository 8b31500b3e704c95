//! Reports: counted once a day by the housekeeping, and summed up from campaigns.

use domain::report::{Check, Measure};
use domain::time::{DAY, HOUR};
use service::reports::{self, File, Proof};
use service::{Error, housekeeping};
use testkit::both_apps;

use crate::kit::{Kit, keep, revoke};

#[tokio::test]
async fn reports_say_what_campaigns_came_to_and_what_was_counted() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let id = kit.campaign(kit.five()).await;
        kit.staged(&kit.bo, id, 1, &keep()).await;
        kit.staged(&kit.bo, id, 4, &revoke()).await;
        app.clock().advance(5 * HOUR);
        kit.submit(&kit.bo, id).await.expect("it is submitted");
        let before = reports::read(app.service(), &kit.admin)
            .await
            .expect("reports");
        assert!(before.days.is_empty());
        assert!(
            before
                .controls
                .iter()
                .any(|line| line.proof == Proof::Unknown)
        );
        housekeeping::round(app.service()).await;
        housekeeping::round(app.service()).await;
        app.clock().advance(DAY);
        housekeeping::round(app.service()).await;
        let found = reports::read(app.service(), &kit.admin)
            .await
            .expect("reports");
        assert_eq!(found.days.len(), 2, "a day is counted once");
        let latest = found.latest().expect("it was counted");
        assert_eq!(latest.day, found.today);
        assert_eq!(latest.get(Measure::People), Some(4));
        // The administrator’s right is the only access there is.
        assert_eq!(latest.get(Measure::Held), Some(1));
        assert_eq!(latest.get(Measure::ReviewedYear), Some(0));
        assert_eq!(latest.get(Measure::Leavers), Some(0));
        let came = &found.campaigns[0];
        assert_eq!(
            (came.kept, came.revoked, came.changed, came.open),
            (1, 1, 0, 3)
        );
        assert_eq!(came.median_hours, Some(5));
        assert!(!came.overdue(app.service().now()));
        assert!(came.overdue(came.campaign.content.due.plus(1)));
        for line in &found.controls {
            let met = match line.control.check {
                Check::ReviewedQuarter | Check::ReviewedHalf | Check::ReviewedYear => Some(false),
                Check::NoLeavers | Check::Logged => Some(true),
                _ => continue,
            };
            assert_eq!(line.proof.met(), met, "{line:?}");
        }
        for file in File::ALL {
            let bytes = reports::file(app.service(), &kit.admin, *file)
                .await
                .expect("a file");
            let text = String::from_utf8(bytes).expect("UTF-8");
            let lines = text.lines().count();
            let expected = match file {
                File::Access => 3,
                File::Reviews => 2,
                File::Requests => 1,
                File::Controls => 1 + found.controls.len(),
            };
            assert_eq!(lines, expected, "{text}");
        }
        let refused = reports::read(app.service(), &kit.ana).await;
        assert!(matches!(refused, Err(Error::NotFound)), "{refused:?}");
        let refused = reports::file(app.service(), &kit.ana, File::Reviews).await;
        assert!(matches!(refused, Err(Error::NotFound)), "{refused:?}");
    })
    .await;
}
