//! The world's land, without borders, and a circle for each number.

use super::projection::{HALF_WIDTH, equal_earth};
use super::{Escaped, Length, Markup, write_to};
use crate::i18n::Texts;

/// A number at a place.
#[derive(Debug, Clone, PartialEq)]
pub struct MapPoint {
    /// Name of the country or territory in the reader's language.
    pub label: String,
    /// What the circle's area shows; nothing is drawn for 0.
    pub value: u64,
    /// Degrees east.
    pub longitude: f64,
    /// Degrees north.
    pub latitude: f64,
}

/// Width of the picture in its own units; everything else follows from it.
const WIDTH: f64 = 1000.0;
/// Radius of the largest circle.
const LARGEST: f64 = 36.0;
/// Radius below which a circle could not be seen; smaller numbers are drawn with it.
const SMALLEST: f64 = 2.5;
/// Latitudes at which the picture ends: no land lies north of it, in the south only Antarctica.
const NORTH: f64 = 84.0;
const SOUTH: f64 = -57.0;

/// The outline of the land in units of half a picture unit (`assets/README.md` says how it is made).
pub(super) const LAND: &str = include_str!("../../assets/land.path");

/// Draws the map. `id` is unique on the page; `title` and `description` name the picture for those
/// who do not see it. East is on the same side in every language. The legend names the largest
/// round number and a tenth of it.
pub fn world_map(
    id: &str,
    title: &str,
    description: &str,
    points: &[MapPoint],
    texts: &Texts,
) -> Markup {
    let height = (equal_earth(0.0, NORTH).1 - equal_earth(0.0, SOUTH).1) * scale();
    let most = points.iter().map(|it| it.value).max().unwrap_or(0);
    let radius = |value: u64| {
        let share = value as f64 / most.max(1) as f64;
        (share.sqrt() * LARGEST).max(SMALLEST)
    };
    let mut svg = format!(
        r#"<svg class="map" viewBox="0 0 {} {}" role="img" aria-labelledby="{id}-title {id}-description" direction="{}"><title id="{id}-title">{}</title><desc id="{id}-description">{}</desc>"#,
        Length(WIDTH),
        Length(height.ceil()),
        texts.locale().dir(),
        Escaped(title),
        Escaped(description),
        id = Escaped(id),
    );
    write_to(
        &mut svg,
        format_args!(
            "\n<path class=\"land\" transform=\"scale(.5)\" d=\"{}\"/>",
            LAND.trim_end()
        ),
    );
    let mut drawn: Vec<&MapPoint> = points.iter().filter(|it| it.value > 0).collect();
    // Small circles lie on large ones; equal ones are in the order of their names.
    drawn.sort_by(|a, b| (b.value, &a.label).cmp(&(a.value, &b.label)));
    for point in drawn {
        let (x, y) = equal_earth(point.longitude, point.latitude);
        let told = texts.text_with(
            "chart-point",
            &[
                ("label", point.label.as_str().into()),
                ("value", point.value.into()),
            ],
        );
        write_to(
            &mut svg,
            format_args!(
                "\n<circle cx=\"{}\" cy=\"{}\" r=\"{}\"><title>{}</title></circle>",
                Length((x + HALF_WIDTH) * scale()),
                Length((equal_earth(0.0, NORTH).1 - y) * scale()),
                Length(radius(point.value)),
                Escaped(&told),
            ),
        );
    }
    if most > 0 {
        legend(&mut svg, height, most, radius, texts);
    }
    svg.push_str("</svg>");
    Markup(svg)
}

/// Two circles with their numbers, in the South Pacific, where no land is.
fn legend(svg: &mut String, height: f64, most: u64, radius: impl Fn(u64) -> f64, texts: &Texts) {
    let large = 10u64.pow(most.ilog10());
    let large = large * (most / large);
    let mut x = LARGEST + 4.0;
    let y = height - LARGEST - 4.0;
    svg.push_str("\n<g class=\"legend\">");
    for value in [large, large / 10] {
        if value == 0 {
            continue;
        }
        let r = radius(value);
        write_to(
            svg,
            format_args!(
                r#"<circle cx="{}" cy="{}" r="{}"/><text x="{}" y="{}" direction="ltr">{}</text>"#,
                Length(x),
                Length(y),
                Length(r),
                Length(x + r + 6.0),
                Length(y),
                Escaped(&texts.number(value)),
            ),
        );
        x += 130.0;
    }
    svg.push_str("</g>");
}

fn scale() -> f64 {
    WIDTH / (2.0 * HALF_WIDTH)
}
