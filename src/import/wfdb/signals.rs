//! Signal files become leads in microvolts.

use super::flac::Flac;
use super::formats::Format;
use super::header::{Header, SignalSpec};
use crate::import::opened::{Block, LeadInfo, Opened, Stream, MAX_GAPS_S};
use crate::import::{number, ImportError, Source};
use crate::units::Hertz;

/// Samples of one signal file decoded into one block, about.
const SAMPLES_AT_A_TIME: u64 = 1 << 16;

/// Frames come in multiples of this, so that they begin at a whole group of every format.
const FRAMES_AT_A_TIME: u64 = 6;

/// The storage format of a signal that is not there.
pub(super) const NULL_FORMAT: u16 = 0;

/// Opens a record of one segment. Signals that are no voltages are left out.
pub(super) fn open(source: &dyn Source, folder: &str, header: &Header) -> Result<Opened, ImportError> {
    let mut leads = Vec::new();
    let mut groups = Vec::new();
    let mut rest = header.signals.as_slice();
    while let Some(first) = rest.first() {
        // Signals of one file follow each other in the header and interleave in the file.
        let n = rest.iter().take_while(|s| s.file == first.file).count();
        let (group, after) = rest.split_at(n);
        rest = after;
        if first.format != NULL_FORMAT && group.iter().any(|s| s.gain_per_uv.is_some()) {
            groups.push(Group::open(source, folder, group, header, &mut leads)?);
        }
    }
    if leads.is_empty() {
        return Err(ImportError::NoEcg);
    }
    Ok(Opened { leads, marks: Vec::new(), stream: Box::new(Groups(groups)) })
}

/// What a header says about a lead.
pub(super) fn lead_info(signal: &SignalSpec, header: &Header) -> Result<Option<LeadInfo>, ImportError> {
    let Some(gain) = signal.gain_per_uv else { return Ok(None) };
    let hz = header.frame_rate_hz * f64::from(signal.samples_per_frame);
    let rate = Hertz::new(hz).map_err(|_| ImportError::Rate)?;
    Ok(Some(LeadInfo { name: signal.description.clone(), rate, step_uv: Some((1.0 / gain).abs()) }))
}

/// The signal files of a record, read side by side.
struct Groups(Vec<Group>);

impl Stream for Groups {
    fn next(&mut self, source: &dyn Source, block: &mut Block) -> Result<bool, ImportError> {
        let frame = self.0.iter().map(|g| g.turns.len() as u64).max().unwrap_or(1);
        let frames = (SAMPLES_AT_A_TIME / (frame * FRAMES_AT_A_TIME)).max(1) * FRAMES_AT_A_TIME;
        let mut more = false;
        for group in &mut self.0 {
            more |= group.next(source, frames, block)?;
        }
        let done: u64 = self.0.iter().map(|g| g.next_frame).sum();
        let all: u64 = self.0.iter().map(|g| g.frames_there).sum();
        block.progress = done as f64 / all.max(1) as f64;
        Ok(more)
    }
}

/// One signal on its way from the file.
struct Channel {
    /// Place among the leads; `None` when it is no voltage.
    lead: Option<usize>,
    gain_per_uv: f64,
    baseline: f64,
    invalid: Option<i32>,
    is_differences: bool,
    samples_per_frame: u64,
    to_skip: u64,
    /// Samples that the record still lacks.
    wanted: u64,
    /// The value before, for differences.
    last: i32,
    sum: u16,
    /// What the header says the sum is, where the two can be compared.
    checksum: Option<u16>,
}

impl Channel {
    fn take(&mut self, raw: i32, block: &mut Block) {
        let raw = if self.is_differences { self.last.wrapping_add(raw) } else { raw };
        self.last = raw;
        // Skewed samples lie before the record's first frame and count in no sum.
        if self.to_skip > 0 {
            self.to_skip -= 1;
            return;
        }
        if self.wanted == 0 {
            return;
        }
        self.wanted -= 1;
        self.sum = self.sum.wrapping_add(raw as u16);
        if let Some(lead) = self.lead.filter(|l| block.wants(*l)) {
            let uv = number::sample((f64::from(raw) - self.baseline) / self.gain_per_uv);
            block.push(lead, if Some(raw) == self.invalid { f32::NAN } else { uv });
        }
    }

    /// The file has no more: what the skew shifted out is missing.
    fn end(&mut self, block: &mut Block) {
        let Some(lead) = self.lead else { return };
        if let (true, Some(out)) = (block.wants(lead), block.leads.get_mut(lead)) {
            out.extend(core::iter::repeat_n(f32::NAN, self.wanted as usize));
        }
        self.wanted = 0;
        if let Some(agrees) = block.checksums.get_mut(lead) {
            *agrees = self.checksum.map(|sum| sum == self.sum);
        }
    }
}

