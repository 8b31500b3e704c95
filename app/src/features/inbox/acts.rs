//! What can be done with an item, one form for each act: the same list makes these buttons and guards the acts.

use domain::request::{Length, RequestAct};
use frontend::combobox::Combobox;
use leptos::prelude::*;
use service::requests::ItemDetail;

use super::said::{Said, field};
use crate::routes;
use crate::ui::{
    Button, ButtonKind, Field, Form, FormActions, Hidden, Icon, InputKind, Kbd, TextArea,
    TextField, described_by,
};

/// Where the forms of an item lead afterwards.
#[derive(Debug, Clone, Default)]
pub(in crate::features) struct Way {
    /// The next thing of the queue; empty when it is not known.
    pub(in crate::features) next: String,
    /// Where the page of the queue begins.
    pub(in crate::features) after: String,
    /// Whether the address asks for what the pane shows: reading goes on there.
    pub(in crate::features) chosen: bool,
}

/// The buttons for who decides: approve and reject first, the rest beside them.
pub(super) fn acts(detail: &ItemDetail, said: &Said, way: &Way, key: &str) -> Option<AnyView> {
    let can = |act: RequestAct| detail.acts.contains(&act);
    let form = OneForm {
        detail,
        said,
        way,
        key,
    };
    let approve = can(RequestAct::Approve).then(|| form.approve());
    let reject = can(RequestAct::Reject).then(|| form.reject());
    let change = can(RequestAct::Change).then(|| form.change());
    let ask = can(RequestAct::Ask).then(|| form.ask());
    let hand_on = can(RequestAct::HandOn).then(|| form.hand_on());
    if approve.is_none() && hand_on.is_none() {
        return None;
    }
    let main = approve
        .is_some()
        .then(|| view! { <div class="acts-main">{approve} {reject}</div> });
    Some(
        view! {
            <div class="acts" role="group" aria-label="Decide">
                {main}
                <div class="acts-more">{change} {ask} {hand_on}</div>
            </div>
        }
        .into_any(),
    )
}

/// Everything that one of the forms needs.
struct OneForm<'a> {
    detail: &'a ItemDetail,
    said: &'a Said,
    way: &'a Way,
    key: &'a str,
}

