//! Which emblem a name publishes, where several stand for it.
//!
//! The protocol takes one emblem a set, and anybody in the log may register any name. So the choice is
//! made for all channels alike, and so that nobody takes a name over by coming last:
//!
//! | between | first comes | then |
//! |---|---|---|
//! | emblems of one party | the better backed: recognised, endorsed, declared | one that protects before one that only indicates; the last one issued |
//! | parties | the better backed of what each would publish | who registered the name first |
//!
//! What others say backs an emblem, never what its registrant and bearer say of themselves. All parties
//! are treated alike, and every party's recognitions count. What is not chosen stands as it did: it is
//! told beside what is.
//!
//! A party that has marked a name and whose registration stands keeps its place when its emblem ends,
//! as one that nobody backs: between two emblems of its own nobody else slips in by having registered the
//! name too. Where such a party comes first, the name publishes nothing.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use ensign_trust::{AssetId, PartyId, StatementId};

/// How far others stand behind an emblem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Backing {
    /// Nobody but registrant and bearer says so.
    Declared,
    /// Another party endorses its key for what it claims.
    Endorsed,
    /// Another party recognises an authority to which it leads.
    Recognised,
}

/// An emblem of a name whose registration stands, and what decides about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// The `emblem.issued`.
    pub emblem: StatementId,
    /// The asset that bears it.
    pub asset: AssetId,
    /// Who registered the asset.
    pub party: PartyId,
    /// Whether it stands, and so can be published.
    pub stands: bool,
    /// How far others stand behind it; [`Backing::Declared`] where it does not stand.
    pub backing: Backing,
    /// Whether it claims a protection, and not only the indicative use of a sign.
    pub protects: bool,
    /// Index of the registration since which the asset has been registered under this name.
    pub registered: u64,
    /// Index of the `emblem.issued`.
    pub issued: u64,
}

/// The emblem that each party has for one name, of those that stand if any does: the chosen one first, then
/// those of the other parties in the order in which they would take its place. Where the first one does not
/// stand, the name publishes nothing.
pub fn choose(claims: &[Claim]) -> Vec<Claim> {
    let mut parties: BTreeMap<PartyId, (Claim, u64)> = BTreeMap::new();
    for claim in claims {
        let (best, registered) = parties
            .entry(claim.party)
            .or_insert((*claim, claim.registered));
        *registered = claim.registered.min(*registered);
        let rank = |it: &Claim| (it.stands, it.backing, it.protects, it.issued);
        if rank(claim) > rank(best) {
            *best = *claim;
        }
    }
    let mut best: Vec<(Claim, u64)> = parties.into_values().collect();
    best.sort_by_key(|(claim, registered)| (Reverse(claim.backing), *registered));
    best.into_iter().map(|(claim, _)| claim).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// An emblem of a party, of the asset that it registered at an index.
    fn claim(party: u8, backing: Backing, protects: bool, at: [u64; 2]) -> Claim {
        let [registered, issued] = at;
        let mut id = [0; 32];
        id[..8].copy_from_slice(&issued.to_be_bytes());
        Claim {
            emblem: StatementId::from_bytes(id),
            asset: AssetId::from_bytes([party; 32]),
            party: PartyId::from_bytes([party; 32]),
            stands: true,
            backing,
            protects,
            registered,
            issued,
        }
    }

    fn chosen(claims: &[Claim]) -> u64 {
        choose(claims)[0].issued
    }

    #[test]
    fn of_one_party_the_last_emblem_that_protects_is_chosen_among_the_best_backed() {
        let of = |backing, protects, issued| claim(1, backing, protects, [0, issued]);
        use Backing::{Declared, Endorsed, Recognised};
        let all = [
            of(Recognised, true, 1),
            of(Recognised, true, 2),
            of(Recognised, false, 3),
            of(Endorsed, true, 4),
            of(Endorsed, false, 5),
            of(Declared, true, 6),
            of(Declared, false, 7),
        ];
        assert_eq!(choose(&all), [all[1]]);
        assert_eq!(chosen(&all[2..]), 3);
        assert_eq!(chosen(&all[3..]), 4);
        assert_eq!(chosen(&all[4..]), 5);
        assert_eq!(chosen(&all[5..]), 6);
        assert_eq!(choose(&[]), []);
    }

    #[test]
    fn of_parties_that_are_backed_alike_the_first_that_registered_keeps_the_name() {
        for backing in [Backing::Declared, Backing::Endorsed, Backing::Recognised] {
            let first = claim(9, backing, true, [3, 5]);
            let later = claim(1, backing, true, [4, 6]);
            assert_eq!(choose(&[later, first]), [first, later]);
            // What it claims is no way round that, nor is what it issues once more.
            let indicative = Claim {
                protects: false,
                ..first
            };
            assert_eq!(choose(&[later, indicative])[0], indicative);
            // It keeps it with another of its assets too.
            let renewed = claim(9, backing, true, [7, 8]);
            assert_eq!(choose(&[first, later, renewed])[0], renewed);
        }
        let declared = claim(9, Backing::Declared, true, [3, 5]);
        let recognised = claim(1, Backing::Recognised, false, [4, 6]);
        assert_eq!(choose(&[declared, recognised])[0], recognised);
    }

    #[test]
    fn a_party_whose_emblem_has_ended_keeps_its_place_among_those_that_nobody_backs() {
        use Backing::{Declared, Endorsed};
        let ended = Claim {
            stands: false,
            ..claim(9, Declared, true, [3, 5])
        };
        let later = claim(1, Declared, true, [4, 6]);
        assert_eq!(choose(&[later, ended]), [ended, later]);
        // An emblem of its own that stands comes first, whatever it claims.
        let own = claim(9, Declared, false, [3, 4]);
        assert_eq!(choose(&[ended, later, own]), [own, later]);
        let endorsed = claim(1, Endorsed, false, [4, 6]);
        assert_eq!(choose(&[ended, endorsed]), [endorsed, ended]);
        let before = claim(1, Declared, true, [2, 6]);
        assert_eq!(choose(&[ended, before]), [before, ended]);
    }

    proptest! {
        #[test]
        fn the_order_of_claims_and_the_ids_of_parties_decide_nothing(
            drawn in prop::collection::vec((0..4u8, 0..4u8, any::<bool>(), 0..50u64), 1..12),
            from in 0..12usize,
        ) {
            let claims = |name: &dyn Fn(u8) -> u8| -> Vec<Claim> {
                let drawn = drawn.iter().zip(100u64..);
                drawn.map(|((party, backing, protects, registered), issued)| {
                    let (stands, backing) = match backing {
                        0 => (false, Backing::Declared),
                        1 => (true, Backing::Declared),
                        2 => (true, Backing::Endorsed),
                        _ => (true, Backing::Recognised),
                    };
                    // No two parties register in one statement.
                    let registered = registered * 4 + u64::from(*party);
                    let claim = claim(name(*party), backing, *protects, [registered, issued]);
                    Claim { stands, ..claim }
                }).collect()
            };
            let issued = |claims: Vec<Claim>| -> Vec<u64> {
                choose(&claims).iter().map(|it| it.issued).collect()
            };
            let told = issued(claims(&|party| party));
            prop_assert_eq!(&told, &issued(claims(&|party| 200 - party)));
            let mut turned = claims(&|party| party);
            let middle = from % turned.len();
            turned.rotate_left(middle);
            prop_assert_eq!(&told, &issued(turned));
        }
    }
}
