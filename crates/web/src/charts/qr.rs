//! A QR code (ISO/IEC 18004): black on white in every colour scheme, so that cameras read it.

use qrcode::{Color, EcLevel, QrCode};

use super::{Escaped, Markup, write_to};

/// Modules of white around the code, which readers need to find it.
const QUIET: usize = 4;

/// The code of a text, one unit a module; nothing where the text is longer than any code holds.
/// The highest level of correction below which it fits is chosen, up to *M*.
pub fn qr(text: &str, title: &str) -> Option<Markup> {
    let levels = [EcLevel::M, EcLevel::L].into_iter();
    let code = levels
        .filter_map(|level| QrCode::with_error_correction_level(text, level).ok())
        .next()?;
    let (width, modules) = (code.width(), code.to_colors());
    let side = width + 2 * QUIET;
    let mut svg = String::new();
    write_to(
        &mut svg,
        format_args!(
            "<svg class=\"qr\" role=\"img\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\" \
             aria-label=\"{}\"><rect width=\"{side}\" height=\"{side}\" fill=\"#ffffff\"/><path fill=\"#000000\" d=\"",
            Escaped(title)
        ),
    );
    for (y, row) in modules.chunks(width).enumerate() {
        let mut x = 0;
        // Of each row its runs of black.
        for run in row.chunk_by(|a, b| a == b) {
            if run.first() == Some(&Color::Dark) {
                let (left, top, long) = (x + QUIET, y + QUIET, run.len());
                write_to(&mut svg, format_args!("M{left} {top}h{long}v1h-{long}z"));
            }
            x += run.len();
        }
    }
    svg.push_str("\"/></svg>");
    Some(Markup(svg))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testkit::read_qr;

    #[test]
    fn another_library_reads_what_is_drawn() {
        for length in [1, 50, 500, 1700, 3391, 3392, 4296] {
            let text: String = "EMBLEM1:ABC234".chars().cycle().take(length).collect();
            let drawn = qr(&text, "a \"title\"").unwrap().to_string();
            assert!(!drawn.contains("\"title\""));
            assert_eq!(read_qr(&drawn), text, "{length}");
        }
        assert!(qr(&"A".repeat(4297), "").is_none());
    }
}
