//! Where Rust source can be changed a little, and into what.

use std::ops::Range;

use anyhow::{Context, Result};
use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{BinOp, Expr, ExprLit, ImplItemFn, ItemFn, ItemMod, Lit, ReturnType, Stmt, Type, UnOp};

/// A small change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    /// The bytes of the source that it replaces; of a function the empty range where its body begins.
    pub range: Range<usize>,
    /// What it puts there.
    pub with: String,
    pub sort: Sort,
    /// The function in which it lies.
    pub function: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    Expression,
    Statement,
    Body,
}

/// Names of methods, fields and paths that are mistaken for each other.
const TWINS: [[&str; 2]; 15] = [
    ["min", "max"],
    ["any", "all"],
    ["lo", "hi"],
    ["first", "last"],
    ["is_some", "is_none"],
    ["is_some_and", "is_none_or"],
    ["may_hold", "may_fail"],
    ["saturating_add", "saturating_sub"],
    ["union", "filter"],
    ["Truth::True", "Truth::False"],
    ["Truth::Unknown", "Truth::True"],
    ["Doubt::Least", "Doubt::Most"],
    ["End::Due", "End::Last"],
    ["Status::Remedied", "Status::RemediedLate"],
    ["Status::Met", "Status::Late"],
];

/// Every change that a file allows, outside of its tests, in the order of the text.
pub fn points(source: &str) -> Result<Vec<Point>> {
    let file = syn::parse_file(source).context("could not read Rust source")?;
    let mut finder = Finder {
        source,
        function: Vec::new(),
        points: Vec::new(),
    };
    finder.visit_file(&file);
    let mut points = finder.points;
    points.sort_by_key(|point| (point.range.start, std::cmp::Reverse(point.range.end)));
    Ok(points)
}

struct Finder<'a> {
    source: &'a str,
    function: Vec<String>,
    points: Vec<Point>,
}

impl Finder<'_> {
    fn add(&mut self, sort: Sort, range: Range<usize>, with: String) {
        if let Some(function) = self.function.last() {
            let function = function.clone();
            self.points.push(Point {
                range,
                with,
                sort,
                function,
            });
        }
    }

    fn text(&self, span: Span) -> &str {
        &self.source[span.byte_range()]
    }

    /// Puts something in the place of a part of an expression.
    fn swap(&mut self, whole: Span, part: Span, with: &str) {
        let (whole, part) = (whole.byte_range(), part.byte_range());
        let before = &self.source[whole.start..part.start];
        let after = &self.source[part.end..whole.end];
        let with = format!("{before}{with}{after}");
        self.add(Sort::Expression, whole, with);
    }

    fn function(&mut self, name: &str, output: &ReturnType, body: &syn::Block, is_const: bool) {
        if is_const {
            return;
        }
        self.function.push(name.to_owned());
        let start = body.brace_token.span.open().byte_range().end;
        for value in values(output) {
            self.add(Sort::Body, start..start, format!("return {value};"));
        }
        visit::visit_block(self, body);
        self.function.pop();
    }
}

