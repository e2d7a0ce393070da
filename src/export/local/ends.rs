//! The ends of the range of an EDF signal, which are told in eight characters.

use super::grid::Grid;

/// Most steps between the least and the greatest number of 16 bits.
pub(super) const MOST_STEPS: i64 = 65_535;

/// Ends that are held to this part of a step are good enough.
const ENOUGH: f64 = 0.001;

/// The steps at the least and the greatest digital value: as many as are spare beyond the samples' own, so that both
/// fall where eight characters hold their voltage best.
pub(super) fn ends(grid: &Grid, unit_uv: f64) -> (i64, i64) {
    let spare = MOST_STEPS - (grid.high - grid.low);
    let error = |k: i64| field_error(grid.uv(k) / unit_uv);
    let best = |mut steps: core::ops::RangeInclusive<i64>| {
        let mut found = (*steps.end(), f64::INFINITY);
        // The search ends at the first that is held exactly.
        while let (Some(k), true) = (steps.next(), found.1 > 0.0) {
            let error = error(k);
            if error < found.1 {
                found = (k, error);
            }
        }
        found
    };
    let mut chosen = ((grid.low, grid.high), f64::INFINITY);
    // Half of the spare steps below is enough for most; a negative voltage has a character less, and may need more.
    for below in [spare / 2, spare - spare / 16] {
        let low = best(grid.low - below..=(grid.low - 1).max(grid.low - below));
        let above = spare - below;
        let high = best((grid.high + 1).min(grid.high + above)..=grid.high + above);
        let error = low.1.max(high.1);
        if error < chosen.1 {
            chosen = ((low.0, high.0), error);
        }
        if chosen.1 * unit_uv < ENOUGH * grid.step_uv {
            break;
        }
    }
    chosen.0
}

/// A number in eight characters, with as many decimals as there is room for.
pub(super) fn field(value: f64) -> String {
    let short = format!("{value}");
    if short.len() <= 8 {
        return short;
    }
    let candidates = (0..=6).rev().map(|decimals| format!("{value:.decimals$}"));
    candidates.into_iter().find(|t| t.len() <= 8).unwrap_or(short)
}

/// By how much the eight characters miss the number.
fn field_error(value: f64) -> f64 {
    let text = field(value);
    if text.len() > 8 {
        return f64::INFINITY;
    }
    text.parse::<f64>().map_or(f64::INFINITY, |back| (back - value).abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_held_to_a_hundredth_of_a_step() {
        // The second is a hair from 15 uV, the third a hair from 0.675: what is held best may lie far off.
        for (step_uv, low, high) in
            [(4.88, -20_000, 20_000), (14.999_990_053, -6666, 0), (0.675_000_420_018, -16_083, 0)]
        {
            let (a, b) = ends(&Grid { step_uv, offset_uv: 0.0, low, high }, 1.0);
            assert!(a < low && high < b && b - a <= MOST_STEPS, "{step_uv}: {a} to {b}");
            let error =
                |k: i64| (field(k as f64 * step_uv).parse::<f64>().unwrap() - k as f64 * step_uv).abs();
            assert!(error(a).max(error(b)) < 0.01 * step_uv, "{step_uv}: {a} to {b}");
        }
    }

    #[test]
    fn a_number_takes_eight_characters_at_most() {
        assert_eq!(field(-2500.0), "-2500");
        assert_eq!(field(-99_999.85), "-99999.9");
        assert_eq!(field(1.0 / 3.0), "0.333333");
    }
}
