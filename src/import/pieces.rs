//! Stretches of leads that begin at different times, put together: formats that show four groups of three leads
//! one after the other, or a lead in several parts.

use super::opened::{LeadInfo, MAX_PADDING, MAX_SAMPLES_HELD};
use super::ImportError;
use crate::units::{Hertz, Seconds};

/// Longest time by which a stretch may begin after the first one.
const MAX_LATE_S: f64 = 86_400.0;

/// A stretch of one lead.
pub(super) struct Piece {
    pub name: String,
    pub rate: Hertz,
    pub step_uv: f64,
    /// When it begins; only differences mean anything.
    pub start_s: f64,
    pub samples_uv: Vec<f32>,
}

/// Leads that begin together, NaN where a lead has no samples. A stretch that overlaps one of the same lead is
/// another view of it, such as an average beat: the longer one stays.
pub(super) fn assembled(pieces: Vec<Piece>) -> Result<Vec<(LeadInfo, Vec<f32>)>, ImportError> {
    let zero_s = pieces.iter().map(|p| p.start_s).fold(f64::INFINITY, f64::min);
    let mut leads: Vec<(LeadInfo, Vec<f32>)> = Vec::new();
    let (mut held, mut padding) = (0, 0);
    for piece in pieces {
        let late_s = piece.start_s - zero_s;
        if !(0.0..=MAX_LATE_S).contains(&late_s) {
            return Err(ImportError::Invalid { what: "times of the leads" });
        }
        let at = piece.rate.samples(Seconds(late_s)).0 as usize;
        padding += at as u64;
        held += piece.samples_uv.len();
        if held > MAX_SAMPLES_HELD || padding > held as u64 + MAX_PADDING {
            return Err(ImportError::TooLarge);
        }
        let same = |(info, _): &&mut (LeadInfo, _)| !info.name.is_empty() && info.name == piece.name;
        let info =
            LeadInfo { name: piece.name.clone(), rate: piece.rate, step_uv: Some(piece.step_uv.abs()) };
        let late = || core::iter::repeat_n(f32::NAN, at).chain(piece.samples_uv.iter().copied());
        match leads.iter_mut().find(same) {
            None => leads.push((info, late().collect())),
            Some((known, samples)) if known.rate == piece.rate && at >= samples.len() => {
                samples.resize(at, f32::NAN);
                samples.extend(&piece.samples_uv);
            }
            Some((known, samples)) => {
                let length_s = |n: usize, rate: Hertz| n as f64 / rate.get();
                let there = samples.iter().filter(|v| !v.is_nan()).count();
                if length_s(piece.samples_uv.len(), piece.rate) > length_s(there, known.rate) {
                    *samples = late().collect();
                    *known = info;
                }
            }
        }
    }
    Ok(leads)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(name: &str, start_s: f64, samples_uv: &[f32]) -> Piece {
        let rate = Hertz::new(100.0).unwrap();
        Piece { name: name.to_owned(), rate, step_uv: 1.0, start_s, samples_uv: samples_uv.to_vec() }
    }

    #[test]
    fn leads_begin_together_and_parts_follow_each_other() {
        let pieces = vec![
            piece("I", 10.0, &[1.0, 2.0]),
            piece("V1", 10.01, &[3.0]),
            piece("I", 10.03, &[4.0]),
            piece("V1", 10.01, &[5.0, 6.0]),
            piece("I", 10.0, &[7.0]),
        ];
        let shown: Vec<_> =
            assembled(pieces).unwrap().iter().map(|(i, s)| format!("{} {s:?}", i.name)).collect();
        assert_eq!(shown, ["I [1.0, 2.0, NaN, 4.0]", "V1 [NaN, 5.0, 6.0]"]);
    }

    #[test]
    fn absurd_times_are_refused() {
        assert!(assembled(vec![piece("I", 0.0, &[1.0]), piece("II", 1e9, &[1.0])]).is_err());
        assert!(assembled(vec![piece("I", f64::NAN, &[1.0])]).is_err());
        assert!(assembled((0..4).map(|i| piece(&i.to_string(), f64::from(i) * 25_000.0, &[1.0])).collect())
            .is_err());
    }
}
