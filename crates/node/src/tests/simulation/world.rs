//! A world of parties and mirrors, and what happens in it.

use std::collections::{BTreeSet, VecDeque};
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use ensign_trust::log::Hash;
use ensign_trust::log::vkey::NoteKey;
use ensign_trust::logbook::LogName;

use super::author::Author;
use super::check::Check;
use super::dice::Dice;
use super::link::{Late, Link, Rates};
use super::party::{Face, Fate, Party, Start};
use crate::error::Error;
use crate::tests::BEGIN;
use crate::witness::Asked;

/// A fault that is put into a world, for the checks to find.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Planted {
    /// A node's disk loses the last batch when its machine stops, though it said that it was durable.
    ForgetfulDisk,
    /// A witness that starts again knows no more what it cosigned.
    ForgetfulWitness,
    /// A mirror that starts again has nothing any more.
    ForgetfulMirror,
    /// A node acknowledges what is not durable yet.
    HastyAnswer,
    /// A log shows two trees, and passes for one that keeps its promise.
    SecretTwin,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Outcome {
    /// What did not hold.
    pub(super) violation: Option<String>,
    /// What happened, a line each.
    pub(super) trace: Vec<String>,
    /// Messages, appends, stops, starts, and changes of links and clocks.
    pub(super) steps: u64,
    /// How many entries were acknowledged and compared, in logs and mirrors.
    pub(super) compared: usize,
    /// How many times evidence against a log was kept.
    pub(super) found: usize,
    /// Whether a log showed two trees.
    pub(super) forked: bool,
}

/// What exchanges change while they run.
pub(super) struct Wire {
    pub(super) dice: Dice,
    pub(super) steps: u64,
    pub(super) rates: Rates,
    pub(super) late: Vec<Late>,
    pub(super) check: Check,
    pub(super) authors: Vec<Author>,
    pub(super) cut: BTreeSet<(usize, usize)>,
    now: u64,
    trace: Vec<String>,
    violation: Option<String>,
}

/// A copy of a log, and where it comes from.
pub(super) struct Mirror {
    pub(super) folder: PathBuf,
    /// Whose log it copies.
    pub(super) of: usize,
    /// The party or mirror that it asks.
    pub(super) from: usize,
    /// Size and root of the copy that it last said to have.
    pub(super) held: Option<(u64, Hash)>,
}

/// Parties and mirrors, with all that is between them.
pub(super) struct World {
    pub(super) parties: Vec<Party>,
    pub(super) mirrors: Vec<Mirror>,
    /// The keys of the parties' logs.
    pub(super) keys: Vec<NoteKey>,
    /// Whose log may show two trees.
    pub(super) liar: Option<usize>,
    /// The one whose clock may be far ahead, where the others can do without its witness.
    hasty: Option<usize>,
    pub(super) planted: Option<Planted>,
    wire: Mutex<Wire>,
    /// Links that will be cut or mended, one at a time.
    pub(super) plan: VecDeque<(bool, (usize, usize))>,
    /// Before its last batch, by party, where a disk forgets.
    earlier: Vec<Option<Face>>,
    _folder: tempfile::TempDir,
}

