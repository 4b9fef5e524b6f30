//! The words of a page: what codes, dates and values are called in the reader's language.

use std::ops::Deref;

use ensign_share::who_ssa;
use ensign_trust::Coded;
use jiff::civil::Date;

use crate::answer::Value;
use crate::answer::caution::{self, Caution};
use crate::answer::emblem::{self, Lacking};
use crate::answer::party::KeyRevoked;
use crate::answer::register::End;
use crate::i18n::{Locale, Texts};

/// The reader's language, and what a page says in it about codes and values.
#[derive(Clone, Copy)]
pub(crate) struct Words {
    texts: &'static Texts,
    /// Whether everything is invented: then nobody named here published any of it.
    exercise: bool,
}

/// What a source states in a field, as a page shows it.
pub(crate) struct Told {
    /// Whether the cell was there and empty.
    pub(crate) blank: bool,
    /// The coded part.
    pub(crate) parts: Vec<Word>,
    /// The publisher's own words.
    pub(crate) own_words: Option<String>,
    /// Whether there were words of the publisher that are not here or were erased.
    pub(crate) erased: bool,
}

/// One code or number in words.
pub(crate) struct Word {
    /// In the reader's language, or as it is written everywhere.
    pub(crate) word: String,
    /// The publisher's label, where it is another one.
    pub(crate) label: Option<String>,
}

impl Deref for Words {
    type Target = Texts;

    fn deref(&self) -> &Texts {
        self.texts
    }
}

impl Words {
    pub(crate) fn of(locale: Locale, exercise: bool) -> Self {
        Words {
            texts: Texts::of(locale),
            exercise,
        }
    }

    /// A date in words; what is no date as it is.
    pub(crate) fn day(&self, date: &str) -> String {
        date.parse()
            .map_or_else(|_| date.to_owned(), |date: Date| self.date(date))
    }

    /// A moment in words.
    pub(crate) fn moment(&self, seconds: &u64) -> String {
        self.date_time(i64::try_from(*seconds).unwrap_or(i64::MAX))
    }

    /// A country or territory.
    pub(crate) fn country(&self, code: Option<&str>) -> String {
        match code {
            Some(code) => self.term("country", code),
            None => self.text("value-uncoded"),
        }
    }

    /// A level of certainty.
    pub(crate) fn certainty(&self, code: Option<&str>) -> String {
        match code {
            Some(code) => self.term("certainty", code),
            None => self.text("value-uncoded"),
        }
    }

    /// What the publisher means by a level of certainty.
    pub(crate) fn certainty_means(&self, code: &str) -> String {
        self.label("who-ssa-certainty_means-", code)
            .unwrap_or_default()
    }

    /// What a source does not say.
    pub(crate) fn limits(&self, source: &str) -> Option<String> {
        self.label("limits-", source)
    }

    /// A kind of attack.
    pub(crate) fn attack_type(&self, code: &str) -> String {
        self.term("attack_types", code)
    }

    /// Several kinds of attack, one after the other.
    pub(crate) fn attack_types(&self, codes: &[String]) -> Vec<String> {
        codes.iter().map(|code| self.attack_type(code)).collect()
    }

    /// A number.
    pub(crate) fn number(&self, number: &u64) -> String {
        self.texts.number(*number)
    }

    /// A number, where there is one.
    pub(crate) fn count(&self, number: &Option<u64>) -> String {
        match number {
            Some(number) => self.number(number),
            None => self.text("answer-unknown"),
        }
    }

    /// A kind of statement.
    pub(crate) fn kind(&self, code: &str) -> String {
        self.label("kind-", code).unwrap_or_else(|| code.to_owned())
    }

    /// What a source did to a record.
    pub(crate) fn change(&self, code: &str) -> String {
        self.label("change-", code)
            .unwrap_or_else(|| code.to_owned())
    }

    /// Why a statement does not count.
    pub(crate) fn refusal(&self, code: &str) -> String {
        self.label("refusal-", code)
            .unwrap_or_else(|| code.to_owned())
    }

