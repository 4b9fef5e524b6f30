//! Between the parties: messages that are lost, late, doubled, or overtaken by others.
//!
//! An exchange is a request and its answer. Each of the two can be lost; a request can arrive after
//! whoever sent it has given up, and twice. What a server has cached can be older than what it has.

use std::sync::{Mutex, PoisonError};

use ensign_trust::log::checkpoint::{Checkpoint, SignedCheckpoint};
use ensign_trust::log::tile::TilePath;
use ensign_trust::log::witness::AddCheckpoint;
use ensign_trust::logbook::LogName;

use super::party::address;
use super::world::{Wire, World};
use crate::network::{Network, Reply, Unreachable};

/// How often something happens to a message, in a thousand.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Rates {
    pub(super) lost: usize,
    pub(super) late: usize,
    pub(super) doubled: usize,
    pub(super) stale: usize,
    /// To an exchange: the log grows meanwhile.
    pub(super) grows: usize,
    /// To a mirror that took something: it stops before it tidied up.
    pub(super) cut_short: usize,
    /// To what was acknowledged: it is handed in again.
    pub(super) again: usize,
}

/// A request that is still on its way.
pub(super) struct Late {
    pub(super) from: usize,
    pub(super) to: usize,
    body: Vec<u8>,
}

/// The network as one party or mirror has it during one exchange.
pub(super) struct Link<'a> {
    world: &'a World,
    /// A party, or behind all parties a mirror.
    from: usize,
    /// Which copy of its logs a party shows.
    face: usize,
    noted: Mutex<Noted>,
}

/// What happened during the exchange.
#[derive(Debug, Clone, Default)]
pub(super) struct Noted {
    /// Whether the log grows while it is asked, once.
    pub(super) grows: bool,
    /// Whether a message was lost.
    pub(super) disturbed: bool,
    /// The checkpoint that was shown.
    pub(super) shown: Option<Checkpoint>,
}

impl<'a> Link<'a> {
    pub(super) fn of(world: &'a World, from: usize, face: usize) -> Self {
        let mut wire = world.wire();
        let grows = wire.rates.grows;
        let noted = Noted {
            grows: wire.dice.chance(grows),
            ..Noted::default()
        };
        Link {
            world,
            from,
            face,
            noted: Mutex::new(noted),
        }
    }

    pub(super) fn noted(self) -> Noted {
        self.noted
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, change: impl FnOnce(&mut Noted)) {
        change(&mut self.noted.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn grows(&self) -> bool {
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut noted.grows)
    }

    fn gone(&self, address: &str, why: &'static str) -> Unreachable {
        self.note(|noted| noted.disturbed = true);
        Unreachable {
            address: address.to_owned(),
            source: why.into(),
        }
    }

    /// One message between two; whether it arrives.
    fn passes(&self, wire: &mut Wire, to: usize, what: &str) -> bool {
        wire.steps += 1;
        let cut = wire.is_cut(self.from, to);
        if cut || {
            let lost = wire.rates.lost;
            wire.dice.chance(lost)
        } {
            let why = if cut { "cut" } else { "lost" };
            let (from, to) = (self.world.name(self.from), self.world.name(to));
            wire.tell(format!("    {from} - {to} {what}: {why}"));
            return false;
        }
        true
    }
}

impl Network for Link<'_> {
    fn post(&self, address: &str, body: &[u8]) -> Result<Reply, Unreachable> {
        let to = self.world.at(address);
        if self.grows() {
            self.world.submit(self.from, self.face);
        }
        {
            let mut wire = self.world.wire();
            if !self.passes(&mut wire, to, "request") {
                return Err(self.gone(address, "the request was lost"));
            }
            let late = Late {
                from: self.from,
                to,
                body: body.to_vec(),
            };
            let Rates {
                late: rate,
                doubled,
                ..
            } = wire.rates;
            if wire.dice.chance(rate) {
                wire.tell(format!("    a request to n{to} is late"));
                wire.late.push(late);
                return Err(self.gone(address, "the request is late"));
            }
            if wire.dice.chance(doubled) {
                wire.tell(format!("    a request to n{to} is doubled"));
                wire.late.push(late);
            }
        }
        let reply = self.world.deliver(self.from, to, body);
        let reply = reply.ok_or_else(|| self.gone(address, "nobody is there"))?;
        match self.passes(&mut self.world.wire(), to, "answer") {
            true => Ok(reply),
            false => Err(self.gone(address, "the answer was lost")),
        }
    }

