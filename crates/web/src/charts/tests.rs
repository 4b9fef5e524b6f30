use std::path::Path;

use super::*;
use crate::i18n::{Direction, Locale, Texts};

/// Compares with a golden file, the outline of the land apart. `ENSIGN_BLESS=1` rewrites it.
#[expect(
    clippy::disallowed_methods,
    reason = "only a test asks whether to rewrite its golden"
)]
fn assert_golden(name: &str, markup: &Markup) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("src/charts/goldens")
        .join(name);
    let drawn = format!("{markup}\n").replace(map::LAND.trim_end(), "(land)");
    if std::env::var_os("ENSIGN_BLESS").is_some_and(|it| it == "1") {
        std::fs::write(&path, &drawn).expect("golden can be written");
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        golden == drawn,
        "{name} differs from what is drawn:\n{drawn}"
    );
}

fn draw_timeline(locale: Locale) -> Markup {
    let texts = Texts::of(locale);
    let periods: Vec<Period> = (0..6)
        .map(|at: i16| {
            let month = jiff::civil::date(2023 + at / 3, 1 + (at % 3) as i8, 1);
            Period {
                label: texts.month(month),
                tick: (at % 3 == 0).then(|| texts.year(month)),
                value: [3, 0, 1204, 17, 600, 2][at as usize],
            }
        })
        .collect();
    let chart = Timeline {
        id: "when",
        title: &texts.text("timeline-title"),
        description: "A & B",
        axis: &texts.text("timeline-axis-month"),
        periods: &periods,
    };
    timeline(&chart, texts)
}

fn draw_map(locale: Locale) -> Markup {
    let texts = Texts::of(locale);
    let points: Vec<MapPoint> = [("FRO", 2114), ("TUV", 31), ("NIU", 0), ("ISL", 1)]
        .into_iter()
        .map(|(code, value)| {
            let (longitude, latitude) = place(code).expect("the code has a place");
            let label = texts.label("country-", code).expect("the code has a name");
            MapPoint {
                label,
                value,
                longitude,
                latitude,
            }
        })
        .collect();
    world_map("where", &texts.text("map-title"), "<none>", &points, texts)
}

#[test]
fn a_timeline_is_drawn_as_agreed_in_english() {
    assert_golden("timeline-en.svg", &draw_timeline(Locale::En));
}

#[test]
fn a_timeline_is_mirrored_in_arabic() {
    assert_golden("timeline-ar.svg", &draw_timeline(Locale::Ar));
}

#[test]
fn a_map_is_drawn_as_agreed() {
    assert_golden("map-en.svg", &draw_map(Locale::En));
}

#[test]
fn a_map_is_not_mirrored() {
    let circles = |markup: Markup| -> Vec<String> {
        let text = markup.to_string();
        text.lines()
            .filter_map(|line| Some(line.strip_prefix("<circle ")?.split_once('>')?.0.to_owned()))
            .collect()
    };
    assert_eq!(circles(draw_map(Locale::En)).len(), 3);
    assert_eq!(circles(draw_map(Locale::En)), circles(draw_map(Locale::Ar)));
}

#[test]
fn empty_charts_are_drawn_without_numbers() {
    let texts = Texts::of(Locale::En);
    let map = world_map("m", "t", "d", &[], texts).to_string();
    assert!(!map.contains("<circle"));
    let chart = Timeline {
        id: "w",
        title: "t",
        description: "d",
        axis: "a",
        periods: &[],
    };
    assert!(!timeline(&chart, texts).to_string().contains("<rect"));
    assert!(!bar(0, 0, Direction::Ltr).to_string().contains("NaN"));
}

#[test]
fn text_from_outside_cannot_leave_its_element() {
    let texts = Texts::of(Locale::En);
    let point = MapPoint {
        label: "</title><script>".to_owned(),
        value: 1,
        longitude: 0.0,
        latitude: 0.0,
    };
    let drawn = world_map("\"m", "<t>", "&d", &[point], texts).to_string();
    for raw in ["<script", "<t>", "&d", "\"\"m"] {
        assert!(!drawn.contains(raw), "{raw}");
    }
}

#[test]
fn a_bar_grows_in_the_direction_of_reading() {
    assert_eq!(
        bar(1, 4, Direction::Ltr).to_string(),
        r#"<svg class="bar" aria-hidden="true"><rect x="0%" width="25%" height="100%"/></svg>"#
    );
    assert_eq!(
        bar(1, 4, Direction::Rtl).to_string(),
        r#"<svg class="bar" aria-hidden="true"><rect x="75%" width="25%" height="100%"/></svg>"#
    );
}
