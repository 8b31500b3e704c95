//! Choosing the columns of a list: back to the list, whose address then says them, or kept for the person.

use axum::extract::State;
use axum::response::Response;
use domain::view::ListName;
use service::views;

use super::base;
use crate::listing::{NO_COLUMN, Params};
use crate::page::{done, see_other};
use crate::posted::Posted;
use crate::state::App;
use crate::visit::Visit;

pub(super) async fn choose(State(app): State<App>, visit: Visit, posted: Posted) -> Response {
    // Nobody is led anywhere who may not see lists at all.
    let list = ListName::from_word(posted.get("list"));
    let asked = views::of_list(&app.service, &visit.cx(), list.unwrap_or(ListName::People)).await;
    if let Err(error) = asked {
        return app.refuse(&visit, error);
    }
    let Some(list) = list else {
        return app.nothing_here(&visit);
    };
    let params = Params::read(posted.get("query"));
    let (up, down) = (posted.get("up"), posted.get("down"));
    let columns = chosen(&posted.all("order"), &posted.all("col"), up, down);
    let there = |columns: &str, arrange| params.with_columns(base(list), columns, arrange);
    if !up.is_empty() || !down.is_empty() {
        return see_other(&there(&columns, true));
    }
    let kept = match posted.get("act") {
        "keep" => Some(columns.as_str()),
        "usual" => None,
        _ => return see_other(&there(&columns, false)),
    };
    match views::keep_columns(&app.service, &visit.cx(), list, kept).await {
        Ok(()) if kept.is_some() => done(&there("", false), "columns-kept"),
        Ok(()) => see_other(&there("", false)),
        Err(error) => app.refuse(&visit, error),
    }
}

/// What is ticked, in its order, after one was moved.
fn chosen(order: &[String], ticked: &[String], up: &str, down: &str) -> String {
    let mut keys: Vec<&String> = order.iter().filter(|key| ticked.contains(key)).collect();
    if let Some(at) = keys.iter().position(|key| *key == up)
        && at > 0
    {
        keys.swap(at, at - 1);
    }
    if let Some(at) = keys.iter().position(|key| *key == down)
        && at + 1 < keys.len()
    {
        keys.swap(at, at + 1);
    }
    if keys.is_empty() {
        return NO_COLUMN.to_owned();
    }
    let keys: Vec<&str> = keys.into_iter().map(String::as_str).collect();
    keys.join(",")
}

#[cfg(test)]
mod tests {
    use super::chosen;

    fn texts(keys: &[&str]) -> Vec<String> {
        keys.iter().map(|key| (*key).to_owned()).collect()
    }

    #[test]
    fn what_is_ticked_keeps_its_order_and_moves_by_one() {
        let order = texts(&["a", "b", "c", "d"]);
        let ticked = texts(&["a", "c", "d"]);
        assert_eq!(chosen(&order, &ticked, "", ""), "a,c,d");
        assert_eq!(chosen(&order, &ticked, "c", ""), "c,a,d");
        assert_eq!(chosen(&order, &ticked, "", "c"), "a,d,c");
        assert_eq!(chosen(&order, &ticked, "a", ""), "a,c,d");
        assert_eq!(
            chosen(&order, &ticked, "b", ""),
            "a,c,d",
            "not ticked, not moved"
        );
        assert_eq!(chosen(&order, &[], "", ""), "-");
    }
}
