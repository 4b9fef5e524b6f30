//! Text on a terminal: columns that line up in every script, and nothing that a text of strangers
//! could do to the terminal.

use std::borrow::Cow;

use unicode_width::UnicodeWidthStr as _;

/// Between two columns.
const GAP: usize = 2;
/// First strong isolate, and its end (Unicode Standard Annex 9).
const ISOLATE: char = '\u{2068}';
const END: char = '\u{2069}';

/// A text in a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// A figure, set against the end of its column.
    Figure(String),
    /// Words, an id or a time.
    Text(String),
}

/// Lays rows out in columns, one line each. Rows may be of unequal length.
pub fn columns(rows: &[Vec<Cell>]) -> String {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells
            .map(|cell: &Cell| cell.shown().width())
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..count).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            let shown = cell.shown();
            let room = " ".repeat(width - shown.width());
            match cell {
                Cell::Figure(_) => line.extend([&room, &*isolated(&shown)]),
                Cell::Text(_) => line.extend([&*isolated(&shown), &room]),
            }
            line.extend([" "; GAP]);
        }
        text.push_str(line.trim_end_matches(' '));
        text.push('\n');
    }
    text
}

/// A text without what could move the cursor, colour the screen or reorder what stands beside it.
pub fn plain(text: &str) -> String {
    let text: String = text
        .chars()
        .filter(|c| !matches!(c, '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
        .map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c })
        .collect();
    text
}

/// A sentence of ours for a terminal. Its marks around names stay only where a script that is
/// written from right to left needs them: many terminals draw them as boxes.
pub fn sentence(text: &str) -> Cow<'_, str> {
    if text.chars().any(is_right_to_left) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace([ISOLATE, END], ""))
}

impl Cell {
    fn shown(&self) -> String {
        let (Cell::Figure(text) | Cell::Text(text)) = self;
        plain(text)
    }
}

fn isolated(text: &str) -> Cow<'_, str> {
    if text.chars().any(is_right_to_left) {
        return Cow::Owned(format!("{ISOLATE}{text}{END}"));
    }
    Cow::Borrowed(text)
}

/// Hebrew, Arabic and the scripts between them and beside them, in all their blocks.
fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}'
        | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Cell {
        Cell::Text(text.to_owned())
    }

    #[test]
    fn columns_line_up_in_every_script() {
        let rows = [
            vec![text("name"), text("added"), text("role")],
            vec![text("Ünïted"), Cell::Figure("7".to_owned()), text("x")],
            vec![text("医院"), Cell::Figure("1,200".to_owned())],
        ];
        assert_eq!(
            columns(&rows),
            "name    added  role\nÜnïted      7  x\n医院    1,200\n"
        );
        assert_eq!(columns(&[]), "");
    }

    #[test]
    fn names_written_from_right_to_left_are_isolated() {
        let rows = [
            vec![text("مستشفى"), text("rec_a")],
            vec![text("b"), text("rec_b")],
        ];
        assert_eq!(
            columns(&rows),
            "\u{2068}مستشفى\u{2069}  rec_a\nb       rec_b\n"
        );
        assert_eq!(sentence("by \u{2068}b\u{2069}"), "by b");
        assert_eq!(sentence("من \u{2068}b\u{2069}"), "من \u{2068}b\u{2069}");
    }

    #[test]
    fn a_name_cannot_command_the_terminal() {
        assert_eq!(
            plain("a\u{1b}[2Jb\u{202e}c\r\nd\u{9b}"),
            "a\u{fffd}[2Jbc\u{fffd}\u{fffd}d\u{fffd}"
        );
        assert_eq!(columns(&[vec![text("a\nb")]]), "a\u{fffd}b\n");
    }
}
