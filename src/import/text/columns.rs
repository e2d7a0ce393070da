//! Plain columns of numbers: one row a sample, one column a lead. A title row names leads and units (`II_uV`,
//! `II [mV]`, `II (mV)`) or a second row does (as WFDB's `rdsamp -c` prints), and a column of times tells rate and
//! gaps; what is not said comes from [`Hints`]. An empty field is a missing sample.
//!
//! Beside times of day there may be dates, in their field or in the next one. How many days lie between a row and the
//! next is all that is read from them. Rows that follow each other by their times of day do so whatever their dates say,
//! since many a clock turns its date a little early or late: a gap of whole days to the sample is not seen. Without
//! dates no gap is longer than half a day over midnight.

use super::date::{Date, Days};
use super::lines::Lines;
use super::row::{fields, is_value, moment, seconds, Moment};
use super::table::{self, Table, Time, MAX_COLUMNS};
use super::{ROWS_AT_A_TIME, ROWS_JUDGED};
use crate::import::opened::{check_padding, Block, LeadInfo, Opened, RecordedGap, Stream, MAX_GAPS_S};
use crate::import::{number, Hints, ImportError, Source};
use crate::units::{sort_ascending, Hertz, Seconds};

/// Missing rows put into one block.
const PADDING_AT_A_TIME: u64 = 1 << 14;

/// A time of day that falls by more than half of it is one of the next day.
const DAY_S: f64 = 86_400.0;

/// Samples from one row to the next up to which none is missing between them: clocks jitter.
const NEXT: f64 = 1.5;

/// How near a measured rate must be to a whole number to be that number: times are often written with few digits.
const NEARLY_WHOLE: f64 = 5e-4;

/// How far a stated rate may be from the measured one before the times are of another unit, or of no use.
const SAME_RATE: core::ops::RangeInclusive<f64> = 0.8..=1.25;

pub(in crate::import) fn sniff(_: &[u8]) -> bool {
    // Any text could be columns of numbers: only the ending tells.
    false
}

pub(in crate::import) fn open(source: &dyn Source, name: &str, hints: &Hints) -> Result<Opened, ImportError> {
    let mut hints = hints.clone();
    let table = table::find(source, name, &mut hints)?;
    Columns::open(source, name, table, &hints)
}

/// The rows of a table, as a stream.
pub(super) struct Columns {
    lines: Lines,
    table: Table,
    rate: Hertz,
    /// The time of the row before, and its date.
    before_s: Option<f64>,
    days: Days,
    /// Rows so far, missing ones included.
    rows: u64,
    /// Rows missing before the one held.
    missing: u64,
    all_missing: u64,
    /// The row read last, in microvolts.
    row: Vec<f32>,
    /// Whether it waits behind missing ones.
    waits: bool,
}

impl Columns {
    pub(super) fn open(
        source: &dyn Source,
        name: &str,
        mut table: Table,
        hints: &Hints,
    ) -> Result<Opened, ImportError> {
        let measured = measured(source, name, &table)?;
        let stated = hints.rate_hz.or(measured);
        let hz = stated.ok_or(ImportError::Unmapped { what: "its sampling rate" })?;
        table.time = table.time.and_then(|time| reconciled(time, measured?, hz));
        let rate = Hertz::new(hz).map_err(|_| ImportError::Rate)?;
        let mut lines = Lines::of(source, name)?;
        for _ in 0..table.header_lines {
            lines.next(source)?;
        }
        let lead = |(_, name, _): &(usize, String, f64)| LeadInfo { name: name.clone(), rate, step_uv: None };
        let leads = table.leads.iter().map(lead).collect();
        let row = vec![f32::NAN; table.leads.len()];
        let stream = Self {
            lines,
            table,
            rate,
            before_s: None,
            days: Days::default(),
            rows: 0,
            missing: 0,
            all_missing: 0,
            row,
            waits: false,
        };
        Ok(Opened { leads, marks: Vec::new(), stream: Box::new(stream) })
    }

    /// Rows missing between the one before and this one, by their times.
    fn missing_before(&mut self, now: Option<Moment>) -> u64 {
        let Some(Moment { seconds, is_clock, date }) = now else { return 0 };
        let days = self.days.since(date).unwrap_or(0);
        let step_s = self.before_s.replace(seconds).map_or(0.0, |before| seconds - before);
        let day = DAY_S * self.rate.get();
        let mut step = step_s * self.rate.get();
        if is_clock {
            let follows = |step: f64| step.abs() < NEXT;
            if days != 0 && !follows(step) && !follows(step + day) {
                step += day * days as f64;
            } else if step < -day / 2.0 {
                step += day;
            }
        }
        // Steps back and steps of a jittering clock are no gaps; the cast saturates.
        if step < NEXT {
            0
        } else {
            (step.round() as u64).saturating_sub(1)
        }
    }

    fn put(&mut self, block: &mut Block) {
        let now = self.missing.min(PADDING_AT_A_TIME);
        self.missing -= now;
        for i in 0..self.table.leads.len() {
            block.pad(i, now);
        }
        if self.missing == 0 && core::mem::take(&mut self.waits) {
            for (i, uv) in self.row.iter().enumerate() {
                if block.wants(i) {
                    block.push(i, *uv);
                }
            }
        }
    }
}

