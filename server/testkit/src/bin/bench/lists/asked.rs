//! The pages that are asked for: for each kind, requests for different people, departments and words.

use anyhow::{Context as _, Result};

use super::fill::Filled;
use crate::dice::Dice;
use crate::http::{Request, attribute};
use crate::organisation::{department, family};
use crate::server::Server;

/// Requests of a kind that differ.
const DIFFERENT: usize = 100;
/// The page far down a list.
const FAR: usize = 200;

/// A kind of page.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) name: String,
    pub(super) requests: Vec<Request>,
}

pub(super) async fn all(server: &Server, cookie: &str, filled: &Filled) -> Result<Vec<Asked>> {
    let mut dice = Dice::new(1, 0);
    let get = |path: &str| Request::get(path, &[("cookie", cookie)]);
    let leaders = filled.people.len().div_ceil(10);
    let mut kind = |name: &str, path: &mut dyn FnMut(&mut Dice) -> String| Asked {
        name: name.to_owned(),
        requests: (0..DIFFERENT).map(|_| get(&path(&mut dice))).collect(),
    };
    let person = |dice: &mut Dice| filled.people[dice.below(filled.people.len())];
    let mut all = vec![
        kind("people, page 1", &mut |_| "/people".to_owned()),
        kind("people of a department", &mut |dice| {
            format!("/people?q=department%3A{}", department(dice.below(200)))
        }),
        kind("active people of a manager", &mut |dice| {
            format!(
                "/people?q=status%3Aactive+manager%3A{}",
                filled.people[dice.below(leaders)]
            )
        }),
        kind("people by a family name", &mut |dice| {
            format!("/people?q={}", family(dice.skewed(8_000)))
        }),
        kind("people by the beginning of a word", &mut |dice| {
            let letters = 1 + dice.below(3);
            format!("/people?q={}", &family(dice.below(8_000))[..letters])
        }),
        kind("people sorted by name, backwards", &mut |_| {
            "/people?sort=-name".to_owned()
        }),
        kind("people sorted by end date", &mut |_| {
            "/people?sort=ends".to_owned()
        }),
        kind("a person", &mut |dice| format!("/people/{}", person(dice))),
        kind("a person's access", &mut |dice| {
            format!("/people/{}/observed", person(dice))
        }),
        kind("holders of a popular entitlement", &mut |dice| {
            format!(
                "/entitlements/{}/observed",
                filled.popular[dice.below(filled.popular.len())]
            )
        }),
    ];
    let (number, path) = far(server, cookie).await?;
    let asked = Asked {
        name: format!("people, page {number}"),
        requests: vec![get(&path)],
    };
    all.insert(1, asked);
    Ok(all)
}

/// Follows the way to the next page as often as it takes.
async fn far(server: &Server, cookie: &str) -> Result<(usize, String)> {
    let mut connection = server.connect().await?;
    let mut path = "/people".to_owned();
    for number in 1..FAR {
        let page = Request::get(&path, &[("cookie", cookie)]);
        let page = connection.send(&page).await?.text();
        match attribute(&page, "rel=\"next\"", "href") {
            Some(next) => path = next.replace("&amp;", "&"),
            None if number > 1 => return Ok((number, path)),
            None => {
                return Err(anyhow::anyhow!("the list has one page"))
                    .context("looking for one far down");
            }
        }
    }
    Ok((FAR, path))
}
