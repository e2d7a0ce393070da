//! Files of text: numbers line by line, streamed, so that a day of them needs no more memory than a minute.

pub(super) mod apple;
pub(super) mod columns;
mod date;
mod lines;
pub(super) mod polar;
mod row;
mod table;

pub use table::RATE_REMARK;

/// Rows decoded into one block.
const ROWS_AT_A_TIME: usize = 1 << 14;

/// Rows that a file is judged by before it is read.
const ROWS_JUDGED: usize = 2000;
