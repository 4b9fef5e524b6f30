//! The same results formulated a second time, for tests: every world one by one, every second one by
//! one, without intervals, bounds or indexes.
//!
//! A world is the choice of one second for each vague fact. In it a clock is counted second by
//! second. What holds in some world is possible. Only for small logs: worlds multiply.

pub(crate) mod logs;
pub(crate) mod tests;
mod wide;

use std::collections::BTreeSet;

use crate::evaluate::Status;

/// What is known about something that happened. Statements are numbers, seconds small.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Event {
    pub(crate) id: u8,
    pub(crate) kind: &'static str,
    /// 0 or 1.
    pub(crate) party: u8,
    pub(crate) lo: i64,
    pub(crate) hi: i64,
    pub(crate) received: i64,
    pub(crate) position: u64,
    pub(crate) cites: Option<u8>,
    pub(crate) replaces: Option<u8>,
    pub(crate) withdraws: Option<u8>,
    pub(crate) value: i64,
}

/// Kinds that are done by lodging them.
const LODGED: [&str; 5] = ["notice", "opened", "closed", "waiver", "ping"];

/// The limit, grace and cap of a term, in seconds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rule {
    pub(crate) limit: i64,
    pub(crate) grace: i64,
    pub(crate) cap: i64,
}

/// A log as one log size shows it.
pub(crate) struct Shown<'a> {
    events: Vec<&'a Event>,
    all: &'a [Event],
    k: u64,
    t: i64,
}

impl<'a> Shown<'a> {
    pub(crate) fn at(all: &'a [Event], t: i64, k: u64) -> Self {
        let mut shown = Shown {
            events: Vec::new(),
            all,
            k,
            t,
        };
        let stands = |event: &&Event| event.lo <= event.hi && shown.stands(event.id);
        let visible = all.iter().filter(|event| event.position < k);
        shown.events = visible.filter(stands).collect();
        shown
    }

    fn event(&self, id: u8) -> Option<&'a Event> {
        let mut visible = self.all.iter().filter(|event| event.position < self.k);
        visible.find(|event| event.id == id)
    }

    /// Whether `newer` takes `older` back: the same author, later.
    fn is_of(&self, newer: &Event, older: u8) -> bool {
        self.event(older)
            .is_some_and(|older| older.party == newer.party && older.position < newer.position)
    }

    fn first(&self, id: u8) -> u8 {
        let replaced = self.event(id).and_then(|event| {
            let older = event.replaces?;
            self.is_of(event, older).then_some(older)
        });
        replaced.map_or(id, |older| self.first(older))
    }

    fn withdrawn(&self, id: u8) -> bool {
        self.all.iter().any(|event| {
            event.position < self.k
                && event.replaces.is_none()
                && event.withdraws == Some(id)
                && self.is_of(event, id)
                && self.stands(event.id)
        })
    }

    fn stands(&self, id: u8) -> bool {
        let Some(own) = self.event(id) else {
            return false;
        };
        let later_in_line = self.all.iter().any(|event| {
            event.position < self.k
                && event.position > own.position
                && self.first(event.id) == self.first(id)
                && !self.withdrawn(event.id)
        });
        !self.withdrawn(id) && !later_in_line
    }

    /// The events of a kind that cite a trigger and have come.
    fn citing(&self, kind: &str, trigger: u8) -> Vec<&'a Event> {
        let cites = |event: &&&Event| {
            event.kind == kind
                && *Self::seconds(event).start() <= self.t
                && event.cites.map(|it| self.first(it)) == Some(self.first(trigger))
        };
        self.events.iter().filter(cites).copied().collect()
    }

    pub(crate) fn of_kind(&self, kind: &str) -> Vec<&'a Event> {
        let is_one =
            |event: &&&Event| event.kind == kind && *Self::seconds(event).start() <= self.t;
        self.events.iter().filter(is_one).copied().collect()
    }

    /// The seconds at which an event may have happened.
    fn seconds(event: &Event) -> std::ops::RangeInclusive<i64> {
        match event.kind {
            // Done by then, whatever its author claims.
            kind if LODGED.contains(&kind) => event.lo.min(event.received)..=event.received,
            // The debtor says itself that its duty has begun: by then it had.
            "aware" => event.lo..=event.hi.min(event.received.max(event.lo)),
            _ => event.lo..=event.hi,
        }
    }

    /// Calls with every choice of a second for each of some events.
    fn worlds(events: &[&Event], visit: &mut dyn FnMut(&[i64])) {
        fn choose(left: &[&Event], chosen: &mut Vec<i64>, visit: &mut dyn FnMut(&[i64])) {
            match left.split_first() {
                None => visit(chosen),
                Some((event, rest)) => {
                    for second in Shown::seconds(event) {
                        chosen.push(second);
                        choose(rest, chosen, visit);
                        chosen.pop();
                    }
                }
            }
        }
        choose(events, &mut Vec::new(), visit);
    }

    /// Calls with every world of a trigger: its second, a clock, and the seconds of some events.
    fn with_clock(
        &self,
        trigger: &Event,
        rule: Rule,
        others: &[&Event],
        visit: &mut dyn FnMut(i64, &Clock, &[i64]),
    ) {
        let starts = self.citing("opened", trigger.id);
        let ends: Vec<(usize, &Event)> = starts
            .iter()
            .enumerate()
            .flat_map(|(at, start)| {
                let ends = self.citing("closed", start.id).into_iter();
                ends.map(move |end| (at, end))
            })
            .collect();
        let mut events = vec![trigger];
        events.extend(&starts);
        events.extend(ends.iter().map(|(_, end)| *end));
        events.extend(others);
        Shown::worlds(&events, &mut |seconds| {
            let (opened, rest) = seconds[1..].split_at(starts.len());
            let (closed, others) = rest.split_at(ends.len());
            let stretches = opened.iter().enumerate().map(|(at, from)| {
                let of_start = ends.iter().zip(closed).filter(|((of, _), _)| *of == at);
                let until = of_start.map(|(_, until)| *until).min();
                (*from, until.unwrap_or(i64::MAX))
            });
            let clock = Clock {
                start: seconds[0],
                stretches: stretches.collect(),
                cap: rule.cap,
            };
            visit(seconds[0], &clock, others);
        });
    }
}

