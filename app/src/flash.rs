//! One-shot messages: a short code travels in a cookie, the words stay here.

use http::HeaderValue;

/// The cookie's name.
pub const COOKIE: &str = "flash";

/// The cookie that shows a message on the next page.
pub fn set(code: &str) -> HeaderValue {
    cookie(&format!(
        "{COOKIE}={code}; Path=/; Max-Age=60; HttpOnly; SameSite=Lax"
    ))
}

/// The cookie that has shown its message.
pub fn clear() -> HeaderValue {
    cookie(&format!(
        "{COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"
    ))
}

fn cookie(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// What a code says; an unknown one says nothing.
pub fn text(code: &str) -> Option<&'static str> {
    Some(match code {
        "welcome" => "Your console is ready.",
        "created" => "Added.",
        "saved" => "Changes saved.",
        "review-saved" => "The review is saved. Launch it when its reviewers should begin.",
        "evidence-asked" => "The evidence pack is being made; this page says how far it is.",
        "link-made" => "The link was made before. It cannot be shown again; make another one.",
        "link-revoked" => "Called back. It opens nothing any more.",
        "signed-off" => "Signed off. Make the evidence pack again to have that in it.",
        "review-ended" => "The review has ended. What it came to stays.",
        "review-begun" => "The campaign begins: what is in scope is being frozen.",
        "same" => "Nothing was changed: it says what it said before.",
        "role-created" => "Added. Nothing is in it yet.",
        "discovery-asked" => "Roles are being looked for; this page says how far it is.",
        "draft-made" => "Made as a draft. Nobody holds it yet.",
        "draft-made-before" => "A role had been made of this before: this one.",
        "contents-changed" => "The contents are changed.",
        "flow-created" => "Added. It counts for requests from now on.",
        "delegated" => "Delegated. Both of you see it here.",
        "delegation-ended" => "The delegation has ended.",
        "rule-created" => "Added as a draft. It gives nothing yet.",
        "rule-draft" => "It is a draft again.",
        "rule-observed" => "It is observed now and gives nothing.",
        "rule-activated" => "It is active. For many people the access follows in the background.",
        "review-kept" => "Staged to be kept: everything here that was not decided.",
        "review-kept-unflagged" => {
            "Staged to be kept: what is not flagged. The flagged ones wait for a look of their own."
        }
        "review-kept-none" => {
            "Nothing here is left that can be kept at once: flagged items are decided one by one."
        }
        "review-alike" => "Staged for all that look the same.",
        "in-cart" => "It is in your cart.",
        "all-in-cart" => "They are in your cart.",
        "out-of-cart" => "It is out of your cart.",
        "cart-kept" => "Your cart is kept.",
        "asked" => "Asked for. This page says where it is.",
        "given-back" => "Given back.",
        "activated" => "Asked for. When nobody has to approve, it is active now.",
        "taken" => "You have it now. Your manager, its owner and the administrators were told.",
        "access-given" => "Given.",
        "access-extended" => "The last day is changed.",
        "access-restored" => "Restored.",
        "excluded" => "Excluded.",
        "exclusion-ended" => "The exclusion has ended.",
        "suspended" => "Suspended.",
        "resumed" => "Resumed.",
        "ended" => "Ended.",
        "scheduled" => "The last day is set.",
        "granted" => "The right was given.",
        "right-ended" => "The right was ended.",
        "signed-out" => "You are signed out.",
        "signed-out-elsewhere" => "Signed out elsewhere.",
        "password-changed" => "Your password is changed. Other sessions were signed out.",
        "password-set" => "Your password is set. Sign in with it.",
        "view-saved" => "View saved.",
        "view-deleted" => "View deleted.",
        "columns-kept" => "This list shows these columns from now on.",
        "preferences" => "Preferences saved.",
        "all-read" => "All read.",
        "test-sent" => {
            "Sent. It is in the bell, and on its way by mail where there is a mail server."
        }
        "mail-again" => "It is tried again.",
        "forgotten" => "The columns are forgotten; the next import guesses them anew.",
        "columns-saved" => "Columns saved. The next import of this source begins with them.",
        "taken-out" => "The file was taken out.",
        "decided" => "Decided. The next import of this source goes by it.",
        "import-cancelled" => "The import was cancelled; nothing was written.",
        "job-asked" => "It is being done in the background; this page says how far it is.",
        "looking" => "It is being looked for in the background. Open this page again in a while.",
        "job-paused" => "Paused; what runs stops at its next safe point.",
        "job-resumed" => "It goes on.",
        "job-cancelled" => "Cancelled; what runs stops at its next safe point.",
        "approved-given" => "Approved. The access is given.",
        "approved" => "Approved. It waits for somebody else now.",
        "approved-failed" => "Approved, and it could not be given. The page says why.",
        "rejected" => "Rejected. Who asked for it is told.",
        "late" => "This was decided before. Yours is recorded as late, without effect.",
        "asked-back" => "The question is sent. The request waits for the answer.",
        "handed-on" => "Handed on. It does not wait for you any more.",
        "withdrawn" => "Taken back.",
        "reminded" => "They are reminded.",
        "commented" => "Written down.",
        "review-closed" => "Closed. What was revoked can be restored until it ends.",
        "review-escalated" => {
            "Not closed yet: what nobody answered has come to the owner of the review."
        }
        "review-cancelled" => "Called off. Nothing ends.",
        "review-extended" => "Reviewers have more time.",
        "review-reassigned" => "Somebody else decides now, and was told.",
        "task-done" => "Done. The next reading of the application verifies it.",
        "already" => "This was done already; it was not done a second time.",
        _ => return None,
    })
}
