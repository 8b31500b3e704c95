//! What somebody types to define a review, in the form or in a file, unchecked; and what it means.

use domain::approval::Approver;
use domain::field::FieldErrors;
use domain::lifecycle::Level;
use domain::review::{
    Every, How, Repeats, ReviewContent, STAGE_FIELDS, Scope, Stage, StageRule, Subjects, Unanswered,
};
use domain::search::Search;
use serde::{Deserialize, Deserializer};
use storage::roles::TOKENS as ROLE_TOKENS;
use storage::{ReadTx, accounts, entitlements, identities};

use crate::flows::approver;
use crate::search::unknown_tokens;
use crate::{Cx, Result, references};

/// A review as it is typed: words and names for everything. What is empty has its usual value.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReviewForm {
    /// Its name.
    pub name: String,
    /// What reviewers are told.
    pub instructions: String,
    /// Who answers for it: a username or id; empty for whoever defines it.
    pub owner: String,
    /// What is looked at.
    pub scope: ScopeForm,
    /// The stages, one to three; none for managers in two weeks.
    #[serde(rename = "stage")]
    pub stages: Vec<StageForm>,
    /// Word of a [`StageRule`].
    pub rule: String,
    /// Word of an [`Unanswered`].
    pub unanswered: String,
    /// Nobody decides on what they gave themselves.
    pub not_grantor: bool,
    /// Days after which something counts as unused.
    #[serde(deserialize_with = "typed")]
    pub unused_after: String,
    /// Hours in which what was revoked can be restored.
    #[serde(deserialize_with = "typed")]
    pub grace_hours: String,
    /// Word of an [`Every`]; empty for once.
    pub every: String,
    /// The first day when it repeats.
    pub from: String,
    /// Whoever moves is reviewed by themselves as soon as that is known.
    pub each_mover: bool,
}

/// What is looked at, as it is typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ScopeForm {
    /// Word of a [`Subjects`].
    pub subjects: String,
    /// A search of the list of people.
    pub people: String,
    /// A search of the list of entitlements or roles.
    pub things: String,
    /// Word of a [`Level`].
    pub risk: String,
    /// A number of days.
    #[serde(deserialize_with = "typed")]
    pub unused_days: String,
    /// Words of [`How`].
    pub how: Vec<String>,
    /// Leaves out what has not changed since it was last kept.
    pub changed: bool,
    /// Every so-manieth item.
    #[serde(deserialize_with = "typed")]
    pub sample: String,
    /// Within how many days people moved or leave.
    #[serde(deserialize_with = "typed")]
    pub moved_days: String,
}

/// A stage as it is typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StageForm {
    /// Word of an approver, as in [`crate::flows::StepForm::WORDS`].
    pub reviewer: String,
    /// People separated by commas, or a role.
    pub who: String,
    /// Word of who decides when nobody of these can; empty for the owner of the review.
    pub fallback: String,
    /// People or a role, for the fallback.
    pub fallback_who: String,
    /// Days.
    #[serde(deserialize_with = "typed")]
    pub days: String,
    /// Days before the end at which who has something left is reminded; empty for never.
    #[serde(deserialize_with = "typed")]
    pub remind_days: String,
}

impl StageForm {
    /// A stage with the usual times.
    pub fn usual() -> Self {
        Self {
            reviewer: "manager".to_owned(),
            fallback: "managers_manager".to_owned(),
            days: "14".to_owned(),
            remind_days: "4".to_owned(),
            ..Self::default()
        }
    }
}

/// A number, or what was typed for one.
fn typed<'de, D: Deserializer<'de>>(from: D) -> std::result::Result<String, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Typed {
        Number(i64),
        Text(String),
    }
    Ok(match Typed::deserialize(from)? {
        Typed::Number(number) => number.to_string(),
        Typed::Text(text) => text,
    })
}

/// A number that may be empty; another text is a mistake of the field.
fn number<T: std::str::FromStr>(
    field: &'static str,
    label: &str,
    text: &str,
    errors: &mut FieldErrors,
) -> Option<T> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let parsed = text.parse().ok();
    if parsed.is_none() {
        errors.add(field, format!("{label} must be a whole number."));
    }
    parsed
}

/// A word that may be empty; an unknown one is a mistake of the field.
fn word<T>(
    field: &'static str,
    text: &str,
    of: impl Fn(&str) -> Option<T>,
    errors: &mut FieldErrors,
) -> Option<T> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let known = of(text);
    if known.is_none() {
        errors.add(
            field,
            format!("“{text}” is none of the values that can be chosen here."),
        );
    }
    known
}

