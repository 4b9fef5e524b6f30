//! A bar in a table's cell, beside its number.

use super::{Length, Markup};
use crate::i18n::Direction;

/// A bar as long as `value` is of `most`, growing in the direction of reading. It repeats the number
/// that stands beside it, so it is hidden from screen readers.
pub fn bar(value: u64, most: u64, direction: Direction) -> Markup {
    let percent = if most == 0 {
        0.0
    } else {
        100.0 * value.min(most) as f64 / most as f64
    };
    let start = match direction {
        Direction::Ltr => 0.0,
        Direction::Rtl => 100.0 - percent,
    };
    Markup(format!(
        r#"<svg class="bar" aria-hidden="true"><rect x="{}%" width="{}%" height="100%"/></svg>"#,
        Length(start),
        Length(percent)
    ))
}
