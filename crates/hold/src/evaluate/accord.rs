//! Who is bound by what: texts, adoptions, objections.

use std::collections::{BTreeMap, BTreeSet};

use ensign_trust::{Code, PartyId, StatementId};

use crate::calendar::Calendar;
use crate::evaluate::interval::{EARLIEST, LATEST};
use crate::term::ast::{
    Act, Class, Condition, Duty, Effect, Instrument, KindRule, Length, Modality, Number, Quantity,
    Review, Setting, Term, Trigger, Variation,
};
use crate::term::canonical::{CanonicalError, InstrumentDigest, Published};
use crate::term::name::{CalendarName, Kind, ParamName, Role, TermName};

/// A text as it was published.
#[derive(Debug, Clone)]
pub struct Text {
    /// SHA-256 of its canonical form.
    pub digest: InstrumentDigest,
    /// Index of the statement that published it.
    pub position: u64,
    /// What it says.
    pub instrument: Instrument,
    /// Its calendars, compiled.
    pub calendars: BTreeMap<CalendarName, Calendar>,
}

/// A party's adoption of a text. The last one of a party and a text counts: who withdraws adopts
/// again, with an end.
#[derive(Debug, Clone)]
pub struct Adoption {
    /// The statement, which also stands for the obligations that adoption itself starts.
    pub statement: StatementId,
    /// Its index.
    pub position: u64,
    /// Who adopts.
    pub party: PartyId,
    /// Which text.
    pub text: InstrumentDigest,
    /// In which roles.
    pub roles: BTreeSet<Role>,
    /// From when, Unix seconds.
    pub from: i64,
    /// Until before when.
    pub until: Option<i64>,
    /// What it sets; where it is silent, what the text proposes.
    pub params: BTreeMap<ParamName, Setting>,
    /// What it reserves.
    pub reservations: BTreeMap<TermName, Reserved>,
}

/// What a reservation does to a term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reserved {
    /// The party does not accept it.
    Excludes,
    /// The party accepts this in its place.
    Varies(Variation),
}

/// A party's objection to another's reservation.
#[derive(Debug, Clone)]
pub struct Objection {
    /// The statement.
    pub statement: StatementId,
    /// Its index.
    pub position: u64,
    /// Who objects.
    pub by: PartyId,
    /// To whose reservation.
    pub against: PartyId,
    /// In which text.
    pub text: InstrumentDigest,
    /// On which term.
    pub term: TermName,
    /// What was reserved: where that is superseded, the objection falls with it.
    pub reserved: Reserved,
    /// From when, Unix seconds.
    pub from: i64,
}

/// Everything that binds, in any order.
#[derive(Debug, Clone, Default)]
pub struct Accord {
    /// The texts.
    pub texts: Vec<Text>,
    /// Who adopted them.
    pub adoptions: Vec<Adoption>,
    /// Who objects to what.
    pub objections: Vec<Objection>,
}

/// That a later text of the same name ends an earlier one for a party.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Takeover {
    /// The later text.
    pub by: InstrumentDigest,
    /// Its first second for this party.
    pub from: i64,
}

impl Accord {
    /// For whom which text ends since a later one takes over, as known at a log size.
    pub fn takeovers(&self, index: u64) -> BTreeMap<(InstrumentDigest, PartyId), Takeover> {
        let mut takeovers = BTreeMap::new();
        for ended in Bound::at(self, index).texts {
            for member in ended.parties {
                if let Some(later) = member.replaced_by {
                    let (by, from) = (later.text, member.binds[1]);
                    takeovers.insert((ended.text.digest, member.party), Takeover { by, from });
                }
            }
        }
        takeovers
    }
}

/// What a convenor lodges when it has held the review.
pub(crate) const REVIEW: &str = "review.held";

/// What binds at some log size.
#[derive(Debug)]
pub(crate) struct Bound<'a> {
    /// By digest.
    pub(crate) texts: Vec<Adopted<'a>>,
}

