//! The islands: crate `frontend` compiled to WebAssembly and bound to JavaScript.
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

const NAME: &str = "bailiwick";
const WASM: &str = "target/front/wasm32-unknown-unknown/wasm-release/frontend.wasm";

/// Cargo knows best whether anything changed. A target folder of its own keeps native builds valid. What the browser loads is
/// asked for here: as the crate's own type it would be linked for the server, too, and keep `app` waiting.
pub(crate) fn compile() -> anyhow::Result<(Vec<u8>, String)> {
    process::run(&mut process::cargo([
        "rustc",
        "-p",
        "frontend",
        "--lib",
        "--crate-type",
        "cdylib",
        "--target",
        "wasm32-unknown-unknown",
        "--target-dir",
        "target/front",
        "--profile",
        "wasm-release",
    ]))?;
    Ok((
        fs::read(WASM).with_context(|| WASM.to_owned())?,
        "compiled".to_owned(),
    ))
}

/// JavaScript and WebAssembly from the compiler's output.
pub(crate) fn sources(wasm: &[u8]) -> Recipe<'static> {
    Recipe {
        inputs: short_hash([wasm]),
        make: Box::new(bind),
    }
}

fn bind() -> anyhow::Result<Vec<Asset>> {
    let out = tempfile::tempdir_in("target")?;
    Bindgen::new()
        .input_path(WASM)
        .web(true)?
        .typescript(false)
        // The page always says where the module is: its name carries a hash.
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .out_name(NAME)
        .generate(out.path())?;
    ensure!(
        !out.path().join("snippets").exists(),
        "a dependency of `frontend` brings JavaScript snippets, which nothing here serves; use another"
    );
    Ok(name(
        fs::read(out.path().join("bailiwick.js"))?,
        fs::read(out.path().join("bailiwick_bg.wasm"))?,
    ))
}

/// Both files carry one hash, because the loader makes both names from one stem.
fn name(javascript: Vec<u8>, wasm: Vec<u8>) -> Vec<Asset> {
    let stem = format!(
        "{NAME}.{}",
        short_hash([javascript.as_slice(), wasm.as_slice()])
    );
    let asset = |extension: &str, bytes| Asset {
        logical: format!("{NAME}.{extension}"),
        file: format!("{stem}.{extension}"),
        bytes,
        compress: true,
        alias: Some((NAME.to_owned(), stem.clone())),
    };
    vec![asset("js", javascript), asset("wasm", wasm)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn script_and_module_share_one_hash() {
        let made = name(b"js".to_vec(), b"wasm".to_vec());
        let other = name(b"js".to_vec(), b"wasn".to_vec());
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
