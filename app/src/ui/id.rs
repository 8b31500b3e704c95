//! An identifier in the fixed-width face, shortened in the middle when long, whole on hover and when copied.

use leptos::prelude::*;

/// Longest text shown whole.
const WHOLE: usize = 22;
/// Characters kept at the start and at the end of a longer one.
const HEAD: usize = 12;
const TAIL: usize = 6;

/// An id; children are the copy button.
#[component]
pub fn Id(
    #[prop(into)] value: String,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let shown = shorten(&value);
    let title = (shown != value).then(|| value.clone());
    view! {
        <span class="id-line">
            <code class="id" title=title>
                {shown}
            </code>
            {children.map(|children| children())}
        </span>
    }
    .into_any()
}

fn shorten(value: &str) -> String {
    let letters: Vec<char> = value.chars().collect();
    if letters.len() <= WHOLE {
        return value.to_owned();
    }
    let head: String = letters[..HEAD].iter().collect();
    let tail: String = letters[letters.len() - TAIL..].iter().collect();
    format!("{head}…{tail}")
}

#[cfg(test)]
mod tests {
    use super::shorten;

    #[test]
    fn long_ids_keep_both_ends() {
        assert_eq!(shorten("idn_86Rf07"), "idn_86Rf07");
        assert_eq!(
            shorten("0123456789abcdef0123456789abcdef"),
            "0123456789ab…abcdef"
        );
    }

    #[test]
    fn letters_are_counted_not_bytes() {
        assert_eq!(shorten(&"é".repeat(22)), "é".repeat(22));
        assert_eq!(shorten(&"é".repeat(30)).chars().count(), 19);
    }
}