/// A clock in one world.
struct Clock {
    start: i64,
    stretches: Vec<(i64, i64)>,
    cap: i64,
}

impl Clock {
    fn is_open(&self, second: i64) -> bool {
        let mut all = self.stretches.iter();
        all.any(|(from, until)| (*from..*until).contains(&second))
    }

    /// Whether the clock stands in a second: open, and the cap not used up before it.
    fn stands(&self, second: i64) -> bool {
        let used = (self.start..second).filter(|x| self.is_open(*x)).count() as i64;
        self.is_open(second) && used < self.cap
    }

    /// The seconds that run from one to another.
    fn running(&self, from: i64, until: i64) -> i64 {
        (from..until).filter(|x| !self.stands(*x)).count() as i64
    }
}

/// What a deadline may have come to: an act that cites the trigger, excuses, waivers, one clock.
pub(crate) fn deliver(
    shown: &Shown<'_>,
    trigger: &Event,
    act: &str,
    rule: Rule,
) -> BTreeSet<Status> {
    let t = shown.t;
    let mut acts = shown.citing(act, trigger.id);
    acts.retain(|it| it.party == trigger.party);
    let storms = shown.citing("storm", trigger.id);
    let mut waivers = shown.citing("waiver", trigger.id);
    waivers.retain(|it| it.party != trigger.party);
    let others = [acts.clone(), storms.clone(), waivers].concat();
    let mut found = BTreeSet::new();
    shown.with_clock(trigger, rule, &others, &mut |start, clock, seconds| {
        let (done, rest) = seconds.split_at(acts.len());
        let (storm, waived) = rest.split_at(storms.len());
        let ran = |second: i64| clock.running(start, second);
        let late = rule.limit + rule.grace;
        let done = |limit: i64| {
            let mut all = done.iter();
            all.any(|d| start <= *d && *d <= t && ran(*d) <= limit)
        };
        let before = |events: &[i64], limit: i64| {
            let mut all = events.iter();
            all.any(|x| *x <= t && ran(*x) <= limit)
        };
        found.insert(if done(rule.limit) {
            Status::Met
        } else if before(storm, rule.limit) {
            Status::Excused
        } else if before(waived, late) {
            Status::Waived
        } else if done(late) {
            Status::Late
        } else if ran(t) > late {
            Status::Breached
        } else if clock.stands(t) {
            Status::Suspended
        } else if ran(t) <= rule.limit {
            Status::Active
        } else {
            Status::InGrace
        });
    });
    found
}

