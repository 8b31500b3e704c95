//! Small pictures of numbers. The page puts what they show as a table below each, so nothing is said by a picture alone.

use leptos::prelude::*;

/// Width and height of a picture in units of its own.
const WIDTH: u64 = 600;
const HEIGHT: u64 = 120;

/// A line over time: places from left to right (such as days), and values upwards. `told` is the picture in words.
pub fn line(points: &[(u64, u64)], told: String) -> AnyView {
    let first = points.first().map_or(0, |point| point.0);
    let span = points.last().map_or(0, |point| point.0 - first).max(1);
    let most = points.iter().map(|point| point.1).max().unwrap_or(0).max(1);
    let corner = |(x, y): &(u64, u64)| {
        let x = (x - first) * WIDTH / span;
        let y = HEIGHT - share(*y, most);
        format!("{x},{y}")
    };
    let corners = points.iter().map(corner).collect::<Vec<_>>().join(" ");
    figure(
        told,
        view! { <polyline points=corners vector-effect="non-scaling-stroke"></polyline> }
            .into_any(),
    )
}

/// Bars beside each other, each of parts on top of each other, the first one lowest. Parts are told apart by their class.
pub fn bars(columns: &[Vec<u64>], classes: &'static [&'static str], told: String) -> AnyView {
    let most = columns
        .iter()
        .map(|parts| parts.iter().sum())
        .max()
        .unwrap_or(0)
        .max(1);
    let wide = WIDTH / columns.len().max(6) as u64;
    let bars = columns.iter().zip(0_u64..).map(|(parts, place)| {
        let mut top = HEIGHT;
        let parts = parts.iter().zip(classes).map(|(value, class)| {
            let height = share(*value, most);
            top -= height.min(top);
            view! { <rect class=*class x=place * wide + wide / 8 y=top width=wide * 3 / 4 height=height></rect> }
        });
        parts.collect::<Vec<_>>().collect_view()
    });
    let bars = bars.collect::<Vec<_>>().collect_view();
    figure(told, bars.into_any())
}

/// A value as a height; what is not nothing is seen.
fn share(value: u64, most: u64) -> u64 {
    match value {
        0 => 0,
        value => (value.saturating_mul(HEIGHT) / most).clamp(1, HEIGHT),
    }
}

fn figure(told: String, drawn: AnyView) -> AnyView {
    let view_box = format!("0 0 {WIDTH} {HEIGHT}");
    view! {
        <figure class="chart">
            <svg viewBox=view_box role="img" aria-label=told.clone() preserveAspectRatio="none">{drawn}</svg>
            <figcaption>{told}</figcaption>
        </figure>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heights_stay_in_the_picture() {
        assert_eq!(share(0, 10), 0);
        assert_eq!(share(10, 10), HEIGHT);
        assert_eq!(share(1, 1_000_000), 1);
        assert_eq!(share(u64::MAX, 1), HEIGHT);
    }
}