enum Codec {
    Packed { format: &'static Format, offset: u64 },
    Flac(Box<Flac>),
}

/// The signals of one file.
struct Group {
    file: String,
    codec: Codec,
    channels: Vec<Channel>,
    /// The channel of every sample of a frame, in the order of the file.
    turns: Vec<usize>,
    next_frame: u64,
    /// Frames that are read: the record's, and those that skew pulls in.
    frames_there: u64,
    raw: Vec<i32>,
}

impl Group {
    fn open(
        source: &dyn Source,
        folder: &str,
        signals: &[SignalSpec],
        header: &Header,
        leads: &mut Vec<LeadInfo>,
    ) -> Result<Self, ImportError> {
        let first = signals.first().ok_or(ImportError::NoEcg)?;
        let file = format!("{folder}{}", first.file);
        let truncated = || ImportError::Truncated { name: file.clone() };
        if signals.iter().any(|s| s.format != first.format) {
            return Err(ImportError::Unsupported { what: "several formats in one signal file" });
        }
        let frame: u64 = signals.iter().map(|s| u64::from(s.samples_per_frame)).sum();
        let (codec, there, invalid) = match first.format {
            508 | 516 | 524 => {
                let flac = Flac::open(source, &file, first.prolog)?;
                let same = signals.iter().all(|s| s.samples_per_frame == first.samples_per_frame);
                if flac.channels != signals.len() || !same {
                    return Err(ImportError::Invalid { what: "channels of the FLAC stream" });
                }
                let announced = flac.total.map(|n| n / u64::from(first.samples_per_frame)).or(header.frames);
                let there =
                    announced.ok_or(ImportError::Unsupported { what: "FLAC stream without length" })?;
                // A few bytes may stand for as many samples as they like.
                if there as f64 > header.frame_rate_hz * MAX_GAPS_S {
                    return Err(ImportError::TooLarge);
                }
                let width = u32::from(first.format - 500);
                (Codec::Flac(Box::new(flac)), there, Some(i32::MIN >> (32 - width)))
            }
            number => {
                let format =
                    Format::of(number).ok_or(ImportError::Unsupported { what: "WFDB signal format" })?;
                let bytes = source.size(&file)?.checked_sub(first.prolog).ok_or_else(truncated)?;
                let there = format.samples_in(bytes) / frame;
                (Codec::Packed { format, offset: first.prolog }, there, format.invalid)
            }
        };
        let skew = signals.iter().map(|s| s.skew).max().unwrap_or(0);
        let frames = match header.frames {
            Some(frames) if frames > there || skew > there => return Err(truncated()),
            Some(frames) => frames,
            None => there.checked_sub(skew).ok_or_else(truncated)?,
        };
        let mut channels = Vec::with_capacity(signals.len());
        for signal in signals {
            let info = lead_info(signal, header)?;
            let lead = info.is_some().then_some(leads.len());
            leads.extend(info);
            let samples_per_frame = u64::from(signal.samples_per_frame);
            channels.push(Channel {
                lead,
                gain_per_uv: signal.gain_per_uv.unwrap_or(1.0),
                baseline: f64::from(signal.baseline),
                invalid,
                is_differences: matches!(&codec, Codec::Packed { format, .. } if format.is_differences()),
                samples_per_frame,
                to_skip: signal.skew * samples_per_frame,
                wanted: frames * samples_per_frame,
                last: signal.initial,
                sum: 0,
                // The sum covers what the header announces; skew shifts samples in and out of it.
                checksum: signal.checksum.filter(|_| header.frames.is_some() && signal.skew == 0),
            });
        }
        let frames_there = frames.saturating_add(skew).min(there);
        Ok(Self {
            file,
            codec,
            turns: turns(&channels, there),
            channels,
            next_frame: 0,
            frames_there,
            raw: Vec::new(),
        })
    }

    /// Decodes up to so many frames; false at the end.
    fn next(&mut self, source: &dyn Source, frames: u64, block: &mut Block) -> Result<bool, ImportError> {
        let frames = frames.min(self.frames_there - self.next_frame);
        if frames > 0 {
            self.raw.clear();
            match &mut self.codec {
                Codec::Packed { format, offset } => {
                    let samples = frames * self.turns.len() as u64;
                    let groups = samples.div_ceil(format.group_samples as u64);
                    let bytes = source.read(&self.file, *offset, groups as usize * format.group_bytes)?;
                    *offset += bytes.len() as u64;
                    (format.decode)(&bytes, &mut self.raw);
                    self.raw.truncate(samples as usize);
                }
                Codec::Flac(flac) => {
                    let per_frame = self.channels.first().map_or(1, |c| c.samples_per_frame);
                    for _ in 0..frames * per_frame {
                        let Some(samples) = flac.next(source)? else { break };
                        self.raw.extend(samples);
                    }
                }
            }
            if (self.raw.len() as u64) < frames * self.turns.len() as u64 {
                return Err(ImportError::Truncated { name: self.file.clone() });
            }
            let mut turns = self.turns.iter().cycle();
            // A FLAC stream holds one sample of every channel in turn, whatever the frame.
            let is_flac = matches!(self.codec, Codec::Flac(_));
            let width = self.channels.len();
            for (i, value) in self.raw.iter().enumerate() {
                let channel = if is_flac { i % width } else { turns.next().copied().unwrap_or(0) };
                if let Some(channel) = self.channels.get_mut(channel) {
                    channel.take(*value, block);
                }
            }
            self.next_frame += frames;
        }
        let more = self.next_frame < self.frames_there;
        if !more {
            self.channels.iter_mut().for_each(|c| c.end(block));
        }
        Ok(more)
    }
}

/// The channel of every sample of a frame. A frame that the file does not hold once takes no memory.
fn turns(channels: &[Channel], there: u64) -> Vec<usize> {
    let repeats = |c: &Channel| if there == 0 { 1 } else { c.samples_per_frame as usize };
    channels.iter().enumerate().flat_map(|(i, c)| core::iter::repeat_n(i, repeats(c))).collect()
}

#[cfg(test)]
mod tests {
    use crate::import::wfdb::read_recording;
    use crate::import::MemorySource;

