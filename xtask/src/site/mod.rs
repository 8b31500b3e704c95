//! `target/site`: everything the browser loads, under hashed names, compressed once at build time.
//!
//! A step whose inputs did not change is skipped. The manifest is written last and in one move, and only
//! then are files of earlier builds removed: a running development server never sees half a site.

mod asset;
mod icons;
mod modules;
mod stamp;
mod styles;
mod wasm_target;

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::Context as _;

use crate::{files, report};
use asset::Asset;
use stamp::{Made, Stamp};

const SITE: &str = "target/site";
const ASSETS: &str = "target/site/assets";
/// Kilobytes of brotli that a file must not exceed, so that a first visit stays quick.
const LIMITS: [(&str, u64); 3] = [
    ("bailiwick.wasm", 160),
    ("style.css", 25),
    ("verifier.wasm", 200),
];
/// The steps whose files only one page loads.
const LATER: &str = "verifier";
const LATER_SCRIPT: &str = "verify";
const MANIFEST: &str = "target/site/manifest.json";

/// Logical name to served path, as the server reads it.
#[derive(Debug)]
pub(crate) struct Manifest(BTreeMap<String, String>);

impl Manifest {
    /// The manifest of the last build.
    pub(crate) fn read() -> anyhow::Result<Self> {
        let text = fs::read(MANIFEST).context("no site yet; run `cargo xtask build`")?;
        Ok(Self(serde_json::from_slice(&text)?))
    }

    /// Changes when any served file changes.
    pub(crate) fn fingerprint(&self) -> String {
        asset::short_hash(self.0.values().map(String::as_bytes))
    }

    fn write(&self) -> anyhow::Result<()> {
        let mut text = serde_json::to_vec_pretty(&self.0)?;
        text.push(b'\n');
        if fs::read(MANIFEST).is_ok_and(|old| old == text) {
            return Ok(());
        }
        files::write_whole(Path::new(MANIFEST), &text)
    }
}

/// Brings `target/site` up to date.
pub(crate) fn build() -> anyhow::Result<Manifest> {
    fs::create_dir_all(ASSETS)?;
    let mut stamp = Stamp::load()?;
    report::step(
        "target",
        "wasm32-unknown-unknown for the browser's code",
        wasm_target::ensure,
    )?;
    let wasm = report::step("islands", "compile the islands to WebAssembly", || {
        modules::compile(modules::ISLANDS)
    })?;
    make(
        &mut stamp,
        "bindgen",
        "bind them to JavaScript and compress",
        &modules::sources(modules::ISLANDS, &wasm),
    )?;
    let wasm = report::step(
        "proofs",
        "compile the verifier of evidence packs to WebAssembly",
        || modules::compile(modules::VERIFIER),
    )?;
    make(
        &mut stamp,
        LATER,
        "bind it to JavaScript and compress",
        &modules::sources(modules::VERIFIER, &wasm),
    )?;
    make(
        &mut stamp,
        LATER_SCRIPT,
        "the page that verifies",
        &modules::page_script()?,
    )?;
    let fonts = make(
        &mut stamp,
        "fonts",
        "Geist and Geist Mono",
        &styles::fonts()?,
    )?;
    make(
        &mut stamp,
        "styles",
        "bundle and minify style/main.css",
        &styles::sources(fonts)?,
    )?;
    make(
        &mut stamp,
        "icons",
        "one sprite from style/icons",
        &icons::sources()?,
    )?;
    make(
        &mut stamp,
        "favicon",
        "style/favicon.svg",
        &icons::favicon()?,
    )?;
    let manifest = Manifest(stamp.outputs());
    manifest.write()?;
    sweep(&manifest)?;
    stamp.save()?;
    println!(
        "  first load {} brotli (limit 350 kB)",
        report::kilobytes(stamp.brotli_but(&[LATER, LATER_SCRIPT]))
    );
    Ok(manifest)
}

/// What a step reads and how it makes assets of it.
struct Recipe<'a> {
    inputs: String,
    make: Box<dyn Fn() -> anyhow::Result<Vec<Asset>> + 'a>,
}

/// Runs a recipe unless its inputs are those of the last build and its files still stand there.
fn make(
    stamp: &mut Stamp,
    name: &'static str,
    what: &str,
    recipe: &Recipe<'_>,
) -> anyhow::Result<BTreeMap<String, String>> {
    report::step(name, what, || {
        let known = stamp.find(name, &recipe.inputs, Path::new(SITE));
        let state = if known.is_some() { "unchanged" } else { "done" };
        let made = match known {
            Some(made) => made,
            None => write(recipe)?,
        };
        let remark = format!("{state}: {}", sizes(&made.sizes));
        let outputs = made.outputs.clone();
        stamp.set(name, made);
        Ok((outputs, remark))
    })
}

fn write(recipe: &Recipe<'_>) -> anyhow::Result<Made> {
    let mut made = Made::of(&recipe.inputs);
    for asset in (recipe.make)()? {
        made.sizes
            .insert(asset.logical.clone(), asset.write(Path::new(ASSETS))?);
        made.outputs.insert(asset.logical.clone(), asset.served());
        made.outputs.extend(asset.alias.clone());
    }
    Ok(made)
}

/// `style.css 14.2 kB (limit 25 kB)`, compressed as a current browser gets it.
fn sizes(sizes: &BTreeMap<String, u64>) -> String {
    let one = |(name, bytes): (&String, &u64)| {
        let limit = LIMITS
            .iter()
            .find(|(limited, _)| limited == name)
            .map(|(_, limit)| *limit);
        let size = report::kilobytes(*bytes);
        match limit {
            Some(limit) if *bytes > limit * 1000 => {
                format!("{name} {size} (OVER the limit of {limit} kB)")
            }
            Some(limit) => format!("{name} {size} (limit {limit} kB)"),
            None => format!("{name} {size}"),
        }
    };
    sizes.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// Removes what no manifest entry names any more.
fn sweep(manifest: &Manifest) -> anyhow::Result<()> {
    for file in files::walk(Path::new(ASSETS), &[])? {
        let served = format!("/{}", file.strip_prefix(SITE)?.display());
        let plain = served
            .strip_suffix(".br")
            .or(served.strip_suffix(".gz"))
            .unwrap_or(&served);
        if !manifest.0.values().any(|kept| kept == plain) {
            fs::remove_file(file)?;
        }
    }
    Ok(())
}
