//! The stream of samples, cut into windows that are judged with their neighbours.

use super::band::{factor, BandSample, Bands};
use super::envelope::NEIGHBOURHOOD;
use super::evidence::{Neighbourhood, Search};
use super::hum::Hum;
use super::judge::{judge, WindowFacts};
use super::leads::Kept;
use super::raw::RawWatch;
use crate::signal::{QualityReason, QualityWindow};
use crate::units::{larger, smaller, Hertz, SampleCount, SampleIndex, Seconds};

const MIDDLE: usize = NEIGHBOURHOOD / 2;
/// A gap of more whole windows than this is reported as one long window.
const LONGEST_GAP: u64 = 16;
/// Samples beyond this (in microvolts) are held at it: ten volts are no heart.
const LIMIT_UV: f32 = 1e7;

#[derive(Debug, Clone, Copy, Default)]
struct Block {
    start: u64,
    length: u64,
    facts: WindowFacts,
}

/// Judges raw samples in windows of 2 s (rounded to a whole number of decimated samples, see
/// [`Assessor::window`]), each with 4 s of neighbourhood on both sides.
///
/// Takes the samples as the device sent them, in microvolts: any offset, any gain from 0.3 to 5, 50 to
/// 2000 Hz, with or without a strap's own high-pass. A sample that is not finite counts as lost.
///
/// **Delay**: a window leaves 4 s after its end ([`Assessor::delay`]); its `start` is the true place.
/// The last windows leave with [`finish`](Assessor::finish). Memory is constant.
#[derive(Debug, Clone)]
pub struct Assessor {
    window: usize,
    reduced: usize,
    position: u64,
    start: u64,
    filled: usize,
    filled_reduced: usize,
    pending_gap: u64,
    high_width: f64,
    contact: Option<bool>,
    contact_lost: usize,
    bands: Bands,
    hum: Hum,
    raw: RawWatch,
    search: Search,
    shape: Vec<f32>,
    qrs: Vec<f32>,
    valid: Vec<bool>,
    whole: bool,
    baseline: Option<(f64, f64)>,
    swing: Option<(f64, f64)>,
    record: Option<(f64, f64)>,
    blocks: [Option<Block>; NEIGHBOURHOOD],
    kept: Option<Kept>,
}

impl Assessor {
    /// Length of a window before rounding.
    pub const WINDOW: Seconds = Seconds(2.0);

    /// For samples at `rate`.
    #[must_use]
    pub fn new(rate: Hertz) -> Self {
        let factor = factor(rate);
        let reduced_rate = rate.get() / factor as f64;
        let reduced = ((Self::WINDOW.0 * reduced_rate).round() as usize).max(1);
        let window = reduced * factor;
        let length = reduced * NEIGHBOURHOOD;
        Self {
            window,
            reduced,
            position: 0,
            start: 0,
            filled: 0,
            filled_reduced: 0,
            pending_gap: 0,
            high_width: 0.5 * rate.get() - 25.0,
            contact: None,
            contact_lost: 0,
            bands: Bands::new(rate),
            hum: Hum::new(rate, window),
            raw: RawWatch::new(rate),
            search: Search::new(reduced_rate, reduced),
            shape: vec![0.0; length],
            qrs: vec![0.0; length],
            valid: vec![false; length],
            whole: true,
            baseline: None,
            swing: None,
            record: None,
            blocks: [None; NEIGHBOURHOOD],
            kept: None,
        }
    }

    /// The same, keeping for each window what judging several leads together needs.
    pub(super) fn with_facts(rate: Hertz) -> Self {
        Self { kept: Some(Kept::default()), ..Self::new(rate) }
    }

    /// What was kept, at the end.
    pub(super) fn into_facts(self) -> Kept {
        self.kept.unwrap_or_default()
    }

    /// Length of a window in samples.
    #[must_use]
    pub fn window(&self) -> SampleCount {
        SampleCount(self.window as u64)
    }

    /// Samples from the end of a window to its judgement.
    #[must_use]
    pub fn delay(&self) -> SampleCount {
        SampleCount((self.window * MIDDLE) as u64)
    }

