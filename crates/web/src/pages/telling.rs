//! Duties, times and proofs in sentences of the reader's language.

use ensign_hold::evaluate::interval::LATEST;
use ensign_hold::evaluate::proof::{Arg, Step};
use ensign_hold::term::Duration;
use ensign_trust::Coded;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::answer::promises::{Deadline, Duty, NamedParty, OwnWord, Supposed};
use crate::pages::words::Words;

/// Seconds of a day.
const DAY: u64 = 86_400;

impl Words {
    /// What a duty has come to.
    pub(crate) fn duty_status(&self, code: impl AsRef<str>) -> String {
        let code = code.as_ref();
        self.label("duty-status-", code)
            .unwrap_or_else(|| code.to_owned())
    }

    /// What a duty of this sort has come to: of an act that is owed, that it was not delivered in time.
    pub(crate) fn status_of(&self, row: &Deadline) -> String {
        let is_act = matches!(row.duty.sort, "deliver" | "perform");
        let undelivered = is_act.then(|| self.label("duty-undelivered-", row.status));
        let undelivered = undelivered.flatten();
        undelivered.unwrap_or_else(|| self.duty_status(row.status))
    }

    /// What people hold of it.
    pub(crate) fn standing(&self, code: impl AsRef<str>) -> String {
        let code = code.as_ref();
        self.label("standing-", code)
            .unwrap_or_else(|| code.to_owned())
    }

    /// What a body made of the result.
    pub(crate) fn ruling(&self, code: impl AsRef<str>) -> String {
        let code = code.as_ref();
        self.label("ruling-", code)
            .unwrap_or_else(|| code.to_owned())
    }

    /// What kind of promise a text is.
    pub(crate) fn force(&self, code: impl AsRef<str>) -> String {
        let code = code.as_ref();
        self.label("force-", code)
            .unwrap_or_else(|| code.to_owned())
    }

    /// How a term can be checked.
    pub(crate) fn class(&self, code: impl AsRef<str>) -> String {
        let code = code.as_ref();
        self.label("class-", code)
            .unwrap_or_else(|| code.to_owned())
    }

    /// Whether a term is in force between two parties.
    pub(crate) fn binding(&self, code: impl AsRef<str>) -> String {
        let code = code.as_ref();
        self.label("binding-", code)
            .unwrap_or_else(|| code.to_owned())
    }

    /// How a calendar's periods run.
    pub(crate) fn counting(&self, code: impl AsRef<str>) -> String {
        let code = code.as_ref();
        self.label("counting-", code)
            .unwrap_or_else(|| code.to_owned())
    }

    /// A kind, role or field as words: `outage_notice` as "outage notice".
    pub(crate) fn plain(&self, code: impl AsRef<str>) -> String {
        code.as_ref().replace(['_', '.'], " ")
    }

    /// A party: its name, or its id where that was erased.
    pub(crate) fn party(&self, party: &NamedParty) -> String {
        self.named(&party.name, &party.party)
    }

    /// Parties, one after the other.
    pub(crate) fn parties(&self, parties: &[NamedParty]) -> String {
        let names: Vec<String> = parties.iter().map(|it| self.party(it)).collect();
        names.join(", ")
    }

    /// A duty in a sentence, owed by one party.
    pub(crate) fn owed(&self, row: &Deadline) -> String {
        let creditors = self.parties(&row.creditors);
        let to = (!row.creditors.is_empty()).then_some(creditors.as_str());
        self.duty(&row.duty, &self.party(&row.debtor), to)
    }

    /// A duty in a sentence, as a text has it for roles.
    pub(crate) fn promised(&self, duty: &Duty) -> String {
        let to = duty.creditor.as_ref().map(|role| self.plain(role));
        self.duty(duty, &self.plain(&duty.debtor), to.as_deref())
    }

