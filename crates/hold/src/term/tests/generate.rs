//! Instruments of every shape that the language has, meaningful or not.

use jiff::civil::Date;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;

use crate::term::Duration;
use crate::term::ast::*;
use crate::term::name::*;
use crate::term::word::Spelled;

const WORDS: [&str; 8] = ["a", "b2", "c_d", "Eta", "PT", "P_1", "entered", "avg"];
const DOTTED: [&str; 5] = ["a", "b.c", "register.ci", "min.max", "x.y.z"];

fn plain<T: std::fmt::Debug>(
    read: impl Fn(&str) -> Result<T, NotAName> + Copy,
) -> impl Strategy<Value = T> {
    select(&WORDS[..]).prop_map(move |word| read(word).unwrap())
}

fn dotted<T: std::fmt::Debug>(
    read: impl Fn(&str) -> Result<T, NotAName> + Copy,
) -> impl Strategy<Value = T> {
    select(&DOTTED[..]).prop_map(move |word| read(word).unwrap())
}

fn one_of<T: Spelled + std::fmt::Debug>() -> impl Strategy<Value = T> {
    select(T::ALL).prop_map(|(_, member)| member)
}

fn few<T: std::fmt::Debug>(
    item: impl Strategy<Value = T>,
    least: usize,
) -> impl Strategy<Value = Vec<T>> {
    prop::collection::vec(item, least..4)
}

fn text() -> impl Strategy<Value = Text> {
    const TEXTS: [&str; 4] = [
        "plain",
        "with \"quotes\" and \\",
        "\u{645}\u{62f}\u{646}\u{64a}",
        "// note {",
    ];
    let any = "\\PC{1,20}".prop_filter_map("a text that shows", |text| Text::new(text).ok());
    prop_oneof![
        select(&TEXTS[..]).prop_map(|text| Text::new(text).unwrap()),
        any
    ]
}

fn duration() -> impl Strategy<Value = Duration> {
    let parts = (0..30u32, 0..400u32, 0..200_000u64);
    let any = parts.prop_map(|(months, days, seconds)| Duration {
        months,
        days,
        seconds,
    });
    let most = Duration {
        months: Duration::MAX_MONTHS,
        days: Duration::MAX_DAYS,
        seconds: Duration::MAX_SECONDS,
    };
    prop_oneof![9 => any, 1 => Just(most), 1 => Just(Duration::default())]
}

fn length() -> impl Strategy<Value = Length> {
    prop_oneof![
        duration().prop_map(Length::Fixed),
        plain(ParamName::new).prop_map(Length::Param),
    ]
}

fn span() -> impl Strategy<Value = Span> {
    let field = (dotted(Kind::new), plain(Field::new));
    prop_oneof![
        3 => length().prop_map(Span::Length),
        1 => field.prop_map(|(kind, field)| Span::Field { kind, field }),
    ]
}

fn number() -> impl Strategy<Value = Number> {
    prop_oneof![
        any::<i64>().prop_map(Number::Integer),
        any::<i64>().prop_map(Number::Share),
        (0..=10_000i64).prop_map(Number::Share),
    ]
}

fn quantity() -> impl Strategy<Value = Quantity> {
    prop_oneof![
        number().prop_map(Quantity::Fixed),
        plain(ParamName::new).prop_map(Quantity::Param),
    ]
}

fn comparison() -> impl Strategy<Value = Comparison> {
    (one_of(), quantity()).prop_map(|(order, with)| Comparison { order, with })
}

fn anchor() -> impl Strategy<Value = Anchor> {
    let which = select(vec![Which::First, Which::Last, Which::Only]);
    let moment = select(vec![Moment::Occurred, Moment::Recorded]);
    let fact = (dotted(Kind::new), which, moment);
    prop_oneof![
        1 => Just(Anchor::Breach),
        4 => fact.prop_map(|(kind, which, moment)| Anchor::Fact { kind, which, moment }),
    ]
}

