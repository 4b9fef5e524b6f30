use super::super::merkle::*;
use super::super::{Hash, MAX_SIZE};
use super::{any_hash, leaves, naive_node, naive_root, split};
use ct_merkle::mem_backed_tree::MemoryBackedTree;
use proptest::prelude::*;
use sha2::Sha256;

/// RFC 6962 section 2.1.1, word for word.
fn naive_path(index: usize, leaves: &[Hash]) -> Vec<Hash> {
    if leaves.len() < 2 {
        return Vec::new();
    }
    let k = split(leaves.len());
    let (left, right) = leaves.split_at(k);
    let (mut path, sibling) = if index < k {
        (naive_path(index, left), naive_root(right))
    } else {
        (naive_path(index - k, right), naive_root(left))
    };
    path.push(sibling);
    path
}

/// RFC 6962 section 2.1.2, word for word.
fn naive_subproof(old: usize, leaves: &[Hash], whole: bool) -> Vec<Hash> {
    if old == leaves.len() {
        return if whole {
            vec![]
        } else {
            vec![naive_root(leaves)]
        };
    }
    let k = split(leaves.len());
    let (left, right) = leaves.split_at(k);
    let (mut proof, sibling) = if old <= k {
        (naive_subproof(old, left, whole), naive_root(right))
    } else {
        (naive_subproof(old - k, right, false), naive_root(left))
    };
    proof.push(sibling);
    proof
}

/// A node of the tree of these leaves.
fn reader(leaves: &[Hash]) -> impl FnMut(NodeId) -> Result<Hash, ProofError> {
    |node| Ok(naive_node(leaves, node))
}

/// A node of the endless tree whose leaves are all the same.
fn uniform(node: NodeId) -> Result<Hash, ProofError> {
    Ok((0..node.level).fold([7; 32], |hash, _| node_hash(&hash, &hash)))
}

#[test]
fn every_tree_of_up_to_forty_leaves_has_the_root_and_proofs_of_the_naive_definition() {
    let all = leaves(40);
    let mut frontier = Frontier::new();
    assert_eq!(frontier.root(), empty_root());
    for size in 1..=all.len() {
        frontier.push(all[size - 1]);
        let tree = &all[..size];
        let root = naive_root(tree);
        assert_eq!(frontier.root(), root);
        let loaded = Frontier::load(size as u64, reader(tree)).unwrap();
        assert_eq!(loaded, frontier);
        for index in 0..size {
            let proof = inclusion_proof(index as u64, size as u64, reader(tree)).unwrap();
            assert_eq!(proof, naive_path(index, tree));
            verify_inclusion(index as u64, size as u64, &tree[index], &proof, &root).unwrap();
        }
        for old in 1..=size {
            let proof = consistency_proof(old as u64, size as u64, reader(tree)).unwrap();
            assert_eq!(proof, naive_subproof(old, tree, true));
            let old_root = naive_root(&tree[..old]);
            verify_consistency(old as u64, size as u64, &proof, &old_root, &root).unwrap();
        }
    }
}

#[test]
fn proofs_work_at_the_largest_size() {
    let size = MAX_SIZE;
    let root = Frontier::load(size, uniform).unwrap().root();
    for index in [0, 1, size / 2, size / 2 + 1, size - 2, size - 1] {
        let proof = inclusion_proof(index, size, uniform).unwrap();
        assert!(proof.len() <= 63);
        verify_inclusion(index, size, &[7; 32], &proof, &root).unwrap();
    }
    for old in [
        1,
        2,
        3,
        (1 << 62) - 1,
        1 << 62,
        (1 << 62) + 1,
        size - 1,
        size,
    ] {
        let old_root = Frontier::load(old, uniform).unwrap().root();
        let proof = consistency_proof(old, size, uniform).unwrap();
        assert!(proof.len() <= 64);
        verify_consistency(old, size, &proof, &old_root, &root).unwrap();
    }
}

#[test]
fn a_size_above_the_largest_is_refused_everywhere() {
    let size = MAX_SIZE + 1;
    let refused = ProofError::SizeTooLarge { size };
    let none = [0; 32];
    assert_eq!(Frontier::from_parts(size, vec![none]), Err(refused));
    assert_eq!(Frontier::load(size, uniform), Err(refused));
    assert_eq!(verify_inclusion(0, size, &none, &[], &none), Err(refused));
    assert_eq!(verify_consistency(0, size, &[], &none, &none), Err(refused));
    assert_eq!(inclusion_proof(0, size, uniform), Err(refused));
    assert_eq!(consistency_proof(0, size, uniform), Err(refused));
    assert!(verify_consistency(u64::MAX, u64::MAX, &[], &none, &none).is_err());
}