impl World {
    pub(super) fn new(seed: u64, start: &Start, planted: Option<Planted>) -> Self {
        let mut dice = Dice::new(seed);
        let parties = start.begun(dice.next());
        let count = parties.len();
        // A copy is flushed again and again, which is nothing to wait for here.
        let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir());
        let folder = folder.unwrap();
        let lies = match planted {
            Some(Planted::ForgetfulDisk | Planted::HastyAnswer) => false,
            Some(_) => true,
            None => dice.chance(300),
        };
        let liar = lies.then(|| dice.below(count));
        let hasty = dice.below(count);
        let spare = start.threshold < count - 1;
        let mirror = |at: usize, dice: &mut Dice| {
            let of = match liar {
                Some(liar) if at == 0 => liar,
                _ => dice.below(count),
            };
            Mirror {
                folder: folder.path().join(format!("m{at}")),
                of,
                from: of,
                held: None,
            }
        };
        let mut mirrors: Vec<_> = (0..1 + dice.below(2))
            .map(|at| mirror(at, &mut dice))
            .collect();
        if mirrors.len() == 2 && dice.chance(300) {
            // A mirror of a mirror.
            (mirrors[1].of, mirrors[1].from) = (mirrors[0].of, count);
        }
        let rough = |dice: &mut Dice| *dice.one(&[0, 50, 150, 400]);
        let rates = Rates {
            lost: rough(&mut dice),
            late: rough(&mut dice),
            doubled: rough(&mut dice),
            stale: rough(&mut dice),
            grows: rough(&mut dice),
            cut_short: 50,
            again: 100,
        };
        let authors = (0..count).map(|_| Author::new(&mut dice)).collect();
        World {
            earlier: (0..count).map(|_| None).collect(),
            parties,
            mirrors,
            keys: start.keys.clone(),
            liar: liar.filter(|_| planted != Some(Planted::SecretTwin)),
            hasty: spare.then_some(hasty),
            planted,
            wire: Mutex::new(Wire {
                dice,
                steps: 0,
                rates,
                late: Vec::new(),
                check: Check::default(),
                authors,
                cut: BTreeSet::new(),
                now: BEGIN,
                trace: Vec::new(),
                violation: None,
            }),
            plan: VecDeque::new(),
            _folder: folder,
        }
    }

    /// Lets things happen, repairs everything, lets it come to rest and looks what there is.
    pub(super) fn run(mut self, happenings: usize) -> Outcome {
        let forker = match self.planted {
            Some(Planted::SecretTwin) => Some(0),
            _ => self.liar,
        };
        let forks_at = self.wire().dice.below(happenings);
        for at in 0..happenings {
            if self.is_over() {
                break;
            }
            if let Some(forker) = forker.filter(|_| at == forks_at) {
                self.fork(forker);
            }
            self.happen();
        }
        if !self.is_over() {
            self.settle();
        }
        if !self.is_over() {
            self.check_end();
        }
        self.tell_ends();
        let forked = self.parties.iter().any(|party| party.faces.len() > 1);
        let wire = self
            .wire
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        Outcome {
            violation: wire.violation,
            trace: wire.trace,
            steps: wire.steps,
            compared: wire.check.compared,
            found: wire.check.found,
            forked,
        }
    }

    pub(super) fn wire(&self) -> MutexGuard<'_, Wire> {
        self.wire.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn violated(&self, what: impl Into<String>) {
        self.wire().violated(what);
    }

    /// What a party or a mirror is called in the trace.
    pub(super) fn name(&self, of: usize) -> String {
        match of.checked_sub(self.parties.len()) {
            None => format!("n{of}"),
            Some(mirror) => format!("m{mirror}"),
        }
    }

    /// Those whose logs keep their promise.
    pub(super) fn honest(&self) -> impl Iterator<Item = usize> + use<> {
        let liar = self.liar;
        (0..self.parties.len()).filter(move |at| Some(*at) != liar)
    }

    pub(super) fn now(&self) -> u64 {
        self.wire().now
    }

    /// A planted fault is let go on, so that everybody can find it.
    fn is_over(&self) -> bool {
        self.planted.is_none() && self.wire().violation.is_some()
    }

    pub(super) fn tell(&self, what: impl Into<String>) {
        self.wire().tell(what);
    }

    fn draw(&self, below: usize) -> usize {
        self.wire().dice.below(below)
    }

    pub(super) fn chance(&self, thousandths: usize) -> bool {
        self.wire().dice.chance(thousandths)
    }

    fn any_face(&self, of: usize) -> usize {
        self.draw(self.parties[of].faces.len())
    }

    /// One of the things that can happen.
    fn happen(&mut self) {
        let lapse = [0, 0, 1, 5, 60][self.draw(5)];
        self.pass_time(lapse);
        self.wire().steps += 1;
        let party = self.draw(self.parties.len());
        match self.draw(100) {
            0..25 => {
                let face = self.any_face(party);
                self.prepare(party, face);
                self.submit(party, face);
            }
            25..50 => {
                let face = self.any_face(party);
                self.prepare(party, face);
                self.ask(party, face);
            }
            50..62 => self.deliver_one(),
            62..77 => {
                let mirror = self.draw(self.mirrors.len());
                let of = self.mirrors[mirror].of;
                let face = self.any_face(of);
                self.prepare(of, face);
                self.copy(mirror, face);
            }
            77..82 => self.stop(party),
            82..88 => self.start(party),
            88..91 => self.put_clock(party),
            91..97 => self.change_link(),
            _ => self.state_contradictions(party),
        }
        self.notice_stops();
    }

    /// Draws what becomes of the next batch of a node.
    fn prepare(&mut self, party: usize, face: usize) {
        let fate = match self.draw(40) {
            0 => Fate::Full,
            1 => Fate::CutBefore,
            2 => Fate::CutAfter,
            _ => Fate::Kept,
        };
        let shown = &self.parties[party].faces[face];
        if self.planted == Some(Planted::ForgetfulDisk) {
            self.earlier[party] = Some(shown.copied());
        }
        if shown.running().is_some() {
            shown.machine.set(fate);
        }
    }

    /// An author hands statements to a node.
    pub(super) fn submit(&self, party: usize, face: usize) {
        let shown = &self.parties[party].faces[face];
        let Some(node) = shown.running() else {
            return;
        };
        let fates = self.parties[party].faces.len();
        let whole = self.liar != Some(party) || fates == 1;
        self.submit_to(party, node, whole);
    }

    pub(super) fn ask(&mut self, party: usize, face: usize) {
        let Some(node) = self.parties[party].faces[face].running() else {
            return;
        };
        let link = Link::of(self, party, face);
        let round = node.ask_witnesses(LogName::Public, &link);
        let off = self.parties[party].faces[face].machine.is_off();
        match round {
            Ok(None) => (),
            Ok(Some(round)) => {
                self.tell(format!(
                    "n{party} asked {} witnesses about {}, met: {}",
                    round.answers.len(),
                    round.size,
                    round.met
                ));
                let doubted = |it: &(String, Asked)| matches!(it.1, Asked::Ahead | Asked::Forked);
                if self.liar != Some(party) && round.answers.iter().any(doubted) {
                    self.violated(format!("a witness doubts n{party}: {:?}", round.answers));
                }
            }
            Err(error) if off || is_full(&error) => {
                self.tell(format!("n{party} could not log what it asked for"));
            }
            Err(error) => self.violated(format!("n{party} cannot ask: {error:?}")),
        }
    }

    pub(super) fn deliver_one(&mut self) {
        let late = {
            let mut wire = self.wire();
            if wire.late.is_empty() {
                return;
            }
            let at = wire.late.len();
            let at = wire.dice.below(at);
            wire.late.swap_remove(at)
        };
        if self.wire().is_cut(late.from, late.to) {
            return;
        }
        self.tell(format!("n{} late to n{}", late.from, late.to));
        self.deliver_late(&late);
    }

    /// A machine stops: a node's, or a witness's, or the one that both run on.
    fn stop(&mut self, party: usize) {
        let (which, face) = (self.draw(3), self.any_face(party));
        if which != 1 {
            self.tell(format!("n{party} stops"));
            self.parties[party].faces[face].machine.set(Fate::Off);
        }
        if which != 0 && self.parties[party].witness.take().is_some() {
            self.tell(format!("the witness of n{party} stops"));
            if self.planted == Some(Planted::ForgetfulWitness) {
                self.parties[party].forget();
            }
        }
    }

    pub(super) fn start(&mut self, party: usize) {
        for face in 0..self.parties[party].faces.len() {
            if self.parties[party].faces[face].node.is_none() {
                self.tell(format!("n{party} starts"));
                if let Err(error) = self.parties[party].start_node(face) {
                    self.violated(format!("n{party} does not start: {error:?}"));
                }
            }
        }
        if self.parties[party].witness.is_none() {
            self.tell(format!("the witness of n{party} starts"));
            self.parties[party].start_witness();
        }
    }

    /// Ends the processes of machines that stopped while something was done.
    fn notice_stops(&mut self) {
        for at in 0..self.parties.len() {
            for face in 0..self.parties[at].faces.len() {
                let shown = &self.parties[at].faces[face];
                if shown.node.is_none() || !shown.machine.is_off() {
                    continue;
                }
                let stay = self.chance(750);
                self.wire().steps += 1;
                self.parties[at].faces[face].stop(stay);
                if let Some(earlier) = self.earlier[at].take() {
                    self.tell(format!("the disk of n{at} forgets"));
                    self.parties[at].faces[face].put_back(earlier);
                }
            }
        }
    }

    fn put_clock(&mut self, party: usize) {
        const DAY: i64 = 86_400;
        let far = if self.hasty == Some(party) {
            30 * DAY
        } else {
            90
        };
        let skew = *self.wire().dice.one(&[0, 1, -2, 90, -90, -3 * DAY, far]);
        self.parties[party].skew = skew;
        self.tell(format!("the clock of n{party} is {skew} s off"));
        self.pass_time(0);
    }

    pub(super) fn pass_time(&mut self, seconds: u64) {
        self.wire().now += seconds;
        let now = self.now();
        for party in &self.parties {
            party.clock.set(now.saturating_add_signed(party.skew));
        }
    }

    /// Cuts or mends the next link of the plan. A new plan cuts some links, one by one, and mends them
    /// in another order.
    fn change_link(&mut self) {
        if self.plan.is_empty() {
            let ends = self.parties.len() + self.mirrors.len();
            let mut chosen: Vec<_> = (0..ends)
                .flat_map(|one| (0..one).map(move |other| (other, one)))
                .filter(|_| self.chance(500))
                .collect();
            self.shuffle(&mut chosen);
            self.plan.extend(chosen.iter().map(|link| (true, *link)));
            self.shuffle(&mut chosen);
            self.plan.extend(chosen.iter().map(|link| (false, *link)));
        }
        if let Some((cuts, link)) = self.plan.pop_front() {
            let (one, other) = (self.name(link.0), self.name(link.1));
            let mut wire = self.wire();
            let done = if cuts { "cut" } else { "mended" };
            wire.tell(format!("{one} - {other} is {done}"));
            match cuts {
                true => wire.cut.insert(link),
                false => wire.cut.remove(&link),
            };
        }
    }

    fn shuffle<T>(&self, all: &mut [T]) {
        for end in (1..all.len()).rev() {
            all.swap(end, self.draw(end + 1));
        }
    }

    pub(super) fn state_contradictions(&mut self, party: usize) {
        let face = &self.parties[party].faces[0];
        let Some(node) = face.running() else {
            return;
        };
        match node.state_contradictions() {
            Ok(stated) if stated.is_empty() => (),
            Ok(stated) => self.tell(format!("n{party} states {} contradictions", stated.len())),
            Err(error) if face.machine.is_off() || is_full(&error) => (),
            Err(error) => self.violated(format!("n{party} cannot state: {error:?}")),
        }
    }

    /// A log begins to show two trees.
    fn fork(&mut self, party: usize) {
        self.tell(format!("the log of n{party} is copied, and goes two ways"));
        let twin = self.parties[party].faces[0].copied();
        self.parties[party].faces.push(twin);
        self.start(party);
    }
}

impl Wire {
    pub(super) fn tell(&mut self, what: impl Into<String>) {
        self.trace
            .push(format!("{:>7} {}", self.now - BEGIN, what.into()));
    }

    pub(super) fn violated(&mut self, what: impl Into<String>) {
        let what = what.into();
        self.tell(format!("VIOLATED: {what}"));
        self.violation.get_or_insert(what);
    }

    pub(super) fn now(&self) -> u64 {
        self.now
    }

    pub(super) fn is_cut(&self, one: usize, other: usize) -> bool {
        self.cut.contains(&(one.min(other), one.max(other)))
    }
}

/// Whether a disk was full.
pub(super) fn is_full(error: &Error) -> bool {
    matches!(error, Error::Store(ensign_store::Error::Full { .. }))
}