fn limit() -> impl Strategy<Value = Limit> {
    (one_of(), span(), anchor(), of((span(), anchor()))).prop_map(
        |(side, span, anchor, and_within)| Limit {
            side,
            span,
            anchor,
            and_within,
        },
    )
}

fn requirement() -> impl Strategy<Value = Requirement> {
    prop_oneof![
        plain(Field::new).prop_map(Requirement::Field),
        few(plain(Field::new), 2).prop_map(Requirement::Any),
        comparison().prop_map(Requirement::Grade),
        (plain(Field::new), comparison())
            .prop_map(|(field, comparison)| Requirement::Compared(field, comparison)),
        (plain(Field::new), few(plain(CodeWord::new), 1))
            .prop_map(|(field, codes)| Requirement::Is(field, codes)),
    ]
}

fn act() -> impl Strategy<Value = Act> {
    (
        dotted(Kind::new),
        few(requirement(), 0),
        of(plain(Channel::new)),
    )
        .prop_map(|(kind, with, via)| Act { kind, with, via })
}

fn measure() -> impl Strategy<Value = Measure> {
    (one_of(), dotted(Indicator::new), length()).prop_map(|(aggregate, indicator, window)| {
        Measure {
            aggregate,
            indicator,
            window,
        }
    })
}

fn atom() -> impl Strategy<Value = Condition> {
    prop_oneof![
        (dotted(Kind::new), few(requirement(), 0), of(length()))
            .prop_map(|(kind, with, last)| Condition::Occurs { kind, with, last }),
        (
            dotted(Kind::new),
            few(requirement(), 0),
            length(),
            comparison()
        )
            .prop_map(|(kind, with, last, comparison)| Condition::Count {
                kind,
                with,
                last,
                comparison
            }),
        (measure(), comparison()).prop_map(|(measure, comparison)| Condition::Measured {
            measure,
            comparison
        }),
        (plain(TermName::new), one_of()).prop_map(|(term, is)| Condition::Status { term, is }),
        dotted(Register::new).prop_map(|register| Condition::Registered {
            object: Object::Subject,
            register
        }),
        (plain(Field::new), dotted(Register::new)).prop_map(|(field, register)| {
            Condition::Registered {
                object: Object::Field(field),
                register,
            }
        }),
        (plain(Word::new), plain(Role::new))
            .prop_map(|(ground, by)| Condition::Finding { ground, by }),
        comparison().prop_map(Condition::Grade),
        plain(Word::new).prop_map(Condition::Holds),
        (span(), anchor()).prop_map(|(span, anchor)| Condition::Elapsed { span, anchor }),
        (any::<u32>(), one_of()).prop_map(|(number, is)| Condition::Rung { number, is }),
    ]
}

fn condition() -> impl Strategy<Value = Condition> {
    let not_of = |condition| Condition::Not(Box::new(condition));
    atom().prop_recursive(4, 16, 3, move |inner| {
        let parts = prop::collection::vec(inner.clone(), 2..4);
        prop_oneof![
            inner.prop_map(not_of),
            parts
                .clone()
                .prop_map(|parts| Condition::All(flat(parts, true))),
            parts.prop_map(|parts| Condition::Any(flat(parts, false))),
        ]
    })
}

/// Parts without further ones of the same join among them.
fn flat(parts: Vec<Condition>, all: bool) -> Vec<Condition> {
    let mut out = Vec::new();
    for part in parts {
        match part {
            Condition::All(inner) if all => out.extend(inner),
            Condition::Any(inner) if !all => out.extend(inner),
            other => out.push(other),
        }
    }
    out
}