    fn set(header: &str, data: &[u8]) -> MemorySource {
        let mut files = MemorySource::new();
        files.insert("r.hea", header.as_bytes().to_vec());
        files.insert("r.dat", data.to_vec());
        files
    }

    #[test]
    fn interleaved_signals_come_apart_in_microvolts() {
        // 16 bit: frames (1, -2), (invalid, 3).
        let data = [1, 0, 0xfe, 0xff, 0x00, 0x80, 3, 0];
        let files = set("r 2 100 2\nr.dat 16 1 16 0 1 -32767 0 II\nr.dat 16 2(1)/uV 16 0 -2 1 0 V1", &data);
        let r = read_recording(&files, "r.hea").unwrap();
        assert_eq!(r.leads[0].samples_uv[0], 1000.0);
        assert!(r.leads[0].samples_uv[1].is_nan());
        assert_eq!(r.lead(Some("v1")).unwrap().samples_uv, [-1.5, 1.0]);
        assert_eq!(r.leads[1].step_uv, Some(0.5));
        assert_eq!(r.leads[0].checksum_agrees, Some(true));
        assert_eq!(r.leads[1].checksum_agrees, Some(true));
    }

    #[test]
    fn differences_start_from_the_initial_value() {
        let files = set("r 1 100 3\nr.dat 8 1/uV 8 0 10 31 0 I", &[0, 1, 0xff]);
        assert_eq!(read_recording(&files, "r.hea").unwrap().leads[0].samples_uv, [10.0, 11.0, 10.0]);
    }

    #[test]
    fn a_claim_larger_than_the_file_is_truncation_and_costs_no_memory() {
        for header in [
            "r 1 100 18446744073709551615\nr.dat 212 200",
            "r 1 100 1152921504606846976\nr.dat 16 200",
            "r 1 100 2\nr.dat 212:18446744073709551615 200",
            "r 1 100 2\nr.dat 212+31 200",
            "r 1 100\nr.dat 212:21 200",
        ] {
            let files = set(header, &[0; 30]);
            assert_eq!(read_recording(&files, "r.hea").unwrap_err().code(), "import.truncated", "{header}");
        }
    }

    #[test]
    fn other_trouble_is_named() {
        for (header, code) in [
            ("r 1 100\nr.dat 16 1/mmHg", "import.noEcg"),
            ("r 0 100", "import.noEcg"),
            ("r 1 10\nr.dat 16", "import.rate"),
            ("r 1 100\nr.dat 9", "import.unsupported"),
            ("r 1 100\nr.dat 516", "import.invalid"),
            ("r 2 100\nr.dat 16\nr.dat 212", "import.unsupported"),
            ("r 1 100\nq.dat 16", "import.missing"),
        ] {
            let files = set(header, &[0; 30]);
            assert_eq!(read_recording(&files, "r.hea").unwrap_err().code(), code, "{header}");
        }
    }

    #[test]
    fn length_skew_prolog_and_frames_of_several_samples() {
        // No length: the file's size tells. Two samples a frame, one byte pair of prolog, skew of one frame.
        let data: Vec<u8> = (0..9_i16).flat_map(i16::to_le_bytes).collect();
        let files = set("r 1 100\nr.dat 16x2:1+2 1/uV", &data);
        let r = read_recording(&files, "r.hea").unwrap();
        assert_eq!(r.leads[0].rate.get(), 200.0);
        assert_eq!(r.leads[0].samples_uv, [3.0, 4.0, 5.0, 6.0, 7.0, 8.0]);
    }

    #[test]
    fn what_skew_shifts_out_is_missing() {
        let data: Vec<u8> = (0..6_i16).flat_map(i16::to_le_bytes).collect();
        let files = set("r 2 100 3\nr.dat 16 1/uV\nr.dat 16:2 1/uV", &data);
        let r = read_recording(&files, "r.hea").unwrap();
        assert_eq!(r.leads[0].samples_uv, [0.0, 2.0, 4.0]);
        assert_eq!(r.leads[1].samples_uv[0], 5.0);
        assert_eq!(r.leads[1].samples_uv.iter().filter(|v| v.is_nan()).count(), 2);
    }
}
