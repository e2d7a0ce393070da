//! A plain list of RR intervals: one number a line, as heart-rate apps and research tools write it.

use super::number::decimal;

/// Intervals that are read at most: a week at 100 a minute.
const MAX_INTERVALS: usize = 1_000_000;

/// Medians of hearts in seconds and in milliseconds, with much room; nothing lies between.
const SECONDS: core::ops::RangeInclusive<f64> = 0.1..=10.0;
const MILLISECONDS: core::ops::RangeInclusive<f64> = 100.0..=10_000.0;

/// Why a list could not be read. The messages quote no content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RrListError {
    /// There is no number in it.
    #[error("the list holds no RR interval")]
    Empty,
    /// A line below the head holds something else than one number.
    #[error("line {line} is not one number")]
    NotANumber {
        /// Counted from 1.
        line: usize,
    },
    /// The middle interval is that of no heart, neither in seconds nor in milliseconds.
    #[error("the numbers are RR intervals neither in milliseconds nor in seconds")]
    Unit,
    /// More intervals than are analysed at once.
    #[error("the list holds more than a million intervals")]
    TooLong,
}

impl RrListError {
    /// A stable code for programs.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "rrList.empty",
            Self::NotANumber { .. } => "rrList.notANumber",
            Self::Unit => "rrList.unit",
            Self::TooLong => "rrList.tooLong",
        }
    }
}

/// The intervals in milliseconds. Empty lines and lines that begin with `#`, `;`, `%` or `//` say nothing; lines without a
/// digit before the first number are its head. Decimals have a point or a comma. The unit is seen from the middle interval.
///
/// # Errors
/// What is wrong with the list.
pub fn read_rr_list(text: &str) -> Result<Vec<f64>, RrListError> {
    let mut all: Vec<f64> = Vec::new();
    for (i, line) in text.strip_prefix('\u{feff}').unwrap_or(text).lines().enumerate() {
        let line = line.trim().trim_end_matches([',', ';']).trim();
        if line.is_empty() || ["#", ";", "%", "//"].iter().any(|mark| line.starts_with(mark)) {
            continue;
        }
        match decimal(line) {
            Some(number) if all.len() < MAX_INTERVALS => all.push(number),
            Some(_) => return Err(RrListError::TooLong),
            None if all.is_empty() && !line.contains(|c: char| c.is_ascii_digit()) => {}
            None => return Err(RrListError::NotANumber { line: i + 1 }),
        }
    }
    let mut sorted = all.clone();
    sorted.sort_unstable_by(f64::total_cmp);
    let middle = *sorted.get(sorted.len() / 2).ok_or(RrListError::Empty)?;
    // Seconds first: an interval of 100 ms to 10 s written in seconds is no interval in milliseconds.
    if SECONDS.contains(&middle) {
        all.iter_mut().for_each(|rr| *rr *= 1000.0);
    } else if !MILLISECONDS.contains(&middle) {
        return Err(RrListError::Unit);
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_units_with_head_and_remarks() {
        assert_eq!(read_rr_list("800\n810,5\r\n\n# paused\n790.25;\n"), Ok(vec![800.0, 810.5, 790.25]));
        assert_eq!(read_rr_list("\u{feff}RR [s]\n% made up\n0.8\n0.75\n0,9"), Ok(vec![800.0, 750.0, 900.0]));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line_and_a_code() {
        let code = |text: &str| read_rr_list(text).unwrap_err().code();
        assert_eq!(code(""), "rrList.empty");
        assert_eq!(code("RR\n# none\n"), "rrList.empty");
        assert_eq!(read_rr_list("800\n\n1 2\n"), Err(RrListError::NotANumber { line: 3 }));
        assert_eq!(code("800\nnan"), "rrList.notANumber");
        assert_eq!(code("time 1,800\n"), "rrList.notANumber");
        assert_eq!(code("20000\n30000\n"), "rrList.unit");
        assert_eq!(code("-800\n-800\n"), "rrList.unit");
        assert_eq!(code(&"800\n".repeat(1_000_001)), "rrList.tooLong");
    }

    #[test]
    fn odd_intervals_stay_for_the_analysis_to_judge() {
        assert_eq!(
            read_rr_list("800\n0\n-5\n90000\n810\n790\n800"),
            Ok(vec![800.0, 0.0, -5.0, 90_000.0, 810.0, 790.0, 800.0])
        );
    }
}
