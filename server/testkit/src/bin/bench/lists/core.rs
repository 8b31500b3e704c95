//! Who works on which core: the server on the first, the load and everything else of ours on the others.

use std::process::{Command, Stdio};

use crate::machine::cores;

/// How the cores are shared out; given back when dropped.
#[derive(Debug)]
pub(crate) struct Cores {
    split: bool,
}

/// Leaves the first core to the server, when there are several and `taskset` is there.
pub(crate) fn split() -> Cores {
    Cores {
        split: cores() > 1 && keep_to(&format!("1-{}", cores() - 1)),
    }
}

impl Cores {
    pub(crate) const fn server(&self) -> Option<usize> {
        if self.split { Some(0) } else { None }
    }

    pub(crate) const fn words(&self) -> &'static str {
        if self.split {
            "server on one core, load on another"
        } else {
            "server and load on the same cores"
        }
    }
}

impl Drop for Cores {
    fn drop(&mut self) {
        if self.split {
            keep_to(&format!("0-{}", cores().max(2) - 1));
        }
    }
}

/// Keeps this process to some cores.
fn keep_to(cores: &str) -> bool {
    let mut command = Command::new("taskset");
    command.args(["-a", "-c", "-p", cores, &std::process::id().to_string()]);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
