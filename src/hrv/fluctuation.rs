//! Detrended fluctuation analysis (Peng, Chaos 5:82, 1995).

/// Windows of which lengths, and whether they overlap by half.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scales {
    pub from: usize,
    pub to: usize,
    pub overlap: bool,
}

/// Slope of ln F(n) over ln n by least squares. F(n) is the root mean square of the profile (the running sum of intervals
/// less their mean) about a line in each window of n intervals; what is left at the end is not used. `None` below the
/// longest window and one more, or when fewer than two windows have any fluctuation.
pub(super) fn alpha(intervals: &[f64], scales: Scales) -> Option<f64> {
    if intervals.len() <= scales.to {
        return None;
    }
    let mean = intervals.iter().sum::<f64>() / intervals.len() as f64;
    let mut sum = 0.0;
    let profile: Vec<f64> = intervals
        .iter()
        .map(|x| {
            sum += x - mean;
            sum
        })
        .collect();
    let points: Vec<(f64, f64)> = (scales.from..=scales.to)
        .filter_map(|n| {
            let squares = mean_square(&profile, n, scales.overlap)?;
            (squares > 0.0).then(|| ((n as f64).ln(), 0.5 * squares.ln()))
        })
        .collect();
    slope(&points)
}

/// Mean square about a line in windows of `n`, over all windows.
fn mean_square(profile: &[f64], n: usize, overlap: bool) -> Option<f64> {
    // Overlapping windows leave out the one that would end with the profile, as packages do.
    let (step, length) = if overlap { (n / 2, profile.len() - 1) } else { (n, profile.len()) };
    let windows = profile.get(..length)?.windows(n).step_by(step);
    let count = windows.len();
    let total: f64 = windows.map(|window| residual(window) / n as f64).sum();
    (count > 0).then(|| total / count as f64)
}

/// Sum of squares about the least-squares line.
fn residual(window: &[f64]) -> f64 {
    let n = window.len() as f64;
    let (centre, mean) = ((n - 1.0) / 2.0, window.iter().sum::<f64>() / n);
    let (mut xx, mut xy) = (0.0, 0.0);
    for (i, y) in window.iter().enumerate() {
        let x = i as f64 - centre;
        xx += x * x;
        xy += x * (y - mean);
    }
    let slope = xy / xx;
    window.iter().enumerate().map(|(i, y)| (y - mean - slope * (i as f64 - centre)).powi(2)).sum()
}

fn slope(points: &[(f64, f64)]) -> Option<f64> {
    let n = points.len() as f64;
    let (mx, my) = (points.iter().map(|p| p.0).sum::<f64>() / n, points.iter().map(|p| p.1).sum::<f64>() / n);
    let xx: f64 = points.iter().map(|p| (p.0 - mx).powi(2)).sum();
    let xy: f64 = points.iter().map(|p| (p.0 - mx) * (p.1 - my)).sum();
    (points.len() > 1).then(|| xy / xx)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALPHA1: Scales = Scales { from: 4, to: 16, overlap: false };

    /// White noise has 0.5, its running sum 1.5 (Peng 1995); short windows of 4 to 16 read a little high.
    #[test]
    fn known_noises_have_their_exponents() {
        let mut state = 1_u64;
        let noise: Vec<f64> = (0..20_000)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (state >> 11) as f64 / (1_u64 << 53) as f64
            })
            .collect();
        let white = alpha(&noise, ALPHA1).unwrap();
        assert!((white - 0.5).abs() < 0.15, "{white}");
        let mut sum = 0.0;
        let brown: Vec<f64> = noise
            .iter()
            .map(|x| {
                sum += x - 0.5;
                sum
            })
            .collect();
        let brown = alpha(&brown, ALPHA1).unwrap();
        assert!((brown - 1.5).abs() < 0.15, "{brown}");
    }

    #[test]
    fn a_window_by_hand() {
        // 0 1 0 1: line of slope 0.2 through (1.5, 0.5); residuals -0.2 0.6 -0.6 0.2.
        assert!((residual(&[0.0, 1.0, 0.0, 1.0]) - 0.8).abs() < 1e-15);
        assert!(residual(&[3.0, 5.0, 7.0, 9.0]) < 1e-24);
        assert_eq!(alpha(&[800.0; 16], ALPHA1), None);
        assert_eq!(alpha(&[800.0; 40], ALPHA1), None, "nothing fluctuates");
        assert_eq!(alpha(&[], ALPHA1), None);
    }
}
