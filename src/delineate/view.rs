//! A beat as the networks see it.

use crate::dsp::Strip;
use crate::units::larger;

/// Samples of the strip before and after the R peak.
pub(super) const BEFORE: usize = 130;
pub(super) const AFTER: usize = 210;
/// Samples in a view.
pub const LENGTH: usize = BEFORE + AFTER;
/// Fiducials: onset, peak and end of P, onset and end of QRS, onset, peak and end of T.
pub const FIDUCIALS: usize = 8;
/// Inputs of the network for the whole beat, and of one for a fiducial.
pub(super) const WHOLE: usize = P_GROUPS + QRS_GROUPS + T_GROUPS + 2 + CIRCUMSTANCES;
pub(super) const NEAR: usize = POINTS + 1 + CIRCUMSTANCES + 2 + 1;

/// Samples in one unit of a place: 100 ms.
pub(super) const UNIT: f32 = 25.0;

/// What is known besides the signal.
const CIRCUMSTANCES: usize = 5;
/// Means of four, two and four samples that cover the P wave, the QRS complex and the T wave.
const P_GROUPS: usize = 29;
const QRS_GROUPS: usize = 36;
const T_GROUPS: usize = 48;
/// Points around a fiducial, and samples between them, by fiducial.
const POINTS: usize = 29;
const STEPS: [i32; FIDUCIALS] = [2, 2, 2, 1, 1, 3, 2, 3];
/// The places that tell most about a fiducial's.
const MATES: [[usize; 2]; FIDUCIALS] = [[1, 2], [0, 2], [0, 1], [4, 2], [3, 6], [6, 7], [5, 7], [5, 6]];

/// The level before the QRS complex is taken from so many samples before the R peak.
const LEVEL: (usize, usize) = (25, 14);
/// The next complex begins at most this long before its R peak, in samples.
const NEXT_ONSET: i64 = 15;
/// No interval is shorter, in samples.
const SHORTEST: i64 = 30;
/// The complex lies within this distance of the R peak, in samples.
const COMPLEX: usize = 30;

/// The signal around an R peak at 250 Hz, in microvolts over the level before the complex, and what is known besides.
#[derive(Clone)]
pub struct View {
    values: [f32; LENGTH],
    smooth: [f32; LENGTH],
    height: f32,
    circumstances: [f32; CIRCUMSTANCES],
}

/// What is known of a beat besides its signal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Circumstances {
    /// Time since the beat before, in seconds; 2 when there is none.
    pub before_s: f32,
    /// Time to the next beat, in seconds, at most 0.9, also when it is not known.
    pub after_s: f32,
    /// Mean difference between the latest intervals, as a part of their mean.
    pub irregularity: f32,
    /// Mean correlation of the latest beats with those before them where a P wave stands, -1 to 1; 0 when not known.
    pub agreement: f32,
}

impl View {
    /// Index of the R peak in a view.
    pub const ORIGIN: usize = BEFORE;

    /// Puts a signal, of any level, and what is known about it together. `marking` is 0 for fiducials as LUDB marks them, 1 as the
    /// QT Database does.
    #[must_use]
    pub fn new(mut values: [f32; LENGTH], known: Circumstances, marking: f32) -> Self {
        let before = part(&values, BEFORE - LEVEL.0, LEVEL.0 - LEVEL.1);
        let level = before.iter().sum::<f32>() / (LEVEL.0 - LEVEL.1) as f32;
        values.iter_mut().for_each(|x| *x -= level);
        let mut smooth = values;
        for (to, near) in smooth.iter_mut().skip(1).zip(values.windows(3)) {
            if let [a, b, c] = near {
                *to = 0.25 * (a + c) + 0.5 * b;
            }
        }
        let height = largest(part(&values, BEFORE - COMPLEX, 2 * COMPLEX)) + 20.0;
        let Circumstances { before_s, after_s, irregularity, agreement } = known;
        let circumstances = [before_s.min(1.5), after_s, 2.0 * irregularity.min(0.5), agreement, marking];
        Self { values, smooth, height, circumstances }
    }

    /// The signal.
    #[must_use]
    pub fn values(&self) -> &[f32; LENGTH] {
        &self.values
    }

    /// Height of the complex, in microvolts.
    #[must_use]
    pub fn height(&self) -> f32 {
        self.height
    }

