//! What the child says: frames of a kind, a length and so many bytes. Rows travel as they lie in memory, many to a frame.
//! The parent believes nothing of it either.

use crate::read::{ReadError, Row};

/// A frame is sent as soon as it is so long. As much as a pipe holds.
pub(super) const FULL: usize = 64 << 10;
/// Longer ones are not read: one row at most, with every cell at its limit.
pub(super) const LONGEST: usize = 64 << 20;

/// Kinds of frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// An [`crate::read::Inspection`] as JSON; the last frame.
    Inspection = 1,
    /// Rows, one after the other.
    Rows = 2,
    /// No more rows; the last frame.
    Done = 3,
    /// A [`ReadError`] as JSON; the last frame.
    Error = 4,
}

impl Kind {
    pub(super) const fn from_byte(byte: u8) -> Option<Self> {
        match byte {
            1 => Some(Self::Inspection),
            2 => Some(Self::Rows),
            3 => Some(Self::Done),
            4 => Some(Self::Error),
            _ => None,
        }
    }
}

/// Kind and length of a frame.
pub(super) const HEADER: usize = 5;

pub(super) fn header(kind: Kind, len: usize) -> Result<[u8; HEADER], ReadError> {
    let len = u32::try_from(len).ok().filter(|_| len <= LONGEST).ok_or_else(|| failed("a frame is too long"))?;
    let [a, b, c, d] = len.to_le_bytes();
    Ok([kind as u8, a, b, c, d])
}

/// Reads rows of a frame into `rows`, reusing their buffers; returns how many there are.
pub(super) fn decode(mut frame: &[u8], rows: &mut Vec<Row>) -> Result<usize, ReadError> {
    let mut count = 0;
    while !frame.is_empty() {
        if rows.len() == count {
            rows.push(Row::default());
        }
        frame = rows[count].decode(frame).ok_or_else(|| failed("a row is garbled"))?;
        count += 1;
    }
    Ok(count)
}

pub(super) fn failed(detail: &str) -> ReadError {
    ReadError::Failed { detail: detail.to_owned() }
}
