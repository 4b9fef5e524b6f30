//! Small random logs, and the same logs as facts.

use std::collections::BTreeMap;

use ensign_trust::fact::Retraction;
use ensign_trust::{Code, Coded, Fact, PartyId, StatementId};

use crate::evaluate::accord::{Accord, Adoption, Text};
use crate::oracle::{Event, LODGED};
use crate::term::name::Role;
use crate::term::{InstrumentDigest, parse};

/// The second that logs count from: 1 January 2027.
pub(crate) const ZERO: i64 = 1_798_761_600;

/// The terms that random logs are judged by. Lengths are seconds, so that worlds can be counted.
pub(crate) const TEXT: &str = "
instrument SMALL {
  force contract
  in_force 2027-01-01 .. open
  source \"https://example.org/law\" law
  kind aware observed by operator
  kind notice performative by operator
  kind opened performative
  kind closed performative
  kind ping performative by operator
  kind seen observed by operator
  indicator load scale 0 .. 10 every PT1S
  term DELIVER {
    owes operator to authority
    when occurs aware
    deliver notice within PT5S of aware
    grace PT2S
    except occurs storm excuses under law
    suspended_by opened until closed max PT4S
  }
  term REMEDY {
    owes operator to authority
    when occurs aware
    deliver notice within PT3S of aware
    suspended_by opened until closed max PT3S
    remedy_within PT3S
  }
  term SEEN {
    owes operator
    when occurs aware
    deliver seen within PT4S of aware
    grace PT2S
  }
  term KEEP {
    owes operator
    when occurs aware
    maintain avg(load, PT3S) >= 5
    grace PT2S
    suspended_by opened until closed max PT3S
  }
  term NEVER { forbid operator never attack covered_by watch }
  term ROUTINE { owes operator perform ping per PT4S grace PT2S }
}
";

/// SplitMix64: a seed makes a log.
pub(crate) struct Seed(pub(crate) u64);

impl Seed {
    pub(crate) fn next(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % below
    }

    pub(crate) fn chance(&mut self, of_ten: u64) -> bool {
        self.next(10) < of_ten
    }

    /// Another order of some facts.
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.next(at as u64 + 1) as usize);
        }
    }
}

