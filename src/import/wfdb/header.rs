//! The header file.

use crate::import::bytes::latin_1;
use crate::import::{unit, ImportError, Source};

/// Largest header that is read; real ones have a few hundred bytes.
const MAX_HEADER_BYTES: usize = 1 << 20;

/// Samples a second where the header is silent, by header(5).
const DEFAULT_RATE_HZ: f64 = 250.0;

/// Units of the converter per millivolt where the header is silent or says 0, by header(5).
const DEFAULT_GAIN: f64 = 200.0;

/// What a header says about its signals. Comments, dates and times of day are never kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Header {
    /// Frames a second.
    pub frame_rate_hz: f64,
    /// Frames in the record, where announced.
    pub frames: Option<u64>,
    /// The signals.
    pub signals: Vec<SignalSpec>,
    /// The segments of a multi-segment record, which has no signals of its own.
    pub segments: Vec<Segment>,
}

/// One line of a multi-segment header.
#[derive(Debug, Clone, PartialEq)]
pub struct Segment {
    /// Name of the record, `~` for a gap.
    pub name: String,
    /// Its length in frames.
    pub frames: u64,
}

/// One signal line.
#[derive(Debug, Clone, PartialEq)]
pub struct SignalSpec {
    /// Name of the signal file.
    pub file: String,
    /// Number of the storage format.
    pub format: u16,
    /// Samples in a frame, at least 1.
    pub samples_per_frame: u32,
    /// Frames by which this signal lies late in its file.
    pub skew: u64,
    /// Bytes before the first sample of the file.
    pub prolog: u64,
    /// Units of the converter per microvolt; `None` when the signal is not a voltage.
    pub gain_per_uv: Option<f64>,
    /// Value of the converter at 0 V.
    pub baseline: i32,
    /// Value that the differences of format 8 start from.
    pub initial: i32,
    /// Sum of all samples modulo 65536, where announced.
    pub checksum: Option<u16>,
    /// Name of the lead, empty when there is none.
    pub description: String,
}

impl Header {
    /// Reads the header file of this name.
    ///
    /// # Errors
    /// [`ImportError::Header`] with line and field, and what the source reports.
    pub fn read(source: &dyn Source, name: &str) -> Result<Self, ImportError> {
        let bytes = source.read(name, 0, MAX_HEADER_BYTES)?;
        // Older headers write `µV` in Latin-1.
        Self::parse(&String::from_utf8(bytes).unwrap_or_else(|e| latin_1(e.as_bytes())))
    }

    /// Reads the text of a header.
    ///
    /// # Errors
    /// As [`Header::read`].
    pub fn parse(text: &str) -> Result<Self, ImportError> {
        let mut lines = text
            .lines()
            .enumerate()
            .map(|(i, line)| (i + 1, line.trim()))
            .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
        let (number, record) = lines.next().ok_or(ImportError::Header { line: 1, what: "record line" })?;
        let Record { segments: parts, count, frame_rate_hz, frames } = parse_record(number, record)?;
        let missing = || ImportError::Header { line: text.lines().count(), what: "missing line" };
        let (mut signals, mut segments) = (Vec::new(), Vec::new());
        // The counts are only claims: the lines that are there bound the loops.
        for _ in 0..parts {
            let (number, line) = lines.next().ok_or_else(missing)?;
            segments.push(parse_segment(number, line)?);
        }
        for _ in 0..if parts > 0 { 0 } else { count } {
            let (number, line) = lines.next().ok_or_else(missing)?;
            signals.push(parse_signal(number, line)?);
        }
        Ok(Self { frame_rate_hz, frames, signals, segments })
    }
}

/// The first line.
struct Record {
    /// 0 in a record of one segment.
    segments: usize,
    /// Number of signals.
    count: usize,
    frame_rate_hz: f64,
    frames: Option<u64>,
}

