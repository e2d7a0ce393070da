//! Signal files become leads in microvolts.

use super::formats::Format;
use super::header::{Header, SignalSpec};
use crate::import::{ImportError, RecordedLead, Recording, Source};
use crate::units::Hertz;

/// Groups read at a time: 192 KiB of format 212.
const GROUPS_AT_A_TIME: u64 = 65_536;

/// Reads the record whose header file has this name. Signals that are no voltages are left out.
///
/// # Errors
/// Every [`ImportError`] but those of annotation files. A signal file shorter than its header announces is
/// [`ImportError::Truncated`]; a longer one is read as far as announced.
pub fn read_recording(source: &dyn Source, name: &str) -> Result<Recording, ImportError> {
    let header = Header::read(source, name)?;
    let folder = name.rfind(['/', '\\']).and_then(|i| name.get(..=i)).unwrap_or_default();
    let mut leads = Vec::new();
    let mut rest = header.signals.as_slice();
    while let Some(first) = rest.first() {
        // Signals of one file follow each other in the header and interleave in the file.
        let n = rest.iter().take_while(|s| s.file == first.file).count();
        let (group, after) = rest.split_at(n);
        rest = after;
        if group.iter().any(|s| s.gain_per_uv.is_some()) {
            read_group(source, &format!("{folder}{}", first.file), group, &header, &mut leads)?;
        }
    }
    if leads.is_empty() {
        return Err(ImportError::NoEcg);
    }
    Ok(Recording { leads })
}

/// One signal on its way from the file.
struct Channel<'a> {
    spec: &'a SignalSpec,
    format: &'a Format,
    uv_per_unit: f32,
    to_skip: u64,
    sum: u16,
    samples_uv: Vec<f32>,
}

impl Channel<'_> {
    fn take(&mut self, raw: i32) {
        // Skewed samples lie before the record's first frame and count in no sum.
        if self.to_skip > 0 {
            self.to_skip -= 1;
            return;
        }
        self.sum = self.sum.wrapping_add(raw as u16);
        if self.spec.gain_per_uv.is_some() {
            let offset = raw.saturating_sub(self.spec.baseline) as f32;
            let value = if raw == self.format.invalid { f32::NAN } else { offset * self.uv_per_unit };
            self.samples_uv.push(value);
        }
    }
}

fn read_group(
    source: &dyn Source,
    file: &str,
    group: &[SignalSpec],
    header: &Header,
    leads: &mut Vec<RecordedLead>,
) -> Result<(), ImportError> {
    let truncated = || ImportError::Truncated { name: file.to_owned() };
    let first = group.first().ok_or(ImportError::NoEcg)?;
    let format = Format::of(first.format).ok_or(ImportError::Unsupported { what: "WFDB signal format" })?;
    if group.iter().any(|s| s.format != first.format) {
        return Err(ImportError::Unsupported { what: "several formats in one signal file" });
    }
    let frame: u64 = group.iter().map(|s| u64::from(s.samples_per_frame)).sum();
    let bytes = source.size(file)?.checked_sub(first.prolog).ok_or_else(truncated)?;
    let there = format.samples_in(bytes) / frame;
    let skew = group.iter().map(|s| s.skew).max().unwrap_or(0);
    let frames = header.frames.unwrap_or(there.saturating_sub(skew));
    if frames.saturating_add(skew) > there {
        return Err(truncated());
    }
    let mut channels: Vec<Channel> = group
        .iter()
        .map(|spec| Channel {
            spec,
            format,
            uv_per_unit: spec.gain_per_uv.map_or(0.0, |g| (1.0 / g) as f32),
            to_skip: spec.skew * u64::from(spec.samples_per_frame),
            sum: 0,
            samples_uv: Vec::new(),
        })
        .collect();
    read_samples(source, file, first.prolog, format, frames + skew, &mut channels)?;
    for channel in channels {
        if channel.spec.gain_per_uv.is_some() {
            leads.push(finish(channel, header, frames)?);
        }
    }
    Ok(())
}

fn read_samples(
    source: &dyn Source,
    file: &str,
    prolog: u64,
    format: &Format,
    frames: u64,
    channels: &mut [Channel],
) -> Result<(), ImportError> {
    if frames == 0 {
        return Ok(());
    }
    // A frame is no longer than the file: the caller has checked that it holds at least one.
    let order: Vec<usize> = channels
        .iter()
        .enumerate()
        .flat_map(|(i, c)| core::iter::repeat_n(i, c.spec.samples_per_frame as usize))
        .collect();
    let mut wanted = frames * order.len() as u64;
    let mut turns = order.iter().cycle();
    let mut offset = prolog;
    let mut raw = Vec::new();
    while wanted > 0 {
        let groups = wanted.div_ceil(format.group_samples as u64).min(GROUPS_AT_A_TIME);
        let bytes = source.read(file, offset, groups as usize * format.group_bytes)?;
        raw.clear();
        (format.decode)(&bytes, &mut raw);
        if raw.is_empty() {
            return Err(ImportError::Truncated { name: file.to_owned() });
        }
        for value in raw.iter().take(usize::try_from(wanted).unwrap_or(usize::MAX)) {
            if let Some(channel) = turns.next().and_then(|i| channels.get_mut(*i)) {
                channel.take(*value);
            }
        }
        wanted = wanted.saturating_sub(raw.len() as u64);
        offset += bytes.len() as u64;
    }
    Ok(())
}

fn finish(channel: Channel, header: &Header, frames: u64) -> Result<RecordedLead, ImportError> {
    let per_frame = u64::from(channel.spec.samples_per_frame);
    let rate = Hertz::new(header.frame_rate_hz * per_frame as f64).map_err(|_| ImportError::Rate)?;
    let mut samples_uv = channel.samples_uv;
    samples_uv.truncate(usize::try_from(frames * per_frame).unwrap_or(usize::MAX));
    // The sum covers what the header announces; skew shifts samples in and out of it.
    let comparable = header.frames.is_some() && channel.spec.skew == 0;
    let checksum_agrees = channel.spec.checksum.filter(|_| comparable).map(|sum| sum == channel.sum);
    Ok(RecordedLead { name: channel.spec.description.clone(), rate, samples_uv, checksum_agrees })
}

#[cfg(test)]
mod tests {
    use super::*;
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
        assert_eq!(r.leads[0].checksum_agrees, Some(true));
        assert_eq!(r.leads[1].checksum_agrees, Some(true));
    }

    #[test]
    fn a_claim_larger_than_the_file_is_truncation_and_costs_no_memory() {
        let files = set("r 1 100 18446744073709551615\nr.dat 212 200", &[0; 30]);
        assert_eq!(read_recording(&files, "r.hea").unwrap_err().code(), "import.truncated");
        let files = set("r 1 100 2\nr.dat 212:18446744073709551615 200", &[0; 30]);
        assert_eq!(read_recording(&files, "r.hea").unwrap_err().code(), "import.truncated");
        let files = set("r 1 100 2\nr.dat 212+31 200", &[0; 30]);
        assert_eq!(read_recording(&files, "r.hea").unwrap_err().code(), "import.truncated");
    }

    #[test]
    fn other_trouble_is_named() {
        for (header, code) in [
            ("r 1 100\nr.dat 16 1/mmHg", "import.noEcg"),
            ("r 0 100", "import.noEcg"),
            ("r 1 10\nr.dat 16", "import.rate"),
            ("r 1 100\nr.dat 8", "import.unsupported"),
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
}