    fn duty(&self, duty: &Duty, debtor: &str, creditor: Option<&str>) -> String {
        let what = self.plain(&duty.what);
        let span = duty.span.as_deref();
        let span = span.map_or(String::new(), |span| self.length(span));
        let by = |part: &'static str| (part, debtor.into());
        let of = |part: &'static str| (part, what.as_str().into());
        let long = |part: &'static str| (part, span.as_str().into());
        match duty.sort {
            "deliver" => {
                let anchor = self.anchor(duty.anchor.as_deref().unwrap_or_default());
                let since = |part: &'static str| (part, anchor.as_str().into());
                match (duty.modality.as_str(), duty.side.as_deref(), creditor) {
                    ("may", ..) => self.text_with(
                        "duty-may",
                        &[by("debtor"), of("what"), long("span"), since("anchor")],
                    ),
                    (_, Some("before"), Some(to)) => self.text_with(
                        "duty-before-to",
                        &[
                            by("debtor"),
                            of("what"),
                            long("span"),
                            since("anchor"),
                            ("creditor", to.into()),
                        ],
                    ),
                    (_, Some("before"), None) => self.text_with(
                        "duty-before",
                        &[by("debtor"), of("what"), long("span"), since("anchor")],
                    ),
                    (.., Some(to)) => self.text_with(
                        "duty-within-to",
                        &[
                            by("debtor"),
                            of("what"),
                            long("span"),
                            since("anchor"),
                            ("creditor", to.into()),
                        ],
                    ),
                    (.., None) => self.text_with(
                        "duty-within",
                        &[by("debtor"), of("what"), long("span"), since("anchor")],
                    ),
                }
            }
            "maintain" => {
                let aggregate =
                    self.label("aggregate-", duty.aggregate.as_deref().unwrap_or_default());
                let threshold = duty.threshold.as_deref().unwrap_or_default();
                let threshold = format!(
                    "{} {threshold}",
                    sign(duty.order.as_deref().unwrap_or_default())
                );
                self.text_with(
                    "duty-maintain",
                    &[
                        by("debtor"),
                        of("what"),
                        long("span"),
                        ("aggregate", aggregate.unwrap_or_default().into()),
                        ("threshold", threshold.into()),
                    ],
                )
            }
            "never" => self.text_with("duty-never", &[by("debtor"), of("what")]),
            "perform" => self.text_with("duty-perform", &[by("debtor"), of("what"), long("span")]),
            _ => self.text_with(
                "duty-declare",
                &[by("debtor"), ("words", duty.what.as_str().into())],
            ),
        }
    }

    /// What a limit is counted from.
    fn anchor(&self, anchor: &str) -> String {
        match anchor {
            "breach" => self.text("anchor-breach"),
            anchor => match anchor.strip_suffix(".recorded") {
                Some(kind) => {
                    let kind = self.plain(kind);
                    self.text_with("anchor-recorded", &[("kind", kind.into())])
                }
                None => self.plain(anchor),
            },
        }
    }

    /// A length as ISO 8601 writes it, in words; a field that states one as it is called.
    pub(crate) fn length(&self, length: &str) -> String {
        let Ok(duration) = length.parse::<Duration>() else {
            let field = self.plain(length);
            return self.text_with("span-stated", &[("field", field.into())]);
        };
        let mut parts = Vec::new();
        if duration.months > 0 {
            let months = u64::from(duration.months);
            parts.push(match months % 12 {
                0 => self.text_with("span-years", &[("count", (months / 12).into())]),
                _ => self.text_with("span-months", &[("count", months.into())]),
            });
        }
        if duration.days > 0 {
            let days = u64::from(duration.days);
            parts.push(self.text_with("span-days", &[("count", days.into())]));
        }
        if duration.seconds > 0 || parts.is_empty() {
            parts.push(self.hours(duration.seconds));
        }
        parts.join(" ")
    }

    /// Seconds in hours, minutes and seconds, to the second.
    pub(crate) fn hours(&self, seconds: u64) -> String {
        let (hours, minutes, rest) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
        let mut parts = Vec::new();
        if hours > 0 {
            parts.push(self.text_with("span-hours", &[("count", hours.into())]));
        }
        if minutes > 0 {
            parts.push(self.text_with("span-minutes", &[("count", minutes.into())]));
        }
        if rest > 0 || parts.is_empty() {
            parts.push(self.text_with("span-seconds", &[("count", rest.into())]));
        }
        parts.join(" ")
    }

