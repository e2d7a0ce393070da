//! Evidence of heart beats in a window and its neighbourhood: deflections in the QRS band that stand out of
//! their surroundings and resemble one another.
//!
//! After C. Orphanidou et al., "Signal-quality indices for the electrocardiogram and photoplethysmogram",
//! IEEE J Biomed Health Inform 19 (2015): agreement of the beats with a template. Deviation: each beat is
//! held against its most similar neighbour, not against one average, so that bigeminy, paced and ectopic
//! beats and AF agree as well; and nothing is asked of the RR intervals.

/// Stretch over which the energy of the QRS band is averaged, in seconds.
const ENVELOPE_S: f64 = 0.12;
/// Two deflections nearer than this are one, in seconds.
const REFRACTORY_S: f64 = 0.22;
/// A deflection counts from this share of the typical largest one.
const CANDIDATE_SHARE: f64 = 0.4;
/// The shape compared: this long before and after the deflection, in seconds.
const SHAPE_S: (f64, f64) = (0.20, 0.36);
/// Shapes are shifted by up to this against each other, in seconds.
const SHIFT_S: f64 = 0.025;
/// Resemblance (correlation) from which two deflections are beats.
const ALIKE: f64 = 0.8;
/// Most deflections looked at in one neighbourhood; 10 s at 240 a minute.
const MOST: usize = 48;

/// A deflection that may be a beat.
#[derive(Debug, Clone, Copy)]
struct Candidate {
    at: usize,
    height: f64,
    /// The most similar other; `None` where the shape is cut by an edge.
    twin: Option<Twin>,
}

/// How similar the most similar other deflection is.
#[derive(Debug, Clone, Copy)]
struct Twin {
    /// Correlation, which does not ask for equal heights.
    correlation: f64,
    /// `2 a.b / (a.a + b.b)`, which does.
    equality: f64,
}

/// What was found.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Evidence {
    /// Deflections in the neighbourhood whose whole shape is there, and those of them that have a twin.
    pub near: usize,
    /// Those of them that have a twin.
    pub near_alike: usize,
    /// The same within the window itself.
    pub inside: usize,
    /// Those of them that have a twin.
    pub inside_alike: usize,
    /// Mean correlation of the deflections inside (or, without one, near) with their twins.
    pub resemblance: f64,
    /// Typical height of a beat in the QRS band, in microvolts; of the largest deflections without beats.
    pub height: f64,
    /// Level of the QRS band between the deflections of the window, in microvolts.
    pub floor: f64,
    /// Largest level of the QRS band in the window, in microvolts.
    pub top: f64,
    /// From the last beat before to the first beat after the middle of the window, in seconds.
    pub silence_s: f64,
    /// Largest peak to peak of the shape band in the window, in microvolts.
    pub shape_range: f64,
    /// How much the neighbourhood looks like an ECG rather than bumps, see [`Search::likeness`].
    pub likeness: f64,
}

/// Looks for beats; owns the space it needs.
#[derive(Debug, Clone)]
pub(super) struct Search {
    rate: f64,
    window: usize,
    envelope: Vec<f64>,
    sorted: Vec<f64>,
    candidates: Vec<Candidate>,
}

/// The neighbourhood: `blocks` windows of equal length, the middle one under judgement.
#[derive(Debug, Clone, Copy)]
pub(super) struct Neighbourhood<'a> {
    pub shape: &'a [f32],
    pub qrs: &'a [f32],
    pub valid: &'a [bool],
}

impl Search {
    /// `rate`: samples a second after decimation; `window`: samples of one window; `length`: of all.
    pub(super) fn new(rate: f64, window: usize, length: usize) -> Self {
        Self {
            rate,
            window: window.max(1),
            envelope: vec![0.0; length],
            sorted: Vec::with_capacity(length),
            candidates: Vec::with_capacity(MOST),
        }
    }

    fn samples(&self, seconds: f64) -> usize {
        ((seconds * self.rate).round() as usize).max(1)
    }

    /// Judges the window `from..to` of the neighbourhood. `swing_log` is the mean over its windows of the
    /// logarithm of the baseline's swing (0.7 to 0.8 Hz, so that a strap's high-pass changes it little) in
    /// microvolts.
    pub(super) fn look(
        &mut self,
        around: Neighbourhood<'_>,
        from: usize,
        to: usize,
        swing_log: f64,
    ) -> Evidence {
        self.follow_envelope(around.qrs);
        let typical = self.typical_height(around.valid);
        self.find_candidates(CANDIDATE_SHARE * typical);
        self.compare_shapes(around);
        self.sum_up(around, from, to, (typical, swing_log))
    }