#[test]
fn an_index_outside_the_tree_and_a_shrinking_tree_have_no_proof() {
    let outside = ProofError::IndexOutside { index: 5, size: 5 };
    assert_eq!(inclusion_proof(5, 5, uniform), Err(outside));
    assert_eq!(
        verify_inclusion(5, 5, &[7; 32], &[], &[7; 32]),
        Err(outside)
    );
    let empty = ProofError::IndexOutside { index: 0, size: 0 };
    assert_eq!(
        verify_inclusion(0, 0, &[7; 32], &[], &empty_root()),
        Err(empty)
    );
    let shrinks = ProofError::OldLarger { old: 6, new: 5 };
    assert_eq!(consistency_proof(6, 5, uniform), Err(shrinks));
    assert_eq!(
        verify_consistency(6, 5, &[], &[7; 32], &[7; 32]),
        Err(shrinks)
    );
}

#[test]
fn an_empty_old_tree_and_equal_sizes_take_an_empty_proof() {
    let root = naive_root(&leaves(5));
    verify_consistency(0, 5, &[], &empty_root(), &root).unwrap();
    verify_consistency(5, 5, &[], &root, &root).unwrap();
    verify_consistency(0, 0, &[], &empty_root(), &empty_root()).unwrap();
    let one_too_many = ProofError::WrongLength {
        expected: 0,
        found: 1,
    };
    for (old, old_root) in [(0, empty_root()), (5, root)] {
        assert_eq!(
            verify_consistency(old, 5, &[root], &old_root, &root),
            Err(one_too_many)
        );
        let other = verify_consistency(old, 5, &[], &[9; 32], &root);
        assert_eq!(other, Err(ProofError::OldRootMismatch));
    }
    let other = verify_consistency(0, 0, &[], &empty_root(), &root);
    assert_eq!(other, Err(ProofError::RootMismatch));
}

#[test]
fn a_consistency_proof_says_which_root_it_does_not_meet() {
    let all = leaves(11);
    let (old, new) = (naive_root(&all[..6]), naive_root(&all));
    let proof = consistency_proof(6, 11, reader(&all)).unwrap();
    let verify = |proof: &[Hash], old, new| verify_consistency(6, 11, proof, old, new);
    assert_eq!(
        verify(&proof, &[0; 32], &new),
        Err(ProofError::OldRootMismatch)
    );
    assert_eq!(
        verify(&proof, &old, &[0; 32]),
        Err(ProofError::RootMismatch)
    );
    let expected = proof.len();
    for found in [0, 1, expected - 1] {
        let length = ProofError::WrongLength { expected, found };
        assert_eq!(verify(&proof[..found], &old, &new), Err(length));
    }
}

#[test]
fn a_frontier_needs_one_hash_for_each_one_bit() {
    let wrong = ProofError::WrongLength {
        expected: 2,
        found: 3,
    };
    assert_eq!(Frontier::from_parts(6, vec![[0; 32]; 3]), Err(wrong));
    assert!(Frontier::from_parts(0, vec![]).is_ok());
}

#[test]
fn an_error_of_the_reader_is_handed_on() {
    #[derive(Debug, PartialEq)]
    enum Failure {
        Disk,
        Proof(ProofError),
    }
    impl From<ProofError> for Failure {
        fn from(error: ProofError) -> Self {
            Self::Proof(error)
        }
    }
    let unreadable = |_| Err(Failure::Disk);
    assert_eq!(inclusion_proof(1, 4, unreadable), Err(Failure::Disk));
    assert_eq!(consistency_proof(1, 4, unreadable), Err(Failure::Disk));
    assert_eq!(Frontier::load(4, unreadable), Err(Failure::Disk));
    let outside = ProofError::IndexOutside { index: 4, size: 4 };
    assert_eq!(
        inclusion_proof(4, 4, unreadable),
        Err(Failure::Proof(outside))
    );
}

