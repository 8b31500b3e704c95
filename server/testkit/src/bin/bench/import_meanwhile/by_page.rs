//! An import as an administrator does it in the browser: add a source, send the files, check, apply.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use domain::id::{SourceId, SourceRunId};
use domain::source::RunState;
use service::Store;

use crate::http::{Request, field};
use crate::server::Server;

/// Between two looks at the run.
const LOOK: Duration = Duration::from_millis(250);

/// Sends all files of a folder; answers the run that they belong to.
pub(super) async fn send(server: &Server, cookie: &str, folder: &Path) -> Result<SourceRunId> {
    let mut connection = server.connect().await?;
    let page = connection
        .send(&Request::get("/sources/new", &[("cookie", cookie)]))
        .await?
        .text();
    let key = field(&page, "idem").context("the form has a key")?;
    let fields = format!("idem={key}&name=bench&mode=snapshot");
    let made = connection
        .send(&Request::form_of("/sources/new", cookie, &fields))
        .await?;
    let source: SourceId = id_in(made.header("location"), "src_")?.parse()?;
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        files.push((name, std::fs::read(entry.path())?));
    }
    let path = format!("/sources/{source}/import");
    let values = [("idem", "files-of-the-bench"), ("mode", "snapshot")];
    let sent = connection
        .send(&Request::files(&path, cookie, &values, &files))
        .await?;
    Ok(id_in(sent.header("location"), "run_")?.parse()?)
}

/// Checks and applies a run; answers the seconds from asking to the end.
pub(super) async fn check_and_apply(
    server: &Server,
    cookie: &str,
    store: &Store,
    run: SourceRunId,
) -> Result<f64> {
    let begun = Instant::now();
    for (act, state) in [("check", RunState::Checked), ("apply", RunState::Applied)] {
        let asked = Request::form_of(
            &format!("/runs/{run}/{act}"),
            cookie,
            &format!("idem={act}-of-the-bench"),
        );
        server.connect().await?.send(&asked).await?;
        reached(store, run, state)
            .await
            .with_context(|| format!("{act} of the run"))?;
    }
    Ok(begun.elapsed().as_secs_f64())
}

async fn reached(store: &Store, run: SourceRunId, wanted: RunState) -> Result<()> {
    loop {
        let found = store
            .read()
            .await?
            .run(run)
            .await?
            .context("the run is there")?;
        if found.state == wanted {
            return Ok(());
        }
        if found.state.is_over() {
            bail!("it is {}: {}", found.state.word(), found.message);
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// The id of this kind in the address that an answer leads to.
fn id_in(location: Option<&str>, prefix: &str) -> Result<String> {
    let location = location.context("the answer leads nowhere")?;
    let at = location
        .find(prefix)
        .with_context(|| format!("{location} has no {prefix}"))?;
    let id = location[at..].split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    Ok(id.into_iter().next().unwrap_or_default().to_owned())
}
