//! What a review would do, as the preview counted it: inside of the form, so that what it offers changes what was typed.

use domain::finding::Finding;
use domain::time::Date;
use leptos::prelude::*;
use maud::html;
use service::reviews::Preview;

use crate::format::number;
use crate::routes;
use crate::ui::leaf::leaf;
use crate::ui::{Banner, Card, Cell, Column, Table, Tone};

/// What it would do.
pub(super) fn told(preview: &Preview, place: &str) -> AnyView {
    let counts = preview.counts;
    let nothing = (counts.included == 0).then(|| {
        view! {
            <Banner tone=Tone::Warn title="Nothing would be reviewed">
                <p>"Widen the scope, or look why everything is left out."</p>
            </Banner>
        }
    });
    let more = if preview.capped { "More than " } else { "" };
    let head = format!(
        "{more}{} in scope: {} to decide by {}, {} left out.",
        number(counts.all),
        number(counts.included),
        match counts.reviewers {
            1 => "one reviewer".to_owned(),
            many => format!("{} reviewers", number(many)),
        },
        number(counts.excluded)
    );
    let lines = lines(preview);
    let quality = quality(preview);
    let (offers, piles) = (offers(preview, place), piles(preview));
    view! {
        <section id="preview" tabindex="-1" aria-label="What it would do">
            {nothing}
            <Card title="What it would do now"><div class="prose"><p>{head}</p>{lines}</div></Card>
            {quality}
            {offers}
            {piles}
        </section>
    }
    .into_any()
}

fn lines(preview: &Preview) -> AnyView {
    let excluded = preview.excluded.iter().map(|(why, count)| {
        format!(
            "Left out, {}: {}.",
            why.label().to_lowercase(),
            number(*count)
        )
    });
    let because = preview
        .because
        .iter()
        .map(|(why, count)| format!("Decided by whoever is {}: {}.", why.label(), number(*count)));
    let flags = preview.flags.iter().map(|(flag, count)| {
        format!(
            "Flagged, {}: {}.",
            flag.label().to_lowercase(),
            number(*count)
        )
    });
    let lines: Vec<String> = excluded.chain(because).chain(flags).collect();
    leaf(html! { @if !lines.is_empty() { ul { @for line in &lines { li { (line) } } } } })
}

/// What should be put right first, each with where.
fn quality(preview: &Preview) -> Option<AnyView> {
    // A search without a date: the day says nothing here.
    let search = |finding: Finding| finding.search(Date::new(jiff::civil::Date::ZERO));
    let list = |path: &str, finding| routes::with_query(path, &[("q", &search(finding))]);
    let mut problems = Vec::new();
    if preview.missing > 0 {
        problems.push((
            format!(
                "For {} items nobody was found who is asked for: whoever answers for the review decides.",
                number(preview.missing)
            ),
            vec![
                ("People without a manager", list(routes::PEOPLE, Finding::NoManager)),
                ("Applications without an owner", list(routes::APPLICATIONS, Finding::ApplicationWithoutOwner)),
            ],
        ));
    }
    if preview.undescribed > 0 {
        problems.push((
            format!(
                "{} things have no description: reviewers cannot know what they let people do.",
                number(preview.undescribed)
            ),
            vec![(
                "Entitlements without a description",
                list(routes::ENTITLEMENTS, Finding::NoDescription),
            )],
        ));
    }
    if preview.unowned > 0 {
        problems.push((
            format!(
                "For {} things nobody answers: neither they nor their application has an owner.",
                number(preview.unowned)
            ),
            vec![(
                "Entitlements without an owner",
                list(routes::ENTITLEMENTS, Finding::EntitlementWithoutOwner),
            )],
        ));
    }
    if problems.is_empty() {
        return None;
    }
    let body = leaf(html! {
        ul {
            @for (text, links) in &problems {
                li { (text) @for (label, href) in links { " " a href=(href) { (label) } } }
            }
        }
    });
    Some(
        view! { <Card title="Better put right first"><div class="prose">{body}</div></Card> }
            .into_any(),
    )
}

/// Smaller reviews. Each button changes the form above and counts again.
fn offers(preview: &Preview, place: &str) -> Option<AnyView> {
    if preview.offers.is_empty() {
        return None;
    }
    let body = leaf(html! {
        p { "Somebody would have more than anybody decides with care. Split the review, one part at a time, or draw a sample. This changes the form above; nothing is saved." }
        div.review-offers {
            @for offer in &preview.offers {
                button.btn name="press" value=(format!("take:{}", offer.word)) formaction=(format!("{place}#preview")) { (offer.label) " · " (number(offer.items)) }
            }
        }
    });
    Some(view! { <Card title="Too much for one"><div class="prose">{body}</div></Card> }.into_any())
}

fn piles(preview: &Preview) -> Option<AnyView> {
    if preview.shares.is_empty() {
        return None;
    }
    let columns = vec![
        Column::new("Reviewer"),
        Column::new("Items").numeric(),
        Column::new("Note"),
    ];
    let rows = preview.shares.iter().map(|share| {
        let (name, items) = (share.reviewer.name.clone(), number(share.items));
        let note = if share.too_many {
            "More than anybody decides with care"
        } else {
            ""
        };
        view! {
            <tr>
                <Cell column="Reviewer"><span dir="auto">{name}</span></Cell>
                <Cell column="Items" numeric=true>{items}</Cell>
                <Cell column="Note" wrap=true>{note}</Cell>
            </tr>
        }
    });
    let rows = rows.collect_view();
    Some(view! { <Table caption="Who would decide most" columns=columns>{rows}</Table> }.into_any())
}