    /// Inputs of the network that sees the beat as a whole.
    #[must_use]
    pub fn whole(&self) -> [f32; WHOLE] {
        let mut inputs = [0.0; WHOLE];
        let (p, rest) = inputs.split_at_mut(P_GROUPS);
        let (qrs, rest) = rest.split_at_mut(QRS_GROUPS);
        let (t, rest) = rest.split_at_mut(T_GROUPS);
        means(part(&self.values, BEFORE - 124, 116), p, 4);
        means(part(&self.values, BEFORE - 36, 72), qrs, 2);
        means(part(&self.values, BEFORE + 10, 192), t, 4);
        qrs.iter_mut().for_each(|x| *x /= self.height);
        // What belongs to the complex has no say in the heights of the waves.
        let floor = 0.02 * self.height + 5.0;
        let p_height = levelled(p, 0..26, floor);
        let t_height = levelled(t, 4..T_GROUPS, floor);
        let heights = [p_height, t_height].map(|h| (h / self.height).ln());
        rest.iter_mut().zip(heights.iter().chain(&self.circumstances)).for_each(|(to, x)| *to = *x);
        inputs
    }

    /// Inputs of the network that looks at the surroundings of a fiducial, where all are thought to be.
    #[must_use]
    pub fn near(&self, fiducial: usize, places: &[f32; FIDUCIALS]) -> [f32; NEAR] {
        let mut inputs = [0.0; NEAR];
        let own = places.get(fiducial).copied().unwrap_or(0.0);
        let step = STEPS.get(fiducial).copied().unwrap_or(1);
        let signal = if step > 1 { &self.smooth } else { &self.values };
        let (points, rest) = inputs.split_at_mut(POINTS);
        let at = (own * UNIT).clamp(-(BEFORE as f32), AFTER as f32);
        let whole = at.floor();
        let first = whole as i32 + BEFORE as i32 - step * (POINTS as i32 / 2);
        let part = at - whole;
        let within = usize::try_from(first).ok().and_then(|first| signal.get(first..));
        let reach = step as usize * (POINTS - 1) + 2;
        if let Some(pairs) = within.filter(|values| values.len() >= reach).map(|values| values.windows(2)) {
            for (to, pair) in points.iter_mut().zip(pairs.step_by(step as usize)) {
                *to = if let [a, b] = pair { a + (b - a) * part } else { 0.0 };
            }
        } else {
            for (to, i) in points.iter_mut().zip((first..).step_by(step as usize)) {
                let i = i.clamp(0, LENGTH as i32 - 2) as usize;
                let (a, b) = signal.get(i).zip(signal.get(i + 1)).map_or((0.0, 0.0), |(a, b)| (*a, *b));
                *to = a + (b - a) * part;
            }
        }
        let height = levelled(points, 0..POINTS, 0.01 * self.height + 3.0);
        let mates = MATES.get(fiducial).copied().unwrap_or_default();
        let apart = mates.map(|m| places.get(m).copied().unwrap_or(0.0) - own);
        let more = [(height / self.height).ln()];
        let more = more.iter().chain(&self.circumstances).chain(&apart).chain(core::iter::once(&own));
        rest.iter_mut().zip(more).for_each(|(to, x)| *to = *x);
        inputs
    }
}

/// Cuts the signal around a sample of the strip; held from the next complex on, which is `after` samples away.
pub(super) fn cut(strip: &Strip, centre: i64, after: Option<f64>) -> [f32; LENGTH] {
    let mut values = [0.0; LENGTH];
    strip.copy(centre - BEFORE as i64, &mut values);
    let next = after.map_or(i64::MAX, |a| (a as i64).max(SHORTEST) - NEXT_ONSET);
    let end = (BEFORE as i64).saturating_add(next).min(LENGTH as i64) as usize;
    let last = values.get(end.saturating_sub(1)).copied().unwrap_or(0.0);
    values.iter_mut().skip(end).for_each(|x| *x = last);
    values
}

/// The signal where P waves stand.
pub(super) fn atrial(values: &[f32; LENGTH]) -> &[f32] {
    part(values, BEFORE - 75, 60)
}

/// The signal close to the R peak.
pub(super) fn complex(values: &[f32; LENGTH]) -> &[f32] {
    part(values, BEFORE - 25, 50)
}

fn part(values: &[f32; LENGTH], from: usize, count: usize) -> &[f32] {
    values.get(from..from + count).unwrap_or_default()
}

fn largest(values: &[f32]) -> f32 {
    values.iter().fold(0.0, |top, x| larger(x.abs(), top))
}

fn means(values: &[f32], out: &mut [f32], count: usize) {
    let groups = values.chunks_exact(count);
    out.iter_mut().zip(groups).for_each(|(to, group)| *to = group.iter().sum::<f32>() / count as f32);
}

/// Takes the mean off and brings the largest of some to 1; gives their height, which is not below `floor`.
fn levelled(values: &mut [f32], counting: core::ops::Range<usize>, floor: f32) -> f32 {
    let mean = values.iter().sum::<f32>() / values.len() as f32;
    values.iter_mut().for_each(|x| *x -= mean);
    let height = largest(values.get(counting).unwrap_or_default()) + floor;
    values.iter_mut().for_each(|x| *x /= height);
    height
}
