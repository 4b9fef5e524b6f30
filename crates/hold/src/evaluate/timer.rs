//! Which obligations can change next: a radix heap.
//!
//! Time only moves on, so an entry needs to be sorted only as far as it differs from the present: it
//! lies in the bucket of the highest bit in which its second and the present differ. Each entry moves
//! to a lower bucket a few times and is never compared with another. After Ahuja, Mehlhorn, Orlin and
//! Tarjan, Faster Algorithms for the Shortest Path Problem (1990).

/// One bucket for each bit of a second, and one for the present.
const BUCKETS: usize = 65;

/// Entries by the second at which they are due.
#[derive(Debug, Clone)]
pub struct Timer {
    present: u64,
    buckets: [Vec<(u64, u32)>; BUCKETS],
    /// The earliest second in each bucket.
    earliest: [u64; BUCKETS],
}

impl Timer {
    /// An empty timer at a second.
    pub fn new(present: i64) -> Self {
        Timer {
            present: ordered(present),
            buckets: std::array::from_fn(|_| Vec::new()),
            earliest: [u64::MAX; BUCKETS],
        }
    }

    /// Adds an entry. One of the past is due now.
    pub fn push(&mut self, second: i64, entry: u32) {
        let second = ordered(second).max(self.present);
        self.put(second, entry);
    }

    /// Takes out the entry that is due first, if it is due by `now`. Among those of one second the
    /// order is not settled.
    pub fn due(&mut self, now: i64) -> Option<(i64, u32)> {
        let now = ordered(now);
        if self.buckets[0].is_empty() {
            let next = (1..BUCKETS).find(|at| !self.buckets[*at].is_empty())?;
            let earliest = self.earliest[next];
            if earliest > now {
                return None;
            }
            // Whatever is in this bucket agrees with its earliest in more bits than with the past.
            self.present = earliest;
            self.earliest[next] = u64::MAX;
            for (second, entry) in std::mem::take(&mut self.buckets[next]) {
                self.put(second, entry);
            }
        } else if self.present > now {
            return None;
        }
        let (second, entry) = self.buckets[0].pop()?;
        Some((seconds(second), entry))
    }

    fn put(&mut self, second: u64, entry: u32) {
        let at = (u64::BITS - (second ^ self.present).leading_zeros()) as usize;
        self.earliest[at] = self.earliest[at].min(second);
        self.buckets[at].push((second, entry));
    }
}

/// A second as a number that is not negative, in the same order.
fn ordered(second: i64) -> u64 {
    (second as u64) ^ (1 << 63)
}

fn seconds(ordered: u64) -> i64 {
    (ordered ^ (1 << 63)) as i64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    #[test]
    fn what_is_of_the_past_is_due_now() {
        let mut timer = Timer::new(100);
        timer.push(7, 1);
        assert_eq!(timer.due(100), Some((100, 1)));
        assert_eq!(timer.due(i64::MAX), None);
    }

    proptest! {
        #[test]
        fn entries_come_out_when_they_are_due_and_in_order(
            rounds in proptest::collection::vec(
                (proptest::collection::vec(-50i64..4000, 0..12), 0i64..300),
                1..20,
            ),
        ) {
            let (mut timer, mut model, mut now) = (Timer::new(-60), BTreeSet::new(), -60i64);
            let mut entry = 0;
            for (added, step) in rounds {
                let past = now;
                for second in added {
                    timer.push(second, entry);
                    model.insert((second.max(past), entry));
                    entry += 1;
                }
                now += step;
                let mut out = BTreeSet::new();
                let mut before = i64::MIN;
                while let Some((second, entry)) = timer.due(now) {
                    prop_assert!(second >= before && second <= now);
                    before = second;
                    out.insert(entry);
                }
                let expected: BTreeSet<u32> = model
                    .iter()
                    .filter(|(second, _)| *second <= now)
                    .map(|(_, entry)| *entry)
                    .collect();
                model.retain(|(second, _)| *second > now);
                prop_assert_eq!(out, expected);
            }
        }
    }
}
