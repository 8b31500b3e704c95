//! Column types with their encoding on both engines: instants, calendar days and fixed words.

use domain::time::{Date, Instant};
use jiff::civil;
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::types::Oid;
use sqlx::postgres::{PgArgumentBuffer, PgTypeInfo, PgValueFormat, PgValueRef};
use sqlx::sqlite::{SqliteArgumentsBuffer, SqliteTypeInfo, SqliteValueRef};
use sqlx::{Decode, Encode, Postgres, Sqlite, Type, TypeInfo};

/// PostgreSQL counts from 2000-01-01.
const POSTGRES_EPOCH_MICROS: i64 = 946_684_800_000_000;
const POSTGRES_EPOCH_DAY: civil::Date = civil::date(2000, 1, 1);

/// An [`Instant`] in a column: INTEGER microseconds in SQLite, `timestamptz` in PostgreSQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct At(pub(crate) Instant);

impl Type<Sqlite> for At {
    fn type_info() -> SqliteTypeInfo {
        <i64 as Type<Sqlite>>::type_info()
    }
    fn compatible(ty: &SqliteTypeInfo) -> bool {
        <i64 as Type<Sqlite>>::compatible(ty)
    }
}

impl Encode<'_, Sqlite> for At {
    fn encode_by_ref(&self, buf: &mut SqliteArgumentsBuffer) -> Result<IsNull, BoxDynError> {
        Encode::<Sqlite>::encode(self.0.micros(), buf)
    }
}

impl<'r> Decode<'r, Sqlite> for At {
    fn decode(value: SqliteValueRef<'r>) -> Result<Self, BoxDynError> {
        Ok(Self(Instant::from_micros(<i64 as Decode<Sqlite>>::decode(
            value,
        )?)))
    }
}

impl Type<Postgres> for At {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(Oid(1184))
    }
    fn compatible(ty: &PgTypeInfo) -> bool {
        ty.name() == "TIMESTAMPTZ"
    }
}

impl Encode<'_, Postgres> for At {
    fn encode_by_ref(&self, buf: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        // The earliest moment there is becomes PostgreSQL's -infinity, which is the smallest number there, too.
        Encode::<Postgres>::encode(self.0.micros().saturating_sub(POSTGRES_EPOCH_MICROS), buf)
    }
}

impl<'r> Decode<'r, Postgres> for At {
    fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
        binary(&value)?;
        let micros: i64 = Decode::<Postgres>::decode(value)?;
        let infinite = micros == i64::MIN;
        Ok(Self(Instant::from_micros(if infinite {
            micros
        } else {
            micros.saturating_add(POSTGRES_EPOCH_MICROS)
        })))
    }
}

/// A [`Date`] in a column: TEXT `YYYY-MM-DD` in SQLite, `date` in PostgreSQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Day(pub(crate) Date);

impl Type<Sqlite> for Day {
    fn type_info() -> SqliteTypeInfo {
        <str as Type<Sqlite>>::type_info()
    }
    fn compatible(ty: &SqliteTypeInfo) -> bool {
        <str as Type<Sqlite>>::compatible(ty)
    }
}

impl Encode<'_, Sqlite> for Day {
    fn encode_by_ref(&self, buf: &mut SqliteArgumentsBuffer) -> Result<IsNull, BoxDynError> {
        Encode::<Sqlite>::encode(self.0.to_string(), buf)
    }
}

impl<'r> Decode<'r, Sqlite> for Day {
    fn decode(value: SqliteValueRef<'r>) -> Result<Self, BoxDynError> {
        Ok(Self(<&str as Decode<Sqlite>>::decode(value)?.parse()?))
    }
}

impl Type<Postgres> for Day {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(Oid(1082))
    }
    fn compatible(ty: &PgTypeInfo) -> bool {
        ty.name() == "DATE"
    }
}

impl Encode<'_, Postgres> for Day {
    fn encode_by_ref(&self, buf: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        let days = POSTGRES_EPOCH_DAY.until(self.0.civil())?.get_days();
        Encode::<Postgres>::encode(days, buf)
    }
}

impl<'r> Decode<'r, Postgres> for Day {
    fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
        binary(&value)?;
        let days: i32 = Decode::<Postgres>::decode(value)?;
        Ok(Self(Date::new(
            POSTGRES_EPOCH_DAY.checked_add(jiff::Span::new().try_days(days)?)?,
        )))
    }
}

/// The epoch from which a day is counted where it is kept as a number.
const EPOCH_DAY: civil::Date = civil::date(1970, 1, 1);

/// A day as the number of days since 1970.
pub(crate) fn days(day: Date) -> i64 {
    EPOCH_DAY
        .until(day.civil())
        .map_or(0, |span| span.get_days().into())
}

/// The day that is so many days after the first of 1970, or the nearest end of the calendar.
pub(crate) fn day_of(days: i64) -> Date {
    let days = i32::try_from(days).unwrap_or(if days < 0 { i32::MIN } else { i32::MAX });
    Date::new(EPOCH_DAY).plus_days(days)
}

/// Whether a text can be in a column: PostgreSQL keeps no NUL, so nothing is ever found by a text with one.
pub(crate) fn can_be_kept(text: &str) -> bool {
    !text.contains('\0')
}

/// Prepared statements answer in binary; a text answer would mean another protocol than the one tested.
fn binary(value: &PgValueRef<'_>) -> Result<(), BoxDynError> {
    match value.format() {
        PgValueFormat::Binary => Ok(()),
        PgValueFormat::Text => Err("expected a binary value from PostgreSQL".into()),
    }
}
