//! Samples as whole numbers of a step.

use crate::import::RecordedLead;

/// Steps that a text file's decimals may stand on, in microvolts.
const DECIMAL_STEPS_UV: [f64; 6] = [1.0, 0.5, 0.1, 0.01, 0.001, 0.0001];

/// How far a sample may lie from its whole number of steps, as part of its size: a bit of its last place.
pub(super) const NEARLY: f64 = 1.2e-7;

/// The grid on which the samples of a lead lie.
pub(super) struct Grid {
    pub step_uv: f64,
    /// Microvolts of no step: less than one, and 0 where a format cannot say it.
    pub offset_uv: f64,
    /// Least and greatest number of steps.
    pub low: i64,
    pub high: i64,
}

impl Grid {
    /// The widest grid that holds every sample as it is; where none does, one of 2^30 steps to the largest sample.
    pub(super) fn of(lead: &RecordedLead) -> Self {
        let own = lead.step_uv.into_iter().flat_map(|s| [s, s / 2.0]);
        let mut fitting = own.chain(DECIMAL_STEPS_UV);
        let fitting = fitting.find_map(|step| Self::fitted(&lead.samples_uv, step, 0.0));
        fitting.unwrap_or_else(|| {
            let largest =
                lead.samples_uv.iter().filter(|v| v.is_finite()).fold(0.0_f32, |m, v| m.max(v.abs()));
            Self::spanned(&lead.samples_uv, (f64::from(largest) / f64::from(1 << 30)).max(1e-6))
        })
    }

    /// The grid of the lead's own step that lies between the multiples of it, where every sample stands on it. The
    /// smallest sample tells most exactly how far.
    pub(super) fn shifted(lead: &RecordedLead) -> Option<Self> {
        let step_uv = lead.step_uv?;
        let there = lead.samples_uv.iter().filter(|v| v.is_finite());
        let smallest = f64::from(*there.min_by(|a, b| a.abs().total_cmp(&b.abs()))?);
        let offset_uv = smallest - (smallest / step_uv).round() * step_uv;
        Self::fitted(&lead.samples_uv, step_uv, offset_uv)
    }

    /// The grid of another step, on which samples are rounded.
    pub(super) fn spanned(samples_uv: &[f32], step_uv: f64) -> Self {
        let mut grid = Self { step_uv, offset_uv: 0.0, low: 0, high: 0 };
        for uv in samples_uv {
            let Some(units) = grid.units(*uv) else { continue };
            (grid.low, grid.high) = (grid.low.min(units), grid.high.max(units));
        }
        grid
    }

    fn fitted(samples_uv: &[f32], step_uv: f64, offset_uv: f64) -> Option<Self> {
        let mut grid = Self { step_uv, offset_uv, low: 0, high: 0 };
        for uv in samples_uv {
            let Some(units) = grid.units(*uv) else { continue };
            if grid.rounding_uv(*uv) > NEARLY * f64::from(uv.abs()) || units.unsigned_abs() >= 1 << 31 {
                return None;
            }
            (grid.low, grid.high) = (grid.low.min(units), grid.high.max(units));
        }
        Some(grid)
    }

    /// Whole steps nearest to a sample; `None` where there is none.
    pub(super) fn units(&self, uv: f32) -> Option<i64> {
        uv.is_finite().then(|| ((f64::from(uv) - self.offset_uv) / self.step_uv).round() as i64)
    }

    /// How far a sample lies from its whole number of steps.
    pub(super) fn rounding_uv(&self, uv: f32) -> f64 {
        (self.uv(self.units(uv).unwrap_or(0)) - f64::from(uv)).abs()
    }

    /// Microvolts of so many steps.
    pub(super) fn uv(&self, steps: i64) -> f64 {
        steps as f64 * self.step_uv + self.offset_uv
    }

    /// The largest rounding of a lead; what is below a bit of the last place counts as none.
    pub(super) fn largest_rounding_uv(&self, samples_uv: &[f32]) -> f64 {
        let far = samples_uv
            .iter()
            .filter(|v| v.is_finite())
            .filter(|v| self.rounding_uv(**v) > NEARLY * f64::from(v.abs()));
        far.fold(0.0, |most, v| self.rounding_uv(*v).max(most))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Hertz;

    fn grid(step_uv: Option<f64>, samples_uv: &[f32]) -> Grid {
        let rate = Hertz::new(100.0).unwrap();
        let lead = RecordedLead {
            name: String::new(),
            rate,
            samples_uv: samples_uv.to_vec(),
            step_uv,
            checksum_agrees: None,
        };
        Grid::of(&lead)
    }

    #[test]
    fn the_converters_own_step_comes_first() {
        let g = grid(Some(2.5), &[-5.0, 7.5, f32::NAN]);
        assert_eq!((g.step_uv, g.low, g.high), (2.5, -2, 3));
        let step = 2000.0 / 4095.0;
        let halfway = [0.5 * step, -1.5 * step].map(|v| v as f32);
        assert_eq!(grid(Some(step), &halfway).step_uv, step / 2.0, "an offset of half a step");
    }

    #[test]
    fn decimals_of_text_stand_on_a_decimal_step() {
        assert_eq!(grid(None, &[101.343, -14.5]).step_uv, 0.001);
        assert_eq!(grid(None, &[3.0]).step_uv, 1.0);
        let g = grid(None, &[1.234_567, 100.0]);
        assert!(g.rounding_uv(1.234_567) < 1e-7);
    }
}
