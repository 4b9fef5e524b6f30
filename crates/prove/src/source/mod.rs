//! What one source published under one of its own ids, and what it changed later.
//!
//! | statement | says | who may make it |
//! |---|---|---|
//! | `import.run` | a file of a source was read: its digest, the dates that it covers, its columns, what came of its rows | an importer for the source |
//! | `source.stated` | a row of that file: new, different from what was known, or back after an absence | an importer for the source |
//! | `source.absent` | a known record is not in that file, though its date is covered | an importer for the source |
//! | `source.erased` | the texts of a record were destroyed at this node: the tombstone | an importer for the source |
//!
//! | state of a record | entered by | left by |
//! |---|---|---|
//! | listed | `source.stated` | `source.absent` |
//! | not listed | `source.absent` | `source.stated` |
//!
//! A row that says nothing new makes no statement. A column that the file lacks says nothing: the
//! older value stands. A record that is not listed is never said to be withdrawn: why it is missing
//! is the source's to say.
//!
//! Values are codes or texts. A text is a disclosure: the statement holds its digest, so a text is
//! compared only where the disclosure can still be opened, and stands as it is where it cannot. A
//! text that is unchanged keeps its disclosure.
//!
//! Of a record whose texts were erased only what is wholly coded is taken in any more: a field that
//! has or had a text stands as it is, whatever the source writes there.
//!
//! In scope: identity, comparison and merged state of a record, and the fact that it states. Out of
//! scope: reading files, what codes mean, and whether two records are about one event.

mod decide;
mod state;
mod statement;
#[cfg(test)]
mod tests;

pub use decide::{FieldChange, Outcome, Row, absent, compare, facts, need, state};
pub use state::{Change, Field, Record};
pub use statement::{Absent, Act, Counts, DATE, Erased, Run, Stated, Value, record_id};
