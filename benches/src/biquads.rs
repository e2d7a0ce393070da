//! The unit of all costs: four second-order sections in 32 bit.
//!
//! As fast as plain code gets: transposed direct form II in single variables, one loop over the block in place, the sum
//! ordered so that a sample waits for the one before through a product, a difference and a sum only. Compiled as C with
//! gcc -O2 such a loop took about 3.5 ns a sample on the machine on which the peers in `docs/ACCURACY.md` were timed. The
//! library's own sections are in 64 bit and are not what is measured here.

/// A second-order section.
#[derive(Clone, Copy)]
struct Section {
    b0: f32,
    b1: f32,
    b2: f32,
    a1: f32,
    a2: f32,
    s1: f32,
    s2: f32,
}

impl Section {
    #[inline(always)]
    fn run(&mut self, x: f32) -> f32 {
        let y = self.b0 * x + self.s1;
        self.s1 = (self.b1 * x + self.s2) - self.a1 * y;
        self.s2 = self.b2 * x - self.a2 * y;
        y
    }
}

/// A band of 0.5 to 40 Hz: two high-pass and two low-pass sections.
pub struct Cascade([Section; 4]);

impl Cascade {
    /// For a rate above 80 Hz.
    pub fn new(rate_hz: f64) -> Self {
        let (high, low) = (butterworth(rate_hz, 0.5, true), butterworth(rate_hz, 40.0, false));
        Self([high, high, low, low])
    }

    /// The block, filtered in place.
    pub fn run(&mut self, block: &mut [f32]) {
        let [mut a, mut b, mut c, mut d] = self.0;
        for sample in block {
            *sample = d.run(c.run(b.run(a.run(*sample))));
        }
        self.0 = [a, b, c, d];
    }
}

/// R. Bristow-Johnson, "Cookbook formulae for audio EQ biquad filter coefficients".
fn butterworth(rate_hz: f64, corner_hz: f64, high: bool) -> Section {
    let w = std::f64::consts::TAU * corner_hz / rate_hz;
    let (alpha, cos) = (w.sin() / std::f64::consts::SQRT_2, w.cos());
    let outer = if high { (1.0 + cos) / 2.0 } else { (1.0 - cos) / 2.0 };
    let middle = if high { -2.0 * outer } else { 2.0 * outer };
    let [b0, b1, b2, a1, a2] =
        [outer, middle, outer, -2.0 * cos, 1.0 - alpha].map(|c| (c / (1.0 + alpha)) as f32);
    Section { b0, b1, b2, a1, a2, s1: 0.0, s2: 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_band_passes_and_its_surroundings_do_not() {
        let gain = |hz: f64| {
            let wave = (0..3600).map(|i| (std::f64::consts::TAU * hz * f64::from(i) / 360.0).sin() as f32);
            let mut block: Vec<f32> = wave.collect();
            Cascade::new(360.0).run(&mut block);
            block[1800..].iter().fold(0.0_f32, |m, x| m.max(x.abs()))
        };
        assert!((gain(5.0) - 1.0).abs() < 0.02 && gain(0.1) < 0.05 && gain(120.0) < 0.02);
    }
}