    /// The next samples, raw, in microvolts. Windows that are ready are appended to `out`.
    pub fn push(&mut self, samples_uv: &[f32], out: &mut Vec<QualityWindow>) {
        if !samples_uv.is_empty() {
            self.pass_gap(out);
        }
        for sample in samples_uv {
            if sample.is_finite() {
                self.take_sample(f64::from(sample.clamp(-LIMIT_UV, LIMIT_UV)));
            } else {
                self.lose_sample();
            }
            self.close_if_full(out);
        }
    }

    /// So many samples are missing here. They count in the places of what follows; a gap of more than 16
    /// whole windows leaves as one long window. The windows of a gap leave with the samples after it.
    pub fn skip(&mut self, gap: SampleCount, _out: &mut Vec<QualityWindow>) {
        self.pending_gap = self.pending_gap.saturating_add(gap.0);
    }

    /// What the device says about its contact from here on; `None`: it does not say.
    pub fn contact(&mut self, contact: Option<bool>) {
        self.contact = contact;
    }

    /// The end: the remaining windows leave, the last one as short as the samples are. Starts anew at the
    /// place reached.
    pub fn finish(&mut self, out: &mut Vec<QualityWindow>) {
        self.pass_gap(out);
        self.flush(out);
    }

    fn take_sample(&mut self, x: f64) {
        self.raw.push(x);
        self.hum.push(Some(x));
        self.contact_lost += usize::from(self.contact == Some(false));
        if let Some(sample) = self.bands.push(x) {
            self.store(sample, self.whole);
            self.whole = true;
        }
        self.advance();
    }

    fn lose_sample(&mut self) {
        self.raw.lose();
        self.hum.push(None);
        self.contact_lost += usize::from(self.contact == Some(false));
        self.whole = false;
        if self.bands.lose() {
            self.store(BandSample::default(), false);
            self.whole = true;
        }
        self.advance();
    }

    fn advance(&mut self) {
        self.filled += 1;
        self.position = self.position.saturating_add(1);
    }

    fn store(&mut self, sample: BandSample, valid: bool) {
        let at = self.reduced * (NEIGHBOURHOOD - 1) + self.filled_reduced;
        if let (Some(s), Some(q), Some(v)) =
            (self.shape.get_mut(at), self.qrs.get_mut(at), self.valid.get_mut(at))
        {
            (*s, *q, *v) = (sample.shape as f32, sample.qrs as f32, valid);
        }
        if valid {
            self.baseline = widened(self.baseline, sample.baseline);
            self.swing = widened(self.swing, sample.swing);
        }
        self.filled_reduced += 1;
    }

    fn close_if_full(&mut self, out: &mut Vec<QualityWindow>) {
        if self.filled >= self.window {
            self.close(out);
        }
    }

    /// Ends the window being filled; judges the one whose neighbourhood is now known.
    fn close(&mut self, out: &mut Vec<QualityWindow>) {
        let extent = |range: Option<(f64, f64)>| range.map_or(0.0, |(low, high)| high - low);
        let raw = self.raw.take();
        if raw.received > 0 {
            self.record = widened(widened(self.record, raw.low), raw.high);
        }
        let facts = WindowFacts {
            raw,
            hum: self.hum.take(),
            high: self.bands.take_high(),
            high_width: self.high_width,
            wander: extent(self.baseline.take()),
            swing: extent(self.swing.take()),
            contact_lost: core::mem::take(&mut self.contact_lost),
            record: self.record.unwrap_or((0.0, 0.0)),
        };
        let block = Block { start: self.start, length: self.filled as u64, facts };
        self.shift_in((self.filled > 0).then_some(block), out);
    }

