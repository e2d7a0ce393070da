//! How much the measures of this heart's beats differ from beat to beat.

/// How fast old beats are forgotten.
const STEP: f32 = 0.02;
/// Beats farther out than this many deviations count as if they were there.
const FAR: f32 = 2.5;

/// Running means and mean deviations of a few measures, which single odd beats hardly move.
pub(super) struct Habits<const N: usize> {
    count: f32,
    means: [f32; N],
    deviations: [f32; N],
}

impl<const N: usize> Habits<N> {
    /// `deviations` are taken to be usual at first.
    pub(super) const fn new() -> Self {
        Self { count: 0.0, means: [0.0; N], deviations: [0.5; N] }
    }

    /// By how many deviations each measure differs from its mean; then learns them.
    pub(super) fn compare(&mut self, values: &[f32; N]) -> [f32; N] {
        if self.count == 0.0 {
            self.means = *values;
        }
        self.count += 1.0;
        let part = STEP.max(1.0 / (self.count + 4.0));
        let mut compared = [0.0; N];
        let known = self.means.iter_mut().zip(&mut self.deviations);
        for ((slot, value), (mean, deviation)) in compared.iter_mut().zip(values).zip(known) {
            let far = (value - *mean) / deviation.max(0.05);
            *slot = far;
            let near = far.clamp(-FAR, FAR) * deviation.max(0.05);
            *mean += part * near;
            *deviation += part * (near.abs() - *deviation);
        }
        compared
    }
}