/// A text with those who adopted it.
#[derive(Debug)]
pub(crate) struct Adopted<'a> {
    pub(crate) text: &'a Text,
    /// By id.
    pub(crate) parties: Vec<Member<'a>>,
    /// Who holds each role, by their places among the parties.
    holders: BTreeMap<&'a Role, Vec<usize>>,
    pub(crate) objections: Vec<&'a Objection>,
    /// The roles whose holders find or decide something.
    pub(crate) finders: BTreeSet<&'a Role>,
    /// What the text says of kinds.
    pub(crate) rules: BTreeMap<&'a Code, &'a KindRule>,
    /// Kinds of which nothing is said and which are acts by being lodged.
    pub(crate) acts: BTreeSet<&'a Code>,
    /// Terms that a breach starts.
    spawned: BTreeSet<&'a TermName>,
    /// The convenor's duty to review the text.
    pub(crate) review: Option<Term>,
    /// From when until before when the text is in force.
    pub(crate) in_force: [i64; 2],
}

/// A party to a text.
#[derive(Debug, Clone)]
pub(crate) struct Member<'a> {
    pub(crate) party: PartyId,
    pub(crate) adoption: &'a Adoption,
    /// The party's first adoption of the text: obligations that adoption starts are named after it.
    pub(crate) first: StatementId,
    /// From when until before when triggers bind it.
    pub(crate) binds: [i64; 2],
    /// The moment from which open duties lapse: the end of the text.
    pub(crate) lapses: Option<i64>,
    /// The moment from which lapses what adoption alone keeps running.
    pub(crate) leaves: Option<i64>,
    /// The party's adoption of the later text that ended this one for it.
    pub(crate) replaced_by: Option<&'a Adoption>,
    /// How facts name it as their subject.
    pub(crate) name: String,
}

impl Text {
    /// A text as the statement at an index published it. That it is what its digest names is
    /// checked first: the bytes may come from anywhere.
    pub fn read(
        digest: InstrumentDigest,
        canonical: &[u8],
        position: u64,
    ) -> Result<Self, CanonicalError> {
        let Published {
            instrument,
            calendars,
        } = Published::open(digest, canonical)?;
        Ok(Text {
            digest,
            position,
            instrument,
            calendars,
        })
    }
}

impl<'a> Bound<'a> {
    /// What a log of this size binds.
    pub(crate) fn at(accord: &'a Accord, index: u64) -> Self {
        let mut texts: Vec<&Text> = accord.texts.iter().collect();
        texts.retain(|text| text.position < index);
        texts.sort_by_key(|text| (text.digest, text.position));
        texts.dedup_by_key(|text| text.digest);
        let adopted = texts
            .iter()
            .map(|text| Adopted::at(text, accord, index))
            .collect();
        let mut bound = Bound { texts: adopted };
        bound.amend();
        bound
    }

    /// Lets a later text of the same name take over from an earlier one, for each who adopted both.
    fn amend(&mut self) {
        let takes_over: Vec<Vec<(i64, &'a Adoption)>> = self
            .texts
            .iter()
            .map(|old| {
                let is_later = |new: &&Adopted<'_>| {
                    new.text.instrument.name == old.text.instrument.name
                        && (new.in_force[0], new.text.position)
                            > (old.in_force[0], old.text.position)
                };
                let later = self.texts.iter().filter(is_later);
                let members = later.flat_map(|new| &new.parties);
                // Who withdrew before it took effect was never bound by it.
                let bound = members.filter(|it| it.binds[0] < it.binds[1]);
                bound.map(|it| (it.binds[0], it.adoption)).collect()
            })
            .collect();
        for (text, takes_over) in self.texts.iter_mut().zip(takes_over) {
            for (from, new) in takes_over {
                if let Some(member) = text.parties.iter_mut().find(|it| it.party == new.party)
                    && from < member.binds[1]
                {
                    member.binds[1] = from;
                    (member.lapses, member.leaves) = (None, Some(from));
                    member.replaced_by = Some(new);
                }
            }
        }
    }
}

