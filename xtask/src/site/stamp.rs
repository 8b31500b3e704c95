//! `target/site.stamp`: what each step read and made the last time, so that it can be skipped.
//!
//! The stamp also knows the xtask binary that wrote it: a changed recipe makes everything anew. It lies
//! beside the site, not in it, because all that is in it goes into the server.

use std::{collections::BTreeMap, fs, path::Path, time::SystemTime};

use serde::{Deserialize, Serialize};

use crate::files;

const STAMP: &str = "target/site.stamp";

#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Stamp {
    tool: String,
    steps: BTreeMap<String, Made>,
}

/// What one step read and made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Made {
    /// Hash of everything the step read.
    pub(crate) inputs: String,
    /// Logical name to served path.
    pub(crate) outputs: BTreeMap<String, String>,
    /// Logical name to the bytes a current browser transfers.
    pub(crate) sizes: BTreeMap<String, u64>,
}

impl Made {
    pub(crate) fn of(inputs: &str) -> Self {
        Self {
            inputs: inputs.to_owned(),
            outputs: BTreeMap::new(),
            sizes: BTreeMap::new(),
        }
    }

    fn stands(&self, site: &Path) -> bool {
        let paths = self
            .outputs
            .values()
            .filter_map(|served| served.strip_prefix('/'));
        paths.into_iter().all(|path| site.join(path).is_file())
    }
}

impl Stamp {
    /// The last build's stamp; an unreadable or foreign one counts as none.
    pub(crate) fn load() -> anyhow::Result<Self> {
        let tool = tool()?;
        let stamp = fs::read(STAMP)
            .ok()
            .and_then(|text| serde_json::from_slice::<Self>(&text).ok());
        Ok(stamp.filter(|stamp| stamp.tool == tool).unwrap_or(Self {
            tool,
            ..Self::default()
        }))
    }

    pub(crate) fn save(&self) -> anyhow::Result<()> {
        files::write_whole(Path::new(STAMP), &serde_json::to_vec_pretty(self)?)
    }

    /// What the step made from the same inputs, when all of it is still there.
    pub(crate) fn find(&self, step: &str, inputs: &str, site: &Path) -> Option<Made> {
        self.steps
            .get(step)
            .filter(|made| made.inputs == inputs && made.stands(site))
            .cloned()
    }

    pub(crate) fn set(&mut self, step: &str, made: Made) {
        self.steps.insert(step.to_owned(), made);
    }

    /// Every step's outputs together: the manifest.
    pub(crate) fn outputs(&self) -> BTreeMap<String, String> {
        self.steps
            .values()
            .flat_map(|made| made.outputs.clone())
            .collect()
    }

    /// Everything a first visit transfers; the files of the step `later` it does not ask for.
    pub(crate) fn brotli_but(&self, later: &[&str]) -> u64 {
        self.steps
            .iter()
            .filter(|(step, _)| !later.contains(&step.as_ref()))
            .flat_map(|(_, made)| made.sizes.values())
            .sum()
    }
}

/// Size and time of our own binary.
fn tool() -> anyhow::Result<String> {
    let meta = fs::metadata(std::env::current_exe()?)?;
    let changed = meta.modified()?.duration_since(SystemTime::UNIX_EPOCH)?;
    Ok(format!("{}-{}", meta.len(), changed.as_nanos()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_known_only_with_the_same_inputs_and_its_files() {
        let site = tempfile::tempdir().unwrap();
        let mut made = Made::of("in-1");
        made.outputs
            .insert("style.css".into(), "/assets/style.1.css".into());
        made.outputs
            .insert("bailiwick".into(), "bailiwick.1".into());
        let mut stamp = Stamp::default();
        stamp.set("styles", made.clone());

        assert_eq!(
            stamp.find("styles", "in-1", site.path()),
            None,
            "the file is missing"
        );
        fs::create_dir(site.path().join("assets")).unwrap();
        fs::write(site.path().join("assets/style.1.css"), "a{}").unwrap();
        assert_eq!(stamp.find("styles", "in-1", site.path()), Some(made));
        assert_eq!(
            stamp.find("styles", "in-2", site.path()),
            None,
            "other inputs"
        );
        assert_eq!(
            stamp.find("icons", "in-1", site.path()),
            None,
            "another step"
        );
    }
}
