//! The golden table, and a second calendar library beside this one.

mod second;

use jiff::Timestamp;
use jiff::civil::{Date, date};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use proptest::prelude::*;
use second::Second;

use crate::calendar::{Calendar, CompileError, DAY, MAX_DAYS_OFF, compile, seconds};
use crate::term::Duration;
use crate::term::ast::{CalendarRule, Counting, TimeOfDay, Weekday, WeekendRule};
use crate::term::name::{CalendarName, ZoneName};

const TABLE: &str = include_str!("deadlines.txt");

const NOON: TimeOfDay = TimeOfDay { minutes: 720 };

/// A calendar in words: a zone, and the words of the golden table.
struct Described {
    rule: CalendarRule,
    holidays: Vec<Date>,
}

impl Described {
    fn new(text: &str) -> Self {
        let mut words = text.split_whitespace();
        let mut rule = CalendarRule {
            name: CalendarName::new("c").unwrap(),
            zone: ZoneName::new(words.next().unwrap()).unwrap(),
            counting: Counting::Exact,
            weekend: vec![Weekday::Saturday, Weekday::Sunday],
            holidays: None,
            weekend_rule: WeekendRule::Stays,
        };
        let mut holidays = Vec::new();
        while let Some(word) = words.next() {
            match word {
                "eec" | "eec-stays" => rule.counting = Counting::Eec1182,
                "fri" => rule.weekend = vec![Weekday::Friday, Weekday::Saturday],
                "next" | "noon" | "previous" => {}
                "off" => holidays.push(words.next().unwrap().parse().unwrap()),
                other => panic!("{other}"),
            }
            match word {
                "eec" | "next" | "fri" => rule.weekend_rule = WeekendRule::Next(None),
                "noon" => rule.weekend_rule = WeekendRule::Next(Some(NOON)),
                "previous" => rule.weekend_rule = WeekendRule::Previous(None),
                _ => {}
            }
        }
        Described { rule, holidays }
    }

    fn compiled(&self, interval: [i64; 2]) -> Calendar {
        let zone = zone(self.rule.zone.as_str());
        compile(&self.rule, interval, &zone, &self.holidays).unwrap()
    }

    fn second(&self) -> Second<'_> {
        let day = |date: &Date| date.to_string().parse().unwrap();
        Second {
            rule: &self.rule,
            zone: self.rule.zone.as_str().parse().unwrap(),
            holidays: self.holidays.iter().map(day).collect(),
        }
    }
}

fn zone(name: &str) -> TimeZone {
    TimeZoneDatabase::bundled().get(name).unwrap()
}

fn moment(text: &str) -> i64 {
    text.parse::<Timestamp>().unwrap().as_second()
}

fn around(start: i64) -> [i64; 2] {
    [start - 800 * DAY, start + 1600 * DAY]
}

#[test]
fn every_golden_deadline_is_computed_and_a_second_library_agrees() {
    let mut rows = 0;
    for row in TABLE
        .lines()
        .filter(|row| !row.is_empty() && !row.starts_with('#'))
    {
        let [start, length, described, expected, source] = row
            .split('|')
            .map(str::trim)
            .collect::<Vec<_>>()
            .try_into()
            .unwrap();
        assert!(!source.is_empty(), "{row}");
        let (start, expected) = (moment(start), moment(expected));
        let length: Duration = length.parse().unwrap();
        let described = Described::new(described);
        let found = described.compiled(around(start)).deadline(start, length);
        let shown = found.map(|it| Timestamp::from_second(it).unwrap());
        assert_eq!(found, Some(expected), "{row}\n{shown:?}");
        assert_eq!(
            described.second().deadline(start, length),
            expected,
            "{row}"
        );
        rows += 1;
    }
    assert_eq!(rows, 62);
}

#[test]
fn outside_what_it_knows_a_calendar_answers_nothing() {
    let interval = [
        moment("2027-01-01T00:00:00Z"),
        moment("2028-01-01T00:00:00Z"),
    ];
    let calendar = Described::new("Europe/Vienna").compiled(interval);
    let [from, until] = interval;
    let month = Duration::months(1);
    assert!(calendar.deadline(from, month).is_some());
    assert_eq!(calendar.deadline(from - 1, month), None);
    assert_eq!(calendar.deadline(until - 5, month), None);
    assert_eq!(calendar.deadline(until, Duration::seconds(0)), None);
    assert_eq!(calendar.before(from + 5, month), None);
    assert_eq!(
        calendar.after(from, Duration::seconds(Duration::MAX_SECONDS)),
        None
    );
    assert_eq!(
        calendar.after(from, Duration::days(Duration::MAX_DAYS)),
        None
    );
    assert_eq!(
        calendar.after(from, Duration::months(Duration::MAX_MONTHS)),
        None
    );
    assert_eq!(calendar.deadlines([from, until], month), None);
    assert_eq!(calendar.is_working_day(date(2026, 12, 31)), None);
    assert_eq!(calendar.is_working_day(date(2027, 1, 2)), Some(false));
    assert_eq!(calendar.is_working_day(date(2027, 1, 4)), Some(true));
}