    /// On which revoked key a statement rests.
    pub(crate) fn key_revoked(&self, key: &KeyRevoked) -> String {
        let told = match key.signed {
            "mandate" => "statement-mandate-key-revoked",
            _ => "statement-key-revoked",
        };
        let told = self.text_with(told, &[("index", key.as_of.into())]);
        match &key.reason {
            None => told,
            Some(reason) => {
                let reason = self.key_reason(reason);
                let why = self.text_with("statement-key-why", &[("reason", reason.into())]);
                format!("{told} {why}")
            }
        }
    }

    /// Why a party revoked a key.
    pub(crate) fn key_reason(&self, code: impl AsRef<str>) -> String {
        let code = code.as_ref();
        self.label("key-reason-", code)
            .unwrap_or_else(|| code.to_owned())
    }

    /// What became of a key.
    pub(crate) fn key_state(&self, code: &str) -> String {
        self.label("key-state-", code)
            .unwrap_or_else(|| code.to_owned())
    }

    /// What would keep a statement from counting.
    pub(crate) fn note(&self, code: impl AsRef<str>) -> String {
        let code = code.as_ref();
        self.label("note-", code).unwrap_or_else(|| code.to_owned())
    }

    /// What a code of emblems, tokens and evidence means.
    pub(crate) fn emblem(&self, code: impl AsRef<str>) -> String {
        let code = code.as_ref();
        let code = code.strip_prefix("emblem-").unwrap_or(code);
        self.label("emblem-", code)
            .unwrap_or_else(|| code.to_owned())
    }

    /// Whether the reader's language is that of the program's own words.
    pub(crate) fn is_english(&self) -> bool {
        self.texts.locale() == Locale::En
    }

    /// The program's own words as a sentence.
    pub(crate) fn own(&self, words: &str) -> String {
        let mut letters = words.chars();
        let first = letters.next().map(|first| first.to_uppercase().to_string());
        let end = if words.ends_with(['.', '!', '?']) {
            ""
        } else {
            "."
        };
        format!("{}{}{end}", first.unwrap_or_default(), letters.as_str())
    }

    /// What breaks no rule and should be known.
    pub(crate) fn caution(&self, it: &Caution) -> String {
        let detail = it.detail.as_deref().unwrap_or_default();
        let sentence = caution::sentence(self.texts, it.code, &it.about, detail, it.time);
        sentence.unwrap_or_else(|| it.says.clone())
    }

    /// What is missing for a policy to be met.
    pub(crate) fn lacking(&self, it: &Lacking) -> String {
        let counts = it.named.zip(it.needed);
        let sentence = emblem::lacking_sentence(self.texts, it.code, it.token, counts);
        sentence.unwrap_or_else(|| it.code.to_owned())
    }

    /// The answer for an asset.
    pub(crate) fn outcome(&self, code: impl AsRef<str>) -> String {
        let code = code.as_ref();
        self.label("outcome-", code)
            .unwrap_or_else(|| code.to_owned())
    }

    /// What stood in the way of an answer.
    pub(crate) fn reason(&self, code: impl AsRef<str>) -> String {
        let code = code.as_ref();
        self.label("reason-", code)
            .unwrap_or_else(|| code.to_owned())
    }

    /// What of an answer ends first.
    pub(crate) fn ends_first(&self, code: impl AsRef<str>) -> String {
        self.label("ends-first-", code.as_ref()).unwrap_or_default()
    }

    /// What became of an emblem, an endorsement or a recognition.
    pub(crate) fn status(&self, code: impl AsRef<str>) -> String {
        let code = code.as_ref();
        self.label("status-", code)
            .unwrap_or_else(|| code.to_owned())
    }

    /// What stands between the parts of a list, before the space.
    pub(crate) fn comma(&self) -> String {
        self.text("list-separator").trim_end().to_owned()
    }

    /// When something ended, by whom and why; how it ended stands before it.
    pub(crate) fn end(&self, end: &End) -> String {
        let reason = end.reason.as_deref().map(|it| self.end_reason(it));
        let moment = self.moment(&end.stated.received).into();
        let by = self.named(&end.stated.by_name, &end.stated.by).into();
        match reason {
            Some(reason) => self.text_with(
                "end-why",
                &[("moment", moment), ("by", by), ("reason", reason.into())],
            ),
            None => self.text_with("end-by", &[("moment", moment), ("by", by)]),
        }
    }