fn duty() -> impl Strategy<Value = Duty> {
    let never = (
        dotted(Kind::new),
        of(dotted(Register::new)),
        dotted(Kind::new),
        of(plain(Role::new)),
    );
    prop_oneof![
        (act(), limit()).prop_map(|(act, limit)| Duty::Deliver { act, limit }),
        (act(), length()).prop_map(|(act, per)| Duty::Perform { act, per }),
        text().prop_map(Duty::Declare),
        (measure(), comparison(), of(quantity())).prop_map(|(measure, comparison, coverage)| {
            Duty::Maintain {
                measure,
                comparison,
                coverage,
            }
        }),
        never.prop_map(|(kind, register, covered_by, attributed_by)| Duty::Never {
            kind,
            register,
            covered_by,
            attributed_by,
        }),
    ]
}

fn citation() -> impl Strategy<Value = Citation> {
    let source = select(vec!["ap1", "eli/dir/2022/2555", "a/70/174"]);
    let passage = select(vec!["art_23.4.a", "13.h", "annex-i"]);
    (source, of(passage), any::<bool>()).prop_map(|(source, passage, verified)| Citation {
        source: SourceName::new(source).unwrap(),
        passage: passage.map(|passage| Passage::new(passage).unwrap()),
        verified,
    })
}

fn exception() -> impl Strategy<Value = Exception> {
    let effect = prop_oneof![
        Just(Effect::Excuses),
        length().prop_map(Effect::Suspends),
        limit().prop_map(|it| Effect::Varies(Variation::Limit(it))),
        few(duty(), 1).prop_map(|all| Effect::Varies(Variation::Duties(all))),
    ];
    (condition(), effect, citation()).prop_map(|(guard, effect, under)| Exception {
        guard,
        effect,
        under,
    })
}

fn suspension() -> impl Strategy<Value = Suspension> {
    (dotted(Kind::new), dotted(Kind::new), length()).prop_map(|(by, until, max)| Suspension {
        by,
        until,
        max,
    })
}

fn term() -> impl Strategy<Value = Term> {
    let head = (
        plain(TermName::new),
        few(text(), 0),
        of(citation()),
        one_of(),
        one_of(),
        plain(Role::new),
        of(plain(Role::new)),
        of(condition()),
        duty(),
    );
    let marks = (
        of(plain(CalendarName::new)),
        of(length()),
        few(exception(), 0),
        few(suspension(), 0),
        any::<[bool; 4]>(),
        few(plain(TermName::new), 0),
        of(length()),
    );
    (head, marks).prop_map(|(head, marks)| {
        let (name, notes, text, class, modality, debtor, creditor, when, duty) = head;
        let (calendar, grace, exceptions, suspensions, flags, on_breach, remedy_within) = marks;
        let [unsuspendable, safety, survives, non_reservable] = flags;
        Term {
            name,
            notes,
            text,
            class,
            modality,
            debtor,
            creditor,
            when,
            duty,
            calendar,
            grace,
            exceptions,
            suspensions,
            unsuspendable,
            safety,
            on_breach,
            remedy_within,
            survives,
            non_reservable,
        }
    })
}

fn rung() -> impl Strategy<Value = Rung> {
    let share = (1..=9u32, 0..=9u32).prop_map(|(numerator, more)| Fraction {
        numerator,
        denominator: numerator + more,
    });
    let quorum = prop_oneof![
        Just(Quorum::All),
        Just(Quorum::Alone),
        share.clone().prop_map(Quorum::AtLeast),
        (share, length()).prop_map(|(share, within)| Quorum::Unless { share, within }),
    ];
    let head = (
        any::<u32>(),
        plain(RungName::new),
        condition(),
        length(),
        length(),
    );
    let tail = (
        few(plain(Response::new), 1),
        plain(Role::new),
        quorum,
        condition(),
    );
    (head, tail).prop_map(|(head, tail)| {
        let (number, name, enter, cooling_off, expires) = head;
        let (allows, decided_by, quorum, exit) = tail;
        Rung {
            number,
            name,
            enter,
            cooling_off,
            expires,
            allows,
            decided_by,
            quorum,
            exit,
        }
    })
}

