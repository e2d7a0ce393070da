//! Deterministic random numbers, by count: the n-th number of a seed is the same however one gets there.

/// A source of random numbers addressed by place (S. Vigna's SplitMix64 finaliser over seed and place).
#[derive(Debug, Clone, Copy)]
pub(super) struct Random(u64);

impl Random {
    /// `stream` keeps the uses of one seed apart.
    pub(super) fn new(seed: u64, stream: u64) -> Self {
        Self(mix(seed ^ mix(stream.wrapping_mul(0x9e37_79b9_7f4a_7c15))))
    }

    /// Uniform in 0..1, never 0.
    pub(super) fn uniform(self, place: u64) -> f64 {
        let bits = mix(self.0.wrapping_add(place.wrapping_mul(0x9e37_79b9_7f4a_7c15)));
        ((bits >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    /// Uniform in -1..1.
    pub(super) fn signed(self, place: u64) -> f64 {
        2.0 * self.uniform(place) - 1.0
    }

    /// Normal with mean 0 and variance 1 (Box and Muller 1958).
    pub(super) fn normal(self, place: u64) -> f64 {
        let (u, v) =
            (self.uniform(place.wrapping_mul(2)), self.uniform(place.wrapping_mul(2).wrapping_add(1)));
        (-2.0 * u.ln()).sqrt() * (core::f64::consts::TAU * v).cos()
    }
}

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_uniform_and_normal_and_repeats() {
        let random = Random::new(7, 1);
        let n = 20_000_u64;
        let mean: f64 = (0..n).map(|i| random.uniform(i)).sum::<f64>() / n as f64;
        let variance: f64 = (0..n).map(|i| random.normal(i).powi(2)).sum::<f64>() / n as f64;
        assert!((mean - 0.5).abs() < 0.01 && (variance - 1.0).abs() < 0.05, "{mean} {variance}");
        assert_eq!(random.uniform(99), Random::new(7, 1).uniform(99));
        assert_ne!(random.uniform(99), Random::new(7, 2).uniform(99));
    }
}
