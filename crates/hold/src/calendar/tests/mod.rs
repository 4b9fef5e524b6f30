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

/// Half past six.
const EVENING: TimeOfDay = TimeOfDay { minutes: 1_110 };

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
                "eec" | "eec-stays" | "eec-previous" | "eec-evening" => {
                    rule.counting = Counting::Eec1182;
                }
                "fri" => rule.weekend = vec![Weekday::Friday, Weekday::Saturday],
                "next" | "noon" | "previous" | "evening" => {}
                "off" => holidays.push(words.next().unwrap().parse().unwrap()),
                other => panic!("{other}"),
            }
            match word {
                "eec" | "next" | "fri" => rule.weekend_rule = WeekendRule::Next(None),
                "noon" => rule.weekend_rule = WeekendRule::Next(Some(NOON)),
                "previous" | "eec-previous" => rule.weekend_rule = WeekendRule::Previous(None),
                "evening" | "eec-evening" => {
                    rule.weekend_rule = WeekendRule::Previous(Some(EVENING));
                }
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
    assert_eq!(rows, 64);
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
    assert_eq!(calendar.before(from + DAY, Duration::days(1)), Some(from));
    assert_eq!(calendar.before(from + DAY - 1, Duration::days(1)), None);
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
fn the_first_change_that_a_calendar_knows_can_be_one_that_leaves_an_hour_out() {
    let interval = [
        moment("2027-01-01T00:00:00Z"),
        moment("2028-01-01T00:00:00Z"),
    ];
    let calendar = Described::new("Europe/Vienna").compiled(interval);
    let found = calendar.deadline(moment("2027-03-27T02:30:00+01:00"), Duration::days(1));
    assert_eq!(found, Some(moment("2027-03-28T01:00:00Z")));
}

#[test]
fn a_day_is_known_from_its_noon() {
    let friday = moment("2027-01-01T00:00:00Z");
    let works = |interval| {
        Described::new("UTC")
            .compiled(interval)
            .is_working_day(date(2027, 1, 1))
    };
    let noon = friday + DAY / 2;
    assert_eq!(works([noon, noon + 1]), Some(true));
    assert_eq!(works([noon + 1, noon + 2]), None);
    assert_eq!(works([friday, noon]), None);
}

#[test]
fn a_moment_has_the_day_and_time_of_its_offset() {
    let start = moment("2027-01-01T00:00:00Z");
    let calendar = Described::new("Asia/Kathmandu").compiled(around(start));
    let civil = calendar.civil(start + 59).unwrap();
    assert_eq!(civil, date(2027, 1, 1).at(5, 45, 59, 0));
}

#[test]
fn a_calendar_is_compiled_to_the_last_of_its_days_and_years() {
    let from = moment("2027-01-01T00:00:00Z");
    let longest = [from, from + 200 * 366 * DAY];
    let rule = Described::new("Europe/Vienna").rule;
    let vienna = zone("Europe/Vienna");
    assert!(compile(&rule, longest, &vienna, &[]).is_ok());
    let longer = [from, longest[1] + 1];
    let too_long = CompileError::TooLong("c".to_owned());
    assert_eq!(compile(&rule, longer, &vienna, &[]), Err(too_long));

    // The clock changes on 28 March 2027 at 01:00 UTC: a Sunday, and a holiday falls on the Monday.
    let change = moment("2027-03-28T01:00:00Z");
    let monday = [date(2027, 3, 29)];
    let before = compile(&rule, [from, change], &vienna, &monday).unwrap();
    assert_eq!(before.offsets, [(from, 3600)]);
    let after = [from, change + DAY];
    let after = compile(&rule, after, &vienna, &monday).unwrap();
    assert_eq!(after.offsets, [(from, 3600), (change, 7200)]);
    assert_eq!(after.is_working_day(monday[0]), None);
    let noon = compile(
        &rule,
        [from, change + DAY + 11 * 3600 + 1],
        &vienna,
        &monday,
    )
    .unwrap();
    assert_eq!(noon.is_working_day(monday[0]), Some(false));
}

/// What each field promises, broken in one way.
#[test]
fn a_calendar_that_breaks_a_promise_is_not_sound() {
    let from = moment("2027-01-01T00:00:00Z");
    let sound = Described::new("Europe/Vienna").compiled([from, from + 365 * DAY]);
    assert!(sound.is_sound());
    let with = |change: &dyn Fn(&mut Calendar)| {
        let mut calendar = sound.clone();
        change(&mut calendar);
        calendar.is_sound()
    };
    let offset = |at: i64, offset: i32| move |it: &mut Calendar| it.offsets.push((at, offset));
    let until = sound.until;

    assert!(with(&|it| it.offsets.truncate(1)));
    assert!(!with(&|it| it.offsets.clear()));
    assert!(!with(&|it| it.offsets[0].0 += 1));
    assert!(!with(&|it| it.offsets.swap(1, 2)));
    assert!(!with(&|it| it.offsets[1].0 = it.offsets[2].0));
    assert!(!with(&|it| it.offsets[1].1 = it.offsets[2].1));
    assert!(with(&offset(until - 1, -86_399)));
    assert!(!with(&offset(until, -86_399)));
    assert!(!with(&offset(until - 1, -86_400)));
    assert!(!with(&offset(until - 1, 86_400)));

    assert!(!with(&|it| it.until = it.from));
    assert!(with(&|it| {
        it.offsets.truncate(1);
        it.until = it.from + 1;
    }));
    let longest = from + 200 * 366 * DAY;
    assert!(with(&|it| it.until = longest));
    assert!(!with(&|it| it.until = longest + 1));
    let end = 9_999 * 366 * DAY;
    let at = |from: i64, until: i64| {
        move |it: &mut Calendar| {
            (it.from, it.until, it.offsets) = (from, until, vec![(from, 0)]);
        }
    };
    assert!(with(&at(end - 1, end)) && !with(&at(end - 1, end + 1)));
    assert!(with(&at(-end, 1 - end)) && !with(&at(-end - 1, 1 - end)));

    let days = |days: Vec<i32>| move |it: &mut Calendar| it.days_off = days.clone();
    let last = i32::try_from(end / DAY).unwrap();
    assert!(with(&days(vec![])) && with(&days(vec![-last, 5, last])));
    assert!(!with(&days(vec![5, 5])) && !with(&days(vec![6, 5])));
    assert!(!with(&days(vec![last + 1])) && !with(&days(vec![-last - 1])));
    assert!(with(&days((7..47).collect())) && !with(&days((7..48).collect())));
    assert!(with(&days((0..80).filter(|day| *day != 40).collect())));
}

/// Years of uncertainty, in which only the ends are looked at.
#[test]
fn a_start_that_is_vague_by_years_has_the_deadlines_of_its_ends() {
    let start = moment("2026-01-30T11:00:00Z");
    let month = Duration::months(1);
    for described in CALENDARS {
        let calendar = Described::new(described).compiled(around(start));
        for days in [44, 45, 46, 47, 88, 89, 90, 91, 92, 93, 400] {
            let end = start + days * DAY + 1234;
            let [least, most] = calendar.deadlines([start, end], month).unwrap();
            let hours = (start..=end).step_by(3600).chain([end]);
            let each = hours.chain(turns(end - 4 * DAY, end, month));
            let each = each.chain(turns(start, start + 4 * DAY, month));
            let each: Vec<i64> = each
                .map(|it| calendar.deadline(it, month).unwrap())
                .collect();
            let found = [*each.iter().min().unwrap(), *each.iter().max().unwrap()];
            let is_previous = matches!(calendar.weekend_rule, WeekendRule::Previous(_));
            assert!(least <= found[0] && found[1] <= most, "{described}, {days}");
            assert!(is_previous || [least, most] == found, "{described}, {days}");
        }
    }
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

const CALENDARS: [&str; 18] = [
    "UTC",
    "Europe/Brussels eec off 2026-04-03 off 2026-04-06",
    "Europe/Brussels eec-stays",
    "Europe/Vienna",
    "Europe/Vienna next",
    "Europe/Vienna noon off 2026-12-24 off 2026-12-25",
    "Europe/Vienna previous",
    "Europe/Vienna evening off 2026-04-02 off 2026-04-03",
    "Europe/Brussels eec-previous off 2026-05-01 off 2026-04-30",
    "Europe/Brussels eec-evening",
    "America/Sao_Paulo eec-previous",
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
