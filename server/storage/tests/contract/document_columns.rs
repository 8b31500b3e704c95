//! The columns beside contents that are kept as JSON, with changes that verification must see.

use domain::id::ObjectKind;

/// Changes of columns beside the JSON that the log's hash is of, and of that JSON.
pub(crate) const DOCUMENTS: &[(ObjectKind, &str, &[&str])] = &[
    (
        ObjectKind::ApprovalFlow,
        "approval_flow",
        &["name_key = 'zz'", "status = 'ended'"],
    ),
    (
        ObjectKind::Request,
        "request",
        &["requester_id = 9", "beneficiary_id = 9"],
    ),
    (
        ObjectKind::RequestItem,
        "request_item",
        &[
            "request_id = 9",
            "requester_id = 9",
            "beneficiary_id = 9",
            "entitlement_id = 9",
            "entitlement_id = NULL, role_id = 1",
            "state = 'granted'",
            "created = recorded_from",
            "ended = recorded_from",
            "ended = NULL",
        ],
    ),
    (
        ObjectKind::RequestEvent,
        "request_event",
        &[
            "item_id = 9",
            "by_id = 9",
            "by_id = NULL",
            "event = 'other'",
        ],
    ),
    (
        ObjectKind::Delegation,
        "delegation",
        &[
            "delegator_id = 9",
            "delegate_id = 9",
            "state = 'ended'",
            "valid_from = valid_until",
            "valid_until = recorded_from",
        ],
    ),
    (
        ObjectKind::FulfilmentTask,
        "fulfilment_task",
        &[
            "kind = 'take'",
            "identity_id = 9",
            "entitlement_id = 9",
            "application_id = 9",
            "assignment_id = 9",
            "account_id = 9",
            "state = 'done'",
        ],
    ),
    (
        ObjectKind::Review,
        "review",
        &["name_key = 'x'", "status = 'ended'"],
    ),
    (
        ObjectKind::Campaign,
        "campaign",
        &[
            "review_id = 9",
            "review_id = NULL",
            "state = 'closed'",
            "due = recorded_from",
        ],
    ),
];
