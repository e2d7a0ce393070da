//! Lines of a file, read in pieces.

use crate::import::{ImportError, Source};

const BYTES_AT_A_TIME: usize = 1 << 16;

/// Longest line that is read.
const MAX_LINE_BYTES: usize = 1 << 20;

/// The lines of a file, without their ends and without a byte order mark.
pub(super) struct Lines {
    name: String,
    size: u64,
    /// Bytes of the file that were read.
    read: u64,
    held: Vec<u8>,
    /// Place of the next line in `held`.
    at: usize,
}

impl Lines {
    pub(super) fn of(source: &dyn Source, name: &str) -> Result<Self, ImportError> {
        Ok(Self { name: name.to_owned(), size: source.size(name)?, read: 0, held: Vec::new(), at: 0 })
    }

    /// The next line; `None` at the end of the file.
    pub(super) fn next(&mut self, source: &dyn Source) -> Result<Option<&[u8]>, ImportError> {
        let mut searched = 0;
        let end = loop {
            let rest = self.held.get(self.at..).unwrap_or_default();
            if let Some(n) = rest.iter().skip(searched).position(|b| *b == b'\n') {
                break searched + n;
            }
            searched = rest.len();
            if searched > MAX_LINE_BYTES {
                return Err(ImportError::Invalid { what: "a line without end" });
            }
            if !self.fill(source)? {
                if searched == 0 {
                    return Ok(None);
                }
                break searched;
            }
        };
        let from = self.at;
        self.at = from.saturating_add(end + 1).min(self.held.len().max(from + end));
        let line = self.held.get(from..from + end).unwrap_or_default();
        Ok(Some(line.strip_suffix(b"\r").unwrap_or(line)))
    }

    /// Bytes of the file.
    pub(super) const fn size(&self) -> u64 {
        self.size
    }

    /// How much of the file was read, 0 to 1.
    pub(super) fn progress(&self) -> f64 {
        let done = self.read - (self.held.len() - self.at.min(self.held.len())) as u64;
        done as f64 / self.size.max(1) as f64
    }

    fn fill(&mut self, source: &dyn Source) -> Result<bool, ImportError> {
        let piece = source.read(&self.name, self.read, BYTES_AT_A_TIME)?;
        self.held.drain(..self.at.min(self.held.len()));
        self.at = 0;
        let piece = if self.read == 0 { skip_mark(&piece) } else { (piece.as_slice(), piece.len()) };
        self.held.extend(piece.0);
        self.read += piece.1 as u64;
        Ok(piece.1 > 0)
    }
}

/// The piece without a UTF-8 byte order mark, and its length with it.
fn skip_mark(piece: &[u8]) -> (&[u8], usize) {
    (piece.strip_prefix(b"\xef\xbb\xbf").unwrap_or(piece), piece.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::MemorySource;

    fn lines(bytes: &[u8]) -> Vec<Vec<u8>> {
        let mut files = MemorySource::new();
        files.insert("f", bytes.to_vec());
        let mut lines = Lines::of(&files, "f").unwrap();
        let mut all = Vec::new();
        while let Some(line) = lines.next(&files).unwrap() {
            all.push(line.to_vec());
        }
        assert_eq!(lines.progress(), if bytes.is_empty() { 0.0 } else { 1.0 });
        all
    }

    #[test]
    fn ends_of_every_kind() {
        assert_eq!(lines(b""), [b""; 0]);
        assert_eq!(lines(b"\xef\xbb\xbfa\r\n\nb"), [&b"a"[..], b"", b"b"]);
        assert_eq!(lines(b"a\n"), [b"a"]);
        let long = vec![b'x'; 3 * BYTES_AT_A_TIME];
        assert_eq!(lines(&long), [long]);
        let mut files = MemorySource::new();
        files.insert("f", vec![b'x'; MAX_LINE_BYTES + 2 * BYTES_AT_A_TIME]);
        assert!(Lines::of(&files, "f").unwrap().next(&files).is_err());
    }
}
