//! A record that was opened: what its header says, and its samples as a stream of blocks.

use super::wfdb::AnnotationCode;
use super::{ImportError, RecordedLead, Recording, Source};
use crate::units::{sort_by, Hertz, Seconds};

/// Most samples that [`Opened::read`] holds, all leads together: 512 MiB.
pub const MAX_SAMPLES_HELD: usize = 1 << 27;

/// Missing samples that a record may have beyond eight times as many as there are: a few bytes may claim a long gap.
pub(super) const MAX_PADDING: u64 = 1 << 22;

/// Longest time without samples, all gaps together: what is longer is a broken clock, not a recording.
pub(super) const MAX_GAPS_S: f64 = 7.0 * 86_400.0;

/// What a header says about a lead. The name is free text of the file and is not printed.
#[derive(Clone, PartialEq)]
pub struct LeadInfo {
    /// The lead's name as the file gives it; empty when it gives none.
    pub name: String,
    /// Samples a second.
    pub rate: Hertz,
    /// Microvolts of one unit of the converter, where the file stores whole units.
    pub step_uv: Option<f64>,
}

impl core::fmt::Debug for LeadInfo {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("LeadInfo").field("rate", &self.rate).finish_non_exhaustive()
    }
}

/// Something that the file marks in time. Its text stays with whoever opened the file: the type cannot be
/// serialised and prints masked.
#[derive(Clone, PartialEq)]
pub struct Mark {
    /// When, since the first sample.
    pub at: Seconds,
    /// How long, where the file says so.
    pub duration: Option<Seconds>,
    /// What, where the mark is a beat or has another code of its own.
    pub code: Option<AnnotationCode>,
    /// Which wave an onset or end is of, as WFDB numbers them: 0 P wave, 1 QRS complex, 2 T wave; 0 elsewhere.
    pub number: u8,
    /// The file's words; empty when there are none.
    pub text: String,
}

impl Mark {
    /// A mark without words.
    pub(super) const fn coded(at: Seconds, code: AnnotationCode) -> Self {
        Self { at, duration: None, code: Some(code), number: 0, text: String::new() }
    }
}

/// Marks in the order of time; those of one time stay as they are.
#[must_use]
pub fn in_order_of_time(marks: Vec<Mark>) -> Vec<Mark> {
    if marks.is_sorted_by(|a, b| a.at.0 <= b.at.0) {
        return marks;
    }
    let mut places: Vec<(f64, usize)> = marks.iter().enumerate().map(|(i, m)| (m.at.0, i)).collect();
    sort_by(&mut places, |a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)).is_gt());
    let mut marks: Vec<Option<Mark>> = marks.into_iter().map(Some).collect();
    places.iter().filter_map(|(_, i)| marks.get_mut(*i)?.take()).collect()
}

impl core::fmt::Debug for Mark {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Mark").field("at", &self.at).field("code", &self.code).finish_non_exhaustive()
    }
}

/// A stretch without samples.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RecordedGap {
    /// When, since the first sample.
    pub start: Seconds,
    /// How long.
    pub duration: Seconds,
}

/// What a stream fills: the next samples of every wanted lead, and what was met on the way.
#[derive(Debug, Default)]
pub struct Block {
    /// Which leads are to be decoded, in the order of the record.
    pub(super) wanted: Vec<bool>,
    /// Samples of this block in microvolts, NaN where there are none; empty for leads that are not wanted.
    pub leads: Vec<Vec<f32>>,
    /// Marks met so far that the header did not hold.
    pub marks: Vec<Mark>,
    /// Gaps met so far.
    pub gaps: Vec<RecordedGap>,
    /// Whether each lead's checksum agrees, once the end is reached.
    pub checksums: Vec<Option<bool>>,
    /// How much of the record has been read, 0 to 1.
    pub progress: f64,
}

/// Whether a record may have so many missing samples, as soon as they are announced: all leads together, as those that
/// are there.
pub(super) fn check_padding(missing: u64, there: u64) -> Result<(), ImportError> {
    if missing > there.saturating_mul(8).saturating_add(MAX_PADDING) {
        return Err(ImportError::TooLarge);
    }
    Ok(())
}