/// The same with a remedy: the act itself, within a time after the breach.
pub(crate) fn remedied(
    shown: &Shown<'_>,
    trigger: &Event,
    act: &str,
    rule: Rule,
    within: i64,
) -> BTreeSet<Status> {
    let t = shown.t;
    let mut acts = shown.citing(act, trigger.id);
    acts.retain(|it| it.party == trigger.party);
    let mut waivers = shown.citing("waiver", trigger.id);
    waivers.retain(|it| it.party != trigger.party);
    let others = [acts.clone(), waivers].concat();
    let mut found = BTreeSet::new();
    shown.with_clock(trigger, rule, &others, &mut |start, clock, seconds| {
        let (done, waived) = seconds.split_at(acts.len());
        let ran = |second: i64| clock.running(start, second);
        let first = done.iter().filter(|d| start <= **d && **d <= t).min();
        let at = first.copied().unwrap_or(t);
        let breach = (start..).find(|x| ran(*x) > rule.limit).unwrap_or(start);
        found.insert(match first {
            Some(_) if ran(at) <= rule.limit => Status::Met,
            _ if waived.iter().any(|x| *x <= t && ran(*x) <= rule.limit) => Status::Waived,
            Some(_) if clock.running(breach, at) <= within => Status::Remedied,
            Some(_) => Status::RemediedLate,
            None if ran(t) > rule.limit && clock.running(breach, t) <= within => Status::RemedyDue,
            None if ran(t) > rule.limit => Status::Unremedied,
            None if clock.stands(t) => Status::Suspended,
            None => Status::Active,
        });
    });
    found
}

/// An observed act: as long as it is not seen, it may have been done in each second that nobody
/// watched.
pub(crate) fn seen(shown: &Shown<'_>, trigger: &Event, rule: Rule) -> BTreeSet<Status> {
    let t = shown.t;
    let mut acts = shown.citing("seen", trigger.id);
    acts.retain(|it| it.party == trigger.party);
    let watches = shown.citing("seen.coverage", trigger.id);
    let watched = |x: i64| watches.iter().any(|it| (it.lo..=it.hi).contains(&x));
    let mut found = BTreeSet::new();
    let events = [vec![trigger], acts].concat();
    Shown::worlds(&events, &mut |seconds| {
        let start = seconds[0];
        let (due, last) = (start + rule.limit, start + rule.limit + rule.grace);
        let first = seconds[1..]
            .iter()
            .filter(|d| start <= **d && **d <= t)
            .min();
        match first {
            Some(d) if *d <= due => found.insert(Status::Met),
            Some(d) if *d <= last => found.insert(Status::Late),
            Some(_) => found.insert(Status::Breached),
            _ if t <= due => found.insert(Status::Active),
            _ if t <= last => found.insert(Status::InGrace),
            _ => {
                if (start..=due).any(|x| !watched(x)) {
                    found.insert(Status::Met);
                }
                if (due + 1..=last).any(|x| !watched(x)) {
                    found.insert(Status::Late);
                }
                found.insert(Status::Breached)
            }
        };
    });
    found
}

/// A prohibition from second 0 on.
pub(crate) fn never(shown: &Shown<'_>) -> BTreeSet<Status> {
    let t = shown.t;
    let watches = shown.of_kind("watch");
    let attacks = shown.of_kind("attack");
    let unwatched = (0..=t).any(|x| !watches.iter().any(|it| (it.lo..=it.hi).contains(&x)));
    let mut found = BTreeSet::new();
    Shown::worlds(&attacks, &mut |seconds| {
        if seconds.iter().any(|x| (0..=t).contains(x)) {
            found.insert(Status::Breached);
        } else {
            found.insert(Status::Met);
            if unwatched {
                found.insert(Status::Breached);
            }
        }
    });
    found
}

