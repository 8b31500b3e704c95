//! Who would gain and who would lose what, before an import is applied.

use domain::source::RunState;
use leptos::prelude::*;
use service::imports::{Foretold, RunView};

use crate::format::number;
use crate::plan::{foretold_tables, other_plan};
use crate::ui::{Banner, Tone};
use crate::visit::Visit;

/// The plan of a checked run. `otherwise` is whether it is not the one that the button belonged to which was pressed.
pub(super) fn section(visit: &Visit, view: &RunView, otherwise: bool) -> Option<AnyView> {
    if view.run.state != RunState::Checked {
        return None;
    }
    let Some(told) = &view.plan else {
        let text = "It was checked before this version of the console was installed.";
        return Some(
            view! { <Banner tone=Tone::Plain title="Check it again to see who gains and loses what">{text}</Banner> }
                .into_any(),
        );
    };
    let changed = (told.anew || otherwise).then(other_plan);
    let sentence = told.sentence(number);
    let notes = notes(told)
        .into_iter()
        .map(|note| view! { <p class="soft">{note}</p> })
        .collect_view();
    let tables = foretold_tables(visit, told);
    Some(
        view! {
            <section class="plan" aria-labelledby="plan">
                {changed}
                <h2 id="plan">"Who gains and who loses"</h2>
                <p class="plan-sentence">{sentence}</p>
                {notes}
                {tables}
            </section>
        }
        .into_any(),
    )
}

/// What the numbers do not say.
fn notes(told: &Foretold) -> Vec<String> {
    let mut notes = Vec::new();
    match told.newcomers {
        0 => {}
        1 => notes.push("1 of those who gain is new.".to_owned()),
        n => notes.push(format!("{} of those who gain are new.", number(n))),
    }
    match told.handed_over {
        0 => {}
        1 => notes.push(
            "1 assignment of a rule ends later, when its hand-over is over. Nothing of it is counted as lost.".to_owned(),
        ),
        n => notes.push(format!(
            "{} assignments of rules end later, when their hand-over is over. Nothing of them is counted as lost.",
            number(n)
        )),
    }
    if told.renamed_managers {
        notes.push(
            "Rules ask who somebody’s manager is, and this import gives managers other usernames. What such a rule gives only while the import is at work is not counted.".to_owned(),
        );
    }
    notes
}