impl<'ast> Visit<'ast> for Finder<'_> {
    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        if !is_test(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_fn(&mut self, item: &'ast ItemFn) {
        if !is_test(&item.attrs) {
            let (sig, body) = (&item.sig, &item.block);
            self.function(
                &sig.ident.to_string(),
                &sig.output,
                body,
                sig.constness.is_some(),
            );
        }
    }

    fn visit_impl_item_fn(&mut self, item: &'ast ImplItemFn) {
        let (sig, body) = (&item.sig, &item.block);
        self.function(
            &sig.ident.to_string(),
            &sig.output,
            body,
            sig.constness.is_some(),
        );
    }

    fn visit_stmt(&mut self, stmt: &'ast Stmt) {
        if let Stmt::Expr(expr, Some(_)) = stmt
            && matches!(expr, Expr::MethodCall(_) | Expr::Call(_) | Expr::Assign(_))
        {
            self.add(Sort::Statement, stmt.span().byte_range(), String::new());
        }
        visit::visit_stmt(self, stmt);
    }

    fn visit_expr(&mut self, expr: &'ast Expr) {
        match expr {
            Expr::Binary(binary) => {
                for with in operators(&binary.op) {
                    self.swap(expr.span(), binary.op.span(), with);
                }
            }
            Expr::Unary(unary) if matches!(unary.op, UnOp::Not(_) | UnOp::Neg(_)) => {
                let inner = self.text(unary.expr.span()).to_owned();
                self.add(Sort::Expression, expr.span().byte_range(), inner);
            }
            Expr::Lit(ExprLit {
                lit: Lit::Bool(lit),
                ..
            }) => {
                let other = (!lit.value).to_string();
                self.add(Sort::Expression, expr.span().byte_range(), other);
            }
            Expr::Lit(ExprLit {
                lit: Lit::Int(lit), ..
            }) => {
                if let Ok(number) = lit.base10_parse::<u64>() {
                    let other = format!("{}{}", number + 1, lit.suffix());
                    self.add(Sort::Expression, expr.span().byte_range(), other);
                }
            }
            Expr::MethodCall(call) => {
                for with in twins(&call.method.to_string()) {
                    self.swap(expr.span(), call.method.span(), with);
                }
            }
            Expr::Field(field) => {
                for with in twins(self.text(field.member.span())) {
                    self.swap(expr.span(), field.member.span(), with);
                }
            }
            Expr::Path(path) => {
                for with in twins(self.text(path.span())) {
                    self.swap(expr.span(), path.span(), with);
                }
            }
            _ => {}
        }
        match expr {
            // What is assigned to, or lent, is a place: nothing can stand for it.
            Expr::Assign(assign) => self.visit_expr(&assign.right),
            Expr::Reference(reference) if reference.mutability.is_some() => {}
            // A condition with a pattern in it is no expression by itself.
            Expr::Let(condition) => self.visit_expr(&condition.expr),
            _ => visit::visit_expr(self, expr),
        }
    }

    fn visit_item_const(&mut self, _: &'ast syn::ItemConst) {}

    fn visit_item_static(&mut self, _: &'ast syn::ItemStatic) {}

    fn visit_impl_item_const(&mut self, _: &'ast syn::ImplItemConst) {}

    fn visit_type(&mut self, _: &'ast Type) {}

    fn visit_pat(&mut self, _: &'ast syn::Pat) {}
}

fn is_test(attrs: &[syn::Attribute]) -> bool {
    let is_cfg_test = |attr: &syn::Attribute| {
        attr.path().is_ident("cfg")
            && attr
                .meta
                .require_list()
                .is_ok_and(|list| list.tokens.to_string() == "test")
    };
    attrs
        .iter()
        .any(|it| it.path().is_ident("test") || is_cfg_test(it))
}

/// What a function may answer whatever it is asked.
fn values(output: &ReturnType) -> Vec<&'static str> {
    let ReturnType::Type(_, output) = output else {
        return vec!["()"];
    };
    let Type::Path(path) = &**output else {
        return Vec::new();
    };
    let Some(name) = path.path.segments.last() else {
        return Vec::new();
    };
    match name.ident.to_string().as_str() {
        "bool" => vec!["true", "false"],
        "Option" => vec!["None"],
        "Vec" => vec!["Vec::new()"],
        "Truth" => vec!["Truth::True", "Truth::False", "Truth::Unknown"],
        "Possible" => vec!["Possible::NONE"],
        _ => vec!["Default::default()"],
    }
}

fn operators(op: &BinOp) -> &'static [&'static str] {
    match op {
        BinOp::Lt(_) => &["<=", ">"],
        BinOp::Le(_) => &["<", ">"],
        BinOp::Gt(_) => &[">=", "<"],
        BinOp::Ge(_) => &[">", "<"],
        BinOp::Eq(_) => &["!="],
        BinOp::Ne(_) => &["=="],
        BinOp::And(_) => &["||"],
        BinOp::Or(_) => &["&&"],
        BinOp::Add(_) => &["-"],
        BinOp::Sub(_) => &["+"],
        BinOp::Mul(_) => &["+"],
        BinOp::Div(_) | BinOp::Rem(_) => &["*"],
        BinOp::AddAssign(_) => &["-="],
        BinOp::SubAssign(_) => &["+="],
        BinOp::BitOr(_) => &["&"],
        BinOp::BitAnd(_) => &["|"],
        _ => &[],
    }
}

fn twins(name: &str) -> Vec<&'static str> {
    let other = |[a, b]: &[&'static str; 2]| match name {
        name if name == *a => Some(*b),
        name if name == *b => Some(*a),
        _ => None,
    };
    TWINS.iter().filter_map(other).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(source: &str) -> Vec<(String, String)> {
        let points = points(source).unwrap();
        let both = |point: Point| (source[point.range].to_owned(), point.with);
        points.into_iter().map(both).collect()
    }

    #[test]
    fn operators_names_and_bodies_are_found() {
        let source = "fn f(a: i64) -> bool { a < 3 && !g(a.lo) }";
        let pair = |(a, b): (&str, &str)| (a.to_owned(), b.to_owned());
        let expected = [
            ("", "return true;"),
            ("", "return false;"),
            ("a < 3 && !g(a.lo)", "a < 3 || !g(a.lo)"),
            ("a < 3", "a <= 3"),
            ("a < 3", "a > 3"),
            ("3", "4"),
            ("!g(a.lo)", "g(a.lo)"),
            ("a.lo", "a.hi"),
        ];
        assert_eq!(found(source), expected.map(pair));
    }

    #[test]
    fn tests_constants_and_places_are_left_alone() {
        let source = "
            const A: u8 = 1 + 2;
            #[cfg(test)] mod tests { fn f() -> bool { true } }
            fn g(a: &mut A) { a.lo = 0; h(&mut a.hi); }";
        let found = found(source);
        let texts: Vec<_> = found.iter().map(|(text, _)| text.as_str()).collect();
        assert_eq!(texts, ["", "a.lo = 0;", "0", "h(&mut a.hi);"]);
    }
}
