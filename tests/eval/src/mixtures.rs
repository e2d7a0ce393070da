//! Recordings with noise of the Noise Stress Test Database in them, by the rule of WFDB `nst` (G. Moody, 1983-2009).

use pqrst::import::wfdb::Annotations;
use pqrst::import::RecordedLead;

/// The first noisy block begins here, as in the database.
pub const FIRST_S: f64 = 300.0;
/// Noisy blocks and the clean ones between them are this long.
pub const BLOCK_S: f64 = 120.0;
/// The noises: muscle, electrode motion, baseline wander.
pub const NOISES: &[&str] = &["ma", "em", "bw"];
/// Signal-to-noise ratios in dB.
pub const LEVELS_DB: &[i32] = &[12, 6, 0, -6];

/// Beats, or seconds of noise, that a size is taken from.
const MEASURED: usize = 300;
/// Smallest and largest sizes that are left out, as a share of all.
const TRIMMED: f64 = 0.05;
/// A beat's height is looked for this far on either side of it.
const REACH_S: f64 = 0.05;

/// Whether a time of a recording lies in a noisy block.
pub fn noisy(t: f64) -> bool {
    t >= FIRST_S && (((t - FIRST_S) / BLOCK_S) as u64).is_multiple_of(2)
}

/// The recording with noise in its noisy blocks. The noise begins with the recording and again when it is used up.
pub fn mixed(lead: &RecordedLead, truth: &Annotations, noise: &RecordedLead, db: i32) -> RecordedLead {
    let factor = gain(lead, truth, noise, db);
    let around = noise.samples_uv.iter().cycle();
    let mix = |(i, (x, n)): (usize, (&f32, &f32))| {
        x + if noisy(i as f64 / lead.rate.get()) { factor * n } else { 0.0 }
    };
    let samples_uv = lead.samples_uv.iter().zip(around).enumerate().map(mix).collect();
    RecordedLead { samples_uv, ..lead.clone() }
}

/// The noise is multiplied by this: power is that of a sine as high as the beats to that of the noise.
fn gain(lead: &RecordedLead, truth: &Annotations, noise: &RecordedLead, db: i32) -> f32 {
    let reach = (REACH_S * lead.rate.get()) as usize;
    let around = |at: usize| lead.samples_uv.get(at.checked_sub(reach)?..=at + reach);
    let beats = truth.beats(lead.rate).filter_map(|beat| around(beat.0 as usize));
    let height = trimmed_mean(beats.take(MEASURED).map(height).collect());
    let seconds = noise.samples_uv.chunks_exact(noise.rate.get() as usize);
    let size = trimmed_mean(seconds.take(MEASURED).map(deviation).collect());
    (height / 8.0_f64.sqrt() / size * 10.0_f64.powf(-f64::from(db) / 20.0)) as f32
}

fn height(samples: &[f32]) -> f64 {
    let (low, high) = samples.iter().fold((f32::MAX, f32::MIN), |(l, h), x| (l.min(*x), h.max(*x)));
    f64::from(high) - f64::from(low)
}

fn deviation(samples: &[f32]) -> f64 {
    let n = samples.len() as f64;
    let mean = samples.iter().map(|x| f64::from(*x)).sum::<f64>() / n;
    (samples.iter().map(|x| (f64::from(*x) - mean).powi(2)).sum::<f64>() / n).sqrt()
}

fn trimmed_mean(mut sizes: Vec<f64>) -> f64 {
    sizes.sort_unstable_by(f64::total_cmp);
    let out = (sizes.len() as f64 * TRIMMED) as usize;
    let kept = sizes.get(out..sizes.len() - out).unwrap_or_default();
    kept.iter().sum::<f64>() / kept.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records;

    /// The database's own mixtures of record 118 and `em` come out again.
    #[test]
    fn mixtures_are_those_of_the_noise_stress_database() {
        let Some(options) = crate::parse(std::iter::empty()) else { return };
        let (mitdb, nstdb) = (options.data.join("mitdb"), options.data.join("nstdb"));
        if records::list(&nstdb, "atr").is_none() || records::list(&mitdb, "atr").is_none() {
            println!("SKIPPED: no recordings; that noise is mixed in as WFDB nst does is unproved");
            return;
        }
        let clean = records::lead(&mitdb, "118", None).unwrap();
        let truth = records::annotations(&mitdb, "118", "atr").unwrap();
        let noise = records::lead(&nstdb, "em", None).unwrap();
        for (record, db) in [("118e12", 12), ("118e06", 6), ("118e_6", -6)] {
            let theirs = records::lead(&nstdb, record, None).unwrap().samples_uv;
            let ours = mixed(&clean, &truth, &noise, db).samples_uv;
            // The first block, then a clean one; the database's file begins at another level.
            for (from, to) in [(300, 420), (420, 540)] {
                let part = |x: &[f32]| x[from * 360..to * 360].to_vec();
                let apart: Vec<f32> = part(&ours).iter().zip(part(&theirs)).map(|(a, b)| a - b).collect();
                let (apart, size) = (deviation(&apart), deviation(&part(&theirs)));
                assert!(apart < 0.02 * size, "{record} {from}: {apart:.1} of {size:.1} uV");
            }
        }
    }
}
