//! The device's clock against the host's, from when frames arrive.

/// Stretches of the record kept; when they are full, two and two become one.
const STRETCHES: usize = 64;
/// First length of a stretch, in seconds.
const FIRST_LENGTH: f64 = 4.0;
/// Frames after which a lateness counts less than half in the usual one.
const LATENESS_MEMORY: f64 = 16.0;
/// Record needed before drift is stated.
const DRIFT_AFTER: f64 = 60.0;
/// Standard error, in ppm, below which drift is stated.
const DRIFT_ERROR_PPM: f64 = 20.0;

#[derive(Debug, Clone, Copy)]
struct Fastest {
    /// Time on the record.
    time: f64,
    /// How much later, by the host's clock with its own zero, it arrived.
    delay: f64,
}

/// Radio and scheduler only ever delay a frame, so the fastest frames show how the clocks lie: the lower envelope of
/// arrivals. Stretches grow with the record, so memory is constant.
#[derive(Debug, Clone)]
pub(super) struct Arrivals {
    fastest: Vec<Fastest>,
    length: f64,
    end: f64,
    /// How much later than the fastest frames a frame usually arrives, in seconds.
    usual: f64,
}

impl Arrivals {
    pub(super) fn new() -> Self {
        Self {
            fastest: Vec::with_capacity(STRETCHES),
            length: FIRST_LENGTH,
            end: f64::NEG_INFINITY,
            usual: 0.0,
        }
    }

    /// How much later than the fastest frames a frame usually arrives, in seconds: mean over the latest frames.
    pub(super) const fn usual_lateness(&self) -> f64 {
        self.usual
    }

    /// A frame whose last sample lies at `time` on the record arrived at `host` seconds; both finite.
    pub(super) fn push(&mut self, time: f64, host: f64) {
        let arrival = Fastest { time, delay: host - time };
        match self.fastest.last_mut() {
            Some(last) if time < self.end => {
                if arrival.delay < last.delay {
                    *last = arrival;
                }
            }
            _ => {
                if self.fastest.len() >= STRETCHES {
                    self.merge();
                }
                self.fastest.push(arrival);
                self.end = time + self.length;
            }
        }
        if let Some(zero) = self.zero() {
            self.usual += (arrival.delay - zero - self.usual) / LATENESS_MEMORY;
        }
    }

    fn merge(&mut self) {
        let faster = |pair: &[Fastest]| pair.iter().copied().min_by(|a, b| a.delay.total_cmp(&b.delay));
        self.fastest = self.fastest.chunks(2).filter_map(faster).collect();
        self.fastest.reserve_exact(STRETCHES - self.fastest.len());
        self.length *= 2.0;
    }

    /// Smallest delay of the latest two stretches: where the record's zero lies on the host's clock, in seconds.
    pub(super) fn zero(&self) -> Option<f64> {
        self.fastest.iter().rev().take(2).map(|f| f.delay).min_by(f64::total_cmp)
    }

    /// The device's clock against the host's in ppm, positive when it runs fast: slope of the fastest arrivals by
    /// least squares; `None` until a minute has passed and the slope's standard error is small.
    pub(super) fn drift_ppm(&self) -> Option<f64> {
        let (first, last) = (self.fastest.first()?, self.fastest.last()?);
        let n = self.fastest.len() as f64;
        if last.time - first.time < DRIFT_AFTER || n < 8.0 {
            return None;
        }
        let mean = |of: fn(&Fastest) -> f64| self.fastest.iter().map(of).sum::<f64>() / n;
        let (mean_time, mean_delay) = (mean(|f| f.time), mean(|f| f.delay));
        let sum = |of: &dyn Fn(f64, f64) -> f64| -> f64 {
            self.fastest.iter().map(|f| of(f.time - mean_time, f.delay - mean_delay)).sum()
        };
        let spread = sum(&|t, _| t * t);
        let slope = sum(&|t, d| t * d) / spread;
        let residual = sum(&|t, d| (d - slope * t).powi(2)) / (n - 2.0);
        let error_ppm = (residual / spread).sqrt() * 1e6;
        (error_ppm < DRIFT_ERROR_PPM).then_some(-slope / (1.0 + slope) * 1e6)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Frames every 0.56 s of device time, delayed by 0 to 200 ms.
    fn arrivals(ppm: f64, seconds: f64) -> Arrivals {
        let mut arrivals = Arrivals::new();
        let mut state = 1_u32;
        let mut time = 0.0;
        while time < seconds {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let jitter = f64::from(state >> 8) / f64::from(1_u32 << 24) * 0.2;
            arrivals.push(time, 1000.0 + time / (1.0 + ppm * 1e-6) + jitter);
            time += 0.56;
        }
        arrivals
    }

    #[test]
    fn drift_is_found_under_jitter_and_not_stated_too_early() {
        assert_eq!(arrivals(50.0, 50.0).drift_ppm(), None);
        for ppm in [-50.0, 0.0, 50.0] {
            let found = arrivals(ppm, 1800.0).drift_ppm().unwrap();
            assert!((found - ppm).abs() < 15.0, "{ppm} ppm found as {found}");
        }
    }

    #[test]
    fn memory_is_constant_over_a_day() {
        let day = arrivals(20.0, 86_400.0);
        assert!(day.fastest.len() <= STRETCHES);
        assert!((day.drift_ppm().unwrap() - 20.0).abs() < 1.0);
        assert!((day.zero().unwrap() - 1000.0).abs() < 2.0);
    }
}
