//! ECG logs of the app Polar Sensor Logger: `phone timestamp;sensor timestamp [ns];timestamp [ms];ecg [uV]`. The
//! sensor's clock tells the true rate and where samples are missing; no absolute time is kept.

use super::columns::Columns;
use super::lines::Lines;
use super::row::fields;
use super::table::{Table, Time};
use crate::import::{unit, Hints, ImportError, Opened, Source};

/// The lead of a chest strap has no standard name.
const LEAD: &str = "ECG";

pub(in crate::import) fn sniff(head: &[u8]) -> bool {
    let line = head.split(|b| *b == b'\n').next().unwrap_or_default().to_ascii_lowercase();
    let text = String::from_utf8_lossy(&line);
    text.contains("phone timestamp") && text.contains(';')
}

pub(in crate::import) fn open(source: &dyn Source, name: &str, hints: &Hints) -> Result<Opened, ImportError> {
    let mut lines = Lines::of(source, name)?;
    let title = lines.next(source)?.unwrap_or_default().to_ascii_lowercase();
    let mut time = None;
    let mut lead = None;
    for (i, field) in fields(&title, b';').enumerate() {
        let bracketed = field.split_once('[').and_then(|(_, rest)| rest.split_once(']'));
        let inside = bracketed.map_or("", |(inside, _)| inside);
        if field.starts_with("ecg") {
            lead = unit::microvolts(inside).map(|uv| (i, LEAD.to_owned(), uv));
        } else if field.starts_with("sensor timestamp") {
            time = Some(Time { column: i, seconds: 1e-9 });
        } else if field.starts_with("timestamp") && time.is_none() {
            time = Some(Time { column: i, seconds: 1e-3 });
        }
    }
    let table =
        Table { separator: b';', header_lines: 1, time, date: None, leads: lead.into_iter().collect() };
    if table.leads.is_empty() {
        return Err(ImportError::NoEcg);
    }
    Columns::open(source, name, table, hints)
}
