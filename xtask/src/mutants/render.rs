//! Source in which every change lies dormant until its number is called.

use std::ops::Range;

use super::points::{Point, Sort};

/// A file with its changes in it.
#[derive(Debug, Default)]
pub struct Rendered {
    pub text: String,
    /// Where in the text which change lies: the whole that it can replace, and its own part.
    pub places: Vec<Place>,
}

#[derive(Debug)]
pub struct Place {
    pub number: usize,
    pub whole: Range<usize>,
    pub own: Range<usize>,
}

/// Writes a file with those of its changes that have a number.
pub fn render(source: &str, points: &[(usize, &Point)]) -> Rendered {
    let mut rendered = Rendered::default();
    write(source, 0..source.len(), points, &mut rendered);
    rendered
}

/// Writes a part of the source; the points that lie in it come in the order of the text.
fn write(source: &str, part: Range<usize>, points: &[(usize, &Point)], into: &mut Rendered) {
    let (mut at, mut left) = (part.start, points);
    while let Some((_, first)) = left.first() {
        let range = first.range.clone();
        let same = left.iter().take_while(|(_, it)| it.range == range).count();
        let (here, rest) = left.split_at(same);
        let inside = rest
            .iter()
            .take_while(|(_, it)| it.range.start < range.end)
            .count();
        let (inside, rest) = rest.split_at(inside);
        into.text.push_str(&source[at..range.start]);
        let start = into.text.len();
        let mut places = Vec::new();
        let braces = match first.sort {
            Sort::Expression => ["(", ")"],
            Sort::Statement | Sort::Body => ["", ""],
        };
        into.text.push_str(braces[0]);
        for (number, point) in here {
            into.text
                .push_str(&format!("if crate::mutant::is({number}) {{ "));
            let own = into.text.len();
            into.text.push_str(&point.with);
            places.push((*number, own..into.text.len()));
            into.text.push_str(match first.sort {
                Sort::Body => " } ",
                _ => " } else ",
            });
        }
        if first.sort != Sort::Body {
            into.text.push_str("{ ");
            write(source, range.clone(), inside, into);
            into.text.push_str(" }");
        }
        into.text.push_str(braces[1]);
        let whole = start..into.text.len();
        into.places
            .extend(places.into_iter().map(|(number, own)| Place {
                number,
                whole: whole.clone(),
                own,
            }));
        (at, left) = (range.end, rest);
    }
    into.text.push_str(&source[at..part.end]);
}

impl Rendered {
    /// The change that is to blame for an error at a byte: the one whose own part it is, or the
    /// innermost around it.
    pub fn blame(&self, at: usize) -> Option<usize> {
        let own = self.places.iter().find(|place| place.own.contains(&at));
        let around = self.places.iter().filter(|it| it.whole.contains(&at));
        let found = own.or_else(|| around.min_by_key(|place| place.whole.len()));
        found.map(|place| place.number)
    }
}

#[cfg(test)]
mod tests {
    use super::super::points::points;
    use super::*;

    #[test]
    fn changes_that_lie_in_one_another_are_both_there() {
        let source = "fn f(a: i64) -> bool { !(a < 3) }";
        let found = points(source).unwrap();
        let chosen: Vec<_> = (1..)
            .zip(&found)
            .filter(|(at, _)| [3, 4].contains(at))
            .collect();
        let rendered = render(source, &chosen);
        assert_eq!(
            rendered.text,
            "fn f(a: i64) -> bool { (if crate::mutant::is(3) { (a < 3) } else { \
             !((if crate::mutant::is(4) { a <= 3 } else { a < 3 })) }) }"
        );
        let at = |text: &str| rendered.text.find(text).unwrap();
        assert_eq!(rendered.blame(at("a <= 3")), Some(4));
        assert_eq!(rendered.blame(at("else { a <") + 8), Some(4));
        assert_eq!(rendered.blame(at("fn")), None);
    }
}
