//! The evaluator: status of each obligation, from terms and facts alone.
