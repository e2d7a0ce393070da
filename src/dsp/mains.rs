//! Is there mains hum, and at which frequency?

use super::spectrum::{Density, Welch};

/// A hum line must stand this far over its surroundings to be seen, in power.
const APPEARS: f64 = 10.0;
/// ... and keep this far to stay.
const REMAINS: f64 = 4.0;
/// Smallest hum worth a notch: mean square in square microvolts (amplitude about 3 uV).
const SMALLEST_UV2: f64 = 4.5;
/// Half width of the line, in hertz: mains frequency varies far less, the window's leakage does not.
const LINE_HZ: f64 = 1.6;
/// Surroundings reach to this distance, in hertz.
const AROUND_HZ: f64 = 7.0;

/// Frequencies of the world's mains, in hertz.
pub(super) const MAINS_HZ: [f64; 2] = [50.0, 60.0];

/// Reads the spectrum of a stretch of signal for hum.
pub(super) struct MainsDetector {
    rate_hz: f64,
    welch: Welch,
    density: Density,
    around: Vec<f64>,
}

impl MainsDetector {
    /// For stretches of at least `stretch` samples.
    pub(super) fn new(rate_hz: f64, stretch: usize) -> Self {
        // Bins of about 1 Hz or finer, and at least one segment in the stretch.
        let fits = (stretch + 1).next_power_of_two() / 2;
        let segment = (rate_hz as usize).next_power_of_two().min(fits);
        let bins = segment / 2 + 1;
        Self {
            rate_hz,
            welch: Welch::new(segment, segment),
            density: Density { bin_hz: 0.0, values: Vec::with_capacity(bins) },
            around: Vec::with_capacity(bins),
        }
    }

    /// The index in [`MAINS_HZ`] of the hum in this stretch; `None` when there is none or when the stretch is
    /// too short to tell. `current` is the answer so far: a hum that was seen needs less to stay.
    pub(super) fn detect(&mut self, stretch: &[f64], current: Option<usize>) -> Option<usize> {
        if !self.welch.density_into(stretch, self.rate_hz, &mut self.density) {
            return current;
        }
        let mut best = None;
        let mut best_power = SMALLEST_UV2;
        for (index, hz) in MAINS_HZ.into_iter().enumerate() {
            let (power, contrast) = self.line(hz);
            let needed = if current == Some(index) { REMAINS } else { APPEARS };
            if contrast > needed && power > best_power {
                best = Some(index);
                best_power = power;
            }
        }
        best
    }

    /// Power of the line at a frequency, and its peak over the median of its surroundings.
    fn line(&mut self, hz: f64) -> (f64, f64) {
        let (mut peak, mut power) = (0.0_f64, 0.0);
        self.around.clear();
        for (i, value) in self.density.values.iter().enumerate() {
            let distance = (i as f64 * self.density.bin_hz - hz).abs();
            if distance <= LINE_HZ {
                peak = peak.max(*value);
                power += value * self.density.bin_hz;
            } else if distance > 2.0 * LINE_HZ && distance <= AROUND_HZ {
                self.around.push(*value);
            }
        }
        crate::units::sort_ascending(&mut self.around);
        let median = self.around.get(self.around.len() / 2).copied().unwrap_or(f64::INFINITY);
        (power, peak / median.max(1e-9))
    }
}
