//! The body of a confirmation page: names the object, says the effect, and its button is the verb.
//!
//! A page rather than a dialog, so that it has an address and needs no scripts.

use leptos::prelude::*;

use super::{Button, ButtonKind, Form, FormActions, Icon, words};

/// A question in a card; children say what will happen and may hold fields.
#[component]
pub fn Confirm(
    /// The question with the name of the object in it.
    #[prop(into)]
    title: String,
    /// The verb on the button.
    #[prop(into)]
    verb: String,
    #[prop(optional)] danger: bool,
    #[prop(optional, into)] action: String,
    #[prop(optional, into)] idem: String,
    #[prop(optional, into)] version: String,
    /// Where "Cancel" leads.
    #[prop(into)]
    cancel: String,
    children: Children,
) -> impl IntoView {
    let kind = if danger {
        ButtonKind::Danger
    } else {
        ButtonKind::Primary
    };
    let drawing = if danger {
        Icon::TriangleAlert
    } else {
        Icon::CircleQuestionMark
    };
    view! {
        <section class="confirm" data-tone=danger.then_some("bad")>
            <span class="confirm-mark">{drawing.view()}</span>
            <Form action=action idem=idem version=version guard=false>
                <h1>{title}</h1>
                <div class="confirm-effect">{children()}</div>
                <FormActions>
                    <Button label=verb kind=kind />
                    <Button label=words().cancel href=cancel kind=ButtonKind::Plain />
                </FormActions>
            </Form>
        </section>
    }
    .into_any()
}
