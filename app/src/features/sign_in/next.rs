//! Where signing in leads back to: a path of this console and nothing else, whatever the address says.

use crate::routes;

/// Longest address that is kept.
const LONGEST: usize = 2000;

/// The path, if it can lead nowhere but to a page of this console. Browsers read `//`, `/\` and a tab after the slash as
/// the beginning of another host.
pub(super) fn same_site(path: &str) -> Option<&str> {
    let rest = path.strip_prefix('/')?;
    let plain = path.len() <= LONGEST
        && path
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let way_in = [routes::SIGN_IN, routes::SIGN_OUT, routes::WELCOME]
        .iter()
        .any(|page| path.split('?').next() == Some(*page));
    (plain && !rest.starts_with('/') && !way_in).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::same_site;

    #[test]
    fn pages_of_this_console_pass() {
        for path in [
            "/",
            "/people",
            "/people?q=status%3Aactive&sort=-name",
            "/me/sessions",
        ] {
            assert_eq!(same_site(path), Some(path));
        }
    }

    #[test]
    fn everything_else_does_not() {
        let foreign = [
            "",
            "people",
            "//example.com",
            "/\\example.com",
            "/\t/example.com",
            "/a\\b",
            "https://example.com",
            "javascript:alert(1)",
            "/a b",
            "/é",
            "/a\r\nb",
        ];
        for path in foreign
            .into_iter()
            .chain(["/sign-in?next=/sign-in", "/sign-out", "/welcome"])
        {
            assert_eq!(same_site(path), None, "{path:?}");
        }
        assert_eq!(same_site(&format!("/{}", "a".repeat(2000))), None);
    }
}
