//! Running other programs: with their output passed on, or passed on and kept for counting.
//!
//! Does not decide what a failure means; callers do.

use std::{
    ffi::OsStr,
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context as _, bail};

/// The cargo that runs us, so that a toolchain override stays in force.
pub(crate) fn cargo<const N: usize>(arguments: [&str; N]) -> Command {
    let mut command =
        Command::new(std::env::var_os("CARGO").unwrap_or_else(|| OsStr::new("cargo").to_owned()));
    command.args(arguments);
    command
}

/// Runs to the end with inherited output; anything but success is an error that names the command.
pub(crate) fn run(command: &mut Command) -> anyhow::Result<()> {
    let status = command
        .status()
        .with_context(|| format!("cannot run {}", show(command)))?;
    if !status.success() {
        bail!("{} failed ({status})", show(command));
    }
    Ok(())
}

/// Runs to the end in silence and returns what was printed; the error carries what it complained about.
pub(crate) fn read(command: &mut Command) -> anyhow::Result<String> {
    let output = command
        .output()
        .with_context(|| format!("cannot run {}", show(command)))?;
    if !output.status.success() {
        let complaint = String::from_utf8_lossy(&output.stderr);
        bail!(
            "{} failed ({}): {}",
            show(command),
            output.status,
            complaint.trim()
        );
    }
    String::from_utf8(output.stdout).with_context(|| format!("{} printed no UTF-8", show(command)))
}

/// What a program printed on its standard output, and whether it ended well.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) text: String,
    pub(crate) success: bool,
}

/// Runs to the end, shows the standard output as it comes and keeps a copy.
pub(crate) fn tell(command: &mut Command) -> anyhow::Result<Told> {
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot run {}", show(command)))?;
    let output = child
        .stdout
        .take()
        .expect("invariant: standard output was piped");
    let mut output = BufReader::new(output);
    let (mut kept, mut line) = (Vec::new(), Vec::new());
    while output.read_until(b'\n', &mut line)? > 0 {
        std::io::stdout().write_all(&line)?;
        kept.append(&mut line);
    }
    let success = child.wait()?.success();
    Ok(Told {
        text: String::from_utf8_lossy(&kept).into_owned(),
        success,
    })
}

/// The full path of a program on `PATH`.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|file| is_file(file))
}

fn is_file(path: &Path) -> bool {
    path.metadata().is_ok_and(|meta| meta.is_file())
}

/// Whether we may install packages and must not run a database server as ourselves.
pub(crate) fn is_root() -> bool {
    read(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

/// The command line, for messages.
pub(crate) fn show(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program
        .file_name()
        .unwrap_or(program.as_os_str())
        .to_string_lossy();
    let arguments = command.get_args().map(OsStr::to_string_lossy);
    std::iter::once(name)
        .chain(arguments)
        .collect::<Vec<_>>()
        .join(" ")
}
