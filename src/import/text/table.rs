//! Which columns of a file of numbers are leads, which one is the time, and what parts them.

use super::date::Date;
use super::lines::Lines;
use super::row::{fields, is_numeric, is_value, seconds, separator, BLANKS, NOTHING};
use super::ROWS_JUDGED;
use crate::import::{number, unit, Hints, ImportError, Source, VoltageUnit};

/// Lines among which titles and remarks lie.
const HEADER_LINES: usize = 64;

/// Most columns that are read.
pub(super) const MAX_COLUMNS: usize = 64;

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
    /// The column of dates beside it, counted from 0, where its own fields have none.
    pub date: Option<usize>,
    /// Column from 0, name, microvolts of one unit.
    pub leads: Vec<(usize, String, f64)>,
}

/// The table of a file. A rate that the file states goes into the hints.
pub(super) fn find(source: &dyn Source, name: &str, hints: &mut Hints) -> Result<Table, ImportError> {
    let mut lines = Lines::of(source, name)?;
    let mut titles: Vec<Vec<u8>> = Vec::new();
    for header_lines in 0..HEADER_LINES {
        let Some(line) = lines.next(source)? else { break };
        if let Some(separator) = separator(line, |s| is_row(line, s, hints)) {
            let row = line.to_vec();
            let has_commas = separator == b',' && row.contains(&b',');
            let separator = if has_commas && has_decimal_commas(source, name, header_lines, &titles, hints)? {
                NOTHING
            } else {
                separator
            };
            return table(&titles, &row, separator, header_lines, hints);
        }
        let remark = core::str::from_utf8(line).unwrap_or_default();
        if let Some(hz) = remark.strip_prefix(RATE_REMARK).and_then(number::decimal) {
            hints.rate_hz = Some(hz);
        } else if !line.starts_with(b"#") && !line.trim_ascii().is_empty() {
            titles.push(line.to_vec());
        }
    }
    Err(ImportError::Invalid { what: "no row of numbers" })
}

/// Whether a line holds samples. Where the caller says which columns are leads, the others may hold any text.
fn is_row(line: &[u8], separator: u8, hints: &Hints) -> bool {
    if hints.columns.is_empty() {
        return is_numeric(line, separator);
    }
    let mut leads = (1..).zip(fields(line, separator)).filter(|(n, _)| hints.columns.contains(n)).peekable();
    let has_number = || fields(line, separator).any(|f| seconds(f).is_some());
    leads.peek().is_some() && has_number() && leads.all(|(_, field)| is_value(field))
}

/// Whether the file is one column of numbers with decimal commas, and not two columns. Its title is one field, no line
/// has a point or a second comma, and what stands before the commas does not count up as a column of times does.
fn has_decimal_commas(
    source: &dyn Source,
    name: &str,
    header_lines: usize,
    titles: &[Vec<u8>],
    hints: &Hints,
) -> Result<bool, ImportError> {
    if titles.iter().any(|t| fields(t, b',').count() != 1) || hints.columns.iter().any(|c| *c != 1) {
        return Ok(false);
    }
    let mut lines = Lines::of(source, name)?;
    let (mut before, mut counts_up, mut rows) = (f64::NEG_INFINITY, titles.is_empty(), 0);
    for n in 0..header_lines + ROWS_JUDGED {
        let Some(line) = lines.next(source)? else { break };
        if n < header_lines || line.trim_ascii().is_empty() || line.starts_with(b"#") {
            continue;
        }
        let text = core::str::from_utf8(line).unwrap_or_default();
        if text.contains('.') || number::decimal(text).is_none() {
            return Ok(false);
        }
        let whole = text.split(',').next().and_then(number::decimal).unwrap_or(before);
        counts_up &= text.contains(',') && whole > before;
        before = whole;
        rows += 1;
    }
    Ok(!counts_up || rows < 3)
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
    let (mut names, mut units) = (title(0), title(1));
    let width = fields(row, separator).take(MAX_COLUMNS).count();
    if separator == BLANKS && names.len() != width {
        // Words of a sentence, or titles with blanks inside: which belongs where is not known.
        (names, units) = (Vec::new(), Vec::new());
    }
    let is_split = separator == b',' && !names.is_empty() && width == 2 * names.len() && !row.contains(&b'.');
    if is_split && hints.columns.is_empty() {
        return Err(ImportError::Unmapped { what: "whether its commas are decimal" });
    }
    let mut time = None;
    let mut leads = Vec::new();
    for (column, field) in fields(row, separator).take(MAX_COLUMNS).enumerate() {
        let is_clock = number::decimal(field).is_none() && seconds(field).is_some();
        let (name, own_unit) = named(names.get(column).copied().unwrap_or_default());
        let unit = own_unit.or(units.get(column).copied().filter(|u| !u.is_empty()));
        match role(name, hints, column, width, is_clock) {
            Role::Time => time = time.or(Some(Time { column, seconds: time_unit(name, unit) })),
            Role::Nothing => {}
            Role::Lead => {
                let uv = unit.map(unit::microvolts);
                // A unit that is no voltage is another signal.
                let Some(uv) = uv.unwrap_or(hints.unit.map(VoltageUnit::microvolts)) else {
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
    let date = time.and_then(|time| date_beside(row, separator, time.column));
    Ok(Table { separator, header_lines, time, date, leads })
}

/// The column of dates right before or behind that of the times, as spreadsheets have them.
fn date_beside(row: &[u8], separator: u8, time: usize) -> Option<usize> {
    let is_date = |column: &usize| fields(row, separator).nth(*column).and_then(Date::of).is_some();
    [time.wrapping_sub(1), time + 1].into_iter().find(is_date)
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

fn role(name: &str, hints: &Hints, column: usize, width: usize, is_clock: bool) -> Role {
    let lower = name.to_ascii_lowercase();
    let is_time = ["time", "elapsed", "timestamp", "t", "sec", "seconds", "zeit"].iter().any(|w| {
        lower == *w || lower.strip_prefix(w).is_some_and(|rest| rest.starts_with([' ', '_', '(', '[']))
    });
    if is_time || is_clock {
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