/// What a form means; all problems of names and numbers at once go to the errors.
pub(super) async fn resolve(
    tx: &mut ReadTx,
    cx: &Cx,
    form: &ReviewForm,
    errors: &mut FieldErrors,
) -> Result<Option<ReviewContent>> {
    let owner = references::person(tx, "owner", &form.owner, errors).await?;
    let Some(owner) = owner.or_else(|| cx.me()) else {
        if errors.of("owner").is_none() {
            errors.add(
                "owner",
                "The owner is missing. Name who answers for this review.",
            );
        }
        return Ok(None);
    };
    let usual = ReviewContent::draft(owner);
    let mut stages = Vec::new();
    for (at, one) in form.stages.iter().enumerate() {
        stages.extend(stage(tx, one, at, errors).await?);
    }
    let from = errors.date("from", "The first day", &form.from);
    let every = word("every", &form.every, Every::from_word, errors);
    if every.is_some() && from.is_none() && errors.of("from").is_none() {
        errors.add("from", "The first day is missing. Write it as 2026-12-01.");
    }
    Ok(Some(ReviewContent {
        name: form.name.clone(),
        instructions: form.instructions.clone(),
        scope: scope(&form.scope, errors),
        stages: if form.stages.is_empty() {
            usual.stages
        } else {
            stages
        },
        rule: word("rule", &form.rule, StageRule::from_word, errors).unwrap_or(usual.rule),
        unanswered: word(
            "unanswered",
            &form.unanswered,
            Unanswered::from_word,
            errors,
        )
        .unwrap_or(usual.unanswered),
        not_grantor: form.not_grantor,
        unused_after: number(
            "unused_after",
            "The number of days",
            &form.unused_after,
            errors,
        )
        .unwrap_or(usual.unused_after),
        grace_hours: number(
            "grace_hours",
            "The number of hours",
            &form.grace_hours,
            errors,
        )
        .unwrap_or(usual.grace_hours),
        repeats: every.zip(from).map(|(every, from)| Repeats { every, from }),
        each_mover: form.each_mover,
        ..usual
    }))
}

fn scope(form: &ScopeForm, errors: &mut FieldErrors) -> Scope {
    let usual = Scope::everything();
    let how = form.how.iter();
    let how: Vec<How> = how
        .filter_map(|one| word("how", one, How::from_word, errors))
        .collect();
    let subjects =
        word("subjects", &form.subjects, Subjects::from_word, errors).unwrap_or(usual.subjects);
    understood("people", &form.people, identities::TOKENS, errors);
    let of_things = match subjects {
        Subjects::Access | Subjects::Rights => entitlements::TOKENS,
        Subjects::Roles | Subjects::Contents => ROLE_TOKENS,
        Subjects::Accounts => accounts::TOKENS,
    };
    understood("things", &form.things, of_things, errors);
    Scope {
        how,
        subjects,
        people: form.people.trim().to_owned(),
        things: form.things.trim().to_owned(),
        risk: word("risk", &form.risk, Level::from_word, errors),
        unused_days: number(
            "unused_days",
            "The number of days",
            &form.unused_days,
            errors,
        ),
        changed: form.changed,
        sample: number("sample", "The sample", &form.sample, errors),
        moved_days: number("moved_days", "The number of days", &form.moved_days, errors),
        person: None,
    }
}

/// A search says only what its list understands: whatever else is typed would be passed over, and more reviewed than meant.
fn understood(field: &'static str, text: &str, tokens: &[&'static str], errors: &mut FieldErrors) {
    let unknown = unknown_tokens(&Search::parse(text), tokens);
    if !unknown.is_empty() {
        errors.add(
            field,
            format!(
                "“{}” cannot be searched for here. These can: {}.",
                unknown.join(", "),
                tokens.join(", ")
            ),
        );
    }
}

async fn stage(
    tx: &mut ReadTx,
    form: &StageForm,
    at: usize,
    errors: &mut FieldErrors,
) -> Result<Option<Stage>> {
    // A fourth stage is refused by the check of the whole.
    let Some(fields) = STAGE_FIELDS.get(at) else {
        return Ok(Some(Stage::by(Approver::Manager)));
    };
    let name = format!("Stage {}", at + 1);
    let asked = (form.reviewer.trim(), form.who.as_str());
    let mut own = FieldErrors::new();
    let reviewer = approver(tx, asked, "1", &name, &mut own).await?;
    let field = if names(asked.0) {
        fields.who
    } else {
        fields.reviewer
    };
    moved(&own, field, errors);
    let asked = (form.fallback.trim(), form.fallback_who.as_str());
    let fallback = if asked.0.is_empty() {
        None
    } else {
        let mut own = FieldErrors::new();
        let found = approver(tx, asked, "1", &name, &mut own).await?;
        let field = if names(asked.0) {
            fields.fallback_who
        } else {
            fields.fallback
        };
        moved(&own, field, errors);
        found
    };
    let days = number(
        fields.days,
        &format!("{name}: the number of days"),
        &form.days,
        errors,
    );
    let remind_days = number(
        fields.remind_days,
        &format!("{name}: the days before the end"),
        &form.remind_days,
        errors,
    );
    Ok(reviewer.map(|reviewer| Stage {
        fallback,
        days: days.unwrap_or(14),
        remind_days,
        reviewer,
    }))
}

/// Whether an approver is chosen by what is typed beside the word.
fn names(word: &str) -> bool {
    matches!(word, "people" | "role")
}

/// What is wrong, at the field where it was typed.
fn moved(own: &FieldErrors, field: &'static str, errors: &mut FieldErrors) {
    own.iter()
        .for_each(|error| errors.add(field, error.message.clone()));
}
