//! Plain columns of numbers: one row a sample, one column a lead. A title row names leads and units (`II_uV`,
//! `II [mV]`, `II (mV)`) or a second row does (as WFDB's `rdsamp -c` prints), and a column of times tells rate and
//! gaps; what is not said comes from [`Hints`]. An empty field is a missing sample.

use super::lines::Lines;
use super::row::{fields, is_numeric, seconds, separator};
use super::{ROWS_AT_A_TIME, ROWS_JUDGED};
use crate::import::opened::{Block, LeadInfo, Opened, RecordedGap, Stream, MAX_GAPS_S};
use crate::import::{number, unit, Hints, ImportError, Source};
use crate::units::{sort_ascending, Hertz, Seconds};

/// Lines among which titles and remarks lie.
const HEADER_LINES: usize = 64;

/// Most columns that are read.
const MAX_COLUMNS: usize = 64;

/// Missing rows put into one block.
const PADDING_AT_A_TIME: u64 = 1 << 14;

/// How near a measured rate must be to a whole number to be that number: times are often written with few digits.
const NEARLY_WHOLE: f64 = 5e-4;

/// The remark in which a writer states the rate, which rounded times cannot.
pub const RATE_REMARK: &str = "# samplingRateHz ";

/// A column of times.
#[derive(Clone, Copy)]
pub(super) struct Time {
    /// Counted from 0.
    pub column: usize,
    /// Seconds of one unit.
    pub seconds: f64,
}

/// How the columns are to be understood.
pub(super) struct Table {
    pub separator: u8,
    /// Lines before the first row.
    pub header_lines: usize,
    pub time: Option<Time>,
    /// Column from 0, name, microvolts of one unit.
    pub leads: Vec<(usize, String, f64)>,
}

pub(in crate::import) fn sniff(_: &[u8]) -> bool {
    // Any text could be columns of numbers: only the ending tells.
    false
}

pub(in crate::import) fn open(source: &dyn Source, name: &str, hints: &Hints) -> Result<Opened, ImportError> {
    let mut lines = Lines::of(source, name)?;
    let mut titles: Vec<Vec<u8>> = Vec::new();
    let mut hints = hints.clone();
    for header_lines in 0..HEADER_LINES {
        let Some(line) = lines.next(source)? else { break };
        let separator = separator(line);
        if is_numeric(line, separator) {
            let table = table(&titles, line, separator, header_lines, &hints)?;
            return Columns::open(source, name, table, &hints);
        }
        let remark = core::str::from_utf8(line).unwrap_or_default();
        if let Some(hz) = remark.strip_prefix(RATE_REMARK).and_then(number::decimal) {
            hints.rate_hz = Some(hz);
        } else if !line.starts_with(b"#") && !line.is_empty() {
            titles.push(line.to_vec());
        }
    }
    Err(ImportError::Invalid { what: "no row of numbers" })
}

fn table(
    titles: &[Vec<u8>],
    row: &[u8],
    separator: u8,
    header_lines: usize,
    hints: &Hints,
) -> Result<Table, ImportError> {
    let title =
        |n: usize| titles.get(n).map(|t| fields(t, separator).collect::<Vec<_>>()).unwrap_or_default();
    // Titles, then units where there is a second row of them.
    let (names, units) = (title(0), title(1));
    let mut time = None;
    let mut leads = Vec::new();
    let width = fields(row, separator).take(MAX_COLUMNS).count();
    for column in 0..width {
        let (name, own_unit) = named(names.get(column).copied().unwrap_or_default());
        let unit = own_unit.or(units.get(column).copied().filter(|u| !u.is_empty()));
        match role(name, hints, column, width) {
            Role::Time => time = time.or(Some(Time { column, seconds: time_unit(name, unit) })),
            Role::Nothing => {}
            Role::Lead => {
                let uv = unit.map(unit::microvolts);
                // A unit that is no voltage is another signal.
                let Some(uv) = uv.unwrap_or(hints.unit.map(super::super::VoltageUnit::microvolts)) else {
                    if unit.is_some() && hints.columns.is_empty() {
                        continue;
                    }
                    return Err(ImportError::Unmapped { what: "its unit" });
                };
                let gain = hints.gain.filter(|g| g.is_normal()).unwrap_or(1.0);
                leads.push((column, name.to_owned(), uv / gain));
            }
        }
    }
    if leads.is_empty() {
        return Err(ImportError::NoEcg);
    }
    Ok(Table { separator, header_lines, time, leads })
}

