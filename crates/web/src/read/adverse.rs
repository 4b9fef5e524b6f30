//! What of a text was not kept in time, or is not decided.

use ensign_hold::InstrumentDigest;
use ensign_hold::evaluate::{AsOf, Status};
use ensign_trust::ObligationId;
use ensign_views as views;
use ensign_views::{DeadlineFilter, DeadlineState};

use super::Reader;
use super::promises::own_word;
use crate::answer::promises::{Adverse, StatusCount};
use crate::fault::{Fault, internal};

/// Most of these duties that are listed.
const MAX_ADVERSE: usize = 50;

impl Reader<'_> {
    /// What was not kept in time or is not decided, with its debtor's own word, as many of each status
    /// as the others leave; and how much of each there is.
    pub(super) fn adverse(
        &self,
        text: InstrumentDigest,
        as_of: AsOf,
    ) -> Result<(Vec<Adverse>, Vec<StatusCount>), Fault> {
        let is_adverse = |status: &Status| {
            status.is_breach() || matches!(status, Status::Late | Status::Undetermined)
        };
        let views = self.node.views();
        let of_status = |status| {
            let filter = DeadlineFilter {
                text: Some(text),
                state: DeadlineState::Only(status),
                ..DeadlineFilter::default()
            };
            let page = views.deadlines(&filter, as_of, None, MAX_ADVERSE);
            Ok((status, page.map_err(internal)?))
        };
        let pages = Status::ALL.into_iter().filter(is_adverse).map(of_status);
        let mut pages: Vec<_> = pages.collect::<Result<_, Fault>>()?;
        pages.retain(|(_, page)| page.total > 0);
        let counts = pages.iter().map(|(status, page)| StatusCount {
            status: status.code(),
            total: page.total,
        });
        let counts = counts.collect();
        let shares = shares(pages.iter().map(|(_, page)| page.rows.len()), MAX_ADVERSE);
        let shared = pages.into_iter().zip(shares);
        let rows = shared.flat_map(|((_, page), share)| page.rows.into_iter().take(share));
        let rows: Vec<views::DeadlineRow> = rows.collect();
        let ids: Vec<ObligationId> = rows.iter().map(|row| row.row.obligation).collect();
        let words = views.last_own_words(&ids, as_of).map_err(internal)?;
        let adverse = rows.iter().zip(&words).map(|(row, word)| {
            Ok(Adverse {
                row: self.deadline(row, as_of.t)?,
                own_word: word.as_ref().map(own_word),
            })
        });
        Ok((adverse.collect::<Result<_, Fault>>()?, counts))
    }
}

/// Shares out so many places among groups: none is without while another has more than its part.
fn shares(groups: impl Iterator<Item = usize>, places: usize) -> Vec<usize> {
    let sizes: Vec<usize> = groups.collect();
    let mut shares = vec![0; sizes.len()];
    let mut left = places;
    while left > 0 && shares != sizes {
        for (share, size) in shares.iter_mut().zip(&sizes) {
            if *share < *size && left > 0 {
                *share += 1;
                left -= 1;
            }
        }
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::shares;

    #[test]
    fn every_status_has_its_part() {
        let of = |sizes: [usize; 3], places| shares(sizes.into_iter(), places);
        assert_eq!(of([50, 50, 50], 50), [17, 17, 16]);
        assert_eq!(of([50, 2, 50], 50), [24, 2, 24]);
        assert_eq!(of([3, 0, 1], 50), [3, 0, 1]);
        assert!(shares(std::iter::empty(), 50).is_empty());
    }
}