fn ladder() -> impl Strategy<Value = Ladder> {
    let name = plain(LadderName::new);
    (
        name,
        few(text(), 0),
        of(plain(CalendarName::new)),
        few(rung(), 0),
    )
        .prop_map(|(name, notes, calendar, rungs)| Ladder {
            name,
            notes,
            calendar,
            rungs,
        })
}

fn calendar() -> impl Strategy<Value = CalendarRule> {
    let time = of((0..1440u16).prop_map(|minutes| TimeOfDay { minutes }));
    let rule = prop_oneof![
        Just(WeekendRule::Stays),
        time.clone().prop_map(WeekendRule::Next),
        time.prop_map(WeekendRule::Previous),
    ];
    let zone = select(vec![
        "UTC",
        "Europe/Vienna",
        "America/Port-au-Prince",
        "Etc/GMT+3",
    ]);
    let weekend = proptest::sample::subsequence(Weekday::ALL, 0..=7);
    let holidays = of(plain(HolidaysName::new));
    (
        plain(CalendarName::new),
        zone,
        one_of(),
        weekend,
        holidays,
        rule,
    )
        .prop_map(
            |(name, zone, counting, weekend, holidays, weekend_rule)| CalendarRule {
                name,
                zone: ZoneName::new(zone).unwrap(),
                counting,
                weekend: weekend.into_iter().map(|(_, day)| day).collect(),
                holidays,
                weekend_rule,
            },
        )
}

fn date() -> impl Strategy<Value = Date> {
    (1..=9999i16, 1..=12i8, 1..=28i8).prop_map(|(y, m, d)| Date::new(y, m, d).unwrap())
}

fn definition() -> impl Strategy<Value = Definition> {
    let subject = prop_oneof![
        text().prop_map(Defined::Phrase),
        plain(Word::new).prop_map(Defined::Word),
    ];
    (subject, text(), of(condition())).prop_map(|(subject, means, counts_as)| Definition {
        subject,
        means,
        counts_as,
    })
}

/// Any instrument that can be written.
pub(crate) fn instrument() -> impl Strategy<Value = Instrument> {
    let param = (
        plain(ParamName::new),
        prop_oneof![
            duration().prop_map(Setting::Duration),
            number().prop_map(Setting::Number),
        ],
    );
    let kind = (
        dotted(Kind::new),
        one_of(),
        of(plain(Role::new)),
        of(plain(Role::new)),
    );
    let indicator = (dotted(Indicator::new), number(), number(), duration());
    let review = (duration(), plain(Role::new), of(plain(CalendarName::new)));
    let source = (text(), citation());
    let head = (
        plain(InstrumentName::new),
        few(text(), 0),
        one_of(),
        (date(), of(date())),
        of(review.prop_map(|(every, by, calendar)| Review {
            every,
            by,
            calendar,
        })),
        few(
            source.prop_map(|(location, cited)| Source {
                location,
                name: cited.source,
                verified: cited.verified,
            }),
            0,
        ),
        few(calendar(), 0),
    );
    let tail = (
        few(
            param.prop_map(|(name, proposed)| Param { name, proposed }),
            0,
        ),
        few(definition(), 0),
        few(
            kind.prop_map(|(kind, world, by, to)| KindRule {
                kind,
                world,
                by,
                to,
            }),
            0,
        ),
        few(
            indicator.prop_map(|(indicator, lowest, highest, every)| IndicatorRule {
                indicator,
                lowest,
                highest,
                every,
            }),
            0,
        ),
        few(term(), 0),
        few(ladder(), 0),
    );
    (head, tail).prop_map(|(head, tail)| {
        let (name, notes, force, (from, until), review, sources, calendars) = head;
        let (params, definitions, kinds, indicators, terms, ladders) = tail;
        Instrument {
            name,
            notes,
            force,
            in_force: InForce { from, until },
            review,
            sources,
            calendars,
            params,
            definitions,
            kinds,
            indicators,
            terms,
            ladders,
        }
    })
}
