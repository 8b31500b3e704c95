//! Who gets something by a rule: of an active one how many people do, and who would lose it with the rule; of one that gives
//! nothing yet, who would gain and lose.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::id::RuleId;
use domain::role::Grantable;
use domain::rule::RuleState;
use leptos::prelude::*;
use service::Error;
use service::plan::Plan;
use service::rules::{self, RuleDetail};

use super::detail::{Tab, framed, gives_view};
use crate::access::sees_all;
use crate::format::number;
use crate::plan::plan_view;
use crate::routes::{self, below};
use crate::state::App;
use crate::ui::{Banner, Button, Card, Empty, EmptyKind, Icon, Tone};
use crate::visit::Visit;

/// What the rule would do, or why nobody can say.
type Planned = Result<Plan, String>;

pub(super) async fn page(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Response {
    let Ok(id) = id.parse::<RuleId>() else {
        return app.nothing_here(&visit);
    };
    let detail = match rules::read(&app.service, &visit.cx(), id).await {
        Ok(detail) => detail,
        Err(error) => return app.refuse(&visit, error),
    };
    let next = match detail.rule.content.state {
        RuleState::Draft => RuleState::Observing,
        RuleState::Observing => RuleState::Active,
        RuleState::Active | RuleState::Ended => RuleState::Ended,
    };
    let planned = match rules::plan_step(&app.service, &visit.cx(), id, next).await {
        Ok(plan) => Ok(plan),
        Err(Error::Refused(text)) => Err(text),
        Err(error) => return app.refuse(&visit, error),
    };
    framed(&app, &visit, &detail, Tab::Who, || {
        body(&visit, &detail, &planned)
    })
}

fn body(visit: &Visit, detail: &RuleDetail, planned: &Planned) -> AnyView {
    let intro = match detail.rule.content.state {
        RuleState::Ended => {
            return view! {
                <Empty kind=EmptyKind::Nothing icon=Icon::ListChecks title="Nobody" text="This rule has ended and gives nothing any more. What it gave, and to whom, stands in the audit log." />
            }
            .into_any();
        }
        RuleState::Draft | RuleState::Observing => {
            "It gives nothing yet. This is who would gain and lose something if it were active now."
        }
        RuleState::Active => "This is who would lose something if it ended now.",
    };
    let now = (detail.rule.content.state == RuleState::Active).then(|| now(visit, detail));
    let plan = match planned {
        Ok(plan) => {
            let plan = plan_view(visit, plan);
            view! { <p class="rule-intro">{intro}</p> {plan} }.into_any()
        }
        Err(text) => {
            let text = text.clone();
            view! { <Banner tone=Tone::Warn title="Nobody can say to whom it applies"><p>{text}</p></Banner> }
                .into_any()
        }
    };
    view! { {now} {plan} }.into_any()
}

/// Who has something by it now.
fn now(visit: &Visit, detail: &RuleDetail) -> AnyView {
    let what = detail.rule.content.gives;
    let gives = gives_view(visit, what, &detail.gives);
    let holders = match what {
        Grantable::Entitlement(id) => below(routes::ENTITLEMENTS, id, "holders"),
        Grantable::Role(id) => below(routes::ROLES, id, "holders"),
    };
    let all = sees_all(visit).then(|| {
        view! { <Button label="All who hold it" href=holders icon=Icon::Users /> }
    });
    let people = match detail.people {
        0 => "Nobody has ".to_owned(),
        1 => "1 person has ".to_owned(),
        n => format!("{} people have ", number(n)),
    };
    view! {
        <Card title="Now" actions=all>
            <p>{people} {gives} " by this rule."</p>
        </Card>
    }
    .into_any()
}