    fn get(&self, address: &str, most: u64) -> Result<Reply, Unreachable> {
        let to = self.world.at(address);
        let (_, path) = address.split_once("/tlog/").expect("a file of a log");
        if !self.passes(&mut self.world.wire(), to, path) {
            return Err(self.gone(address, "the request was lost"));
        }
        if to < self.world.parties.len() && self.grows() {
            self.world.submit(to, self.face);
        }
        let found = self.world.file(to, self.face, path);
        let found = found.map_err(|why| self.gone(address, why))?;
        if let Some(note) = found.as_ref().filter(|_| path == "checkpoint") {
            let shown = self.world.seen(note);
            self.note(|noted| noted.shown = shown);
        }
        if !self.passes(&mut self.world.wire(), to, path) {
            return Err(self.gone(address, "the answer was lost"));
        }
        let body = found.as_deref().unwrap_or_default().to_vec();
        assert!(body.len() as u64 <= most, "{path}");
        let status = if found.is_some() { 200 } else { 404 };
        Ok(Reply { status, body })
    }

    fn at_once(&self) -> usize {
        1
    }
}

impl World {
    /// Who answers at an address.
    fn at(&self, address: &str) -> usize {
        let host = address.strip_prefix("https://").unwrap();
        let number = |text: &str| {
            text[1..]
                .split('.')
                .next()
                .unwrap()
                .parse::<usize>()
                .unwrap()
        };
        match host.starts_with('n') {
            true => number(host),
            false => self.parties.len() + number(host),
        }
    }

    /// The address at which a party or a mirror answers.
    pub(super) fn address(&self, of: usize) -> String {
        match of.checked_sub(self.parties.len()) {
            None => address(of),
            Some(mirror) => format!("https://m{mirror}.example.org"),
        }
    }

    /// Hands a request to a witness; none where it does not run.
    pub(super) fn deliver(&self, from: usize, to: usize, body: &[u8]) -> Option<Reply> {
        let request = AddCheckpoint::parse(body).expect("a node sends what can be read");
        let shown = request.claimed().expect("a checkpoint");
        let note = request.checkpoint.to_bytes().expect("a note");
        assert!(self.seen(&note).is_some());
        let witness = self.parties[to].witness.as_ref()?;
        let answer = witness.add_checkpoint(body);
        let mut wire = self.wire();
        let status = answer.status;
        wire.tell(format!(
            "    n{to} is asked by n{from} to cosign {} from {}: {status}",
            shown.size, request.old
        ));
        self.check_witness(&mut wire, to, &request, &shown, status);
        Some(Reply {
            status,
            body: answer.body,
        })
    }

    /// Delivers a request that is late.
    pub(super) fn deliver_late(&self, late: &Late) {
        self.wire().steps += 1;
        self.deliver(late.from, late.to, &late.body);
    }

    /// A file of a log, as a party or a mirror serves it.
    fn file(&self, of: usize, face: usize, path: &str) -> Result<Option<Vec<u8>>, &'static str> {
        if let Some(mirror) = of.checked_sub(self.parties.len()) {
            return Ok(std::fs::read(self.mirrors[mirror].folder.join(path)).ok());
        }
        let shown = &self.parties[of].faces[face];
        let node = shown.running().ok_or("nobody is there")?;
        let log = node.log(LogName::Public);
        if path != "checkpoint" {
            let path: TilePath = path.parse().expect("a tile or a bundle");
            return log.resource(&path).map_err(|_| "the machine stopped");
        }
        let mut wire = self.wire();
        let stale = wire.rates.stale;
        if wire.dice.chance(stale) {
            let history = shown.history();
            let cached = wire.dice.one(&history);
            wire.tell(format!("    a cache of n{of} still has {}", cached.size));
            return Ok(Some(cached.checkpoint.clone()));
        }
        let head = log.head().map_err(|_| "the machine stopped")?;
        Ok(head.map(|head| head.checkpoint))
    }

    /// Compares a checkpoint that left its log with what the log made durable.
    fn seen(&self, note: &[u8]) -> Option<Checkpoint> {
        let claimed = |key| SignedCheckpoint::open(note, key).ok();
        let (of, signed) = (0..)
            .zip(&self.keys)
            .find_map(|(of, key): (usize, _)| Some((of, claimed(key)?)))?;
        let checkpoint = signed.into_checkpoint();
        let mut faces = self.parties[of].faces.iter();
        if !faces.any(|face| face.signed(checkpoint.size, &checkpoint.root)) {
            let size = checkpoint.size;
            self.wire()
                .violated(format!("n{of} showed a head of {size} that it never kept"));
        }
        Some(checkpoint)
    }
}
