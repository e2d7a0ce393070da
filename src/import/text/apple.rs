//! ECGs exported by Apple Health: a dozen lines `key,value` in the phone's language, then one number a line, with
//! the country's decimal point or comma. The rate, the unit and the lead are found by their values, since the keys
//! are translated; name, birth date, device and classification are stepped over.

use super::lines::Lines;
use super::ROWS_AT_A_TIME;
use crate::import::opened::{Block, LeadInfo, Opened, Stream};
use crate::import::{lead_name, number, unit, Hints, ImportError, Source};
use crate::units::Hertz;

/// Lines among which the header lies.
const HEADER_LINES: usize = 40;

/// What the header says.
#[derive(Default)]
struct Header {
    rate_hz: Option<f64>,
    uv: Option<f64>,
    lead: Option<&'static str>,
}

impl Header {
    /// Takes a line of the header in.
    fn take(&mut self, line: &[u8]) {
        let text = String::from_utf8_lossy(line);
        let Some((_, value)) = text.split_once([',', ';', '\t']) else { return };
        let value = value.trim_matches(|c: char| c == '"' || c.is_whitespace() || matches!(c, ',' | ';'));
        if let Some(hz) = hertz(value) {
            self.rate_hz = Some(hz);
        } else if self.rate_hz.is_some() {
            // After the rate, so that no part of a name is taken for a lead, nor a name `V` for volts.
            match unit::microvolts(value) {
                None => self.lead = lead_in(value).or(self.lead),
                uv => self.uv = uv,
            }
        }
    }

    const fn is_complete(&self) -> bool {
        self.rate_hz.is_some() && self.uv.is_some()
    }
}

/// The lead in `Lead I`, `第I誘導` or `I导联`: the last word that is one, without letters of other scripts around it.
fn lead_in(value: &str) -> Option<&'static str> {
    let bare = |word: &str| lead_name::standard(word.trim_matches(|c: char| !c.is_ascii_alphanumeric()));
    value.split_whitespace().rev().find_map(bare)
}

/// The number of a line that holds nothing else.
fn number(line: &[u8]) -> Option<f64> {
    number::decimal(bare(line))
}

fn bare(line: &[u8]) -> &str {
    core::str::from_utf8(line).unwrap_or("?").trim().trim_matches(['"', ',', ';'])
}

/// `512 hertz` in the languages of the phone: a number, then a word that begins with h or is of another script.
fn hertz(value: &str) -> Option<f64> {
    let end = value.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',')))?;
    let (number, word) = value.split_at_checked(end)?;
    let word = word.trim();
    let is_hertz = word.starts_with(['h', 'H'])
        || word.chars().next().is_some_and(|c| !c.is_ascii() && c.is_alphabetic());
    let hz = number::decimal(number).filter(|_| is_hertz && !word.contains(char::is_whitespace))?;
    Hertz::SUPPORTED.contains(&hz).then_some(hz)
}

pub(in crate::import) fn sniff(head: &[u8]) -> bool {
    let mut header = Header::default();
    let lines = head.split(|b| *b == b'\n').take(HEADER_LINES);
    lines.take_while(|line| number(line).is_none()).for_each(|line| header.take(line));
    // A table of columns has no such lines.
    header.is_complete()
}

pub(in crate::import) fn open(source: &dyn Source, name: &str, _: &Hints) -> Result<Opened, ImportError> {
    let mut lines = Lines::of(source, name)?;
    let mut header = Header::default();
    let mut first = None;
    for _ in 0..HEADER_LINES {
        let Some(line) = lines.next(source)? else { break };
        // The numbers begin: none of them is looked at for a lead.
        first = number(line);
        if first.is_some() {
            break;
        }
        header.take(line);
    }
    let (Some(hz), Some(uv)) = (header.rate_hz, header.uv) else {
        return Err(ImportError::Invalid { what: "Apple Health header" });
    };
    let rate = Hertz::new(hz).map_err(|_| ImportError::Rate)?;
    let lead = LeadInfo { name: header.lead.unwrap_or("I").to_owned(), rate, step_uv: None };
    let stream = Numbers { lines, uv, first };
    Ok(Opened { leads: vec![lead], marks: Vec::new(), stream: Box::new(stream) })
}

struct Numbers {
    lines: Lines,
    uv: f64,
    /// The first number, which ended the header.
    first: Option<f64>,
}

impl Stream for Numbers {
    fn next(&mut self, source: &dyn Source, block: &mut Block) -> Result<bool, ImportError> {
        for _ in 0..ROWS_AT_A_TIME {
            let value = match self.first.take() {
                Some(value) => value,
                None => {
                    let Some(line) = self.lines.next(source)? else {
                        block.progress = 1.0;
                        return Ok(false);
                    };
                    match number(line) {
                        Some(value) => value,
                        None if bare(line).is_empty() => continue,
                        None => return Err(ImportError::Invalid { what: "a line that is no number" }),
                    }
                }
            };
            if block.wants(0) {
                block.push(0, number::sample(value * self.uv));
            }
        }
        block.progress = self.lines.progress();
        Ok(true)
    }
}