    /// Why something was ended.
    pub(crate) fn end_reason(&self, code: impl AsRef<str>) -> String {
        let code = code.as_ref();
        self.label("end-reason-", code)
            .unwrap_or_else(|| code.to_owned())
    }

    /// What is alleged to have been done with an emblem.
    pub(crate) fn misuse(&self, code: impl AsRef<str>) -> String {
        let code = code.as_ref();
        self.label("misuse-act-", code)
            .unwrap_or_else(|| code.to_owned())
    }

    /// How sure of it the party is that alleges it.
    pub(crate) fn misuse_grade(&self, code: impl AsRef<str>) -> String {
        let code = code.as_ref();
        self.label("misuse-grade-", code)
            .unwrap_or_else(|| code.to_owned())
    }

    /// A law, by its code.
    pub(crate) fn law(&self, code: impl AsRef<str>) -> String {
        let code = code.as_ref();
        self.label("law-", code).unwrap_or_else(|| code.to_owned())
    }

    /// A kind of asset.
    pub(crate) fn asset_kind(&self, code: impl AsRef<str>) -> String {
        let code = code.as_ref();
        self.label("asset-kind-", code)
            .unwrap_or_else(|| code.to_owned())
    }

    /// A party: its name, or its id where that was erased.
    pub(crate) fn named(&self, name: &Option<String>, id: &str) -> String {
        name.clone().unwrap_or_else(|| id.to_owned())
    }

    /// The domain of an organisation.
    pub(crate) fn domain(&self, organisation: &str) -> String {
        organisation.trim_start_matches("https://").to_owned()
    }

    /// A kind of protection.
    pub(crate) fn purpose(&self, code: impl AsRef<str>) -> String {
        let code = code.as_ref();
        self.label("purpose-", code)
            .unwrap_or_else(|| code.to_owned())
    }

    /// A moment in words that may lie before 1970.
    pub(crate) fn second(&self, seconds: &i64) -> String {
        self.date_time(*seconds)
    }

    /// A source by its name.
    pub(crate) fn source(&self, code: &str) -> String {
        self.played(self.label("dataset-", code), code)
    }

    /// Who publishes a source.
    pub(crate) fn publisher(&self, code: &str) -> String {
        self.played(self.label("publisher-", code), code)
    }

    /// A name of the world, which in an exercise stands for a format and no more.
    fn played(&self, name: Option<String>, code: &str) -> String {
        let name = name.unwrap_or_else(|| code.to_owned());
        if !self.exercise {
            return name;
        }
        self.text_with("exercise-format", &[("name", name.into())])
    }

    /// A value of a field.
    pub(crate) fn told(&self, field: &str, value: &Value) -> Told {
        Told {
            blank: value.blank,
            parts: value
                .coded
                .iter()
                .flat_map(|coded| self.parts(field, coded))
                .collect(),
            own_words: value.text.as_ref().and_then(|text| text.words.clone()),
            erased: value.text.as_ref().is_some_and(|text| text.words.is_none()),
        }
    }

    fn parts(&self, field: &str, coded: &Coded) -> Vec<Word> {
        let plain = |word: String| vec![Word { word, label: None }];
        match coded {
            Coded::Bool(true) => plain(self.text("answer-yes")),
            Coded::Bool(false) => plain(self.text("answer-no")),
            Coded::Code(code) if field == "date" => plain(self.day(code.as_str())),
            Coded::Code(code) => {
                let word = self.term(field, code.as_str());
                let label = who_ssa::label(field, code.as_str()).map(str::to_owned);
                let label = label.filter(|label| !label.eq_ignore_ascii_case(&word));
                vec![Word { word, label }]
            }
            Coded::Int(number) => plain(match u64::try_from(*number) {
                Ok(number) => self.number(&number),
                Err(_) => number.to_string(),
            }),
            Coded::List(items) => items
                .iter()
                .flat_map(|item| self.parts(field, item))
                .collect(),
            Coded::Bytes(_) | Coded::Map(_) => {
                plain(serde_json::to_string(coded).unwrap_or_default())
            }
        }
    }
}
