//! The texts that the checks read: everything we wrote, nothing we built or installed.

use std::{fs, path::Path};

use crate::files;

const OURS: [&str; 6] = ["rs", "css", "mjs", "md", "toml", "sql"];
const NOT_OURS: [&str; 5] = [
    "./target",
    "./data",
    "./data-demo",
    "./end2end/node_modules",
    "./end2end/results",
];

/// One file: path from the workspace root with forward slashes, and its text.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) path: String,
    pub(super) text: String,
}

impl Source {
    /// Lines with their numbers from 1.
    pub(super) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.text.lines())
    }

    pub(super) fn extension(&self) -> &str {
        self.path
            .rsplit_once('.')
            .map_or("", |(_, extension)| extension)
    }
}

#[derive(Debug)]
pub(super) struct Sources(Vec<Source>);

impl Sources {
    pub(super) fn read() -> anyhow::Result<Self> {
        let mut sources = Vec::new();
        for path in files::walk(Path::new("."), &NOT_OURS)? {
            let name = path.to_string_lossy().replace('\\', "/");
            let name = name.trim_start_matches("./").to_owned();
            let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
            if OURS.contains(&extension) {
                sources.push(Source {
                    text: fs::read_to_string(&path)?,
                    path: name,
                });
            }
        }
        Ok(Self(sources))
    }

    #[cfg(test)]
    pub(super) fn of(files: &[(&str, &str)]) -> Self {
        let source = |(path, text): &(&str, &str)| Source {
            path: (*path).to_owned(),
            text: (*text).to_owned(),
        };
        Self(files.iter().map(source).collect())
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Source> {
        self.0.iter()
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn get(&self, path: &str) -> Option<&Source> {
        self.0.iter().find(|source| source.path == path)
    }

    /// Files below a folder (named with its closing slash) of one kind.
    pub(super) fn below<'a>(
        &'a self,
        folder: &'a str,
        extension: &'a str,
    ) -> impl Iterator<Item = &'a Source> {
        self.0.iter().filter(move |source| {
            source.path.starts_with(folder) && source.extension() == extension
        })
    }
}
