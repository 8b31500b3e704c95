//! A throw-away PostgreSQL: own folder, own port, no durability, gone with the value that stands for it.
//!
//! A small keeper process stops the server and removes the folder as soon as we are gone, however we went:
//! it waits for the end of a pipe that only we hold open. Never touches a server that is installed as a service.

use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use anyhow::{Context as _, bail};

use crate::process;

/// At the end of its standard input: stop the server and remove its folder. More than once, because a
/// server that is just starting cannot be stopped yet and may still write.
const KEEPER: &str = r#"cd /; cat >/dev/null
for again in 1 2 3 4 5; do
  "$@" -m immediate -w stop; rm -rf "$KEPT"; sleep 0.2
  [ -e "$KEPT" ] || exit 0
  sleep 1
done"#;
const ATTEMPTS: usize = 3;

/// A running server; stopped and removed when dropped.
#[derive(Debug)]
pub(crate) struct Postgres {
    port: u16,
    keeper: Child,
}

impl Postgres {
    /// Makes a cluster and starts a server on a free port of the loopback address.
    pub(crate) fn start() -> anyhow::Result<Self> {
        let tools = Tools::find()?;
        let folder = tempfile::Builder::new()
            .prefix("bailiwick-postgres-")
            .tempdir()
            .context("a temporary folder for PostgreSQL")?;
        let data = folder.path().join("data");
        tools.make_room(folder.path(), &data)?;
        // From here on the keeper owns the folder.
        let keeper = tools.keeper(folder.path(), &data)?;
        let mut server = Self { port: 0, keeper };
        let _kept = folder.keep();
        process::read(tools.command("initdb").arg("-D").arg(&data).args([
            "-U",
            "app",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
        ]))?;
        server.port = tools.serve(&data)?;
        process::read(
            tools
                .command("createdb")
                .args(["-h", "127.0.0.1", "-U", "app", "app"])
                .args(["-p", &server.port.to_string()]),
        )?;
        Ok(server)
    }

    /// The address of an empty database whose user may create others.
    pub(crate) fn url(&self) -> String {
        format!("postgres://app@127.0.0.1:{}/app", self.port)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        // Nothing to be done about a failure here: the folder is temporary by name and place.
        let _ = self.keeper.wait();
    }
}

/// Where the programs are, and whether another user must run them: the server refuses to be root.
struct Tools {
    folder: PathBuf,
    as_postgres: bool,
}

impl Tools {
    fn find() -> anyhow::Result<Self> {
        let folder = folder().context("PostgreSQL is missing: install Debian's `postgresql`")?;
        Ok(Self {
            folder,
            as_postgres: process::is_root(),
        })
    }

    fn command(&self, program: &str) -> Command {
        let program = self.folder.join(program);
        let mut command = if self.as_postgres {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        // The other user may not enter our folder, and the programs complain about that.
        command.current_dir("/");
        command
    }

    /// A folder the server's user can reach, with one for the data that only it can read.
    fn make_room(&self, folder: &Path, data: &Path) -> anyhow::Result<()> {
        process::read(Command::new("chmod").arg("711").arg(folder))?;
        let mut install = Command::new("install");
        if self.as_postgres {
            install.args(["-o", "postgres", "-g", "postgres"]);
        }
        process::read(install.args(["-d", "-m", "700"]).arg(data)).map(drop)
    }

    fn keeper(&self, folder: &Path, data: &Path) -> anyhow::Result<Child> {
        let stop = self.command("pg_ctl");
        let mut keeper = Command::new("sh");
        keeper
            .args(["-c", KEEPER, "sh"])
            .arg(stop.get_program())
            .args(stop.get_args());
        keeper.arg("-D").arg(data).env("KEPT", folder);
        keeper
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        leave_group(&mut keeper);
        keeper.spawn().context("cannot run sh")
    }

    /// Starts the server; another program may take the free port first, hence the attempts.
    fn serve(&self, data: &Path) -> anyhow::Result<u16> {
        for _ in 0..ATTEMPTS {
            let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
            let options = format!(
                "-p {port} -k {} -c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=off \
                 -c full_page_writes=off -c shared_buffers=64MB -c max_connections=200",
                data.display()
            );
            let mut start = self.command("pg_ctl");
            start
                .arg("-D")
                .arg(data)
                .args(["-w", "-t", "30", "-o", &options, "-l"]);
            start.arg(data.join("server.log")).arg("start");
            // Not `read`: the server would keep its end of our pipe open for as long as it lives.
            if start
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()?
                .success()
            {
                return Ok(port);
            }
        }
        let log = std::fs::read_to_string(data.join("server.log")).unwrap_or_default();
        bail!(
            "PostgreSQL does not start: {}",
            log.lines().last().unwrap_or("it says nothing")
        )
    }
}

/// The folder of `initdb` and `pg_ctl`: on `PATH`, or where Debian puts them (the newest version).
pub(crate) fn folder() -> Option<PathBuf> {
    let on_path = process::find("initdb")
        .and_then(|file| Some(file.canonicalize().ok()?.parent()?.to_owned()));
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            Some((path.file_name()?.to_str()?.parse().ok()?, path.join("bin")))
        })
        .collect();
    versions.sort();
    let found = on_path
        .into_iter()
        .chain(versions.into_iter().rev().map(|(_, folder)| folder));
    found
        .into_iter()
        .find(|folder| folder.join("initdb").is_file() && folder.join("pg_ctl").is_file())
}

/// Ctrl-C at the terminal reaches the whole group; the keeper must outlive us to clean up.
#[cfg(unix)]
fn leave_group(command: &mut Command) {
    use std::os::unix::process::CommandExt as _;
    command.process_group(0);
}

#[cfg(not(unix))]
fn leave_group(_command: &mut Command) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_server_answers_and_leaves_nothing_behind() {
        let server = Postgres::start().unwrap();
        let (port, tools) = (server.port.to_string(), Tools::find().unwrap());
        let ask = |question: &str| {
            let select = [
                "-h",
                "127.0.0.1",
                "-U",
                "app",
                "-p",
                &port,
                "-At",
                "-c",
                question,
                "app",
            ];
            process::read(tools.command("psql").args(select))
                .unwrap()
                .trim()
                .to_owned()
        };
        assert_eq!(ask("select 6 * 7"), "42");
        let data = PathBuf::from(ask("show data_directory"));
        let folder = data.parent().unwrap();
        assert!(folder.is_dir());
        drop(server);
        assert!(!folder.exists(), "{} is still there", folder.display());
    }
}
