//! The monitor band, streaming and with zero phase.

use super::baseline::{Baseline, LOWEST_RATE_HZ};
use super::biquad::{BlockSection, Section};
use super::mains::{MainsDetector, MAINS_HZ};
use super::segment::{median, Segment};
use crate::units::{Hertz, SampleCount, Seconds};

/// Monitor band, -3 dB (0.67 to 40 Hz; AHA 1990 and 2007 allow 0.67 Hz for filters without phase distortion).
const BAND_HZ: (f64, f64) = (0.67, 40.0);

/// A section that runs forward and back is down 6 dB at its corner. This factor moves the corner of a
/// second-order Butterworth section so that the pair is down 3 dB where asked: (sqrt 2 - 1)^(1/4).
const FORWARD_BACKWARD: f64 = 0.802_26;

/// Width of the notch, per direction.
const NOTCH_WIDTH_HZ: f64 = 2.0;

/// A low-pass above this part of the rate is left out: too close to half the rate to be worth a section.
const HIGHEST_PART_OF_RATE: f64 = 0.45;

/// Samples that leave together.
const BLOCK: Seconds = Seconds(1.0);
/// How far the backward pass looks ahead: what it does not see is below 0.3 % of the value at its start. For the
/// baseline ...
const LOOK_AHEAD: Seconds = Seconds(2.5);
/// ... for the notch, which also looks back so far when it begins to take part ...
const LOOK_AHEAD_OF_NOTCH: Seconds = Seconds(1.0);
/// ... and for the low-pass.
const LOOK_AHEAD_OF_LOW_PASS: Seconds = Seconds(0.05);
/// The level at either end of a segment is the median of this much signal.
const LEVEL: Seconds = Seconds(0.5);
/// Blocks between two looks for mains hum.
const BLOCKS_PER_MAINS_CHECK: u64 = 8;

/// What to do about mains hum.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Mains {
    /// A notch at 50 or 60 Hz while the spectrum shows hum there, none while it does not.
    #[default]
    FromSpectrum,
    /// Never a notch.
    Off,
}

/// What a [`FilterChain`] is to do.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct FilterSpec {
    /// Corner of the device's own high-pass, in hertz, where it states one. At 0.5 Hz or above ours is left
    /// out: the baseline is not removed twice.
    pub device_high_pass_hz: Option<f64>,
    /// Mains hum.
    pub mains: Mains,
}

impl FilterSpec {
    /// Whether our own high-pass is needed.
    #[must_use]
    pub fn needs_high_pass(&self) -> bool {
        !self.device_high_pass_hz.is_some_and(|hz| hz >= 0.5)
    }
}

/// Monitor band 0.67 to 40 Hz and a notch where the mains hum, without phase shift.
///
/// # How the delay is taken out
/// Every section runs forward over the stream and then backward over blocks of 1 s with a look-ahead, so that the two
/// phase shifts cancel: output sample n belongs to input sample n. The price is latency, see [`FilterChain::delay`],
/// not displacement. The high-pass is made as the signal less its baseline, which a low-pass finds at a low rate: the
/// same to within 0.5 % of a sine's height at any frequency.
///
/// # Mains
/// The first block and every eighth after it decide, from the spectrum of the block and its look-ahead, whether
/// a notch at 50 or at 60 Hz takes part. The decision depends on places in the segment only, never on how the
/// samples were pushed. A frequency at or above 0.48 of the rate has no notch.
///
/// # Input that is no number
/// NaN and infinities are treated as missing: the last number is held (the first one before it came, 0 when
/// there is none). Magnitudes are limited to 10 V. The output is always finite.
pub struct FilterChain {
    rate: Hertz,
    baseline: Option<Baseline>,
    low_pass: Option<BlockSection>,
    notches: [Option<BlockSection>; 2],
    mains: Option<MainsDetector>,
    block: usize,
    look_ahead: usize,
    level_span: usize,
    /// Look-ahead of the low-pass and of the notch.
    reach: [usize; 2],
    /// Samples of the past that are kept for a notch.
    history: usize,
    segment: Segment,
    scratch: Vec<f64>,
}