    /// Root of the mean square over [`ENVELOPE_S`], centred.
    fn follow_envelope(&mut self, qrs: &[f32]) {
        let half = self.samples(ENVELOPE_S / 2.0);
        for (i, e) in self.envelope.iter_mut().enumerate() {
            let span = qrs.get(i.saturating_sub(half)..(i + half + 1).min(qrs.len())).unwrap_or(&[]);
            let sum: f64 = span.iter().map(|v| f64::from(*v) * f64::from(*v)).sum();
            *e = (sum / span.len().max(1) as f64).sqrt();
        }
    }

    /// Median over the windows of the largest envelope in each.
    fn typical_height(&mut self, valid: &[bool]) -> f64 {
        self.sorted.clear();
        for (envelope, valid) in self.envelope.chunks(self.window).zip(valid.chunks(self.window)) {
            let known = valid.iter().filter(|v| **v).count();
            if 2 * known > self.window {
                self.sorted.push(envelope.iter().copied().fold(0.0, f64::max));
            }
        }
        percentile(&mut self.sorted, 0.5)
    }

    fn find_candidates(&mut self, threshold: f64) {
        let reach = self.samples(REFRACTORY_S);
        self.candidates.clear();
        let mut i = 0;
        while let Some(&height) = self.envelope.get(i) {
            let before = self.envelope.get(i.saturating_sub(reach)..i).unwrap_or(&[]);
            let after = self.envelope.get(i + 1..(i + reach + 1).min(self.envelope.len())).unwrap_or(&[]);
            let peak = before.iter().all(|v| *v < height) && after.iter().all(|v| *v <= height);
            if height > threshold && peak && self.candidates.len() < MOST {
                self.candidates.push(Candidate { at: i, height, twin: None });
                i += reach;
            } else {
                i += 1;
            }
        }
    }

    fn compare_shapes(&mut self, around: Neighbourhood<'_>) {
        let (before, after) = (self.samples(SHAPE_S.0), self.samples(SHAPE_S.1));
        let shift = self.samples(SHIFT_S);
        let whole = |at: usize, margin: usize| -> Option<(usize, usize)> {
            let from = at.checked_sub(before + margin)?;
            let to = at + after + margin;
            around.valid.get(from..to)?.iter().all(|v| *v).then_some((from + margin, to - margin))
        };
        for i in 0..self.candidates.len() {
            let Some((from, to)) = self.candidates.get(i).and_then(|c| whole(c.at, shift)) else { continue };
            let Some(shape) = around.shape.get(from..to) else { continue };
            let mut best = Twin { correlation: -1.0, equality: -1.0 };
            for (j, other) in self.candidates.iter().enumerate() {
                let Some((from, to)) = whole(other.at, shift).filter(|_| j != i) else { continue };
                for lag in 0..=2 * shift {
                    let moved = around.shape.get(from + lag - shift..to + lag - shift).unwrap_or(&[]);
                    let (correlation, equality) = resemblance(shape, moved);
                    best.correlation = best.correlation.max(correlation);
                    best.equality = best.equality.max(equality);
                }
            }
            if let Some(c) = self.candidates.get_mut(i) {
                c.twin = Some(best);
            }
        }
    }

    fn sum_up(
        &mut self,
        around: Neighbourhood<'_>,
        from: usize,
        to: usize,
        (typical, swing_log): (f64, f64),
    ) -> Evidence {
        let mut e = Evidence { height: typical, ..Evidence::default() };
        let (mut last, mut next) = (None, None);
        let middle = (from + to) / 2;
        let (mut sum_near, mut sum_inside) = (0.0, 0.0);
        self.sorted.clear();
        for c in &self.candidates {
            let Some(Twin { correlation: alike, .. }) = c.twin else { continue };
            let (inside, good) = ((from..to).contains(&c.at), alike >= ALIKE);
            e.near += 1;
            sum_near += alike.max(0.0);
            e.inside += usize::from(inside);
            sum_inside += if inside { alike.max(0.0) } else { 0.0 };
            if good {
                e.near_alike += 1;
                e.inside_alike += usize::from(inside);
                self.sorted.push(c.height);
                if c.at <= middle {
                    last = Some(c.at);
                } else {
                    next = next.or(Some(c.at));
                }
            }
        }
        e.resemblance = match (e.inside, e.near) {
            (0, 0) => 0.0,
            (0, n) => sum_near / n as f64,
            (n, _) => sum_inside / n as f64,
        };
        if !self.sorted.is_empty() {
            e.height = percentile(&mut self.sorted, 0.5);
        }
        e.silence_s = (next.unwrap_or(self.envelope.len()) - last.unwrap_or(0)) as f64 / self.rate;
        self.measure_window(around, from, to, &mut e);
        e.likeness = self.likeness(around, e.height, swing_log);
        e
    }

