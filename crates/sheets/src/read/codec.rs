//! A row as bytes, for the way from the child process to its parent, and to lie somewhere as it was read: number, text, cells;
//! little endian. Rows that lie somewhere make it a published format.

use chrono::{DateTime, NaiveDateTime};

use super::row::{Row, Slot};

const EMPTY: u8 = 0;
const TEXT: u8 = 1;
const FORMULA: u8 = 2;
const ERROR: u8 = 3;
const NUMBER: u8 = 4;
const DATE: u8 = 5;
const FALSE: u8 = 6;
const TRUE: u8 = 7;
const COVERED: u8 = 8;

impl Row {
    /// The row as bytes that [`Row::from_bytes`] reads.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.encode(&mut bytes);
        bytes
    }

    /// `None` when the bytes are no row, or more than one.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut row = Self::default();
        row.decode(bytes).filter(|rest| rest.is_empty()).map(|_| row)
    }

    /// Appends the row to `out`.
    pub(crate) fn encode(&self, out: &mut Vec<u8>) {
        let put = |out: &mut Vec<u8>, number: u32| out.extend_from_slice(&number.to_le_bytes());
        put(out, self.number);
        // Both far below 4 GiB: rows are bounded in columns and characters.
        put(out, u32::try_from(self.text.len()).unwrap_or(u32::MAX));
        put(out, u32::try_from(self.slots.len()).unwrap_or(u32::MAX));
        out.extend_from_slice(self.text.as_bytes());
        for slot in &self.slots {
            match *slot {
                Slot::Empty => out.push(EMPTY),
                Slot::Covered => out.push(COVERED),
                Slot::Bool(value) => out.push(if value { TRUE } else { FALSE }),
                Slot::Text(from, to) | Slot::Formula(from, to) | Slot::Error(from, to) => {
                    out.push(match slot {
                        Slot::Formula(..) => FORMULA,
                        Slot::Error(..) => ERROR,
                        _ => TEXT,
                    });
                    put(out, from);
                    put(out, to);
                }
                Slot::Number(number) => {
                    out.push(NUMBER);
                    out.extend_from_slice(&number.to_le_bytes());
                }
                Slot::Date(date) => {
                    out.push(DATE);
                    out.extend_from_slice(&date.and_utc().timestamp_millis().to_le_bytes());
                }
            }
        }
    }

    /// Reads a row from the front of `bytes` over this one, keeping its buffers; returns what follows it. `None` when the
    /// bytes are no row: whoever wrote them is not trusted.
    pub(crate) fn decode<'a>(&mut self, mut bytes: &'a [u8]) -> Option<&'a [u8]> {
        let number = u32::from_le_bytes(take(&mut bytes)?);
        let text = u32::from_le_bytes(take(&mut bytes)?) as usize;
        let slots = u32::from_le_bytes(take(&mut bytes)?) as usize;
        self.start(number);
        self.text.push_str(std::str::from_utf8(bytes.split_off(..text)?).ok()?);
        // Each cell takes a byte at least, so a lying count cannot reserve much.
        self.slots.reserve(slots.min(bytes.len()));
        for _ in 0..slots {
            let [kind] = take(&mut bytes)?;
            let slot = match kind {
                EMPTY => Slot::Empty,
                COVERED => Slot::Covered,
                FALSE | TRUE => Slot::Bool(kind == TRUE),
                TEXT | FORMULA | ERROR => {
                    let (from, to) = (u32::from_le_bytes(take(&mut bytes)?), u32::from_le_bytes(take(&mut bytes)?));
                    self.text.get(from as usize..to as usize)?;
                    match kind {
                        FORMULA => Slot::Formula(from, to),
                        ERROR => Slot::Error(from, to),
                        _ => Slot::Text(from, to),
                    }
                }
                NUMBER => Slot::Number(f64::from_le_bytes(take(&mut bytes)?)),
                DATE => Slot::Date(date(i64::from_le_bytes(take(&mut bytes)?))?),
                _ => return None,
            };
            self.slots.push(slot);
        }
        Some(bytes)
    }
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    bytes.split_off(..N)?.try_into().ok()
}

fn date(millis: i64) -> Option<NaiveDateTime> {
    DateTime::from_timestamp_millis(millis).map(|date| date.naive_utc())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::read::Raw;

    fn sample(number: u32, text: &str, value: f64) -> Row {
        let mut row = Row::default();
        row.start(number);
        let raws =
            [Raw::Text(text), Raw::Formula("=1+1"), Raw::Error("#REF!"), Raw::Number(value), Raw::Bool(true), Raw::Covered];
        for (i, raw) in raws.into_iter().enumerate() {
            // Backwards and with gaps, as a hostile file may have them.
            row.set(20 - 2 * i, raw);
        }
        row.set(0, Raw::Date(DateTime::from_timestamp_millis(951_177_600_123).unwrap().naive_utc()));
        row
    }

    proptest! {
        #[test]
        fn a_row_survives_the_way(number in 1u32.., text in "\\PC{0,40}", value in any::<f64>().prop_filter("NaN equals nothing", |v| !v.is_nan())) {
            let rows = [sample(number, &text, value), Row::default(), sample(1, "ç", 0.5)];
            let mut bytes = Vec::new();
            for row in &rows {
                row.encode(&mut bytes);
            }
            let mut rest = bytes.as_slice();
            let mut read = Row::default();
            for row in &rows {
                rest = read.decode(rest).unwrap();
                prop_assert_eq!(&read, row);
            }
            prop_assert!(rest.is_empty());
        }

        #[test]
        fn garbled_bytes_are_refused_or_harmless(text in "\\PC{0,10}", at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<prop::sample::Index>()) {
            let mut bytes = Vec::new();
            sample(7, &text, 1.5).encode(&mut bytes);
            let (at, cut) = (at.index(bytes.len()), cut.index(bytes.len()));
            bytes[at] = byte;
            let mut row = Row::default();
            if row.decode(&bytes).is_some() {
                // Whatever came of it can be looked at without a panic.
                let _ = row.cells().count();
            }
            prop_assert!(Row::default().decode(&bytes[..cut]).is_none() || byte != 0 || cut > at);
        }
    }
}