/// Most choices of values that are counted for one clock.
const MAX_CHOICES: usize = 512;

/// The mean of the last `window` seconds at `least` or above, on a scale from 0 to 10. Nothing where
/// too many samples are missing to try all that they may have been.
pub(crate) fn maintain(
    shown: &Shown<'_>,
    trigger: &Event,
    rule: Rule,
    window: i64,
    least: i64,
) -> Option<BTreeSet<Status>> {
    let t = shown.t;
    // What each second of interest may have been: only the ends of the scale matter for a mean.
    let samples = shown.citing("load", trigger.id);
    let values = |second: i64| {
        let of_second = samples
            .iter()
            .filter(|it| it.lo == it.hi && it.lo == second);
        let known: Vec<i64> = of_second.map(|it| it.value).collect();
        let ends = [known.iter().min().copied(), known.iter().max().copied()];
        let mut ends = [ends[0].unwrap_or(0), ends[1].unwrap_or(10)].to_vec();
        ends.dedup();
        ends
    };
    let mut found = BTreeSet::new();
    let mut too_many = false;
    shown.with_clock(trigger, rule, &[], &mut |start, clock, _| {
        let first = start.min(t) - window + 1;
        let choices: Vec<Vec<i64>> = (first..=t).map(values).collect();
        let count: usize = choices.iter().map(Vec::len).product();
        too_many |= count > MAX_CHOICES;
        for choice in 0..count.min(MAX_CHOICES) {
            let mut rest = choice;
            let of_second: Vec<i64> = choices
                .iter()
                .map(|values| {
                    let value = values[rest % values.len()];
                    rest /= values.len();
                    value
                })
                .collect();
            let balance = |end: i64| {
                let inside = (end - window + 1..=end).filter(|x| !clock.stands_in_window(*x));
                let each = inside.map(|x| of_second[(x - first) as usize] - least);
                let each: Vec<i64> = each.collect();
                (!each.is_empty()).then(|| each.iter().sum::<i64>())
            };
            let now = balance(t);
            let mut shortfall = None;
            for end in start..=t {
                match balance(end) {
                    Some(sum) if sum < 0 => shortfall = shortfall.or(Some(end)),
                    Some(_) => shortfall = None,
                    None => {}
                }
            }
            let is_breach = shortfall.is_some_and(|from| clock.running(from, t) >= rule.grace);
            found.insert(if is_breach {
                Status::Breached
            } else if clock.stands(t) {
                Status::Suspended
            } else {
                match now {
                    None => Status::Active,
                    Some(sum) if sum >= 0 => Status::Met,
                    Some(_) => Status::InGrace,
                }
            });
        }
    });
    (!too_many).then_some(found)
}

impl Clock {
    /// Seconds before the start are not suspended.
    fn stands_in_window(&self, second: i64) -> bool {
        second >= self.start && self.stands(second)
    }
}

/// A `ping` in every period of a party, from second 0: what each period came to.
pub(crate) fn perform(shown: &Shown<'_>, party: u8, rule: Rule) -> Vec<BTreeSet<Status>> {
    let t = shown.t;
    let mut pings = shown.of_kind("ping");
    pings.retain(|it| it.party == party);
    let periods = t.div_euclid(rule.limit) + 1;
    let mut found = vec![BTreeSet::new(); periods as usize];
    Shown::worlds(&pings, &mut |seconds| {
        let mut left: Vec<i64> = seconds.iter().copied().filter(|x| *x <= t).collect();
        left.sort_unstable();
        for (number, found) in found.iter_mut().enumerate() {
            let start = number as i64 * rule.limit;
            let due = start + rule.limit - 1;
            let in_time = left.iter().any(|x| (start..=due).contains(x));
            let late = left
                .iter()
                .position(|x| (due + 1..=due + rule.grace).contains(x));
            found.insert(if in_time {
                Status::Met
            } else if let Some(at) = late {
                left.remove(at);
                Status::Late
            } else if t > due + rule.grace {
                Status::Breached
            } else if t > due {
                Status::InGrace
            } else {
                Status::Active
            });
        }
    });
    found
}
