//! Words, numbers and dates in the reader's language.
//!
//! Every word that a page shows is a Fluent message under `locales/`. Program text and templates
//! name a message in three forms and no other, on a variable called `t` or `texts`, so that a test
//! can find every use:
//!
//! - `text("key")`: a message without arguments;
//! - `text_with("key", &[("name", value.into())])`: a message with exactly these arguments;
//! - `label("family-", code)`: the word for a code of a vocabulary, if the language has one.
//!
//! Arguments are isolated (U+2068, U+2069), so a Latin name inside an Arabic sentence keeps its
//! place. Numbers and dates follow Unicode CLDR through ICU4X. Digits are CLDR's default of each
//! language. For `ar` that is 0 to 9 (the regions differ, and a page cannot know the reader's), so a
//! figure on an Arabic page, in a file and inside an identifier is written the same way. English
//! dates are written day, month, year with the month's name, which nobody can misread.

use std::sync::LazyLock;

use ensign_share::who_ssa;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use icu_calendar::{Date, Gregorian};
use icu_datetime::FixedCalendarDateTimeFormatter as DateFormatter;
use icu_datetime::fieldsets::{Y, YM, YMD, YMDT};
use icu_datetime::input::{DateTime, Time};
use icu_decimal::DecimalFormatter;
use icu_locale_core::locale;
use jiff::Timestamp;
use jiff::tz::TimeZone;

fn joined(parts: &[impl AsRef<str>], separator: &str) -> String {
    let parts: Vec<_> = parts.iter().map(AsRef::as_ref).collect();
    parts.join(separator)
}

#[cfg(test)]
mod tests;

/// A language in which pages are served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Locale {
    /// Arabic, written from right to left.
    Ar,
    /// English: the language in which messages are written first.
    En,
}

/// The direction in which a language is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From left to right.
    Ltr,
    /// From right to left.
    Rtl,
}

/// The words of one language, and how it writes numbers and dates.
pub struct Texts {
    locale: Locale,
    bundle: FluentBundle<FluentResource>,
    formats: &'static Formats,
}

struct Formats {
    number: DecimalFormatter,
    date: DateFormatter<Gregorian, YMD>,
    date_time: DateFormatter<Gregorian, YMDT>,
    month: DateFormatter<Gregorian, YM>,
    year: DateFormatter<Gregorian, Y>,
}

impl Locale {
    /// Every language, in the order in which a page offers them.
    pub const ALL: [Self; 2] = [Self::En, Self::Ar];

    /// The BCP 47 tag: path segment, `lang` attribute and folder of the messages.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ar => "ar",
            Self::En => "en",
        }
    }

    /// The direction of writing.
    pub const fn dir(self) -> Direction {
        match self {
            Self::Ar => Direction::Rtl,
            Self::En => Direction::Ltr,
        }
    }

    /// The language's name for itself.
    pub const fn native_name(self) -> &'static str {
        match self {
            Self::Ar => "العربية",
            Self::En => "English",
        }
    }

    /// Whether the messages are machine drafts that no speaker has reviewed; pages say so.
    pub const fn is_draft(self) -> bool {
        matches!(self, Self::Ar)
    }

    /// The language that a path's first segment names, written exactly as [`code`](Self::code).
    pub fn from_path_segment(segment: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.code() == segment)
    }

    /// The best language for an `Accept-Language` value (RFC 9110, section 12.5.4); English if it
    /// names none of ours. Regions are ignored: `ar-EG` is Arabic.
    pub fn negotiate(accept_language: &str) -> Self {
        let mut best = (Self::En, 0);
        for range in accept_language.split(',') {
            let mut parts = range.split(';');
            let tag = parts.next().unwrap_or_default().trim();
            let primary = tag.split('-').next().unwrap_or_default();
            let Some(locale) = Self::ALL
                .into_iter()
                .find(|it| it.code().eq_ignore_ascii_case(primary))
            else {
                continue;
            };
            let weight = parts.find_map(weight_in_thousandths).unwrap_or(1000);
            if weight > best.1 {
                best = (locale, weight);
            }
        }
        best.0
    }
}

impl Direction {
    /// The value of the `dir` attribute.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ltr => "ltr",
            Self::Rtl => "rtl",
        }
    }
}

impl std::fmt::Display for Direction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