#[test]
fn windows_reach_back_from_moment_to_moment() {
    let calendar =
        Described::new("Europe/Vienna eec").compiled(around(moment("2026-03-31T10:30:00Z")));
    let before = |end: &str, length: &str| {
        let found = calendar
            .before(moment(end), length.parse().unwrap())
            .unwrap();
        Timestamp::from_second(found).unwrap().to_string()
    };
    assert_eq!(
        before("2026-03-31T10:30:00+02:00", "P1M"),
        "2026-02-28T09:30:00Z"
    );
    assert_eq!(
        before("2026-03-29T12:00:00+02:00", "P1D"),
        "2026-03-28T11:00:00Z"
    );
    assert_eq!(
        before("2026-03-29T12:00:00+02:00", "PT24H"),
        "2026-03-28T10:00:00Z"
    );
}

#[test]
fn a_calendar_without_work_or_beyond_its_bounds_is_not_compiled() {
    let mut described = Described::new("UTC next");
    let utc = TimeZone::UTC;
    let from = moment("2027-01-01T00:00:00Z");
    let attempt = |described: &Described, interval| {
        compile(&described.rule, interval, &utc, &described.holidays).map(|_| ())
    };
    let name = || "c".to_owned();
    let year = [from, from + 365 * DAY];
    assert_eq!(
        attempt(&described, [from, from]),
        Err(CompileError::Empty(name()))
    );
    assert_eq!(
        attempt(&described, [from, from + 201 * 366 * DAY]),
        Err(CompileError::TooLong(name()))
    );
    assert_eq!(
        attempt(&described, [i64::MAX - 1, i64::MAX]),
        Err(CompileError::TooLong(name()))
    );
    let days = date(2027, 3, 1)
        .series(jiff::Span::new().days(1))
        .take(MAX_DAYS_OFF);
    described.rule.weekend.clear();
    described.holidays = days.collect();
    assert_eq!(attempt(&described, year), Ok(()));
    described.rule.weekend = vec![Weekday::Sunday];
    assert_eq!(
        attempt(&described, year),
        Err(CompileError::NoWorkingDay(name()))
    );
}

const CALENDARS: [&str; 14] = [
    "UTC",
    "Europe/Brussels eec off 2026-04-03 off 2026-04-06",
    "Europe/Brussels eec-stays",
    "Europe/Vienna",
    "Europe/Vienna next",
    "Europe/Vienna noon off 2026-12-24 off 2026-12-25",
    "Europe/Vienna previous",
    "Asia/Amman fri",
    "Australia/Lord_Howe eec",
    "Pacific/Apia",
    "America/Sao_Paulo eec",
    "America/St_Johns noon",
    "Asia/Kathmandu next",
    "Africa/Cairo fri",
];

fn length() -> impl Strategy<Value = Duration> {
    let mixed = (0..14u32, 0..60u32, 0..400_000u64);
    prop_oneof![
        (0..100u32).prop_map(Duration::hours),
        (0..40u32).prop_map(Duration::days),
        (0..14u32).prop_map(Duration::months),
        mixed.prop_map(|(months, days, seconds)| Duration {
            months,
            days,
            seconds
        }),
    ]
}

/// Starts at which a day, an hour or an offset may begin, or at which the period's end may cross into
/// one, and the seconds before: all of these fall on quarters of an hour of UTC.
fn turns(start: i64, end: i64, length: Duration) -> impl Iterator<Item = i64> {
    const QUARTER: i64 = 900;
    let odd = seconds(length).rem_euclid(QUARTER);
    let quarters = (start / QUARTER..=end / QUARTER + 1).map(|it| it * QUARTER);
    let turns = quarters.flat_map(move |it| [it - 1, it, it - odd - 1, it - odd]);
    turns.filter(move |it| (start..=end).contains(it))
}

/// Moments of the years 1990 to 2036, where both libraries know the same time zones.
fn start() -> impl Strategy<Value = i64> {
    let any = 631_152_000..2_082_758_400i64;
    let near_a_change = prop_oneof![
        Just(moment("2026-03-29T01:00:00Z")),
        Just(moment("2026-10-25T01:00:00Z")),
        Just(moment("2011-12-30T10:00:00Z")),
        Just(moment("2017-02-19T02:00:00Z")),
    ];
    let shifted = (near_a_change, -70 * DAY..2 * DAY).prop_map(|(at, by)| at + by);
    prop_oneof![any, shifted]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_second_library_agrees_on_any_deadline(
        described in prop::sample::select(&CALENDARS[..]),
        start in start(),
        length in length(),
    ) {
        let described = Described::new(described);
        let calendar = described.compiled(around(start));
        let expected = described.second().deadline(start, length);
        prop_assert_eq!(calendar.deadline(start, length), Some(expected));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn the_deadlines_of_a_vague_start_bound_each_of_them(
        described in prop::sample::select(&CALENDARS[..]),
        start in start(),
        wide in 1..8 * DAY,
        length in length(),
    ) {
        let calendar = Described::new(described).compiled(around(start));
        let end = start + wide;
        let [earliest, latest] = calendar.deadlines([start, end], length).unwrap();
        let step = usize::try_from(wide / 300).unwrap().max(1);
        let (mut least, mut most) = (i64::MAX, i64::MIN);
        let spread = (start..=end).step_by(step).chain([end]);
        for moment in spread.chain(turns(start, end, length)) {
            let deadline = calendar.deadline(moment, length).unwrap();
            prop_assert!((earliest..=latest).contains(&deadline), "{} {}", moment, deadline);
            (least, most) = (least.min(deadline), most.max(deadline));
        }
        let is_previous = matches!(calendar.weekend_rule, WeekendRule::Previous(_));
        prop_assert!(is_previous || least == earliest, "{} {}", least, earliest);
        prop_assert!(is_previous || latest == most, "{} {}", latest, most);
    }
}