/// `II_uV`, `II [uV]` and `II (uV)` as name and unit.
fn named(title: &str) -> (&str, Option<&str>) {
    let title = title.trim_start_matches('#').trim();
    let bracketed = title
        .split_once(['[', '('])
        .and_then(|(n, rest)| Some((n, rest.trim_end().strip_suffix([']', ')'])?)));
    let suffixed = title
        .rsplit_once('_')
        .filter(|(_, u)| unit::microvolts(u).is_some() || matches!(*u, "s" | "ms" | "us" | "ns"));
    match bracketed.or(suffixed) {
        Some((name, unit)) => (name.trim(), Some(unit.trim())),
        None => (title, None),
    }
}

enum Role {
    Time,
    Lead,
    Nothing,
}

fn role(name: &str, hints: &Hints, column: usize, width: usize) -> Role {
    let lower = name.to_ascii_lowercase();
    let is_time = ["time", "elapsed", "timestamp", "t", "sec", "seconds", "zeit"].iter().any(|w| {
        lower == *w || lower.strip_prefix(w).is_some_and(|rest| rest.starts_with([' ', '_', '(', '[']))
    });
    if is_time {
        return Role::Time;
    }
    if !hints.columns.is_empty() {
        return if hints.columns.contains(&(column + 1)) { Role::Lead } else { Role::Nothing };
    }
    let is_count = ["sample", "index", "n", "no", "#", "sample #"].contains(&lower.as_str());
    if is_count || name.is_empty() && column == 0 && width > 1 {
        return Role::Nothing;
    }
    Role::Lead
}

fn time_unit(name: &str, unit: Option<&str>) -> f64 {
    match unit.unwrap_or_else(|| name.rsplit(' ').next().unwrap_or_default()) {
        "ms" | "msec" | "milliseconds" => 1e-3,
        "us" | "µs" => 1e-6,
        "ns" => 1e-9,
        _ => 1.0,
    }
}

/// The rows of a table, as a stream.
pub(super) struct Columns {
    lines: Lines,
    table: Table,
    rate: Hertz,
    /// The time of the row before.
    before_s: Option<f64>,
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
        table: Table,
        hints: &Hints,
    ) -> Result<Opened, ImportError> {
        let hz = match hints.rate_hz {
            Some(hz) => hz,
            None => {
                measured(source, name, &table)?.ok_or(ImportError::Unmapped { what: "its sampling rate" })?
            }
        };
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
            rows: 0,
            missing: 0,
            all_missing: 0,
            row,
            waits: false,
        };
        Ok(Opened { leads, marks: Vec::new(), stream: Box::new(stream) })
    }

    /// Rows missing between the one before and this one, by their times.
    fn missing_before(&mut self, now_s: Option<f64>) -> u64 {
        let Some(now_s) = now_s else { return 0 };
        let step = self.before_s.replace(now_s).map_or(1.0, |before| (now_s - before) * self.rate.get());
        // Steps back and steps of a jittering clock are no gaps; the cast saturates.
        if step < 1.5 {
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
            if line.is_empty() || line.starts_with(b"#") {
                continue;
            }
            if !is_numeric(line, self.table.separator)
                && fields(line, self.table.separator).any(|f| !f.is_empty() && !is_value(f))
            {
                return Err(ImportError::Invalid { what: "a row that holds no numbers" });
            }
            let mut now_s = None;
            self.row.fill(f32::NAN);
            for (column, field) in fields(line, self.table.separator).enumerate().take(MAX_COLUMNS) {
                if self.table.time.is_some_and(|t| t.column == column) {
                    now_s = self.table.time.and_then(|t| Some(seconds(field)? * t.seconds));
                }
                let leads = self.table.leads.iter().zip(&mut self.row).filter(|((c, ..), _)| *c == column);
                leads.for_each(|((_, _, uv), out)| {
                    *out = number::decimal(field).map_or(f32::NAN, |v| number::sample(v * uv))
                });
            }
            let missing = self.missing_before(now_s);
            if missing > 0 {
                self.all_missing = self.all_missing.saturating_add(missing);
                if self.rate.seconds(crate::units::SampleCount(self.all_missing)).0 > MAX_GAPS_S {
                    return Err(ImportError::Invalid { what: "gaps longer than a week" });
                }
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

/// A field that may stand in a row without being a number: a date, or a word for a missing sample.
fn is_value(field: &str) -> bool {
    let missing = ["-", "nan", "NaN", "NA", "null"].contains(&field);
    missing || number::decimal(field).is_some() || field.starts_with(|c: char| c.is_ascii_digit())
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
