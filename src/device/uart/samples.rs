//! Bytes to samples.

use super::format::{UartEncoding, UartFormat};

/// Longest line that is waited for.
const LONGEST_LINE: usize = 128;

/// What a line, or a number, says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum UartSample {
    /// A sample in microvolts.
    Microvolts(f32),
    /// An electrode is off.
    LeadOff,
    /// Neither.
    Invalid,
}

/// Takes a board's bytes apart; a line may be cut anywhere.
#[derive(Debug)]
pub struct UartSamples {
    format: UartFormat,
    line: Vec<u8>,
    /// The line is too long: what is left of it is passed over.
    skipping: bool,
}

impl UartSamples {
    /// A reader of this format.
    #[must_use]
    pub const fn new(format: UartFormat) -> Self {
        Self { format, line: Vec::new(), skipping: false }
    }

    /// Takes the bytes of a packet.
    pub fn push(&mut self, bytes: &[u8], out: &mut Vec<UartSample>) {
        match &self.format.encoding {
            UartEncoding::Binary { word, skip, lead_off } => {
                let body = bytes.get(usize::from(*skip)..).unwrap_or_default();
                let words = body.chunks_exact(word.width());
                // Half a number at the end, or not even the head.
                let cut = !words.remainder().is_empty() || bytes.len() < usize::from(*skip);
                for chunk in words {
                    out.push(match word.value(chunk) {
                        Some(count) if *lead_off == Some(count as i32) => UartSample::LeadOff,
                        Some(count) => self.sample(count),
                        None => UartSample::Invalid,
                    });
                }
                if cut {
                    out.push(UartSample::Invalid);
                }
            }
            UartEncoding::Text { .. } => {
                for byte in bytes {
                    self.character(*byte, out);
                }
            }
        }
    }

    fn character(&mut self, byte: u8, out: &mut Vec<UartSample>) {
        if byte == b'\n' || byte == b'\r' {
            let line = core::mem::take(&mut self.line);
            if core::mem::take(&mut self.skipping) {
                out.push(UartSample::Invalid);
            } else if !line.is_empty() {
                out.push(self.read(&line));
            }
        } else if self.line.len() >= LONGEST_LINE {
            self.skipping = true;
        } else {
            self.line.push(byte);
        }
    }

    fn read(&self, line: &[u8]) -> UartSample {
        let UartEncoding::Text { column, lead_off } = &self.format.encoding else {
            return UartSample::Invalid;
        };
        let Ok(text) = core::str::from_utf8(line) else { return UartSample::Invalid };
        let text = text.trim();
        let separator = |c: char| c == ',' || c == ';' || c.is_ascii_whitespace();
        let cell = text.split(separator).filter(|cell| !cell.is_empty()).nth((*column).into());
        let off = |text: &str| !lead_off.is_empty() && text == lead_off;
        match cell {
            _ if off(text) => UartSample::LeadOff,
            Some(cell) if off(cell) => UartSample::LeadOff,
            Some(cell) => cell.parse().map_or(UartSample::Invalid, |count| self.sample(count)),
            None => UartSample::Invalid,
        }
    }

    fn sample(&self, count: f64) -> UartSample {
        let uv = ((count - self.format.zero) * self.format.microvolts) as f32;
        if uv.is_finite() {
            UartSample::Microvolts(uv)
        } else {
            UartSample::Invalid
        }
    }
}

/// Encodes a sample in microvolts, or an electrode that is off, as a board does.
pub fn encode(format: &UartFormat, sample: UartSample, bytes: &mut Vec<u8>) {
    let count = match sample {
        UartSample::Microvolts(uv) => Some((f64::from(uv) / format.microvolts + format.zero).round()),
        UartSample::LeadOff | UartSample::Invalid => None,
    };
    match &format.encoding {
        UartEncoding::Text { column, lead_off } => {
            bytes.extend("0,".repeat((*column).into()).bytes());
            match count {
                Some(count) => bytes.extend((count as i64).to_string().bytes()),
                None => bytes.extend(lead_off.bytes()),
            }
            bytes.extend(b"\r\n");
        }
        UartEncoding::Binary { word, lead_off, .. } => {
            word.write(count.unwrap_or_else(|| f64::from(lead_off.unwrap_or_default())), bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::format::Word;
    use super::*;
    use crate::units::Hertz;
    use proptest::prelude::*;

    fn text(column: u8) -> UartFormat {
        let encoding = UartEncoding::Text { column, lead_off: "!".to_owned() };
        UartFormat { encoding, ..UartFormat::ad8232(Hertz::new(250.0).unwrap()) }
    }

    fn read(format: UartFormat, chunks: &[&[u8]]) -> Vec<UartSample> {
        let (mut samples, mut out) = (UartSamples::new(format), Vec::new());
        chunks.iter().for_each(|chunk| samples.push(chunk, &mut out));
        out
    }

    #[test]
    fn lines_are_read_however_they_are_cut() {
        let uv =
            |count: f64| UartSample::Microvolts(((count - 2048.0) * 3_300_000.0 / 4096.0 / 100.0) as f32);
        assert_eq!(
            read(text(0), &[b"20", b"48\r\n2", b"100\n!\n\nx\n"]),
            [uv(2048.0), uv(2100.0), UartSample::LeadOff, UartSample::Invalid]
        );
        assert_eq!(
            read(text(1), &[b"1700, 2050\t9\n5,!\n5\n"]),
            [uv(2050.0), UartSample::LeadOff, UartSample::Invalid]
        );
        let long = vec![b'1'; 500];
        assert_eq!(read(text(0), &[&long, b"\n2048\n"]), [UartSample::Invalid, uv(2048.0)]);
        assert_eq!(read(text(0), &[b"nan\ninf\n1e999\n"]), [UartSample::Invalid; 3]);
    }

    #[test]
    fn every_kind_of_number_survives_the_wire() {
        for word in Word::ALL {
            let encoding = UartEncoding::Binary { word, skip: 2, lead_off: Some(0) };
            let format = UartFormat { encoding, microvolts: 10.0, zero: 128.0, ..text(0) };
            let mut bytes = vec![1, 2];
            for sample in [UartSample::Microvolts(-400.0), UartSample::Microvolts(300.0), UartSample::LeadOff]
            {
                encode(&format, sample, &mut bytes);
            }
            let expected =
                [UartSample::Microvolts(-400.0), UartSample::Microvolts(300.0), UartSample::LeadOff];
            assert_eq!(read(format.clone(), &[&bytes]), expected, "{word:?}");
            bytes.pop();
            assert_eq!(read(format.clone(), &[&bytes]).len(), if word.width() > 1 { 3 } else { 2 });
            assert_eq!(read(format, &[&[1]]), [UartSample::Invalid]);
        }
    }

    proptest! {
        #[test]
        fn any_bytes_get_an_answer(bytes in proptest::collection::vec(any::<u8>(), 0..300), cut in 0_usize..300) {
            let cut = cut.min(bytes.len());
            let whole = read(text(0), &[&bytes]);
            prop_assert_eq!(&whole, &read(text(0), &[&bytes[..cut], &bytes[cut..]]));
            prop_assert!(whole.iter().all(|s| !matches!(s, UartSample::Microvolts(uv) if !uv.is_finite())));
        }
    }
}