    fn measure_window(&mut self, around: Neighbourhood<'_>, from: usize, to: usize, e: &mut Evidence) {
        self.sorted.clear();
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for i in from..to {
            let (Some(true), Some(level), Some(shape)) =
                (around.valid.get(i), self.envelope.get(i), around.shape.get(i))
            else {
                continue;
            };
            self.sorted.push(*level);
            low = low.min(f64::from(*shape));
            high = high.max(f64::from(*shape));
        }
        e.shape_range = if high > low { high - low } else { 0.0 };
        e.floor = percentile(&mut self.sorted, 0.3);
        e.top = percentile(&mut self.sorted, 1.0);
    }
}

impl Search {
    /// Electrode motion makes bumps that resemble one another about as well as beats do. What tells them
    /// apart, none of it alone: beats stand out of the floor more, ride on a calmer baseline, repeat with
    /// the same height, and are sharper. This is the sum of
    /// `ln(height / floor) - ln(swing / height) - ln(1 - equality) + 0.7 (sharpness - 9 Hz)`, each term a
    /// mean over the neighbourhood; wide QRS complexes lack the last term and make up for it in the others.
    fn likeness(&mut self, around: Neighbourhood<'_>, height: f64, swing_log: f64) -> f64 {
        const SHARPNESS_HZ: (f64, f64) = (7.0, 11.0);
        if height <= 0.0 {
            return 0.0;
        }
        let height_log = height.ln();
        let stand_out = height_log - self.floor_log(around.valid, height);
        let calm = (height_log - swing_log).min(3.0);
        let sharpness = self.sharpness(around.qrs).clamp(SHARPNESS_HZ.0, SHARPNESS_HZ.1);
        let (mut alike, mut count) = (0.0, 0.0);
        for twin in self.candidates.iter().filter_map(|c| c.twin) {
            alike -= (1.0 - twin.equality.max(0.0)).max(0.01).ln();
            count += 1.0;
        }
        let alike: f64 = if count > 0.0 { alike / count } else { 0.0 };
        stand_out + calm + alike + 0.7 * (sharpness - 9.0)
    }

    /// Mean over the windows of the logarithm of the level between beats.
    fn floor_log(&mut self, valid: &[bool], height: f64) -> f64 {
        let (mut sum, mut count) = (0.0, 0.0);
        for (envelope, valid) in self.envelope.chunks(self.window).zip(valid.chunks(self.window)) {
            self.sorted.clear();
            self.sorted.extend(envelope.iter().zip(valid).filter(|(_, v)| **v).map(|(e, _)| *e));
            if 2 * self.sorted.len() > self.window {
                sum += percentile(&mut self.sorted, 0.3).max(0.01 * height).ln();
                count += 1.0;
            }
        }
        if count > 0.0 {
            sum / count
        } else {
            height.ln()
        }
    }

    /// Median over the deflections of the root mean square frequency within 80 ms of each, in hertz.
    fn sharpness(&mut self, qrs: &[f32]) -> f64 {
        let half = self.samples(0.08);
        self.sorted.clear();
        for c in self.candidates.iter().filter(|c| c.twin.is_some()) {
            let span = qrs.get(c.at.saturating_sub(half)..c.at + half).unwrap_or(&[]);
            let energy: f64 = span.iter().map(|v| f64::from(*v).powi(2)).sum();
            let slope: f64 =
                span.iter().zip(span.iter().skip(1)).map(|(a, b)| f64::from(b - a).powi(2)).sum();
            if energy > 0.0 {
                let half_angle = ((slope / energy).sqrt() / 2.0).min(1.0).asin();
                self.sorted.push(half_angle * self.rate / core::f64::consts::PI);
            }
        }
        percentile(&mut self.sorted, 0.5)
    }
}

/// The value below which a share of the values lies; 0 of nothing. Sorts in place.
fn percentile(values: &mut [f64], share: f64) -> f64 {
    crate::units::sort_ascending(values);
    let place = (share * values.len().saturating_sub(1) as f64).round() as usize;
    values.get(place).copied().unwrap_or(0.0)
}

/// Pearson's correlation, and the share `2 a.b / (a.a + b.b)` of what both have in common; 0 for a constant.
fn resemblance(a: &[f32], b: &[f32]) -> (f64, f64) {
    let n = a.len().min(b.len()).max(1) as f64;
    let (mut sa, mut sb, mut aa, mut bb, mut ab) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for (x, y) in a.iter().zip(b) {
        let (x, y) = (f64::from(*x), f64::from(*y));
        sa += x;
        sb += y;
        aa += x * x;
        bb += y * y;
        ab += x * y;
    }
    let (va, vb) = (aa - sa * sa / n, bb - sb * sb / n);
    if va > 1e-9 && vb > 1e-9 {
        ((ab - sa * sb / n) / (va * vb).sqrt(), 2.0 * ab / (aa + bb))
    } else {
        (0.0, 0.0)
    }
}
