//! Approval flows: every version is kept, names are unique among those that have not ended.

use domain::approval::FlowContent;
use domain::id::ApprovalFlowId;
use domain::lifecycle::Lifecycle;
use domain::time::MINUTE;
use storage::Error;
use testkit::{START, TestStore, both_engines};

use crate::support::commit;

pub(crate) fn a_flow(name: &str) -> FlowContent {
    FlowContent {
        name: name.to_owned(),
        ..FlowContent::standard()
    }
}

pub(crate) async fn flow(db: &TestStore, content: &FlowContent) -> ApprovalFlowId {
    let mut tx = db.write().await;
    let (id, target) = tx.insert_flow(content).await.expect("a flow");
    commit(tx, [target]).await;
    id
}

#[tokio::test]
async fn a_flow_is_found_by_id_and_name_and_keeps_its_versions() {
    both_engines(async |db| {
        let id = flow(db, &a_flow("Für SAP")).await;
        flow(db, &a_flow("alles")).await;
        let mut read = db.read().await;
        let first = read.flow(id).await.unwrap().unwrap();
        assert_eq!((first.id, &first.content), (Some(id), &a_flow("Für SAP")));
        assert_eq!(read.flow_named("FÜR SAP").await.unwrap(), Some(id));
        assert_eq!(read.flow_named("a\0").await.unwrap(), None);
        let names = |flows: Vec<domain::approval::Flow>| -> Vec<String> {
            flows.into_iter().map(|flow| flow.content.name).collect()
        };
        assert_eq!(names(read.flows(9).await.unwrap()), ["alles", "Für SAP"]);
        assert_eq!(names(read.flows(1).await.unwrap()), ["alles"]);
        assert_eq!(read.flow(ApprovalFlowId::from_raw(99)).await.unwrap(), None);
        drop(read);
        db.clock().advance(MINUTE);
        let mut tx = db.write().await;
        let ended = FlowContent {
            status: Lifecycle::Ended,
            ..a_flow("Für SAP")
        };
        let target = tx
            .replace_flow(id, first.recorded_from, &ended)
            .await
            .unwrap();
        commit(tx, [target]).await;
        let mut read = db.read().await;
        let versions = read.flow_versions(id, 9).await.unwrap();
        assert_eq!(versions.len(), 2);
        assert_eq!((&versions[0].content, &versions[1]), (&ended, &first));
        assert_eq!(read.flow_versions(id, 1).await.unwrap(), versions[..1]);
        assert_eq!(names(read.flows(9).await.unwrap()), ["alles"]);
        assert_eq!(read.flow_named("für sap").await.unwrap(), None);
        drop(read);
        flow(db, &a_flow("für sap")).await;
    })
    .await;
}

#[tokio::test]
async fn a_newer_version_and_a_name_that_is_taken_are_refused() {
    both_engines(async |db| {
        let id = flow(db, &a_flow("One")).await;
        let mut tx = db.write().await;
        let stale = tx
            .replace_flow(id, START.plus(-MINUTE), &a_flow("Two"))
            .await;
        assert!(matches!(stale, Err(Error::Stale)));
        drop(tx);
        let mut tx = db.write().await;
        assert!(tx.insert_flow(&a_flow("ONE")).await.is_err());
    })
    .await;
}