fn parse_record(line: usize, text: &str) -> Result<Record, ImportError> {
    let bad = |what| ImportError::Header { line, what };
    let mut fields = text.split_whitespace();
    let name = fields.next().ok_or(bad("record name"))?;
    let segments = match name.split_once('/') {
        None => 0,
        Some((_, n)) => n.parse().ok().filter(|n| *n > 0).ok_or(bad("number of segments"))?,
    };
    let count = fields.next().and_then(|f| f.parse().ok()).ok_or(bad("number of signals"))?;
    let frame_rate_hz = match fields.next() {
        None => DEFAULT_RATE_HZ,
        Some(field) => {
            let number = field.split(['/', '(']).next().unwrap_or_default();
            let hz: f64 = number.parse().map_err(|_| bad("sampling rate"))?;
            if !hz.is_finite() || hz <= 0.0 {
                return Err(bad("sampling rate"));
            }
            hz
        }
    };
    let frames = match fields.next() {
        None => None,
        Some(field) => Some(field.parse::<u64>().map_err(|_| bad("number of samples"))?),
    };
    // 0 means "not said".
    Ok(Record { segments, count, frame_rate_hz, frames: frames.filter(|n| *n > 0) })
}

fn parse_segment(line: usize, text: &str) -> Result<Segment, ImportError> {
    let bad = |what| ImportError::Header { line, what };
    let mut fields = text.split_whitespace();
    let name = fields.next().ok_or(bad("segment name"))?.to_owned();
    let frames = fields.next().and_then(|f| f.parse().ok()).ok_or(bad("segment length"))?;
    Ok(Segment { name, frames })
}

fn parse_signal(line: usize, text: &str) -> Result<SignalSpec, ImportError> {
    let bad = |what| ImportError::Header { line, what };
    let mut fields = text.split_whitespace();
    let file = fields.next().ok_or(bad("file name"))?.to_owned();
    let (format, samples_per_frame, skew, prolog) =
        parse_format(fields.next().ok_or(bad("format"))?).ok_or(bad("format"))?;
    let gain = parse_gain(fields.next().unwrap_or("0")).ok_or(bad("gain"))?;
    let mut number = |what| match fields.next() {
        None => Ok(None),
        Some(field) => field.parse::<i32>().map(Some).map_err(|_| bad(what)),
    };
    let _resolution = number("resolution")?;
    let adc_zero = number("zero")?;
    let initial = number("initial value")?;
    let checksum = number("checksum")?;
    let _block = number("block size")?;
    let description = fields.collect::<Vec<_>>().join(" ");
    Ok(SignalSpec {
        file,
        format,
        samples_per_frame,
        skew,
        prolog,
        gain_per_uv: gain.per_uv,
        baseline: gain.baseline.or(adc_zero).unwrap_or(0),
        initial: initial.or(adc_zero).unwrap_or(0),
        // Written as signed or unsigned 16 bit numbers.
        checksum: checksum.map(|c| c as u16),
        description,
    })
}

/// `format[xSAMPLES][:SKEW][+PROLOG]`.
fn parse_format(field: &str) -> Option<(u16, u32, u64, u64)> {
    let end = field.find(|c: char| !c.is_ascii_digit()).unwrap_or(field.len());
    let (format, mut rest) = field.split_at(end);
    let (mut samples, mut skew, mut prolog) = (1, 0, 0);
    while let Some(mark) = rest.chars().next() {
        let body = rest.get(1..)?;
        let end = body.find(|c: char| !c.is_ascii_digit()).unwrap_or(body.len());
        let (digits, after) = body.split_at(end);
        match mark {
            'x' => samples = digits.parse().ok()?,
            ':' => skew = digits.parse().ok()?,
            '+' => prolog = digits.parse().ok()?,
            _ => return None,
        }
        rest = after;
    }
    // A frame of more samples than this is no record but an attack on the arithmetic.
    (1..=65_536).contains(&samples).then_some((format.parse().ok()?, samples, skew, prolog))
}

struct Gain {
    per_uv: Option<f64>,
    baseline: Option<i32>,
}

