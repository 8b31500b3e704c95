//! The stylesheet: `style/main.css` and everything it imports, as one minified file, and the fonts it names.
//!
//! Browsers of the last two years are the target, so that `light-dark()`, nesting and `oklch()` stay as
//! written. Font addresses are rewritten to the hashed files; any other relative address is an error.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context as _, anyhow, bail};
use lightningcss::{
    bundler::{Bundler, FileProvider},
    dependencies::{Dependency, DependencyOptions, UrlDependency},
    stylesheet::{MinifyOptions, ParserOptions, PrinterOptions, ToCssResult},
    targets::{Browsers, Targets},
};

use super::{
    Recipe,
    asset::{Asset, short_hash},
};
use crate::files;

const MAIN: &str = "style/main.css";
const FONTS: &str = "style/fonts";

/// Each font file; `geist-latin-….woff2` is asked for as `geist.woff2`.
pub(crate) fn fonts() -> anyhow::Result<Recipe<'static>> {
    let mut fonts = Vec::new();
    for file in files::with_extension(Path::new(FONTS), "woff2")? {
        fonts.push((files::stem(&file), fs::read(&file)?));
    }
    let parts = fonts
        .iter()
        .flat_map(|(name, bytes)| [name.as_bytes(), bytes.as_slice()]);
    Ok(Recipe {
        inputs: short_hash(parts),
        make: Box::new(move || {
            Ok(fonts
                .iter()
                .map(|(stem, bytes)| font(stem, bytes))
                .collect())
        }),
    })
}

fn font(stem: &str, bytes: &[u8]) -> Asset {
    let family = family(stem);
    let logical = format!("{family}.woff2");
    Asset::hashed(
        &logical,
        &format!("{family}-latin"),
        "woff2",
        bytes.to_vec(),
    )
}

/// `geist-mono-latin-wght-normal` is of the family `geist-mono`.
fn family(stem: &str) -> &str {
    stem.split_once("-latin").map_or(stem, |(family, _)| family)
}

/// All CSS below `style/`, and the names of the fonts it will point to.
pub(crate) fn sources(fonts: BTreeMap<String, String>) -> anyhow::Result<Recipe<'static>> {
    let mut sheets = files::walk(Path::new("style"), &[])?;
    sheets.retain(|file| file.extension().is_some_and(|found| found == "css"));
    let mut read = vec![];
    for sheet in &sheets {
        read.push(sheet.display().to_string().into_bytes());
        read.push(fs::read(sheet)?);
    }
    let served = fonts.values().map(String::as_bytes);
    let inputs = short_hash(read.iter().map(Vec::as_slice).chain(served));
    Ok(Recipe {
        inputs,
        make: Box::new(move || {
            let css = bundle(Path::new(MAIN), &fonts)?.into_bytes();
            Ok(vec![Asset::hashed("style.css", "style", "css", css)])
        }),
    })
}

/// Evergreen browsers as they were two years ago.
fn targets() -> Targets {
    let version = |major: u32, minor: u32| Some(major << 16 | minor << 8);
    Targets::from(Browsers {
        chrome: version(131, 0),
        edge: version(131, 0),
        firefox: version(132, 0),
        safari: version(18, 1),
        ios_saf: version(18, 1),
        ..Browsers::default()
    })
}

fn bundle(main: &Path, fonts: &BTreeMap<String, String>) -> anyhow::Result<String> {
    let files = FileProvider::new();
    let mut bundler = Bundler::new(&files, None, ParserOptions::default());
    // The error borrows from the provider: turn it into text before it leaves.
    let mut sheet = bundler.bundle(main).map_err(|error| anyhow!("{error}"))?;
    sheet
        .minify(MinifyOptions {
            targets: targets(),
            ..MinifyOptions::default()
        })
        .map_err(|error| anyhow!("{error}"))?;
    let printed = sheet
        .to_css(PrinterOptions {
            minify: true,
            targets: targets(),
            analyze_dependencies: Some(DependencyOptions {
                remove_imports: false,
            }),
            ..PrinterOptions::default()
        })
        .map_err(|error| anyhow!("{error}"))?;
    address(printed, fonts)
}

/// Puts the served addresses in place of the printer's placeholders.
fn address(printed: ToCssResult, fonts: &BTreeMap<String, String>) -> anyhow::Result<String> {
    let mut code = printed.code;
    for dependency in printed.dependencies.unwrap_or_default() {
        match dependency {
            Dependency::Url(url) => code = code.replace(&url.placeholder, &served(&url, fonts)?),
            Dependency::Import(import) => bail!("@import \"{}\" was left over", import.url),
        }
    }
    Ok(code)
}

fn served(url: &UrlDependency, fonts: &BTreeMap<String, String>) -> anyhow::Result<String> {
    if url.url.starts_with("data:") || url.url.starts_with('#') {
        return Ok(url.url.clone());
    }
    let stem = files::stem(Path::new(&url.url));
    fonts
        .get(&format!("{}.woff2", family(&stem)))
        .cloned()
        .with_context(|| {
            let (file, line) = (&url.loc.file_path, url.loc.start.line);
            format!(
                "{file}:{line}: url({}) is no file of {FONTS}; put it there",
                url.url
            )
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bundled(sheets: &[(&str, &str)]) -> anyhow::Result<String> {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in sheets {
            fs::write(folder.path().join(name), text).unwrap();
        }
        let fonts = BTreeMap::from([("geist.woff2".into(), "/assets/geist-latin.1.woff2".into())]);
        bundle(&folder.path().join("main.css"), &fonts)
    }

    #[test]
    fn imports_keep_their_layers() {
        let css = bundled(&[
            (
                "main.css",
                "@layer base, parts;\n@import \"a.css\" layer(parts);\n",
            ),
            ("a.css", ".a { color: var(--ink); }"),
        ]);
        assert_eq!(
            css.unwrap(),
            "@layer base;@layer parts{.a{color:var(--ink)}}"
        );
    }

    #[test]
    fn modern_css_stays_as_written() {
        let css = bundled(&[(
            "main.css",
            ".a { color: light-dark(oklch(20% .1 30), oklch(90% .1 30)); & .b { margin-inline: 0 1px; } }",
        )])
        .unwrap();
        assert!(css.contains("light-dark(oklch("), "{css}");
        assert!(css.contains("& .b{margin-inline:0 1px}"), "{css}");
    }

    #[test]
    fn fonts_point_to_hashed_files() {
        let css = bundled(&[(
            "main.css",
            "@font-face { font-family: G; src: url(../fonts/geist-latin-wght-normal.woff2) format('woff2'); }",
        )])
        .unwrap();
        assert!(
            css.contains("url(\"/assets/geist-latin.1.woff2\")"),
            "{css}"
        );
    }

    #[test]
    fn an_unknown_address_is_refused() {
        let css = bundled(&[("main.css", "\n.a { background: url(missing.png); }")]);
        assert!(
            css.unwrap_err()
                .to_string()
                .contains("main.css:2: url(missing.png)")
        );
    }

    #[test]
    fn embedded_images_stay() {
        let css = bundled(&[("main.css", ".a { mask: url(data:image/svg+xml,x); }")]).unwrap();
        assert!(css.contains("data:image/svg+xml,x"), "{css}");
    }
}