    fn shift_in(&mut self, block: Option<Block>, out: &mut Vec<QualityWindow>) {
        self.blocks.rotate_left(1);
        if let Some(last) = self.blocks.last_mut() {
            *last = block;
        }
        let around = Neighbourhood { shape: &self.shape, qrs: &self.qrs, valid: &self.valid };
        self.search.enter(around);
        if let Some(Some(middle)) = self.blocks.get(MIDDLE).copied() {
            let judged = self.inherited(&middle, out).unwrap_or_else(|| self.judge(&middle));
            out.push(judged);
        }
        let tail = self.reduced * (NEIGHBOURHOOD - 1);
        self.shape.copy_within(self.reduced.., 0);
        self.qrs.copy_within(self.reduced.., 0);
        self.valid.copy_within(self.reduced.., 0);
        self.shape.iter_mut().skip(tail).for_each(|v| *v = 0.0);
        self.qrs.iter_mut().skip(tail).for_each(|v| *v = 0.0);
        self.valid.iter_mut().skip(tail).for_each(|v| *v = false);
        self.start = self.position;
        self.filled = 0;
        self.filled_reduced = 0;
    }

    /// A last window shorter than half of one holds too little to be judged by itself, often no beat at all: it is
    /// judged as the window before it. Its own loss of samples still counts.
    fn inherited(&self, block: &Block, out: &[QualityWindow]) -> Option<QualityWindow> {
        let short = block.length.saturating_mul(2) < self.window as u64;
        let before = out.last().filter(|w| short && (w.start + w.length).0 == block.start)?;
        let heard = block.facts.raw.lost == 0;
        heard.then_some(QualityWindow {
            start: SampleIndex(block.start),
            length: SampleCount(block.length),
            ..*before
        })
    }

    fn judge(&mut self, block: &Block) -> QualityWindow {
        let around = Neighbourhood { shape: &self.shape, qrs: &self.qrs, valid: &self.valid };
        let (from, to) = (self.reduced * MIDDLE, self.reduced * (MIDDLE + 1));
        let beats = self.search.look(around, from, to, swing_log(&self.blocks));
        let (score, reasons) = judge(&block.facts, &beats);
        if let Some(kept) = &mut self.kept {
            kept.push(block.start / self.window.max(1) as u64, &block.facts, &beats, self.search.trace());
        }
        QualityWindow {
            start: SampleIndex(block.start),
            length: SampleCount(block.length),
            score: if score.is_finite() { score } else { 0.0 },
            usable: reasons.is_empty(),
            reasons,
        }
    }

    /// Judges everything that waits, with nothing known after it.
    fn flush(&mut self, out: &mut Vec<QualityWindow>) {
        if self.filled > 0 {
            self.close(out);
        }
        for _ in 0..MIDDLE {
            self.shift_in(None, out);
        }
        self.blocks = [None; NEIGHBOURHOOD];
        self.valid.fill(false);
        self.search.forget();
        self.bands.restart_at_window();
        self.whole = true;
    }

    fn pass_gap(&mut self, out: &mut Vec<QualityWindow>) {
        let mut left = core::mem::take(&mut self.pending_gap);
        let window = self.window as u64;
        if left > window.saturating_mul(LONGEST_GAP + 1) {
            while self.filled > 0 && left > 0 {
                self.lose_sample();
                left -= 1;
                self.close_if_full(out);
            }
            self.flush(out);
            let length = left - left % window;
            out.push(QualityWindow {
                start: SampleIndex(self.position),
                length: SampleCount(length),
                score: 0.0,
                usable: false,
                reasons: [QualityReason::TransportGap].into_iter().collect(),
            });
            left -= length;
            self.position = self.position.saturating_add(length);
            self.start = self.position;
        }
        for _ in 0..left {
            self.lose_sample();
            self.close_if_full(out);
        }
    }
}

/// The range with one more value in it.
fn widened(range: Option<(f64, f64)>, value: f64) -> Option<(f64, f64)> {
    let (low, high) = range.unwrap_or((value, value));
    Some((smaller(low, value), larger(high, value)))
}

/// Mean over the windows of the logarithm of the baseline's swing in microvolts (at least one).
fn swing_log(blocks: &[Option<Block>]) -> f64 {
    let (mut sum, mut count) = (0.0, 0.0);
    for block in blocks.iter().flatten().filter(|b| 2 * b.facts.raw.received as u64 > b.length) {
        sum += block.facts.swing.max(1.0).ln();
        count += 1.0;
    }
    if count > 0.0 {
        sum / count
    } else {
        0.0
    }
}