impl Texts {
    /// The words of `locale`, read once for the life of the program.
    pub fn of(locale: Locale) -> &'static Self {
        static AR: LazyLock<Texts> = LazyLock::new(|| Texts::load(Locale::Ar));
        static EN: LazyLock<Texts> = LazyLock::new(|| Texts::load(Locale::En));
        match locale {
            Locale::Ar => &AR,
            Locale::En => &EN,
        }
    }

    /// The language of these words.
    pub fn locale(&self) -> Locale {
        self.locale
    }

    /// The message `key`, which takes no arguments.
    pub fn text(&self, key: &str) -> String {
        self.text_with(key, &[])
    }

    /// The message `key` with its arguments. Numbers choose the plural form.
    ///
    /// A key that this language lacks is answered in English. Tests hold that neither happens; if
    /// English lacks it too the answer is empty and the program log names the key.
    pub fn text_with(&self, key: &str, arguments: &[(&str, FluentValue<'_>)]) -> String {
        if let Some(text) = self.format(key, arguments) {
            return text;
        }
        tracing::error!(
            key,
            locale = self.locale.code(),
            "message is missing: {key}"
        );
        match self.locale {
            Locale::En => String::new(),
            Locale::Ar => Self::of(Locale::En).text_with(key, arguments),
        }
    }

    /// The word for `code` in the vocabulary whose messages begin with `family`, as in
    /// `label("country-", "PSE")`; dots and colons of a code are hyphens in its key. Nothing for a
    /// code that has no message: the page then shows the publisher's own label.
    pub fn label(&self, family: &str, code: &str) -> Option<String> {
        self.format(&format!("{family}{}", code.replace(['.', ':'], "-")), &[])
    }

    /// Names or words one after the other in one line.
    pub fn list(&self, parts: &[impl AsRef<str>]) -> String {
        joined(parts, &self.text("list-separator"))
    }

    /// Parts that may be lists themselves, one after the other in one line.
    pub fn clauses(&self, parts: &[impl AsRef<str>]) -> String {
        joined(parts, &self.text("list-separator-strong"))
    }

    /// What a field of a record is called; its code where it has no name.
    pub fn field(&self, code: &str) -> String {
        self.label("who-ssa-field-", code)
            .unwrap_or_else(|| code.to_owned())
    }

    /// The word for a code of a field's vocabulary: ours, else the publisher's, else the code.
    pub fn term(&self, field: &str, code: &str) -> String {
        let ours = match field {
            "country" => self.label("country-", code),
            _ => self
                .label(&format!("who-ssa-{field}-"), code)
                .or_else(|| self.label("answer-", code)),
        };
        let publishers = || who_ssa::label(field, code).map(str::to_owned);
        ours.or_else(publishers).unwrap_or_else(|| code.to_owned())
    }

    /// A whole number with its groups: `6,277`.
    pub fn number(&self, number: u64) -> String {
        self.formats.number.format(&number.into()).to_string()
    }

    /// A civil date: `7 October 2023`.
    pub fn date(&self, date: jiff::civil::Date) -> String {
        self.formats.date.format(&gregorian(date)).to_string()
    }

    /// A month of a year: `October 2023`.
    pub fn month(&self, date: jiff::civil::Date) -> String {
        self.formats.month.format(&gregorian(date)).to_string()
    }

    /// A year: `2023`.
    pub fn year(&self, date: jiff::civil::Date) -> String {
        self.formats.year.format(&gregorian(date)).to_string()
    }

    /// A moment in Unix seconds, to the second in UTC: `7 October 2023 at 14:02:09 UTC`. A moment
    /// outside the years -9999 to 9999 is written as its number of seconds.
    pub fn date_time(&self, unix_seconds: i64) -> String {
        let Ok(timestamp) = Timestamp::from_second(unix_seconds) else {
            return self.text_with("time-unix", &[("seconds", unix_seconds.to_string().into())]);
        };
        let civil = timestamp.to_zoned(TimeZone::UTC).datetime();
        let [hour, minute, second] =
            [civil.hour(), civil.minute(), civil.second()].map(i8::unsigned_abs);
        let moment = DateTime {
            date: gregorian(civil.date()),
            time: Time::try_new(hour, minute, second, 0)
                .expect("a civil time has hours below 24 and minutes and seconds below 60"),
        };
        let moment = self.formats.date_time.format(&moment).to_string();
        self.text_with("time-utc", &[("moment", moment.into())])
    }

    /// How long ago something was, in its largest whole unit up to days: `3 hours ago`.
    pub fn age(&self, seconds: u64) -> String {
        match seconds {
            0..60 => self.text("age-moments"),
            60..3_600 => self.text_with("age-minutes", &[("count", (seconds / 60).into())]),
            3_600..86_400 => self.text_with("age-hours", &[("count", (seconds / 3_600).into())]),
            _ => self.text_with("age-days", &[("count", (seconds / 86_400).into())]),
        }
    }

    fn load(locale: Locale) -> Self {
        let tag = locale
            .code()
            .parse()
            .expect("a locale's code is a language tag");
        let mut bundle = FluentBundle::new_concurrent(vec![tag]);
        bundle.set_formatter(Some(match locale {
            Locale::Ar => |value, _| grouped(Locale::Ar, value),
            Locale::En => |value, _| grouped(Locale::En, value),
        }));
        for (name, text) in messages(locale) {
            let resource = FluentResource::try_new(text.to_owned())
                .unwrap_or_else(|(_, errors)| panic!("{name} does not parse: {errors:?}"));
            if let Err(errors) = bundle.add_resource(resource) {
                panic!("{name} repeats a message: {errors:?}");
            }
        }
        Self {
            locale,
            bundle,
            formats: Formats::of(locale),
        }
    }

    fn format(&self, key: &str, arguments: &[(&str, FluentValue<'_>)]) -> Option<String> {
        let pattern = self.bundle.get_message(key)?.value()?;
        let arguments: FluentArgs<'_> = arguments.iter().cloned().collect();
        let mut errors = Vec::new();
        let text = self
            .bundle
            .format_pattern(pattern, Some(&arguments), &mut errors);
        for error in errors {
            tracing::error!(key, %error, "message cannot be written: {key}");
        }
        Some(text.into_owned())
    }
}

impl Formats {
    fn of(locale: Locale) -> &'static Self {
        static AR: LazyLock<Formats> = LazyLock::new(|| Formats::load(Locale::Ar));
        static EN: LazyLock<Formats> = LazyLock::new(|| Formats::load(Locale::En));
        match locale {
            Locale::Ar => &AR,
            Locale::En => &EN,
        }
    }

    fn load(locale: Locale) -> Self {
        let locale = match locale {
            Locale::Ar => locale!("ar-u-hc-h23"),
            Locale::En => locale!("en-GB-u-hc-h23"),
        };
        const COMPILED: &str = "the data of every CLDR language is compiled in";
        Self {
            number: DecimalFormatter::try_new((&locale).into(), Default::default())
                .expect(COMPILED),
            date: DateFormatter::try_new((&locale).into(), YMD::long()).expect(COMPILED),
            date_time: DateFormatter::try_new((&locale).into(), YMD::long().with_time_hms())
                .expect(COMPILED),
            month: DateFormatter::try_new((&locale).into(), YM::long()).expect(COMPILED),
            year: DateFormatter::try_new((&locale).into(), Y::long()).expect(COMPILED),
        }
    }
}

/// The files of a language, by name. A file is added to all languages at once.
fn messages(locale: Locale) -> [(&'static str, &'static str); 12] {
    macro_rules! files {
        ($locale:literal: $($name:literal)*) => {
            [$((
                concat!($locale, "/", $name, ".ftl"),
                include_str!(concat!("../locales/", $locale, "/", $name, ".ftl")),
            )),*]
        };
    }
    match locale {
        Locale::Ar => {
            files!(
                "ar": "cli" "common" "countries" "emblem" "errors" "front" "incidents" "log"
                "people" "promises" "source" "who-ssa"
            )
        }
        Locale::En => {
            files!(
                "en": "cli" "common" "countries" "emblem" "errors" "front" "incidents" "log"
                "people" "promises" "source" "who-ssa"
            )
        }
    }
}

/// Numbers inside a message are written as everywhere else on the page.
fn grouped(locale: Locale, value: &FluentValue<'_>) -> Option<String> {
    let FluentValue::Number(number) = value else {
        return None;
    };
    let whole = number.value as u64;
    (whole as f64 == number.value)
        .then(|| Formats::of(locale).number.format(&whole.into()).to_string())
}

fn gregorian(date: jiff::civil::Date) -> Date<Gregorian> {
    let [month, day] = [date.month(), date.day()].map(i8::unsigned_abs);
    Date::try_new_gregorian(date.year().into(), month, day)
        .expect("a civil date is a Gregorian date between the years -9999 and 9999")
}

/// The `q` of a language range, in thousandths; nothing if the parameter is another or malformed.
fn weight_in_thousandths(parameter: &str) -> Option<u32> {
    let (name, value) = parameter.split_once('=')?;
    let weight: f32 = value.trim().parse().ok()?;
    (name.trim().eq_ignore_ascii_case("q") && (0.0..=1.0).contains(&weight))
        .then_some((weight * 1000.0) as u32)
}
