//! A browser in two or three words, from what it says of itself. Good enough to recognise one's own; proves nothing.

/// What a browser's mark stands for, in the order in which they are looked for: most pretend to be others as well.
const BROWSERS: [(&str, &str); 12] = [
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("OPR/", "Opera"),
    ("Vivaldi/", "Vivaldi"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("HeadlessChrome/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];

/// The same for systems.
const SYSTEMS: [(&str, &str); 8] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
    ("FreeBSD", "FreeBSD"),
];

/// Longest name of a program that is none of the known browsers.
const LONGEST: usize = 30;

/// `Chrome on Linux`, `Safari on iPhone`, `curl`.
pub(super) fn words(agent: &str) -> String {
    let find = |marks: &[(&str, &'static str)]| {
        marks
            .iter()
            .find(|(mark, _)| agent.contains(mark))
            .map(|(_, name)| *name)
    };
    match (find(&BROWSERS), find(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(browser), None) => browser.to_owned(),
        (None, Some(system)) => format!("A browser on {system}"),
        (None, None) => program(agent),
    }
}

/// The name before the version of a program such as `curl/8.5.0`.
fn program(agent: &str) -> String {
    let name: String = agent
        .split(['/', ' ', '('])
        .next()
        .unwrap_or_default()
        .chars()
        .take(LONGEST)
        .collect();
    if name.is_empty() {
        "Unknown browser".to_owned()
    } else {
        name
    }
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn browsers_are_told_from_those_they_pretend_to_be() {
        let chrome = "(KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";
        for (agent, expected) in [
            (format!("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 {chrome}"), "Chrome on Linux"),
            (format!("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 {chrome} Edg/142.0.0.0"), "Edge on Windows"),
            (format!("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 {chrome}"), "Chrome on Android"),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0".to_owned(), "Firefox on Linux"),
            ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Safari/605.1.15".to_owned(), "Safari on macOS"),
            ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Mobile/15E148 Safari/604.1".to_owned(), "Safari on iPhone"),
            ("curl/8.5.0".to_owned(), "curl"),
            (String::new(), "Unknown browser"),
            ("x".repeat(300), &"x".repeat(30)),
        ] {
            assert_eq!(words(&agent), expected, "{agent}");
        }
    }
}