impl FilterChain {
    /// A chain for this rate.
    #[must_use]
    pub fn new(rate: Hertz, spec: FilterSpec) -> Self {
        let hz = rate.get();
        let count = |time| rate.samples(time).0 as usize;
        let high = spec.needs_high_pass();
        let block = count(BLOCK);
        let look_ahead = count(if high { LOOK_AHEAD } else { LOOK_AHEAD_OF_NOTCH });
        let baseline = || {
            let step = (hz / LOWEST_RATE_HZ) as usize;
            let low = hz / step as f64;
            let section = Section::low_pass(low, warped(low, BAND_HZ.0, FORWARD_BACKWARD))?;
            Some(Baseline::new(BlockSection::new(&section), step, block + 2 * look_ahead))
        };
        let low_pass = (BAND_HZ.1 < HIGHEST_PART_OF_RATE * hz)
            .then(|| Section::low_pass(hz, warped(hz, BAND_HZ.1, 1.0 / FORWARD_BACKWARD)))
            .flatten();
        let wanted = spec.mains == Mains::FromSpectrum;
        let notch =
            |mains: f64| Section::notch(hz, mains, NOTCH_WIDTH_HZ).filter(|_| wanted && mains < 0.48 * hz);
        let notches = MAINS_HZ.map(|mains| notch(mains).as_ref().map(BlockSection::new));
        let hums = notches.iter().any(Option::is_some);
        let history = if hums { count(LOOK_AHEAD_OF_NOTCH) } else { 0 };
        let mut chain = Self {
            rate,
            baseline: if high { baseline() } else { None },
            low_pass: low_pass.as_ref().map(BlockSection::new),
            notches,
            mains: hums.then(|| MainsDetector::new(hz, block + look_ahead)),
            block,
            look_ahead,
            level_span: count(LEVEL),
            reach: [LOOK_AHEAD_OF_LOW_PASS, LOOK_AHEAD_OF_NOTCH].map(count),
            history,
            segment: Segment::with_room(block + look_ahead, history),
            scratch: Vec::with_capacity(block + look_ahead),
        };
        chain.restart();
        chain
    }

    /// How long a sample waits at most before it leaves. Places are not shifted.
    #[must_use]
    pub fn delay(&self) -> Seconds {
        self.rate.seconds(SampleCount((self.block + self.look_ahead) as u64))
    }

    /// The frequency that the notch takes out at the moment, in hertz.
    #[must_use]
    pub fn notch_hz(&self) -> Option<f64> {
        self.segment.hum.and_then(|i| MAINS_HZ.get(i)).copied()
    }

    /// Takes samples in microvolts and appends those that are ready, in order, one for one.
    pub fn push(&mut self, samples_uv: &[f32], out: &mut Vec<f32>) {
        let mut rest = samples_uv;
        while !rest.is_empty() {
            let full =
                if self.segment.level.is_some() { self.block + self.look_ahead } else { self.level_span };
            let room = full.saturating_sub(self.segment.input.len());
            let (now, later) = rest.split_at(room.min(rest.len()));
            rest = later;
            self.segment.take(now);
            if now.len() == room {
                match self.segment.level {
                    Some(_) => self.emit(self.block, out),
                    None => self.segment.open(&mut self.scratch),
                }
            }
        }
    }

    /// Samples were lost: those pushed so far leave as at the end of a record, and the next ones start a record of
    /// their own, so that nothing rings over the hole. The hole itself has no output.
    pub fn skip(&mut self, gap: SampleCount, out: &mut Vec<f32>) {
        if gap.0 > 0 {
            self.finish(out);
        }
    }

    /// Appends all samples that are still inside; the chain is then as new.
    pub fn finish(&mut self, out: &mut Vec<f32>) {
        if self.segment.level.is_none() {
            self.segment.open(&mut self.scratch);
        }
        let rest = self.segment.input.len();
        if rest > 0 {
            let tail = self.segment.input.get(rest.saturating_sub(self.level_span)..).unwrap_or_default();
            let level = median(tail, &mut self.scratch);
            if let Some(baseline) = &mut self.baseline {
                baseline.close(&self.segment.input, self.segment.origin, level, self.look_ahead);
            }
            self.emit(rest, out);
        }
        self.restart();
    }

    fn restart(&mut self) {
        self.segment.restart(self.low_pass);
        if let Some(baseline) = &mut self.baseline {
            baseline.clear();
        }
    }

