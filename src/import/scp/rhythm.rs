//! The rhythm (section 6), with the reference beat (section 5) added to it.

use super::beats::{Beat, Beats, Protected};
use super::huffman::Coding;
use super::sections::{Lead, Leads, Sections};
use crate::import::bytes::Bytes;
use crate::import::opened::{LeadInfo, Mark, Opened};
use crate::import::wfdb::AnnotationCode;
use crate::import::{lead_name, number, ImportError};
use crate::units::{Hertz, SampleCount};

/// Most samples of a lead: what 64 KiB of single bits could hold, and bimodal compression by 4 of it.
const MAX_SAMPLES: usize = 4 * 8 * 65_536;

/// Of a lead this part may be missing at its end.
const LEAST_SHORT: usize = 20;

/// Most bytes of a lead that the length field can tell, in whole words: of a longer lead no more was written.
const FULL_FIELD: usize = 65_534;

/// Sections 5 and 6: units, interval, coding and the bytes of each lead.
struct Waveforms<'a> {
    /// Microvolts of a unit.
    step_uv: f64,
    interval_us: u16,
    differences: u8,
    is_bimodal: bool,
    data: Vec<&'a [u8]>,
}

impl<'a> Waveforms<'a> {
    fn read(mut bytes: Bytes<'a>, leads: usize) -> Result<Self, ImportError> {
        let step_uv = f64::from(bytes.u16()?) / 1000.0;
        let interval_us = bytes.u16()?;
        let (differences, flag) = (bytes.u8()?, bytes.u8()?);
        if step_uv == 0.0 || interval_us == 0 {
            return Err(ImportError::Invalid { what: "SCP-ECG units" });
        }
        let mut lengths = bytes.part(2 * leads)?;
        let mut data = Vec::with_capacity(leads);
        while let Ok(length) = lengths.u16() {
            data.push(bytes.take(usize::from(length))?);
        }
        Ok(Self { step_uv, interval_us, differences, is_bimodal: flag == 1, data })
    }
}

/// Leads and beats.
pub(super) fn decode(sections: &Sections) -> Result<Opened, ImportError> {
    let leads = Leads::read(sections.need(3)?)?;
    let coding = Coding::read(sections.get(2)?)?;
    let rhythm = Waveforms::read(sections.need(6)?, leads.list.len())?;
    let beats = Beats::read(sections.get(4)?)?;
    let reference = match sections.get(5)? {
        Some(section) if leads.subtracted => Some(Waveforms::read(section, leads.list.len())?),
        _ => None,
    };
    // With a reference beat the record has its rate; the rhythm may have been thinned out.
    let full_us = reference.as_ref().map_or(rhythm.interval_us, |r| r.interval_us);
    let factor = usize::from(rhythm.interval_us / full_us.max(1));
    if factor == 0 || rhythm.interval_us % full_us != 0 || factor > 1 && !rhythm.is_bimodal {
        return Err(ImportError::Unsupported { what: "rates of SCP-ECG sections 5 and 6" });
    }
    let rate = Hertz::new(1e6 / f64::from(full_us)).map_err(|_| ImportError::Rate)?;
    let mut all = Vec::with_capacity(leads.list.len());
    for (i, lead) in leads.list.iter().enumerate() {
        let count = lead.samples();
        if count > MAX_SAMPLES {
            return Err(ImportError::Invalid { what: "length of a lead" });
        }
        let bytes = rhythm.data.get(i).copied().unwrap_or_default();
        let units = coding.decode(bytes, count, rhythm.differences)?;
        let mut volts: Vec<f64> = units.iter().map(|u| f64::from(*u) * rhythm.step_uv).collect();
        if factor > 1 {
            volts = spread(&volts, lead, &beats.protected, factor);
        }
        // Writers round the last samples off; what is much shorter is damaged, unless the format holds no more.
        let is_cut = volts.len() + count / LEAST_SHORT < count;
        if is_cut && bytes.len() < FULL_FIELD {
            return Err(ImportError::Invalid { what: "length of a lead" });
        }
        volts.resize(count, f64::NAN);
        if let Some(r) = &reference {
            let length = usize::from(beats.length_ms) * 1000 / usize::from(full_us);
            let bytes = r.data.get(i).copied().unwrap_or_default();
            let units = coding.decode(bytes, length, r.differences)?;
            let beat: Vec<f64> = units.iter().map(|u| f64::from(*u) * r.step_uv).collect();
            beats.add_reference(&mut volts, lead.first, &beat);
        }
        let name = lead_name::numbered(lead.number).to_owned();
        let info = LeadInfo { name, rate, step_uv: Some(rhythm.step_uv) };
        all.push((info, volts.into_iter().map(number::sample).collect()));
    }
    let at = |fiducial: u32| rate.seconds(SampleCount(u64::from(fiducial.saturating_sub(1))));
    let mark = |b: &Beat| Mark::coded(at(b.fiducial), AnnotationCode::UNCLASSIFIED);
    Opened::checked(all, beats.list.iter().map(mark).collect(), sections.agree())
}

/// Undoes bimodal compression (EN 1064, 5.9): between protected zones each sample stands for `factor` of them, at
/// their middle; what lies between two is interpolated.
fn spread(thin: &[f64], lead: &Lead, protected: &[Protected], factor: usize) -> Vec<f64> {
    let count = lead.samples();
    let mut full = Vec::with_capacity(count);
    let mut thin = thin.iter().copied();
    let place = |absolute: u32| (absolute as usize).saturating_sub(lead.first as usize).min(count);
    for zone in protected {
        let first = place(zone.first);
        if first > full.len() {
            let length = first - full.len();
            stretch(&mut full, &mut thin, length, factor);
        }
        let kept = place(zone.last.saturating_add(1)).saturating_sub(full.len());
        full.extend(thin.by_ref().take(kept));
    }
    let length = count.saturating_sub(full.len());
    stretch(&mut full, &mut thin, length, factor);
    full
}

fn stretch(full: &mut Vec<f64>, thin: &mut impl Iterator<Item = f64>, length: usize, factor: usize) {
    let values: Vec<f64> = thin.take(length.div_ceil(factor)).collect();
    let middle = (factor as f64 - 1.0) / 2.0;
    for i in 0..length.min(values.len() * factor) {
        // Place among the values: before the first and after the last middle they are held.
        let at = ((i as f64 - middle) / factor as f64).max(0.0);
        let before = values.get(at as usize).copied().unwrap_or(0.0);
        let after = values.get(at as usize + 1).copied().unwrap_or(before);
        full.push(before + (after - before) * at.fract());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thinned_stretches_are_interpolated_and_protected_ones_kept() {
        let lead = Lead { first: 1, last: 12, number: 1 };
        let zones = [Protected { first: 5, last: 8 }];
        let full = spread(&[0.0, 4.0, 10.0, 11.0, 12.0, 13.0, 2.0, 2.0], &lead, &zones, 2);
        assert_eq!(full, [0.0, 1.0, 3.0, 4.0, 10.0, 11.0, 12.0, 13.0, 2.0, 2.0, 2.0, 2.0]);
    }
}