/// `gain[(BASELINE)][/UNITS]`.
fn parse_gain(field: &str) -> Option<Gain> {
    let (left, units) = field.split_once('/').map_or((field, "mV"), |(l, u)| (l, u));
    let (number, baseline) = match left.split_once('(') {
        None => (left, None),
        Some((number, rest)) => (number, Some(rest.strip_suffix(')')?.parse().ok()?)),
    };
    let gain: f64 = number.parse().ok()?;
    if !gain.is_finite() {
        return None;
    }
    let gain = if gain == 0.0 { DEFAULT_GAIN } else { gain };
    Some(Gain { per_uv: unit::microvolts(units).map(|uv| gain / uv), baseline })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_of_a_signal_line_is_understood() {
        let h =
            Header::parse("x 2 360/360(0) 10 12:00:00 1/2/1999\na.dat 212x2:3+16 100(-5)/uV 12 7 0 -1 0 lead II\nb.dat 16\n# 69 M\n")
                .unwrap();
        assert_eq!((h.frame_rate_hz, h.frames, h.signals.len()), (360.0, Some(10), 2));
        let a = &h.signals[0];
        assert_eq!((a.format, a.samples_per_frame, a.skew, a.prolog), (212, 2, 3, 16));
        assert_eq!((a.gain_per_uv, a.baseline, a.checksum), (Some(100.0), -5, Some(65_535)));
        assert_eq!(a.description, "lead II");
        let b = &h.signals[1];
        assert_eq!((b.gain_per_uv, b.baseline, b.checksum), (Some(0.2), 0, None));
        assert!(!format!("{h:?}").contains("69"));
    }

    #[test]
    fn baseline_defaults_to_the_converters_zero_and_other_units_are_no_voltage() {
        let h = Header::parse("x 2 250\na 16 200 12 1024\na 16 10/mmHg").unwrap();
        assert_eq!(h.signals[0].baseline, 1024);
        assert_eq!(h.signals[1].gain_per_uv, None);
    }

    #[test]
    fn units_are_those_of_every_importer() {
        for (unit, uv) in [("mv", 1e3), ("\u{3bc}V", 1.0), ("µV", 1.0), ("uv", 1.0), ("nV", 1e-3), ("V", 1e6)]
        {
            let h = Header::parse(&format!("x 1 250\na 16 10/{unit}")).unwrap();
            assert_eq!(h.signals[0].gain_per_uv, Some(10.0 / uv), "{unit}");
        }
        let mut files = crate::import::MemorySource::new();
        files.insert("x.hea", b"x 1 250\na 16 10/\xb5V".to_vec());
        assert_eq!(Header::read(&files, "x.hea").unwrap().signals[0].gain_per_uv, Some(10.0));
    }

    #[test]
    fn broken_headers_name_the_line() {
        for (text, line) in [
            ("", 1),
            ("x", 1),
            ("x two", 1),
            ("x 1 0", 1),
            ("x 1 NaN", 1),
            ("x 4000000000 250\na 16", 2),
            ("x 1\na 16y2", 2),
            ("x 1\na 16x0", 2),
            ("x 1\na 16 inf", 2),
            ("x 1\na 16 200(1", 2),
        ] {
            match Header::parse(text) {
                Err(ImportError::Header { line: l, .. }) => assert_eq!(l, line, "{text}"),
                other => panic!("{text}: {other:?}"),
            }
        }
    }

    #[test]
    fn segments_take_the_place_of_signals() {
        let h = Header::parse("x/3 2 360 30\nx_layout 0\nx_1 10\n~ 20\n").unwrap();
        let segment = |name: &str, frames| Segment { name: name.to_owned(), frames };
        assert_eq!(h.segments, [segment("x_layout", 0), segment("x_1", 10), segment("~", 20)]);
        assert!(h.signals.is_empty());
        for bad in ["x/3 2 360", "x/0 2 360", "x/1 2 360\nx_1", "x/9999999999 2\nx_1 10"] {
            assert_eq!(Header::parse(bad).unwrap_err().code(), "import.header", "{bad}");
        }
    }
}