    /// Seconds in the two largest units that fit, of days, hours and minutes.
    pub(crate) fn about(&self, seconds: u64) -> String {
        let (days, hours, minutes) = (seconds / DAY, seconds / 3_600 % 24, seconds / 60 % 60);
        let mut parts = Vec::new();
        if days > 0 {
            parts.push(self.text_with("span-days", &[("count", days.into())]));
        }
        if hours > 0 {
            parts.push(self.text_with("span-hours", &[("count", hours.into())]));
        }
        if minutes > 0 && days == 0 {
            parts.push(self.text_with("span-minutes", &[("count", minutes.into())]));
        }
        if parts.is_empty() {
            return self.text("span-moment");
        }
        parts.join(" ")
    }

    /// What runs out.
    pub(crate) fn ends(&self, ends: &str) -> String {
        match ends {
            "grace" => self.text("deadline-ends-grace"),
            "remedy" => self.text("deadline-ends-remedy"),
            _ => self.text("deadline-ends-limit"),
        }
    }

    /// How long is left, or since when it is over.
    pub(crate) fn left(&self, row: &Deadline) -> Option<String> {
        let left = row.left?;
        let is_settled = !matches!(
            row.status,
            "latent" | "active" | "suspended" | "in_grace" | "remedy_due" | "undetermined"
        );
        if is_settled {
            return None;
        }
        let about = self.about(left.unsigned_abs());
        Some(match left {
            0.. => self.text_with("deadline-left", &[("span", about.into())]),
            _ => self.text_with("deadline-over", &[("span", about.into())]),
        })
    }

    /// To whom a duty is owed that has no creditor: to all, or to a role in which nobody is bound.
    pub(crate) fn owed_to_nobody(&self, row: &Deadline) -> String {
        match &row.duty.creditor {
            None => self.text("duty-owed-to-all"),
            Some(role) => {
                let role = self.plain(role);
                self.text_with("duty-owed-to-nobody", &[("role", role.into())])
            }
        }
    }

    /// A moment that may be vague.
    pub(crate) fn vague(&self, [earliest, latest]: &[i64; 2]) -> String {
        if earliest == latest {
            return self.second(earliest);
        }
        if *latest == LATEST {
            return self.text_with("time-open", &[("earliest", self.second(earliest).into())]);
        }
        self.text_with(
            "time-between",
            &[
                ("earliest", self.second(earliest).into()),
                ("latest", self.second(latest).into()),
            ],
        )
    }

    /// The week, Monday to Sunday in UTC, in which a second lies.
    pub(crate) fn week(&self, second: i64) -> (Option<Date>, String) {
        let Ok(moment) = Timestamp::from_second(second) else {
            return (None, self.text("deadlines-no-date"));
        };
        let monday = crate::ask::promises::week_of(moment.to_zoned(TimeZone::UTC).date());
        let day = self.date(monday);
        let words = self.text_with("deadlines-week", &[("day", day.into())]);
        (Some(monday), words)
    }