impl OneForm<'_> {
    fn action(&self) -> String {
        format!("{}/{}", routes::INBOX, self.detail.item.id)
    }

    fn hidden(&self, act: RequestAct) -> AnyView {
        let (next, after) = (self.way.next.clone(), self.way.after.clone());
        view! {
            <Hidden name="act" value=act.word() />
            <Hidden name="next" value=next />
            <Hidden name="after" value=after />
        }
        .into_any()
    }

    fn approve(&self) -> AnyView {
        let act = RequestAct::Approve;
        let (action, hidden) = (self.action(), self.hidden(act));
        let idem = self.said.key(act, self.key);
        view! {
            <form method="post" action=action class="act" data-guard="" data-key="a">
                <Hidden name="idem" value=idem />
                {hidden}
                <Button label="Approve" icon=Icon::Check kind=ButtonKind::Primary key="A" />
            </form>
        }
        .into_any()
    }

    fn reject(&self) -> AnyView {
        let act = RequestAct::Reject;
        let note = view! {
            <TextArea name=field(act, "note") label="Why not" value=self.said.value(act, "note") error=self.said.error(act, "note")
                required=true rows=2 maxlength=1000 hint="The person reads this; it stays on record." />
        };
        self.opening(act, (Icon::X, "r"), note.into_any(), "Reject")
    }

    fn change(&self) -> AnyView {
        let act = RequestAct::Change;
        let present = self.detail.state.length;
        let unit = if matches!(present, Length::Hours(_)) {
            "hours"
        } else {
            "days"
        };
        let fields = view! {
            <TextField name=field(act, "shorter") label=format!("For how many {unit}") kind=InputKind::Number value=self.said.value(act, "shorter")
                error=self.said.error(act, "shorter") required=true hint=format!("Less than what was asked for: {}.", present.text()) />
            <TextArea name=field(act, "note") label="Note" value=self.said.value(act, "note") error=self.said.error(act, "note") rows=2 maxlength=1000 />
        };
        self.opening(
            act,
            (Icon::Pencil, "c"),
            fields.into_any(),
            "Approve for less time",
        )
    }

    fn ask(&self) -> AnyView {
        let act = RequestAct::Ask;
        let question = view! {
            <TextArea name=field(act, "note") label=format!("What do you want to know from {}?", self.detail.requester.name)
                value=self.said.value(act, "note") error=self.said.error(act, "note") required=true rows=2 maxlength=2000 />
        };
        self.opening(
            act,
            (Icon::CircleQuestionMark, "q"),
            question.into_any(),
            "Send the question",
        )
    }

    fn hand_on(&self) -> AnyView {
        let act = RequestAct::HandOn;
        let (name, error) = (field(act, "to"), self.said.error(act, "to"));
        let hint =
            "Somebody who can judge this better. They are told, and you are not asked any more.";
        let describing = described_by(name, hint, &error);
        let picker = view! {
            <Combobox name=name value=self.said.value(act, "to") label_value="" endpoint=routes::API_PICK_PEOPLE input_id=format!("f-{name}")
                described_by=describing invalid=!error.is_empty() placeholder="Name or username" />
        };
        let fields = view! {
            <Field name=name label="Who should decide instead" hint=hint error=error required=true>{picker}</Field>
            <TextField name=field(act, "reason") label="Reason" value=self.said.value(act, "reason") error=self.said.error(act, "reason") required=true maxlength=500 />
        };
        self.opening(act, (Icon::UserCheck, "s"), fields.into_any(), "Delegate")
    }

    /// A button that opens a form under it.
    fn opening(
        &self,
        act: RequestAct,
        (icon, letter): (Icon, &'static str),
        fields: AnyView,
        verb: &'static str,
    ) -> AnyView {
        let (action, hidden) = (self.action(), self.hidden(act));
        let idem = self.said.key(act, self.key);
        let (problems, summary) = (self.said.problems(act), self.said.summary());
        let kind = if act == RequestAct::Reject {
            ButtonKind::Danger
        } else {
            ButtonKind::Default
        };
        let open = self.said.is(act);
        view! {
            <details class="act" name="act" open=open data-key=letter>
                <summary class="btn">
                    {icon.view()}
                    <span>{act.label()}</span>
                    <Kbd keys=letter.to_uppercase() />
                </summary>
                <div class="act-body">
                    <Form action=action idem=idem problems=problems summary=summary>
                        {hidden}
                        {fields}
                        <FormActions><Button label=verb kind=kind /></FormActions>
                    </Form>
                </div>
            </details>
        }
        .into_any()
    }
}

/// The form for a remark or an answer; `asked` is who waits for the answer.
pub(in crate::features) fn comment(
    detail: &ItemDetail,
    action: String,
    said: &Said,
    key: &str,
    name: &str,
) -> Option<AnyView> {
    let act = RequestAct::Comment;
    if !detail.acts.contains(&act) {
        return None;
    }
    let asker = detail
        .question
        .as_ref()
        .map(|(asker, _)| asker.name.clone());
    let is_party = detail.acts.contains(&RequestAct::Withdraw);
    let (label, verb) = match asker.filter(|_| is_party) {
        Some(asker) => (format!("Your answer to {asker}"), "Send the answer"),
        None => ("Write something about this".to_owned(), "Write"),
    };
    let idem = self_key(said, key, name);
    let (own, name) = (name.to_owned(), name.to_owned());
    let (problems, summary) = (said.problems(act), said.summary());
    let about = detail.item.id.to_string();
    let (value, error) = (said.value(act, "comment"), said.error(act, "comment"));
    Some(
        view! {
            <div class="say" data-key="n">
                <Form action=action idem=idem problems=problems summary=summary>
                    <Hidden name="act" value=act.word() />
                    <Hidden name="item" value=about />
                    <Hidden name="field" value=own />
                    <TextArea name=name label=label value=value error=error required=true rows=2 maxlength=2000 />
                    <FormActions><Button label=verb /></FormActions>
                </Form>
            </div>
        }
        .into_any(),
    )
}

fn self_key(said: &Said, key: &str, name: &str) -> String {
    if said.is(RequestAct::Comment) {
        said.key(RequestAct::Comment, key)
    } else {
        format!("{key}-{name}")
    }
}
