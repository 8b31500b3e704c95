//! Small file work that several commands share: walking a folder and writing in one move.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context as _;

/// All files below `folder`, sorted, so that hashes and findings never depend on the disk's order.
/// Hidden entries and the paths in `skip` are left out; a missing folder has no files.
pub(crate) fn walk(folder: &Path, skip: &[&str]) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    if folder.is_dir() {
        collect(folder, skip, &mut files)?;
        files.sort();
    }
    Ok(files)
}

fn collect(folder: &Path, skip: &[&str], files: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in entries {
        let entry = entry?;
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        if hidden
            || skip
                .iter()
                .any(|skipped| entry.path() == Path::new(skipped))
        {
            continue;
        }
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), skip, files)?;
        } else {
            files.push(entry.path());
        }
    }
    Ok(())
}

/// The files of `folder` itself that end in `.extension`, sorted.
pub(crate) fn with_extension(folder: &Path, extension: &str) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = walk(folder, &[])?;
    files.retain(|file| {
        file.parent() == Some(folder) && file.extension().is_some_and(|found| found == extension)
    });
    Ok(files)
}

/// The name without its extension.
pub(crate) fn stem(path: &Path) -> String {
    path.file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

/// Writes beside the target and renames: a reader sees the old file or the new one, never half of one.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let folder = path.parent().context("a file needs a folder")?;
    let mut beside = tempfile::NamedTempFile::new_in(folder)?;
    std::io::Write::write_all(&mut beside, bytes)?;
    beside
        .persist(path)
        .with_context(|| format!("cannot write {}", path.display()))?;
    // A temporary file is private by default; what the site holds is public.
    make_readable(path)
}

#[cfg(unix)]
fn make_readable(path: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    Ok(fs::set_permissions(
        path,
        fs::Permissions::from_mode(0o644),
    )?)
}

#[cfg(not(unix))]
fn make_readable(_path: &Path) -> anyhow::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_named_folder_is_left_out() {
        let root = tempfile::tempdir().unwrap();
        let place = |name: &str| root.path().join(name);
        for name in ["data", "src/data", ".git"] {
            fs::create_dir_all(place(name)).unwrap();
            fs::write(place(name).join("a.rs"), "").unwrap();
        }
        let skipped = place("data").display().to_string();
        let found = walk(root.path(), &[&skipped]).unwrap();
        assert_eq!(found, [place("src/data/a.rs")]);
        assert!(walk(&place("nowhere"), &[]).unwrap().is_empty());
    }

    #[test]
    fn a_file_is_replaced_whole() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("manifest.json");
        for text in ["one", "two"] {
            write_whole(&path, text.as_bytes()).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
        assert_eq!(
            walk(root.path(), &[]).unwrap().len(),
            1,
            "nothing is left beside it"
        );
    }
}
