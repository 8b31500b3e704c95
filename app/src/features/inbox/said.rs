//! A form of an item that came back with what was typed and what is wrong with it.
//!
//! Several forms stand on one page, so each field has a name of its own; the use cases know fewer names.

use domain::field::FieldErrors;
use domain::request::RequestAct;

use crate::posted::Posted;
use crate::ui::Problem;

/// A form that came back; the default is that none did.
#[derive(Debug, Default)]
pub(in crate::features) struct Said {
    act: Option<RequestAct>,
    posted: Posted,
    errors: FieldErrors,
}

/// The name of a field on the page, from the name that the use case has for it.
pub(in crate::features) fn field(act: RequestAct, known: &str) -> &'static str {
    match (act, known) {
        (RequestAct::Reject, _) => "reject_note",
        (RequestAct::Change, "shorter") => "shorter",
        (RequestAct::Change, _) => "change_note",
        (RequestAct::Ask, _) => "question",
        (RequestAct::HandOn, "to") => "to",
        (RequestAct::HandOn, _) => "hand_on_reason",
        (RequestAct::Withdraw, _) => "withdraw_reason",
        _ => "comment",
    }
}

/// The name of a field in a form that was sent: where several of a kind stand on a page, the form says which one it is.
pub(in crate::features) fn sent<'a>(posted: &'a Posted, act: RequestAct, known: &str) -> &'a str {
    let (usual, own) = (field(act, known), posted.get("field"));
    posted.get(if own.starts_with(usual) { own } else { usual })
}

impl Said {
    pub(in crate::features) const fn new(
        act: RequestAct,
        posted: Posted,
        errors: FieldErrors,
    ) -> Self {
        Self {
            act: Some(act),
            posted,
            errors,
        }
    }

    /// Whether it is the form of this act that came back.
    pub(in crate::features) fn is(&self, act: RequestAct) -> bool {
        self.act == Some(act)
    }

    /// What was typed into a field.
    pub(in crate::features) fn value(&self, act: RequestAct, known: &str) -> String {
        if self.is(act) {
            sent(&self.posted, act, known).to_owned()
        } else {
            String::new()
        }
    }

    /// What is wrong with a field.
    pub(in crate::features) fn error(&self, act: RequestAct, known: &str) -> String {
        if self.is(act) {
            self.errors.of(known).unwrap_or_default().to_owned()
        } else {
            String::new()
        }
    }

    /// For the summary of the form.
    pub(in crate::features) fn problems(&self, act: RequestAct) -> Vec<Problem> {
        if !self.is(act) {
            return Vec::new();
        }
        let own = self.posted.get("field");
        let problem = |error: &domain::field::FieldError| {
            let usual = field(act, error.field);
            Problem {
                field: if own.starts_with(usual) { own } else { usual }.to_owned(),
                message: error.message.clone(),
            }
        };
        self.errors.iter().map(problem).collect()
    }

    /// The title of that summary.
    pub(in crate::features) fn summary(&self) -> String {
        crate::posted::summary(&self.errors)
    }

    /// The key of the form that came back: sent again, it is still the same one.
    pub(in crate::features) fn key(&self, act: RequestAct, fresh: &str) -> String {
        let sent = self.posted.once();
        if self.is(act) && !sent.is_empty() {
            sent.to_owned()
        } else {
            format!("{fresh}-{}", act.word())
        }
    }
}
