//! The end: everything is repaired, and comes to rest.

use data_encoding::HEXLOWER;

use super::link::Rates;
use super::party::Fate;
use super::world::World;

impl World {
    /// Repairs everything and lets all that is due happen.
    pub(super) fn settle(&mut self) {
        self.tell("all is repaired");
        {
            let mut wire = self.wire();
            wire.cut.clear();
            wire.rates = Rates::default();
        }
        self.plan.clear();
        // What was received by a clock that was a little ahead is in the past by then.
        for party in &mut self.parties {
            party.skew = 0;
        }
        self.pass_time(1000);
        while !self.wire().late.is_empty() {
            self.deliver_one();
        }
        for party in 0..self.parties.len() {
            self.start(party);
        }
        for party in 0..self.parties.len() {
            for face in 0..self.parties[party].faces.len() {
                self.parties[party].faces[face].machine.set(Fate::Kept);
                // What was held back first, and something new.
                self.submit(party, face);
                self.submit(party, face);
                self.ask(party, face);
            }
        }
        for at in 0..self.parties.len() {
            self.state_contradictions(at);
        }
        for party in self.honest() {
            self.ask(party, 0);
        }
        self.check_rest();
        for mirror in 0..self.mirrors.len() {
            for face in 0..self.parties[self.mirrors[mirror].of].faces.len() {
                self.copy_now(mirror, face);
            }
        }
    }

    /// A log of which nobody wants anything stays as it is.
    fn check_rest(&mut self) {
        let honest: Vec<_> = self.honest().collect();
        let size = |world: &World, at: usize| {
            let history = world.parties[at].faces[0].history();
            history.last().map(|head| head.size)
        };
        let before: Vec<_> = honest.iter().map(|at| size(self, *at)).collect();
        let steps = self.wire().steps;
        for _ in 0..3 {
            self.pass_time(60);
            for at in &honest {
                self.ask(*at, 0);
                self.state_contradictions(*at);
            }
        }
        let after: Vec<_> = honest.iter().map(|at| size(self, *at)).collect();
        if before != after || self.wire().steps != steps {
            self.violated(format!("logs at rest went from {before:?} to {after:?}"));
        }
    }

    /// What every log came to.
    pub(super) fn tell_ends(&self) {
        for (at, party) in self.parties.iter().enumerate() {
            for face in &party.faces {
                if let Some(head) = face.history().last() {
                    let root = HEXLOWER.encode(&head.root[..8]);
                    self.tell(format!("n{at} ends with {}, root {root}", head.size));
                }
            }
        }
    }

    /// Copies until nothing stands in the way.
    fn copy_now(&mut self, mirror: usize, face: usize) {
        let held = self.mirrors[mirror].held;
        for _ in 0..4 {
            self.copy(mirror, face);
            if self.mirrors[mirror].held != held {
                return;
            }
        }
    }
}
