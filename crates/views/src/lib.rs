//! Projections of the log into SQLite, one folder per question.