    /// What would become of a duty, in a sentence.
    pub(crate) fn supposed(&self, it: &Supposed) -> String {
        let what = |part: &'static str| (part, self.plain(&it.what).into());
        let by = |part: &'static str| {
            let name = it.by.as_ref().map(|by| self.party(by));
            (part, name.unwrap_or_default().into())
        };
        let at = |part: &'static str| (part, self.second(&it.at).into());
        let said = match it.case {
            "confirmed" => self.text_with("what-if-confirmed", &[what("what"), by("by")]),
            "done" => self.text_with("what-if-done", &[what("what"), by("by"), at("at")]),
            "late" => self.text_with("what-if-late", &[what("what"), by("by"), at("at")]),
            "never" => self.text_with("what-if-never", &[what("what"), at("at")]),
            "found" => self.text_with("what-if-found", &[what("what"), by("by")]),
            "attributed" => self.text_with("what-if-attributed", &[by("by")]),
            "restored" => self.text_with("what-if-restored", &[what("what"), at("at")]),
            "failed" => self.text_with("what-if-failed", &[what("what"), at("at")]),
            _ => self.text_with("what-if-unmeasured", &[what("what"), at("at")]),
        };
        let status = self.statuses(&it.possible);
        let then = self.text_with("what-if-then", &[("status", status.into())]);
        format!("{said} {then}")
    }

    /// Statuses of which one is known to hold, or of which each may.
    pub(crate) fn statuses(&self, possible: &[&'static str]) -> String {
        let words: Vec<String> = possible.iter().map(|it| self.duty_status(it)).collect();
        match &words[..] {
            [one] => one.clone(),
            words => {
                let words = words.join("; ");
                self.text_with("duty-possible", &[("statuses", words.into())])
            }
        }
    }

    /// What a debtor did by saying it; a kind that only its text knows as the text calls it.
    pub(crate) fn said_kind(&self, kind: &str) -> String {
        self.label("said-", kind)
            .unwrap_or_else(|| self.plain(kind))
    }

    /// The time of which a debtor spoke, where that is another than when it was received.
    pub(crate) fn said_of(&self, word: &OwnWord) -> Option<String> {
        let time = word.valid.map(|it| i64::try_from(it).unwrap_or(LATEST));
        let of = || self.text_with("own-word-of", &[("time", self.vague(&time).into())]);
        (word.valid != [word.received; 2]).then(of)
    }

    /// The fields of what a debtor said, in one line.
    pub(crate) fn said(&self, word: &OwnWord) -> String {
        let field = |(name, value): (&String, &Coded)| {
            let value = match value {
                Coded::Bool(true) => self.text("answer-yes"),
                Coded::Bool(false) => self.text("answer-no"),
                Coded::Code(code) => code.to_string(),
                other => serde_json::to_string(other).unwrap_or_default(),
            };
            format!("{}: {value}", self.plain(name))
        };
        let fields: Vec<String> = word.fields.iter().map(field).collect();
        fields.join("; ")
    }

    /// One thing that was done to judge, in a sentence; nothing where it adds nothing.
    pub(crate) fn step(&self, step: &Step, name: impl Fn(&Arg) -> String) -> String {
        let of = |part: &str| step.with.get(part);
        let code = |part: &'static str| {
            let code = match of(part) {
                Some(Arg::Code(code)) => self.plain(code),
                Some(arg) => name(arg),
                None => String::new(),
            };
            (part, code.into())
        };
        let truth = |part: &'static str| {
            let word = match of(part) {
                Some(Arg::Code(code)) => self.label("truth-", code),
                _ => None,
            };
            (part, word.unwrap_or_default().into())
        };
        let time = |part: &'static str| {
            let word = match of(part) {
                Some(Arg::Time(when)) => self.vague(&[when.lo, when.hi]),
                Some(Arg::Number(second)) => self.second(second),
                Some(Arg::Range(range)) => self.vague(range),
                _ => String::new(),
            };
            (part, word.into())
        };
        let span = |part: &'static str| {
            let word = match of(part) {
                Some(Arg::Range([least, most])) if least == most => self.signed(*least),
                Some(Arg::Range([least, most])) => self.text_with(
                    "span-between",
                    &[
                        ("least", self.signed(*least).into()),
                        ("most", self.signed(*most).into()),
                    ],
                ),
                _ => String::new(),
            };
            (part, word.into())
        };
        let number = |part: &'static str| {
            let word = match of(part) {
                Some(Arg::Number(number)) => match u64::try_from(*number) {
                    Ok(number) => self.number(&number),
                    Err(_) => number.to_string(),
                },
                Some(Arg::Range([least, most])) if least == most => least.to_string(),
                Some(Arg::Range([least, most])) => format!("{least} … {most}"),
                _ => String::new(),
            };
            (part, word.into())
        };
        let statuses = |part: &'static str| {
            let word = match of(part) {
                Some(Arg::Statuses(possible)) => {
                    let codes: Vec<_> = possible.iter().map(|it| it.code()).collect();
                    self.statuses(&codes)
                }
                _ => String::new(),
            };
            (part, word.into())
        };
        match step.code {
            "absence.performative" => self.text_with("story-absence-performative", &[code("kind")]),
            "absence.unwatched" => self.text_with("story-absence-unwatched", &[code("kind")]),
            "absence.watched" => self.text_with("story-absence-watched", &[code("kind")]),
            "act.before_trigger" => self.text("story-act-before_trigger"),
            "act.found" => self.text_with("story-act-found", &[time("time")]),
            "act.incomplete" => self.text_with("story-act-incomplete", &[time("time")]),
            "anchor.absent" => self.text_with("story-anchor-absent", &[code("kind")]),
            "attribution.absent" => self.text_with("story-attribution-absent", &[code("by")]),
            "attribution.found" => self.text_with("story-attribution-found", &[code("party")]),
            "attribution.denied" => self.text_with("story-attribution-denied", &[code("party")]),
            "calendar.silent" => self.text_with("story-calendar-silent", &[time("from")]),
            "condition.judged" => self.text_with("story-condition-judged", &[truth("holds")]),
            "cosignature.awaited" => self.text("story-cosignature-awaited"),
            "count.made" => self.text_with("story-count-made", &[code("kind"), number("count")]),
            "coverage.gap" => self.text_with(
                "story-coverage-gap",
                &[code("kind"), time("from"), time("until")],
            ),
            "deadline.computed" if of("last") == of("due") => self.text_with(
                "story-deadline-no_grace",
                &[time("start"), span("limit"), time("due"), span("elapsed")],
            ),
            "deadline.computed" => self.text_with(
                "story-deadline-computed",
                &[
                    time("start"),
                    span("limit"),
                    time("due"),
                    time("last"),
                    span("elapsed"),
                ],
            ),
            "event.found" => self.text_with("story-event-found", &[time("time"), truth("counts")]),
            "exception.applies" => {
                self.text_with("story-exception-applies", &[truth("holds"), time("at")])
            }
            "fact.absent" => self.text_with("story-fact-absent", &[code("kind")]),
            "finding.absent" => {
                self.text_with("story-finding-absent", &[code("ground"), code("by")])
            }
            "force.ended" => self.text_with("story-force-ended", &[time("at")]),
            "force.unclear" => self.text_with("story-force-unclear", &[time("trigger")]),
            "grade.absent" => self.text("story-grade-absent"),
            "limit.absent" => self.text("story-limit-absent"),
            "object.unnamed" => self.text("story-object-unnamed"),
            "recorded.unwitnessed" => self.text("story-recorded-unwitnessed"),
            "recorded.witnessed" => self.text_with("story-recorded-witnessed", &[time("time")]),
            "remedy.judged" => self.text_with(
                "story-remedy-judged",
                &[time("breach"), time("due"), statuses("possible")],
            ),
            "reservation.applies" => {
                let binding = match of("binding") {
                    Some(Arg::Code(code)) => self.binding(code),
                    _ => String::new(),
                };
                self.text_with("story-reservation-applies", &[("binding", binding.into())])
            }
            "samples.absent" => self.text_with("story-samples-absent", &[code("kind")]),
            "status.computed" => self.text_with("story-status-computed", &[statuses("possible")]),
            "suspension.capped" => self.text_with("story-suspension-capped", &[span("cap")]),
            "suspension.closed" => {
                self.text_with("story-suspension-closed", &[time("from"), time("until")])
            }
            "suspension.open" => self.text_with("story-suspension-open", &[time("from")]),
            "waiver.found" => self.text_with("story-waiver-found", &[time("time")]),
            "window.computed" => self.text_with(
                "story-window-computed",
                &[
                    time("end"),
                    number("slots"),
                    number("sampled"),
                    number("threshold"),
                    number("balance"),
                ],
            ),
            "window.empty" => self.text("story-window-empty"),
            "work.exceeded" => self.text("story-work-exceeded"),
            other => other.to_owned(),
        }
    }

    /// Seconds that may be fewer than none.
    fn signed(&self, seconds: i64) -> String {
        let words = self.hours(seconds.unsigned_abs());
        match seconds {
            0.. => words,
            _ => self.text_with("span-less", &[("span", words.into())]),
        }
    }
}

/// A comparison as mathematics writes it.
fn sign(order: &str) -> &str {
    match order {
        ">=" => "≥",
        "<=" => "≤",
        "!=" => "≠",
        order => order,
    }
}
