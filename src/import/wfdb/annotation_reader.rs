//! MIT annotation files, by annot(5), read in pieces: one annotation after the other.

use super::annotations::{Annotation, AnnotationCode};
use crate::import::{ImportError, Source};
use crate::units::SampleIndex;

const BYTES_AT_A_TIME: usize = 1 << 16;

pub(super) const SKIP: u16 = 59;
pub(super) const NUM: u16 = 60;
pub(super) const SUB: u16 = 61;
pub(super) const CHN: u16 = 62;
pub(super) const AUX: u16 = 63;

/// The annotations of a file, in its order.
pub(super) struct AnnotationReader<'a> {
    words: Words<'a>,
    now: i64,
    channel: u8,
    number: i8,
    /// The annotation that what follows may still qualify.
    held: Option<Annotation>,
    ended: bool,
    /// Whether the end mark was there.
    pub is_marked: bool,
}

impl<'a> AnnotationReader<'a> {
    pub(super) fn of(source: &'a dyn Source, name: &'a str) -> Self {
        let words = Words { source, name, read: 0, held: Vec::new(), at: 0 };
        Self { words, now: 0, channel: 0, number: 0, held: None, ended: false, is_marked: false }
    }

    /// The next annotation; `None` at the end mark, or at the end of a file that has none.
    pub(super) fn next(&mut self) -> Result<Option<Annotation>, ImportError> {
        while !self.ended {
            let Some(word) = self.words.next()? else { break };
            let (kind, value) = (word >> 10, word & 0x3ff);
            match kind {
                0 if value == 0 => (self.ended, self.is_marked) = (true, true),
                SKIP => {
                    let [high, low] = [self.words.need()?, self.words.need()?].map(u32::from);
                    self.now += i64::from((high << 16 | low) as i32);
                }
                // These follow the annotation they qualify; NUM and CHN hold for the later ones too.
                NUM => {
                    self.number = value as i8;
                    self.held.iter_mut().for_each(|a| a.number = self.number);
                }
                SUB => self.held.iter_mut().for_each(|a| a.subtype = value as i8),
                CHN => {
                    self.channel = value as u8;
                    self.held.iter_mut().for_each(|a| a.channel = self.channel);
                }
                AUX => {
                    let text = self.words.text(usize::from(value))?;
                    self.held.iter_mut().for_each(|a| a.text.clone_from(&text));
                }
                _ => {
                    self.now += i64::from(value);
                    let at = u64::try_from(self.now).map(SampleIndex).map_err(|_| self.invalid())?;
                    let (channel, number, text) = (self.channel, self.number, String::new());
                    let code = AnnotationCode(kind as u8);
                    let new = Annotation { at, code, subtype: 0, channel, number, text };
                    if let Some(done) = self.held.replace(new) {
                        return Ok(Some(done));
                    }
                }
            }
        }
        self.ended = true;
        Ok(self.held.take())
    }

    /// Whether nothing but zeros lies behind the end.
    pub(super) fn ends_empty(&mut self) -> Result<bool, ImportError> {
        loop {
            if self.words.left().iter().any(|byte| *byte != 0) {
                return Ok(false);
            }
            self.words.at = self.words.held.len();
            if !self.words.fill()? {
                return Ok(true);
            }
        }
    }

    /// The error of a file that breaks the rules.
    pub(super) fn invalid(&self) -> ImportError {
        ImportError::Annotation { name: self.words.name.to_owned() }
    }
}

/// The file as 16 bit words, least significant byte first.
struct Words<'a> {
    source: &'a dyn Source,
    name: &'a str,
    /// Bytes of the file that were read.
    read: u64,
    held: Vec<u8>,
    /// Place of the next word in `held`.
    at: usize,
}

impl Words<'_> {
    fn left(&self) -> &[u8] {
        self.held.get(self.at..).unwrap_or_default()
    }

    /// Holds more of the file; false at its end.
    fn fill(&mut self) -> Result<bool, ImportError> {
        let piece = self.source.read(self.name, self.read, BYTES_AT_A_TIME)?;
        self.held.drain(..self.at.min(self.held.len()));
        self.at = 0;
        self.read += piece.len() as u64;
        self.held.extend_from_slice(&piece);
        Ok(!piece.is_empty())
    }

    fn next(&mut self) -> Result<Option<u16>, ImportError> {
        while self.left().len() < 2 {
            if !self.fill()? {
                return Ok(None);
            }
        }
        let word = self.left().first_chunk::<2>().map(|word| u16::from_le_bytes(*word));
        self.at += 2;
        Ok(word)
    }

    /// A word that must be there.
    fn need(&mut self) -> Result<u16, ImportError> {
        self.next()?.ok_or_else(|| self.short())
    }

    /// Text of so many bytes, padded to whole words.
    fn text(&mut self, length: usize) -> Result<String, ImportError> {
        while self.left().len() < length.next_multiple_of(2) && self.fill()? {}
        let text = self.left().get(..length).ok_or_else(|| self.short())?;
        let text = text.iter().map(|b| char::from(*b)).collect::<String>();
        self.at += length.next_multiple_of(2);
        Ok(text.trim_end_matches('\0').to_owned())
    }

    fn short(&self) -> ImportError {
        ImportError::Truncated { name: self.name.to_owned() }
    }
}