proptest! {
    #[test]
    fn roots_and_proofs_agree_with_ct_merkle(
        entries in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..8), 1..120),
        pick in any::<prop::sample::Index>(),
        old in any::<prop::sample::Index>(),
    ) {
        let size = entries.len();
        let (index, old) = (pick.index(size), old.index(size) + 1);
        let all: Vec<Hash> = entries.iter().map(|entry| leaf_hash(entry)).collect();
        let mut theirs = MemoryBackedTree::<Sha256, Vec<u8>>::new();
        let mut their_old_root = theirs.root();
        let mut ours = Frontier::new();
        for entry in &entries {
            theirs.push(entry.clone());
            ours.push(leaf_hash(entry));
            if ours.size() == old as u64 {
                their_old_root = theirs.root();
            }
        }
        let root = ours.root();
        let their_root = theirs.root();
        prop_assert_eq!(their_root.as_bytes().as_slice(), &root);

        let proof = inclusion_proof(index as u64, size as u64, reader(&all)).unwrap();
        let their_proof = theirs.prove_inclusion(index);
        prop_assert_eq!(proof.concat(), their_proof.as_bytes());
        verify_inclusion(index as u64, size as u64, &all[index], &proof, &root).unwrap();

        let proof = consistency_proof(old as u64, size as u64, reader(&all)).unwrap();
        let their_proof = theirs.prove_consistency(size - old);
        prop_assert_eq!(proof.concat(), their_proof.as_bytes());
        let old_root = Hash::try_from(their_old_root.as_bytes().as_slice()).unwrap();
        verify_consistency(old as u64, size as u64, &proof, &old_root, &root).unwrap();
    }

    #[test]
    fn roots_and_proofs_agree_with_tlog_tiles(
        size in 1_u64..2000,
        pick in any::<prop::sample::Index>(),
        old in any::<prop::sample::Index>(),
    ) {
        let (index, old) = (pick.index(size as usize) as u64, old.index(size as usize) as u64 + 1);
        let read = |at: &[u64]| at
            .iter()
            .map(|&at| {
                let (level, index) = tlog_tiles::split_stored_hash_index(at);
                tlog_tiles::Hash(numbered(NodeId { level, index }))
            })
            .collect::<Vec<_>>();
        let theirs = Stored(read);
        let ours = |node| Ok::<_, ProofError>(numbered(node));
        let root = Frontier::load(size, ours).unwrap().root();
        prop_assert_eq!(tlog_tiles::tree_hash(size, &theirs).unwrap().0, root);
        let proof = inclusion_proof(index, size, ours).unwrap();
        let their_proof = tlog_tiles::prove_record(size, index, &theirs).unwrap();
        prop_assert_eq!(&proof, &their_proof.iter().map(|hash| hash.0).collect::<Vec<_>>());
        let leaf = numbered(NodeId { level: 0, index });
        verify_inclusion(index, size, &leaf, &proof, &root).unwrap();
        let proof = consistency_proof(old, size, ours).unwrap();
        let their_proof = tlog_tiles::prove_tree(size, old, &theirs).unwrap();
        prop_assert_eq!(&proof, &their_proof.iter().map(|hash| hash.0).collect::<Vec<_>>());
    }

    #[test]
    fn an_inclusion_proof_holds_for_one_leaf_index_and_root_only(
        size in 1_usize..70,
        pick in any::<prop::sample::Index>(),
        other in any::<prop::sample::Index>(),
        stray in any_hash(),
        spot in any::<prop::sample::Index>(),
    ) {
        let all = leaves(size);
        let root = naive_root(&all);
        let (index, other) = (pick.index(size), other.index(size));
        let mut proof = naive_path(index, &all);
        let verify = |at: usize, leaf: &Hash, proof: &[Hash], root: &Hash| {
            verify_inclusion(at as u64, size as u64, leaf, proof, root)
        };
        prop_assert_eq!(verify(other, &all[index], &proof, &root).is_ok(), other == index);
        prop_assert_eq!(verify(index, &all[other], &proof, &root).is_ok(), other == index);
        prop_assert!(verify(index, &stray, &proof, &root).is_err());
        prop_assert!(verify(index, &all[index], &proof, &stray).is_err());
        proof.push(stray);
        prop_assert!(verify(index, &all[index], &proof, &root).is_err());
        proof.pop();
        if !proof.is_empty() {
            let spot = spot.index(proof.len());
            proof[spot] = stray;
            prop_assert!(verify(index, &all[index], &proof, &root).is_err());
        }
    }

    #[test]
    fn verifying_any_numbers_and_hashes_never_panics(
        a in any::<u64>(),
        b in any::<u64>(),
        proof in prop::collection::vec(any_hash(), 0..70),
        root in any_hash(),
    ) {
        let _ = verify_inclusion(a, b, &root, &proof, &root);
        let _ = verify_consistency(a, b, &proof, &root, &root);
        let _ = Frontier::from_parts(a, proof);
    }

    #[test]
    fn a_frontier_restored_from_its_parts_goes_on_alike(size in 0_usize..300, more in 0_usize..40) {
        let all = leaves(size + more);
        let mut whole = Frontier::new();
        whole.extend(all[..size].iter().copied());
        let mut restored = Frontier::from_parts(size as u64, whole.nodes().to_vec()).unwrap();
        whole.extend(all[size..].iter().copied());
        restored.extend(all[size..].iter().copied());
        prop_assert_eq!(whole.root(), naive_root(&all));
        prop_assert_eq!(restored, whole);
    }
}

/// Leaves that differ by their index, so that a wrong sibling shows.
fn numbered(node: NodeId) -> Hash {
    match node.level {
        0 => leaf_hash(&node.index.to_be_bytes()),
        level => {
            let child = |index| {
                numbered(NodeId {
                    level: level - 1,
                    index,
                })
            };
            node_hash(&child(node.index * 2), &child(node.index * 2 + 1))
        }
    }
}

struct Stored<F>(F);

impl<F: Fn(&[u64]) -> Vec<tlog_tiles::Hash>> tlog_tiles::HashReader for Stored<F> {
    fn read_hashes(&self, at: &[u64]) -> Result<Vec<tlog_tiles::Hash>, tlog_tiles::Error> {
        Ok((self.0)(at))
    }
}