    /// Lets the first `n` samples leave.
    fn emit(&mut self, n: usize, out: &mut Vec<f32>) {
        self.listen();
        let segment = &mut self.segment;
        let notch = segment.hum.and_then(|i| self.notches.get(i).copied().flatten());
        let [near, far] = self.reach;
        let seen = segment.input.len().min(n + if notch.is_some() { far } else { near });
        self.scratch.clear();
        self.scratch.extend_from_slice(segment.forward(seen, notch));
        if let Some(notch) = notch {
            notch.backward(&mut self.scratch);
            self.scratch.truncate(n + near);
        }
        if let Some(low_pass) = self.low_pass {
            low_pass.backward(&mut self.scratch);
        }
        self.scratch.truncate(n);
        let level = match &mut self.baseline {
            Some(baseline) => {
                baseline.take(&segment.input, segment.origin);
                baseline.subtract_from(&mut self.scratch, segment.origin);
                0.0
            }
            None => segment.level.unwrap_or(0.0),
        };
        out.extend(self.scratch.iter().map(|y| (y + level) as f32));
        segment.forget(n, self.history);
    }

    /// Looks for hum when it is time.
    fn listen(&mut self) {
        if let Some(mains) = &mut self.mains {
            if self.segment.blocks.is_multiple_of(BLOCKS_PER_MAINS_CHECK) {
                let hum = mains.detect(&self.segment.input, self.segment.hum);
                self.segment.hum = hum.filter(|i| self.notches.get(*i).is_some_and(Option::is_some));
            }
        }
        self.segment.blocks += 1;
    }
}

