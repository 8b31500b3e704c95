//! How this feature calls things.

use domain::lifecycle::Lifecycle;

use crate::format::number;

/// What a token's key and a value of it are called.
pub(super) fn token_words(key: &str, value: &str) -> (String, String) {
    let title = match key {
        "status" => "Status",
        "owner" => "Owner",
        "name" => "Technical name",
        "contents" => "Contents",
        "description" => "Description",
        "holders" => "Holders",
        other => other,
    };
    let label = match key {
        "status" => Lifecycle::from_word(value).map(Lifecycle::label),
        _ => None,
    };
    (title.to_owned(), label.unwrap_or(value).to_owned())
}

/// `1 role`, `3 214 entitlements`.
pub(super) fn counted(n: usize, word: &str) -> String {
    format!(
        "{} {word}{}",
        number(n as u64),
        if n == 1 { "" } else { "s" }
    )
}

/// `2 roles and 12 entitlements`; `nothing` without either.
pub(super) fn things(roles: usize, entitlements: usize) -> String {
    match (roles, entitlements) {
        (0, 0) => "nothing".to_owned(),
        (0, n) => counted(n, "entitlement"),
        (n, 0) => counted(n, "role"),
        (roles, entitlements) => format!(
            "{} and {}",
            counted(roles, "role"),
            counted(entitlements, "entitlement")
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::things;

    #[test]
    fn what_there_is_none_of_is_not_said() {
        assert_eq!(things(1, 12), "1 role and 12 entitlements");
        assert_eq!(things(0, 1), "1 entitlement");
        assert_eq!(things(2, 0), "2 roles");
        assert_eq!(things(0, 0), "nothing");
    }
}