impl Block {
    /// For a record of so many leads, of which one or all are wanted.
    #[must_use]
    pub fn new(leads: usize, only: Option<usize>) -> Self {
        Self {
            wanted: (0..leads).map(|i| only.is_none_or(|o| o == i)).collect(),
            leads: vec![Vec::new(); leads],
            checksums: vec![None; leads],
            ..Self::default()
        }
    }

    pub(super) fn wants(&self, lead: usize) -> bool {
        self.wanted.get(lead).copied().unwrap_or(false)
    }

    /// Adds missing samples to a lead.
    pub(super) fn pad(&mut self, lead: usize, samples: u64) {
        if let (true, Some(out)) = (self.wants(lead), self.leads.get_mut(lead)) {
            out.extend(core::iter::repeat_n(f32::NAN, samples as usize));
        }
    }

    /// Adds a sample of a lead.
    pub(super) fn push(&mut self, lead: usize, uv: f32) {
        if let Some(samples) = self.leads.get_mut(lead) {
            samples.push(uv);
        }
    }
}

/// The samples of a record, in the order of time. One block holds some ten thousand samples, however long the
/// record is, unless the format can only be decoded as a whole.
pub trait Stream {
    /// Appends the next samples to the leads of `block`; false at the end of the record.
    ///
    /// # Errors
    /// What the file or the source does not hold. After an error nothing more can be read.
    fn next(&mut self, source: &dyn Source, block: &mut Block) -> Result<bool, ImportError>;
}

/// A record whose header was read.
pub struct Opened {
    /// At least one lead, in the order of the file.
    pub leads: Vec<LeadInfo>,
    /// What the header marks.
    pub marks: Vec<Mark>,
    /// The samples.
    pub stream: Box<dyn Stream>,
}

impl Opened {
    /// A record of which everything is known already.
    pub(super) fn whole(leads: Vec<(LeadInfo, Vec<f32>)>, marks: Vec<Mark>) -> Result<Self, ImportError> {
        Self::checked(leads, marks, None)
    }

    /// The same, and whether the checksum of all leads agrees.
    pub(super) fn checked(
        leads: Vec<(LeadInfo, Vec<f32>)>,
        marks: Vec<Mark>,
        checksum: Option<bool>,
    ) -> Result<Self, ImportError> {
        if leads.is_empty() {
            return Err(ImportError::NoEcg);
        }
        let (infos, samples) = leads.into_iter().unzip();
        Ok(Self { leads: infos, marks, stream: Box::new(Whole(samples, checksum)) })
    }

    /// Reads to the end.
    ///
    /// # Errors
    /// What the stream reports, and [`ImportError::TooLarge`] above [`MAX_SAMPLES_HELD`].
    pub fn read(mut self, source: &dyn Source) -> Result<Recording, ImportError> {
        let mut block = Block::new(self.leads.len(), None);
        while self.stream.next(source, &mut block)? {
            if block.leads.iter().map(Vec::len).sum::<usize>() > MAX_SAMPLES_HELD {
                return Err(ImportError::TooLarge);
            }
        }
        let Block { leads, marks, gaps, checksums, .. } = block;
        let leads = self.leads.into_iter().zip(leads).zip(checksums);
        self.marks.extend(marks);
        Ok(Recording {
            leads: leads.map(|((info, samples), sum)| RecordedLead::new(info, samples, sum)).collect(),
            marks: self.marks,
            gaps,
        })
    }
}

/// Samples that were decoded when the record was opened, and their checksum.
struct Whole(Vec<Vec<f32>>, Option<bool>);

impl Stream for Whole {
    fn next(&mut self, _: &dyn Source, block: &mut Block) -> Result<bool, ImportError> {
        for (i, samples) in core::mem::take(&mut self.0).into_iter().enumerate() {
            if let (true, Some(lead)) = (block.wants(i), block.leads.get_mut(i)) {
                lead.extend(samples);
            }
        }
        block.checksums.fill(self.1);
        block.progress = 1.0;
        Ok(false)
    }
}
