//! `cargo xtask start`: build what changed, then become the server.
//!
//! The server replaces this process, so that signals, exit status and output are its own.

use std::{ffi::OsString, path::PathBuf, process::Command};

use clap::Args;

use crate::build;

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// A sample company in a data directory of its own
    #[arg(long)]
    demo: bool,
    /// Where the database, keys and log live [default: data, or data-demo with --demo]
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Address and port to listen on, handed to the server
    #[arg(long, value_name = "ADDR")]
    listen: Option<String>,
}

pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    build::run_release()?;
    let mut server = Command::new("target/release/bailiwick");
    server.args(arguments(options));
    become_server(server)
}

fn arguments(options: &Options) -> Vec<OsString> {
    let (command, folder) = if options.demo {
        ("demo", "data-demo")
    } else {
        ("serve", "data")
    };
    let folder = options.data_dir.clone().unwrap_or_else(|| folder.into());
    let mut arguments = vec![command.into(), "--data-dir".into(), folder.into_os_string()];
    if let Some(listen) = &options.listen {
        arguments.extend(["--listen".into(), listen.into()]);
    }
    arguments
}

#[cfg(unix)]
fn become_server(mut server: Command) -> anyhow::Result<()> {
    use std::os::unix::process::CommandExt as _;
    // `exec` returns only when it failed.
    Err(anyhow::Error::from(server.exec()).context("cannot start target/release/bailiwick"))
}

#[cfg(not(unix))]
fn become_server(mut server: Command) -> anyhow::Result<()> {
    crate::process::run(&mut server)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(demo: bool, data_dir: Option<&str>, listen: Option<&str>) -> String {
        let options = Options {
            demo,
            data_dir: data_dir.map(PathBuf::from),
            listen: listen.map(str::to_owned),
        };
        arguments(&options)
            .join(&OsString::from(" "))
            .into_string()
            .unwrap()
    }

    #[test]
    fn the_demo_never_touches_the_data() {
        assert_eq!(words(false, None, None), "serve --data-dir data");
        assert_eq!(words(true, None, None), "demo --data-dir data-demo");
    }

    #[test]
    fn choices_are_handed_on() {
        let expected = "serve --data-dir /srv/b --listen 0.0.0.0:80";
        assert_eq!(words(false, Some("/srv/b"), Some("0.0.0.0:80")), expected);
    }
}