impl Stream for Columns {
    fn next(&mut self, source: &dyn Source, block: &mut Block) -> Result<bool, ImportError> {
        for _ in 0..ROWS_AT_A_TIME {
            if self.missing > 0 {
                self.put(block);
                if self.missing > 0 {
                    return Ok(true);
                }
            }
            let Some(line) = self.lines.next(source)? else {
                block.progress = 1.0;
                return Ok(false);
            };
            if line.trim_ascii().is_empty() || line.starts_with(b"#") {
                continue;
            }
            if !self.table.is_row(line) {
                return Err(ImportError::Invalid { what: "a row that holds no numbers" });
            }
            let (mut now, mut date) = (None, None);
            self.row.fill(f32::NAN);
            for (column, field) in fields(line, self.table.separator).enumerate().take(MAX_COLUMNS) {
                if let Some(time) = self.table.time.filter(|t| t.column == column) {
                    now = moment(field);
                    now.iter_mut().for_each(|now| now.seconds *= time.seconds);
                } else if self.table.date == Some(column) {
                    date = Date::of(field);
                }
                let leads = self.table.leads.iter().zip(&mut self.row).filter(|((c, ..), _)| *c == column);
                leads.for_each(|((_, _, uv), out)| {
                    *out = number::decimal(field).map_or(f32::NAN, |v| number::sample(v * uv))
                });
            }
            now.iter_mut().for_each(|now| now.date = now.date.or(date));
            let missing = self.missing_before(now);
            if missing > 0 {
                self.all_missing = self.all_missing.saturating_add(missing);
                if self.rate.seconds(crate::units::SampleCount(self.all_missing)).0 > MAX_GAPS_S {
                    return Err(ImportError::Invalid { what: "gaps longer than a week" });
                }
                // A sample has a digit and what parts it from the next at least.
                let leads = self.table.leads.len() as u64;
                check_padding(self.all_missing.saturating_mul(leads), self.lines.size() / 2)?;
                let at = |n| self.rate.seconds(crate::units::SampleCount(n));
                block.gaps.push(RecordedGap { start: at(self.rows), duration: Seconds(at(missing).0) });
            }
            self.missing = missing;
            self.rows += missing + 1;
            self.waits = true;
            self.put(block);
        }
        block.progress = self.lines.progress();
        Ok(true)
    }
}

impl Table {
    /// Whether the leads' fields of a line are numbers or missing, and one of them is there. Other columns hold what they
    /// like.
    fn is_row(&self, line: &[u8]) -> bool {
        let is_lead = |i: usize| self.leads.iter().any(|(column, ..)| *column == i);
        let mut leads = fields(line, self.separator)
            .take(MAX_COLUMNS)
            .enumerate()
            .filter(|(i, _)| is_lead(*i))
            .peekable();
        // A row may end early only before samples that are missing.
        let has_time = || {
            let field = self.time.and_then(|t| fields(line, self.separator).nth(t.column));
            field.is_some_and(|f| seconds(f).is_some())
        };
        (leads.peek().is_some() || has_time()) && leads.all(|(_, field)| is_value(field))
    }
}

/// Times beside a stated rate: in its unit where they are off by a thousand or its powers, as milliseconds without a
/// word are. Times that contradict it otherwise would tear gaps, and tell nothing.
fn reconciled(time: Time, measured_hz: f64, hz: f64) -> Option<Time> {
    let factor = [1.0, 1e-3, 1e-6, 1e-9, 1e3, 1e6].into_iter();
    let factor = factor.into_iter().find(|factor| SAME_RATE.contains(&(measured_hz / hz / factor)))?;
    Some(Time { seconds: time.seconds * factor, ..time })
}

/// The rate that the times of the first rows tell.
fn measured(source: &dyn Source, name: &str, table: &Table) -> Result<Option<f64>, ImportError> {
    let Some(time) = table.time else { return Ok(None) };
    let mut lines = Lines::of(source, name)?;
    let mut times = Vec::new();
    for n in 0..table.header_lines + ROWS_JUDGED {
        let Some(line) = lines.next(source)? else { break };
        if n >= table.header_lines {
            times.extend(fields(line, table.separator).nth(time.column).and_then(seconds));
        }
    }
    // Differences first: the sensor's nanoseconds are too many for what follows.
    let mut steps: Vec<f64> = times
        .windows(2)
        .map(|w| (w.last().unwrap_or(&0.0) - w.first().unwrap_or(&0.0)) * time.seconds)
        .collect();
    let ordered = steps.clone();
    sort_ascending(&mut steps);
    let Some(median) = steps.get(steps.len() / 2).copied().filter(|m| *m > 0.0) else { return Ok(None) };
    // Steps over a gap would slow the clock down.
    let usual = ordered.iter().filter(|s| **s >= 0.0 && **s < 2.5 * median);
    let (count, sum) = usual.fold((0_u32, 0.0), |(n, sum), s| (n + 1, sum + s));
    let hz = f64::from(count) / sum;
    let whole = hz.round();
    Ok(Some(if (hz - whole).abs() <= NEARLY_WHOLE * hz { whole } else { hz }))
}
