//! How the domain's values stand in columns.

use ensign_trust::{Code, KeyId, PartyId, RecordId, Statement, StatementId};
use rusqlite::types::{FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Row, RowIndex};

use crate::ledger::Digest;

/// A value that can be read out of a column.
pub(crate) trait Column: Sized {
    fn read(value: ValueRef<'_>) -> FromSqlResult<Self>;
}

/// A value on its way into a column.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sql<T>(pub T);

/// Reads a column by its name.
pub(crate) fn get<T: Column>(row: &Row<'_>, column: &str) -> rusqlite::Result<T> {
    read(row, column)
}

/// Reads the first column.
pub(crate) fn only<T: Column>(row: &Row<'_>) -> rusqlite::Result<T> {
    read(row, 0)
}

fn read<T: Column>(row: &Row<'_>, column: impl RowIndex) -> rusqlite::Result<T> {
    let value = row.get_ref(column)?;
    T::read(value).map_err(|error| {
        let at = column.idx(row.as_ref()).unwrap_or_default();
        rusqlite::Error::FromSqlConversionFailure(at, value.data_type(), Box::new(error))
    })
}

/// All 64 bits, whether SQLite takes them for a negative number or not.
impl Column for u64 {
    fn read(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Ok(value.as_i64()?.cast_unsigned())
    }
}

impl Column for bool {
    fn read(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Ok(value.as_i64()? != 0)
    }
}

impl Column for String {
    fn read(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Ok(value.as_str()?.to_owned())
    }
}

impl Column for Code {
    fn read(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Code::new(value.as_str()?).map_err(FromSqlError::other)
    }
}

/// Codes have no spaces, so a list of them is written with spaces between.
impl Column for Vec<Code> {
    fn read(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let words = value.as_str()?.split_ascii_whitespace();
        let codes = words.map(Code::new).collect::<Result<_, _>>();
        codes.map_err(FromSqlError::other)
    }
}

impl Column for Statement {
    fn read(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Statement::decode(value.as_blob()?).map_err(FromSqlError::other)
    }
}

impl<T: Column> Column for Option<T> {
    fn read(value: ValueRef<'_>) -> FromSqlResult<Self> {
        match value {
            ValueRef::Null => Ok(None),
            value => T::read(value).map(Some),
        }
    }
}

impl ToSql for Sql<u64> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.cast_signed().into())
    }
}

impl ToSql for Sql<&Code> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.as_str().into())
    }
}

impl ToSql for Sql<&[Code]> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let words: Vec<&str> = self.0.iter().map(Code::as_str).collect();
        Ok(words.join(" ").into())
    }
}

impl ToSql for Sql<&Statement> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.entry().into())
    }
}

macro_rules! digests {
    ($($id:ident)+) => {$(
        impl Column for $id {
            fn read(value: ValueRef<'_>) -> FromSqlResult<Self> {
                let bytes = <[u8; 32]>::try_from(value.as_blob()?);
                Ok($id::from_bytes(bytes.map_err(FromSqlError::other)?))
            }
        }

        impl ToSql for Sql<$id> {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                Ok(self.0.as_bytes().as_slice().into())
            }
        }
    )+};
}

digests! { Digest KeyId PartyId RecordId StatementId }
