//! Reports, source statements, claims, verdicts and incidents.