/// A corner moved by a factor on the analogue axis of the bilinear transform, in hertz on the digital one.
#[inline(never)]
fn warped(rate_hz: f64, corner_hz: f64, factor: f64) -> f64 {
    let to_angle = core::f64::consts::PI / rate_hz;
    (factor * (corner_hz * to_angle).tan()).atan() / to_angle
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::f64::consts::TAU;
    use proptest::prelude::*;

    fn rate(hz: f64) -> Hertz {
        Hertz::new(hz).unwrap()
    }

    fn run(hz: f64, spec: FilterSpec, x: &[f32]) -> Vec<f32> {
        let mut chain = FilterChain::new(rate(hz), spec);
        let mut out = Vec::new();
        chain.push(x, &mut out);
        chain.finish(&mut out);
        out
    }

    fn sine(hz: f64, rate: f64, n: u32) -> Vec<f32> {
        (0..n).map(|i| (1000.0 * (TAU * hz * f64::from(i) / rate).sin()) as f32).collect()
    }

    /// Amplitude in the middle, in parts of the input, and the shift in samples of the best match.
    fn response(f: f64, hz: f64, spec: FilterSpec) -> f64 {
        let x = sine(f, hz, (hz * 30.0) as u32);
        let y = run(hz, spec, &x);
        let middle = x.len() / 3..x.len() * 2 / 3;
        let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(a * b)).sum::<f64>();
        // In-phase part: equals the amplitude because nothing is shifted.
        dot(&x[middle.clone()], &y[middle.clone()]) / dot(&x[middle.clone()], &x[middle])
    }

    #[test]
    fn the_monitor_band_is_three_decibel_down_at_its_corners_and_shifts_nothing() {
        let spec = FilterSpec { mains: Mains::Off, ..Default::default() };
        for hz in [130.0, 250.0, 360.0, 1000.0] {
            for (f, expected, tolerance) in
                [(0.67, 0.707, 0.02), (40.0, 0.707, 0.03), (8.0, 1.0, 0.01), (0.2, 0.03, 0.02)]
            {
                let got = response(f, hz, spec);
                assert!((got - expected).abs() < tolerance, "{f} Hz at {hz}: {got}");
            }
        }
    }

    #[test]
    fn a_stated_high_pass_is_not_repeated() {
        let spec = FilterSpec { device_high_pass_hz: Some(0.7), mains: Mains::Off };
        assert!((response(0.2, 130.0, spec) - 1.0).abs() < 0.01);
        let level = run(130.0, spec, &[400.0; 500]);
        assert!(level.iter().all(|y| (y - 400.0).abs() < 0.01));
    }

    #[test]
    fn hum_is_found_at_its_frequency_and_taken_out() {
        for (f, hz) in [(50.0, 130.0), (60.0, 130.0), (50.0, 500.0), (60.0, 360.0)] {
            let x: Vec<f32> = sine(f, hz, (hz * 20.0) as u32)
                .iter()
                .zip(sine(7.0, hz, (hz * 20.0) as u32))
                .map(|(hum, signal)| 0.1 * hum + signal)
                .collect();
            let mut chain = FilterChain::new(rate(hz), FilterSpec::default());
            let mut y = Vec::new();
            chain.push(&x, &mut y);
            assert_eq!(chain.notch_hz(), Some(f));
            chain.finish(&mut y);
            let clean = run(hz, FilterSpec::default(), &sine(7.0, hz, (hz * 20.0) as u32));
            let middle = x.len() / 3..x.len() * 2 / 3;
            let worst =
                y[middle.clone()].iter().zip(&clean[middle]).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            assert!(worst < 2.0, "{f} Hz at {hz}: {worst} uV left of 100");
        }
        let mut chain = FilterChain::new(rate(250.0), FilterSpec::default());
        chain.push(&sine(7.0, 250.0, 5000), &mut Vec::new());
        assert_eq!(chain.notch_hz(), None);
        // 50 Hz is half of 100 Hz: no such filter exists.
        let mut chain = FilterChain::new(rate(100.0), FilterSpec::default());
        chain.push(&sine(49.0, 100.0, 5000), &mut Vec::new());
        assert_eq!(chain.notch_hz(), None);
    }

    #[test]
    fn a_hole_starts_anew_without_ringing() {
        let mut chain = FilterChain::new(rate(250.0), FilterSpec::default());
        let (mut whole, x) = (Vec::new(), sine(5.0, 250.0, 1000));
        let shifted: Vec<f32> = x.iter().map(|v| v + 50_000.0).collect();
        chain.push(&x, &mut whole);
        chain.skip(SampleCount(77), &mut whole);
        chain.push(&shifted, &mut whole);
        chain.finish(&mut whole);
        assert_eq!(whole.len(), 2000);
        let (a, b) = whole.split_at(1000);
        assert_eq!(a, run(250.0, FilterSpec::default(), &x));
        let worst = a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(worst < 0.1, "an offset of 50 mV after the hole leaves {worst} uV");
    }

    #[test]
    fn garbage_goes_in_and_numbers_come_out() {
        for hz in [50.0, 130.34, 2000.0] {
            for x in [
                vec![],
                vec![5.0],
                vec![f32::NAN; 3000],
                vec![f32::INFINITY, f32::MAX, f32::MIN, f32::NAN, 1.0],
                [0.0, f32::MAX, f32::NEG_INFINITY, -20_000.0, 20_000.0].repeat(900),
            ] {
                let y = run(hz, FilterSpec::default(), &x);
                assert_eq!(y.len(), x.len());
                assert!(y.iter().all(|v| v.is_finite()));
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn chunks_do_not_matter(
            cuts in prop::collection::vec(1_usize..700, 1..12),
            hum in 0.0_f32..200.0,
            hz in 50.0_f64..400.0,
            device in prop::option::of(0.1_f64..2.0),
        ) {
            let n = 3000;
            let x: Vec<f32> = sine(49.9, hz, n)
                .iter()
                .zip(sine(1.1, hz, n))
                .enumerate()
                .map(|(i, (a, b))| if i % 97 == 5 { f32::NAN } else { a * hum / 1000.0 + b * b / 1000.0 })
                .collect();
            let spec = FilterSpec { device_high_pass_hz: device, mains: Mains::FromSpectrum };
            let whole = run(hz, spec, &x);
            let mut chain = FilterChain::new(rate(hz), spec);
            let (mut pieces, mut rest, mut i) = (Vec::new(), x.as_slice(), 0);
            while !rest.is_empty() {
                let (now, later) = rest.split_at(cuts[i % cuts.len()].min(rest.len()));
                chain.push(now, &mut pieces);
                rest = later;
                i += 1;
            }
            chain.finish(&mut pieces);
            prop_assert_eq!(whole.len(), x.len());
            prop_assert_eq!(
                whole.iter().map(|v| v.to_bits()).collect::<Vec<_>>(),
                pieces.iter().map(|v| v.to_bits()).collect::<Vec<_>>()
            );
        }
    }
}
