//! Pictures of numbers, drawn on the server as SVG.
//!
//! A page sets a table with the same numbers beside each. Text is text, time runs in the direction
//! of reading, and nothing is told by colour alone. Colours come from the stylesheet.

use std::fmt::{self, Write};

use askama::filters::{Escaper, Html, HtmlSafe};

mod bar;
mod map;
mod places;
mod projection;
mod qr;
#[cfg(test)]
mod tests;
mod timeline;

pub use bar::bar;
pub use map::{MapPoint, world_map};
pub use places::place;
pub use qr::qr;
pub use timeline::{Period, Timeline, timeline};

/// SVG in which all text is escaped; a template prints it as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Markup(String);

impl fmt::Display for Markup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl HtmlSafe for Markup {}

/// Text on its way into a picture.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Html.write_escaped_str(f, self.0)
    }
}

/// A length in a picture, to a hundredth of its unit.
struct Length(f64);

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Adding zero makes of -0 a 0.
        write!(f, "{}", (self.0 * 100.0).round() / 100.0 + 0.0)
    }
}

fn write_to(svg: &mut String, text: fmt::Arguments<'_>) {
    svg.write_fmt(text)
        .expect("writing to a string does not fail");
}