impl<'a> Adopted<'a> {
    fn at(text: &'a Text, accord: &'a Accord, index: u64) -> Self {
        let start = |date: jiff::civil::Date| i64::from(days_since_epoch(date)) * 86_400;
        let in_force = &text.instrument.in_force;
        let until = in_force.until.map(start);
        let [from, end] = [start(in_force.from), until.unwrap_or(LATEST)];
        let mut visible: Vec<&Adoption> = accord
            .adoptions
            .iter()
            .filter(|it| it.position < index && it.text == text.digest)
            .collect();
        visible.sort_by_key(|it| (it.party, it.position, it.statement));
        let parties: Vec<_> = visible
            .chunk_by(|a, b| a.party == b.party)
            .filter_map(|of_party| Some((of_party.first()?, of_party.last()?)))
            .map(|(first, adoption)| Member {
                party: adoption.party,
                adoption,
                first: first.statement,
                binds: [
                    from.max(adoption.from).max(EARLIEST),
                    end.min(adoption.until.unwrap_or(LATEST)),
                ],
                lapses: until,
                leaves: match (until, adoption.until) {
                    (Some(a), Some(b)) => Some(a.min(b)),
                    (a, b) => a.or(b),
                },
                replaced_by: None,
                name: adoption.party.to_string(),
            })
            .collect();
        let objections = accord.objections.iter();
        let terms = &text.instrument.terms;
        Adopted {
            text,
            holders: holders(&parties),
            parties,
            objections: objections
                .filter(|it| it.position < index && it.text == text.digest)
                .collect(),
            finders: finders(&text.instrument),
            rules: rules(&text.instrument),
            acts: acts(&text.instrument),
            spawned: terms.iter().flat_map(|it| &it.on_breach).collect(),
            review: text.instrument.review.as_ref().and_then(review_term),
            in_force: [from, end],
        }
    }

    /// The terms of the text, the duty to review it among them.
    pub(crate) fn terms(&self) -> impl Iterator<Item = &Term> {
        self.text.instrument.terms.iter().chain(&self.review)
    }

    /// The term with a name.
    pub(crate) fn term(&self, name: &TermName) -> Option<&Term> {
        self.terms().find(|term| term.name == *name)
    }

    /// What starts an obligation of a term.
    pub(crate) fn trigger<'t>(&'t self, term: &'t Term) -> Trigger<'t> {
        term.trigger(self.spawned.contains(&term.name))
    }

    /// A party to the text.
    pub(crate) fn member(&self, party: PartyId) -> Option<&Member<'a>> {
        let at = self.parties.binary_search_by_key(&party, |it| it.party);
        at.ok().map(|at| &self.parties[at])
    }

    /// Those who hold a role.
    pub(crate) fn holders(&self, role: &Role) -> impl Iterator<Item = &Member<'a>> {
        let places = self.holders.get(role).into_iter().flatten();
        places.map(|place| &self.parties[*place])
    }

    /// Whether a party holds a role.
    pub(crate) fn holds(&self, party: PartyId, role: &Role) -> bool {
        self.member(party)
            .is_some_and(|it| it.adoption.roles.contains(role))
    }
}

impl Member<'_> {
    /// A number as this party set it.
    pub(crate) fn number(&self, instrument: &Instrument, quantity: &Quantity) -> i64 {
        let plain = |number| match number {
            Number::Integer(number) | Number::Share(number) => number,
        };
        match quantity {
            Quantity::Fixed(number) => plain(*number),
            Quantity::Param(name) => match self.setting(instrument, name) {
                Some(Setting::Number(number)) => plain(number),
                _ => 0,
            },
        }
    }

    /// What this party set, or accepted as proposed. A value that does not fit is not one.
    pub(crate) fn setting(&self, instrument: &Instrument, name: &ParamName) -> Option<Setting> {
        let proposed = instrument.param(name)?.proposed;
        let own = self.adoption.params.get(name).copied();
        Some(own.filter(|own| own.fits(&proposed)).unwrap_or(proposed))
    }
}

