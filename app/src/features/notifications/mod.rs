//! What I was told, newest first; and for administrators the mail that did not get through.
//!
//! Opening one is a form: it marks it as read and leads to its page. Nothing is decided here.

mod list;
mod outgoing;

use domain::notice::NoticeKind;

use crate::pages::Pages;
use crate::routes;
use crate::ui::Icon;

pub(crate) use list::unread_count;

/// The pages of this feature.
pub fn router() -> Pages {
    Pages::new()
        .get(routes::NOTIFICATIONS, list::page)
        .post(routes::NOTIFICATIONS, list::open)
        .get(routes::MAIL, outgoing::page)
        .post(routes::MAIL, outgoing::again)
}

/// The icon of a kind.
const fn icon(kind: NoticeKind) -> Icon {
    match kind {
        NoticeKind::ApprovalWaiting | NoticeKind::ReviewWaiting => Icon::Inbox,
        NoticeKind::ApprovalReminder | NoticeKind::AccessEnding | NoticeKind::AccessReviewed => {
            Icon::Clock
        }
        NoticeKind::Escalated => Icon::Upload,
        NoticeKind::RequestDecided => Icon::CircleCheck,
        NoticeKind::QuestionAsked | NoticeKind::QuestionAnswered => Icon::CircleQuestionMark,
        NoticeKind::TaskAssigned
        | NoticeKind::ReviewReminder
        | NoticeKind::ReviewPassed
        | NoticeKind::ChangeAsked
        | NoticeKind::ReviewOwned => Icon::ListChecks,
        NoticeKind::EmergencyUsed => Icon::ShieldAlert,
        NoticeKind::DelegationReceived => Icon::UserCheck,
        NoticeKind::Test => Icon::Mail,
    }
}
