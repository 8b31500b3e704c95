//! The choice of a list's columns and of their order: tick boxes, and buttons that move a column up or down.
//!
//! It is one form; every button sends what is ticked, so nothing needs scripts.

use leptos::prelude::*;

use super::{Button, ButtonKind, Form, Hidden, Icon, words};

/// A column that can be chosen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ColumnChoice {
    pub key: &'static str,
    pub label: &'static str,
    pub shown: bool,
}

/// The form; those that are shown come first, in their order.
#[component]
pub fn ColumnsForm(
    #[prop(into)] action: String,
    /// Which list.
    #[prop(into)]
    list: String,
    /// What else its address says.
    #[prop(into)]
    query: String,
    choices: Vec<ColumnChoice>,
    /// Stands open.
    open: bool,
) -> impl IntoView {
    let words = words();
    let shown = choices.iter().filter(|choice| choice.shown).count();
    let lines = choices
        .into_iter()
        .enumerate()
        .map(|(at, choice)| {
            let up = (choice.shown && at > 0).then(|| mover("up", words.up, choice, Icon::ArrowUp));
            let down = (choice.shown && at + 1 < shown)
                .then(|| mover("down", words.down, choice, Icon::ArrowDown));
            view! {
                <li>
                    <label class="choice">
                        <input type="checkbox" name="col" value=choice.key checked=choice.shown autocomplete="off" />
                        <span>{choice.label}</span>
                    </label>
                    <Hidden name="order" value=choice.key />
                    {up}
                    {down}
                </li>
            }
        })
        .collect_view();
    // Enter in a tick box sends the first button there is, which must not be one that moves a column.
    view! {
        <details class="columns" open=open>
            <summary class="btn" data-kind="plain">
                {Icon::Columns3.view()}
                <span>{words.columns}</span>
            </summary>
            <div class="columns-panel">
                <Form action=action guard=false>
                    <button type="submit" name="act" value="show" class="unseen" tabindex="-1">
                        {words.show}
                    </button>
                    <Hidden name="list" value=list />
                    <Hidden name="query" value=query />
                    <fieldset>
                        <legend class="unseen">{words.columns}</legend>
                        <ul>{lines}</ul>
                    </fieldset>
                    <div class="columns-acts">
                        <Button label=words.show name="act" value="show" />
                        <Button label=words.keep name="act" value="keep" kind=ButtonKind::Plain />
                        <Button label=words.usual name="act" value="usual" kind=ButtonKind::Plain />
                    </div>
                </Form>
            </div>
        </details>
    }
    .into_any()
}

fn mover(name: &'static str, word: &'static str, choice: ColumnChoice, icon: Icon) -> AnyView {
    let label = format!("{word}: {}", choice.label);
    view! { <Button label=label name=name value=choice.key icon=icon kind=ButtonKind::Plain icon_only=true /> }
        .into_any()
}
