//! One sprite from `style/icons/*.svg`, and the favicon.
//!
//! A symbol keeps its drawing and view box only; stroke and fill come from the `.icon` style, which
//! reaches into `<use>` by inheritance. Reads the plain form that icon sets publish, not any SVG.

use std::{fmt::Write as _, fs, path::Path};

use anyhow::Context as _;

use super::{
    Recipe,
    asset::{Asset, short_hash},
};
use crate::files;

/// Every icon of the folder.
pub(crate) fn sources() -> anyhow::Result<Recipe<'static>> {
    let mut icons = Vec::new();
    for file in files::with_extension(Path::new("style/icons"), "svg")? {
        icons.push((files::stem(&file), fs::read_to_string(&file)?));
    }
    let parts = icons
        .iter()
        .flat_map(|(name, text)| [name.as_bytes(), text.as_bytes()]);
    Ok(Recipe {
        inputs: short_hash(parts),
        make: Box::new(move || {
            let sprite = sprite(&icons)?.into_bytes();
            Ok(vec![Asset::hashed("icons.svg", "icons", "svg", sprite)])
        }),
    })
}

/// The picture in the browser's tab.
pub(crate) fn favicon() -> anyhow::Result<Recipe<'static>> {
    let bytes = fs::read("style/favicon.svg").context("style/favicon.svg")?;
    Ok(Recipe {
        inputs: short_hash([bytes.as_slice()]),
        make: Box::new(move || {
            Ok(vec![Asset::hashed(
                "favicon.svg",
                "favicon",
                "svg",
                bytes.clone(),
            )])
        }),
    })
}

fn sprite(icons: &[(String, String)]) -> anyhow::Result<String> {
    let mut sprite = r#"<svg xmlns="http://www.w3.org/2000/svg">"#.to_owned();
    for (name, text) in icons {
        let (view_box, drawing) = parts(text).with_context(|| {
            format!("style/icons/{name}.svg: expected one <svg viewBox=\"…\"> … </svg>")
        })?;
        write!(
            sprite,
            r#"<symbol id="{name}" viewBox="{view_box}">{drawing}</symbol>"#
        )?;
    }
    sprite += "</svg>\n";
    Ok(sprite)
}

/// View box and inner markup of an icon file.
fn parts(text: &str) -> Option<(&str, String)> {
    let from = text.find("<svg")?;
    let open = from + text[from..].find('>')?;
    let close = text.rfind("</svg>")?;
    let (_, view_box) = text.get(from..open)?.split_once("viewBox=\"")?;
    let (view_box, _) = view_box.split_once('"')?;
    let drawing = text
        .get(open + 1..close)?
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    Some((view_box, drawing.replace("> <", "><").replace(" />", "/>")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHECK: &str = "<!-- @license ISC -->\n<svg\n  class=\"lucide\"\n  width=\"24\"\n  \
        viewBox=\"0 0 24 24\"\n  fill=\"none\"\n>\n  <path d=\"M20 6 9 17l-5-5\" />\n  <path d=\"M1 1\" />\n</svg>\n";

    #[test]
    fn an_icon_becomes_a_symbol() {
        let sprite = sprite(&[("check".into(), CHECK.into())]).unwrap();
        assert_eq!(
            sprite,
            "<svg xmlns=\"http://www.w3.org/2000/svg\"><symbol id=\"check\" viewBox=\"0 0 24 24\">\
             <path d=\"M20 6 9 17l-5-5\"/><path d=\"M1 1\"/></symbol></svg>\n"
        );
    }

    #[test]
    fn a_broken_icon_is_named() {
        for broken in ["", "<svg></svg>", "<svg viewBox=\"0 0 1 1\">"] {
            let error = sprite(&[("odd".into(), broken.into())]).unwrap_err();
            assert!(error.to_string().contains("style/icons/odd.svg"), "{error}");
        }
    }
}