/// What a text reserves on a term, if the term allows it.
pub(crate) fn reserved<'a>(member: &Member<'a>, term: &Term) -> Option<&'a Reserved> {
    let reserved = member.adoption.reservations.get(&term.name);
    reserved.filter(|_| !term.non_reservable)
}

fn holders<'a>(parties: &[Member<'a>]) -> BTreeMap<&'a Role, Vec<usize>> {
    let mut holders: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (place, member) in parties.iter().enumerate() {
        for role in &member.adoption.roles {
            holders.entry(role).or_default().push(place);
        }
    }
    holders
}

fn rules(instrument: &Instrument) -> BTreeMap<&Code, &KindRule> {
    let rules = instrument.kinds.iter().rev();
    rules.map(|rule| (rule.kind.as_code(), rule)).collect()
}

/// The kinds that a duty or a suspension makes acts.
pub(crate) fn acts(instrument: &Instrument) -> BTreeSet<&Code> {
    let mut acts = BTreeSet::new();
    for term in &instrument.terms {
        let instead = term.exceptions.iter().flat_map(|it| match &it.effect {
            Effect::Varies(Variation::Duties(duties)) => duties.as_slice(),
            _ => &[],
        });
        let duties = instead.chain([&term.duty]);
        acts.extend(duties.filter_map(Duty::act).map(|act| act.kind.as_code()));
        for suspension in &term.suspensions {
            acts.extend([&suspension.by, &suspension.until].map(|it| it.as_code()));
        }
    }
    acts
}

/// The roles that some clause lets find, attribute or decide.
pub fn finders(instrument: &Instrument) -> BTreeSet<&Role> {
    let mut found = BTreeSet::new();
    let mut conditions: Vec<&Condition> = Vec::new();
    for term in &instrument.terms {
        conditions.extend(&term.when);
        conditions.extend(term.exceptions.iter().map(|it| &it.guard));
        if let Duty::Never {
            attributed_by: Some(role),
            ..
        } = &term.duty
        {
            found.insert(role);
        }
    }
    for rung in instrument.ladders.iter().flat_map(|ladder| &ladder.rungs) {
        conditions.extend([&rung.enter, &rung.exit]);
        found.insert(&rung.decided_by);
    }
    let defined = instrument.definitions.iter();
    conditions.extend(defined.filter_map(|it| it.counts_as.as_ref()));
    while let Some(condition) = conditions.pop() {
        match condition {
            Condition::All(parts) | Condition::Any(parts) => conditions.extend(parts),
            Condition::Not(part) => conditions.push(part),
            Condition::Finding { by, .. } => {
                found.insert(by);
            }
            _ => {}
        }
    }
    found
}

/// A missed review is a breach by the convenor.
fn review_term(review: &Review) -> Option<Term> {
    Some(Term {
        name: TermName::new("periodic_review").ok()?,
        notes: Vec::new(),
        text: None,
        class: Class::Computable,
        modality: Modality::Owes,
        debtor: review.by.clone(),
        creditor: None,
        when: None,
        duty: Duty::Perform {
            act: Act {
                kind: Kind::new(REVIEW).ok()?,
                with: Vec::new(),
                via: None,
            },
            per: Length::Fixed(review.every),
        },
        calendar: review.calendar.clone(),
        grace: None,
        exceptions: Vec::new(),
        suspensions: Vec::new(),
        unsuspendable: true,
        safety: false,
        on_breach: Vec::new(),
        remedy_within: None,
        survives: false,
        non_reservable: true,
    })
}

fn days_since_epoch(date: jiff::civil::Date) -> i32 {
    let epoch = jiff::civil::date(1970, 1, 1);
    date.since(epoch).map_or(0, |span| span.get_days())
}
