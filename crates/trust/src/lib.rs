//! Keys, parties, mandates, statements, facts, the Merkle log, checkpoints, bundles and trust anchors.
