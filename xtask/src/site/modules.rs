//! What runs in the browser: crates compiled to WebAssembly and bound to JavaScript.
//!
//! wasm-bindgen runs as a library, so that no tool needs installing. wasm-opt is not used: it saves about
//! one per cent after compression, and old versions of it break the module.

use std::fs;

use anyhow::{Context as _, ensure};
use wasm_bindgen_cli_support::Bindgen;

use super::{
    Recipe,
    asset::{Asset, short_hash},
};
use crate::process;

/// A crate that becomes a module of its own.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Module {
    package: &'static str,
    profile: &'static str,
    /// The stem of its files.
    name: &'static str,
}

/// The islands, which every page loads: as small as can be.
pub(crate) const ISLANDS: Module = Module {
    package: "frontend",
    profile: "wasm-release",
    name: "bailiwick",
};

/// The verifier of evidence packs, which one page loads: as fast as can be.
pub(crate) const VERIFIER: Module = Module {
    package: "verifier",
    profile: "wasm-fast",
    name: "verifier",
};

impl Module {
    fn wasm(self) -> String {
        let Self {
            package, profile, ..
        } = self;
        format!("target/front/wasm32-unknown-unknown/{profile}/{package}.wasm")
    }
}

/// Cargo knows best whether anything changed. A target folder of its own keeps native builds valid. What the browser loads is
/// asked for here: as the crate's own type it would be linked for the server, too, and keep `app` waiting.
pub(crate) fn compile(module: Module) -> anyhow::Result<(Vec<u8>, String)> {
    process::run(&mut process::cargo([
        "rustc",
        "-p",
        module.package,
        "--lib",
        "--crate-type",
        "cdylib",
        "--target",
        "wasm32-unknown-unknown",
        "--target-dir",
        "target/front",
        "--profile",
        module.profile,
    ]))?;
    let wasm = module.wasm();
    Ok((
        fs::read(&wasm).with_context(|| wasm)?,
        "compiled".to_owned(),
    ))
}

/// JavaScript and WebAssembly from the compiler's output.
pub(crate) fn sources(module: Module, wasm: &[u8]) -> Recipe<'static> {
    Recipe {
        inputs: short_hash([wasm]),
        make: Box::new(move || bind(module)),
    }
}

/// The script of the page that verifies evidence packs, which is the worker that it starts, too.
pub(crate) fn page_script() -> anyhow::Result<Recipe<'static>> {
    let path = "frontend/verifier/page.js";
    let bytes = fs::read(path).context(path)?;
    Ok(Recipe {
        inputs: short_hash([bytes.as_slice()]),
        make: Box::new(move || {
            Ok(vec![Asset::hashed(
                "verify.js",
                "verify",
                "js",
                bytes.clone(),
            )])
        }),
    })
}

fn bind(module: Module) -> anyhow::Result<Vec<Asset>> {
    let (package, stem) = (module.package, module.name);
    let out = tempfile::tempdir_in("target")?;
    Bindgen::new()
        .input_path(module.wasm())
        .web(true)?
        .typescript(false)
        // The page always says where the module is: its name carries a hash.
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .out_name(stem)
        .generate(out.path())?;
    ensure!(
        !out.path().join("snippets").exists(),
        "a dependency of `{package}` brings JavaScript snippets, which nothing here serves; use another"
    );
    Ok(name(
        stem,
        fs::read(out.path().join(format!("{stem}.js")))?,
        fs::read(out.path().join(format!("{stem}_bg.wasm")))?,
    ))
}

/// Both files carry one hash, because the loader makes both names from one stem.
fn name(name: &str, javascript: Vec<u8>, wasm: Vec<u8>) -> Vec<Asset> {
    let stem = format!(
        "{name}.{}",
        short_hash([javascript.as_slice(), wasm.as_slice()])
    );
    let asset = |extension: &str, bytes| Asset {
        logical: format!("{name}.{extension}"),
        file: format!("{stem}.{extension}"),
        bytes,
        compress: true,
        alias: Some((name.to_owned(), stem.clone())),
    };
    vec![asset("js", javascript), asset("wasm", wasm)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn script_and_module_share_one_hash() {
        let made = name("islands", b"js".to_vec(), b"wasm".to_vec());
        let other = name("islands", b"js".to_vec(), b"wasn".to_vec());
        assert_eq!(
            made[0].file.strip_suffix(".js"),
            made[1].file.strip_suffix(".wasm")
        );
        assert_eq!(
            made[0].alias.as_ref().unwrap().1,
            made[0].file.strip_suffix(".js").unwrap()
        );
        assert_ne!(
            made[0].file, other[0].file,
            "a change of the module renames the script"
        );
    }
}
