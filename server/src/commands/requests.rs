//! `bailiwick requests`: everything that was asked for, where it stands and whom it waits for. It only reads.

use anyhow::Result;
use clap::Args;
use serde::Serialize;
use service::requests::{self, RequestLine};

use super::access::with;
use crate::config::Data;

/// Flags of `requests`.
#[derive(Debug, Args)]
pub(crate) struct Requests {
    /// Print JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    data: Data,
}

/// Things that are read at once.
const PART: u32 = 500;

#[derive(Debug, Serialize)]
struct RequestJson<'a> {
    request: String,
    requester: &'a str,
    beneficiary: &'a str,
    asked: String,
    items: Vec<ItemJson<'a>>,
}

#[derive(Debug, Serialize)]
struct ItemJson<'a> {
    item: String,
    kind: &'static str,
    what: &'a str,
    length: String,
    reason: &'a str,
    state: &'static str,
    waits_for: Vec<&'a str>,
    ended: Option<String>,
}

fn item(line: &RequestLine) -> ItemJson<'_> {
    let content = &line.item.content;
    ItemJson {
        item: line.item.id.to_string(),
        kind: content.kind.word(),
        what: &line.thing,
        length: content.length.text(),
        reason: &content.reason,
        state: content.state.word(),
        waits_for: line.waits_for.iter().map(|one| one.name.as_str()).collect(),
        ended: content.ended.map(|at| at.to_string()),
    }
}

/// Requests with their items, the newest request first and its items in their order.
fn grouped(lines: &[RequestLine]) -> Vec<RequestJson<'_>> {
    let mut all: Vec<RequestJson<'_>> = Vec::new();
    for line in lines {
        let content = &line.item.content;
        let request = content.request.to_string();
        match all.last_mut().filter(|last| last.request == request) {
            // The list has the newest item first; a request tells them in the order in which they were asked for.
            Some(last) => last.items.insert(0, item(line)),
            None => all.push(RequestJson {
                request,
                requester: &line.requester.name,
                beneficiary: &line.beneficiary.name,
                asked: content.created.to_string(),
                items: vec![item(line)],
            }),
        }
    }
    all
}

pub(crate) async fn requests(arguments: Requests) -> Result<()> {
    with(&arguments.data, async |service, cx| {
        let mut lines = Vec::new();
        let mut before = None;
        loop {
            let page = requests::list(service, cx, (true, None), None, before, PART).await?;
            lines.extend(page.rows);
            before = page.next;
            if before.is_none() {
                break;
            }
        }
        let all = grouped(&lines);
        if arguments.json {
            say!("{}", serde_json::to_string_pretty(&all)?);
            return Ok(());
        }
        for request in &all {
            for item in &request.items {
                let waits = if item.waits_for.is_empty() {
                    String::new()
                } else {
                    format!("\twaits for {}", item.waits_for.join(", "))
                };
                say!(
                    "{}\t{}\t{}\t{}\t{}{waits}",
                    request.request,
                    request.beneficiary,
                    item.what,
                    item.length,
                    item.state
                );
            }
        }
        eprintln!("{} in all.", all.len());
        Ok(())
    })
    .await
}
