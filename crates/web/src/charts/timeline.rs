//! Bars of equal periods along time.

use super::{Escaped, Length, Markup, write_to};
use crate::i18n::{Direction, Texts};

/// One period and its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    /// The period in words: `October 2023`.
    pub label: String,
    /// What stands below the axis at the start of this period, if anything: `2023`.
    pub tick: Option<String>,
    /// The height of the bar.
    pub value: u64,
}

/// A timeline and its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeline<'a> {
    /// Unique on the page.
    pub id: &'a str,
    /// Names the picture.
    pub title: &'a str,
    /// Says what is drawn, for those who do not see it.
    pub description: &'a str,
    /// What the heights count, in what period: `Incidents in a month`.
    pub axis: &'a str,
    /// From the first to the last, without gaps.
    pub periods: &'a [Period],
}

/// Heights in pixels: lengths along time are percentages, so that text keeps its size when the
/// picture is narrow.
const TOP: f64 = 28.0;
const PLOT: f64 = 150.0;
const BOTTOM: f64 = 26.0;
/// Share of its period that a bar fills.
const FILLED: f64 = 0.8;

/// Draws the bars. Time runs in the direction of reading.
pub fn timeline(chart: &Timeline<'_>, texts: &Texts) -> Markup {
    let direction = texts.locale().dir();
    let top = round_top(chart.periods.iter().map(|it| it.value).max().unwrap_or(0));
    let base = TOP + PLOT;
    let mut svg = format!(
        r#"<svg class="timeline" width="100%" height="{}" role="img" aria-labelledby="{id}-title {id}-description" direction="{direction}"><title id="{id}-title">{}</title><desc id="{id}-description">{}</desc>"#,
        Length(base + BOTTOM),
        Escaped(chart.title),
        Escaped(chart.description),
        id = Escaped(chart.id),
    );
    let start = match direction {
        Direction::Ltr => "0",
        Direction::Rtl => "100%",
    };
    write_to(
        &mut svg,
        format_args!(
            "\n<text class=\"axis\" x=\"{start}\" y=\"12\">{}</text>",
            Escaped(chart.axis)
        ),
    );
    for (value, share) in [(top, 1.0), (top / 2, 0.5)] {
        if value == 0 || share == 0.5 && top % 2 == 1 {
            continue;
        }
        let y = base - PLOT * share;
        write_to(
            &mut svg,
            format_args!(
                "\n<line class=\"grid\" x1=\"0\" x2=\"100%\" y1=\"{y}\" y2=\"{y}\"/><text class=\"scale\" x=\"{start}\" y=\"{}\">{}</text>",
                Length(y + 13.0),
                Escaped(&texts.number(value)),
                y = Length(y),
            ),
        );
    }
    let width = 100.0 / chart.periods.len().max(1) as f64;
    for (at, period) in chart.periods.iter().enumerate() {
        bar(&mut svg, period, at as f64 * width, width, top, texts);
    }
    write_to(
        &mut svg,
        format_args!(
            "\n<line class=\"base\" x1=\"0\" x2=\"100%\" y1=\"{base}\" y2=\"{base}\"/></svg>",
            base = Length(base)
        ),
    );
    Markup(svg)
}

/// One bar and its tick. `from` and `width` are percentages along time.
fn bar(svg: &mut String, period: &Period, from: f64, width: f64, top: u64, texts: &Texts) {
    let mirrored = |from: f64, width: f64| match texts.locale().dir() {
        Direction::Ltr => Length(from),
        Direction::Rtl => Length(100.0 - from - width),
    };
    let base = TOP + PLOT;
    if period.value > 0 {
        let height = (PLOT * period.value as f64 / top as f64).max(1.0);
        let told = texts.text_with(
            "chart-point",
            &[
                ("label", period.label.as_str().into()),
                ("value", period.value.into()),
            ],
        );
        write_to(
            svg,
            format_args!(
                "\n<rect x=\"{}%\" y=\"{}\" width=\"{}%\" height=\"{}\"><title>{}</title></rect>",
                mirrored(from, width * FILLED),
                Length(base - height),
                Length(width * FILLED),
                Length(height),
                Escaped(&told),
            ),
        );
    }
    if let Some(tick) = &period.tick {
        // Beside its mark, on the side where there is room.
        let (anchor, along) = if from < 90.0 {
            ("start", 3)
        } else {
            ("end", -3)
        };
        write_to(
            svg,
            format_args!(
                "\n<line class=\"tick\" x1=\"{x}%\" x2=\"{x}%\" y1=\"{}\" y2=\"{}\"/>\
                <text class=\"time\" x=\"{x}%\" dx=\"{}\" y=\"{}\" text-anchor=\"{anchor}\">{}</text>",
                Length(base),
                Length(base + 6.0),
                match texts.locale().dir() {
                    Direction::Ltr => along,
                    Direction::Rtl => -along,
                },
                Length(base + 18.0),
                Escaped(tick),
                x = mirrored(from, 0.0),
            ),
        );
    }
}

/// The smallest of 1, 2, 3, 4, 5, 6, 8 times a power of ten that is not below `most`.
fn round_top(most: u64) -> u64 {
    let power = 10u64.pow(most.max(1).ilog10());
    [1, 2, 3, 4, 5, 6, 8, 10]
        .into_iter()
        .map(|step: u64| step.saturating_mul(power))
        .find(|top| *top >= most)
        .unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::round_top;

    #[test]
    fn the_axis_ends_at_a_round_number() {
        for (most, top) in [
            (0, 1),
            (1, 1),
            (7, 8),
            (9, 10),
            (11, 20),
            (254, 300),
            (6277, 8000),
        ] {
            assert_eq!(round_top(most), top);
        }
        assert_eq!(round_top(u64::MAX), u64::MAX);
    }
}