/// A log: up to three triggers, and what follows on them; statements in the order of the log.
pub(crate) fn random(seed: &mut Seed, vague: bool) -> Vec<Event> {
    let mut log: Vec<Event> = Vec::new();
    let triggers = 1 + seed.next(2) as u8;
    let length = triggers + 2 + seed.next(8) as u8;
    // Worlds multiply: a few vague facts are enough to be wrong about.
    let mut doubts = if vague { 1 + seed.next(3) } else { 0 };
    for id in 0..length {
        let kind = match seed.next(22) {
            _ if id < triggers => "aware",
            0..=3 => "notice",
            4..=6 => "opened",
            7..=8 => "closed",
            9 => "storm",
            10 => "waiver",
            11..=12 => "seen",
            13 => "seen.coverage",
            14 => "attack",
            15..=16 => "watch",
            17..=18 => "ping",
            _ => "load",
        };
        let of_kind = |kind: &str| -> Vec<u8> {
            let of_kind = log.iter().filter(|event| event.kind == kind);
            of_kind.map(|event| event.id).collect()
        };
        let cited = match kind {
            "aware" | "attack" | "watch" | "ping" => Vec::new(),
            "closed" => of_kind("opened"),
            _ => of_kind("aware"),
        };
        let cites = match cited.len() as u64 {
            0 => None,
            count => Some(cited[seed.next(count) as usize]),
        };
        let mut lo = seed.next(14) as i64;
        let mut hi = lo;
        let is_period = matches!(kind, "watch" | "seen.coverage");
        if kind == "aware" {
            lo = seed.next(4) as i64;
            hi = lo;
        }
        let mut received = lo;
        if is_period {
            hi = lo + seed.next(14) as i64;
            received = hi;
        } else if doubts > 0 && kind != "load" && seed.chance(6) {
            doubts -= 1;
            hi = lo + 1 + seed.next(3) as i64;
            // Lodged late, or only known so exactly.
            received = if seed.chance(5) { hi } else { lo };
        } else if LODGED.contains(&kind) && seed.chance(1) {
            // Claimed for later than it was lodged.
            received = (lo - 1 - seed.next(4) as i64).max(0);
        }
        let older: Vec<u8> = log
            .iter()
            .filter(|event| event.kind == kind)
            .map(|event| event.id)
            .collect();
        let older = match older.len() as u64 {
            0 => None,
            count => Some(older[seed.next(count) as usize]),
        };
        let replaces = older.filter(|_| seed.chance(2));
        let any = log.len() as u64;
        let withdraws = (any > 0 && replaces.is_none() && seed.chance(1))
            .then(|| log[seed.next(any) as usize].id);
        log.push(Event {
            id,
            kind,
            party: if kind == "waiver" {
                1
            } else {
                seed.next(5) as u8 / 4
            },
            lo,
            hi,
            received,
            position: u64::from(id),
            cites,
            replaces,
            withdraws,
            value: if seed.chance(5) {
                10
            } else {
                seed.next(11) as i64
            },
        });
    }
    if seed.chance(5) {
        // Somebody measures nearly every second, mostly the same.
        let (good, bad) = (6 + seed.next(5) as i64, seed.next(5) as i64);
        let mut is_good = true;
        for second in 0..18u8 {
            is_good ^= seed.chance(2);
            if seed.chance(9) {
                log.push(Event {
                    id: 100 + second,
                    kind: "load",
                    party: 0,
                    lo: second.into(),
                    hi: second.into(),
                    received: second.into(),
                    position: log.len() as u64,
                    cites: Some(0),
                    replaces: None,
                    withdraws: None,
                    value: if is_good { good } else { bad },
                });
            }
        }
    }
    log
}

pub(crate) fn party(number: u8) -> PartyId {
    PartyId::from_bytes([number + 100; 32])
}

pub(crate) fn statement(number: u8) -> StatementId {
    StatementId::from_bytes([number; 32])
}

/// Two parties in the same roles.
pub(crate) fn accord() -> Accord {
    let adoption = |number: u8| Adoption {
        statement: statement(200 + number),
        position: 0,
        party: party(number),
        text: InstrumentDigest([7; 32]),
        roles: ["operator", "authority"]
            .map(|role| Role::new(role).unwrap())
            .into(),
        from: ZERO,
        until: None,
        params: BTreeMap::new(),
        reservations: BTreeMap::new(),
    };
    Accord {
        texts: vec![Text {
            digest: InstrumentDigest([7; 32]),
            position: 0,
            instrument: parse(TEXT).unwrap().instrument,
            calendars: BTreeMap::new(),
        }],
        adoptions: vec![adoption(0), adoption(1)],
        objections: Vec::new(),
    }
}

/// An event as a fact. Position 0 belongs to the text and its adoptions.
pub(crate) fn fact(event: &Event) -> Fact {
    let second = |second: i64| (ZERO + second) as u64;
    let withdraws = event
        .withdraws
        .map(|it| Retraction::Withdraws(statement(it)));
    let replaces = event.replaces.map(|it| Retraction::Replaces(statement(it)));
    Fact {
        kind: Code::literal(event.kind),
        actor: party(event.party),
        to: None,
        subject: None,
        fields: [(Code::literal("value"), Coded::Int(event.value.into()))].into(),
        valid: [second(event.lo), second(event.hi)],
        received: second(event.received),
        position: event.position + 1,
        cites: event.cites.into_iter().map(statement).collect(),
        retracts: replaces.or(withdraws),
        grade: None,
        sources: vec![statement(event.id)],
    }
}
