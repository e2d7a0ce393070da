//! Pulses of a pacemaker are taken out before anything is measured.
//!
//! IEC 60601-2-27 (201.12.1.101.13) and ANSI/AAMI EC13 test with 2 to 700 mV and 0.1 to 2 ms. Behind a recorder's
//! anti-alias filter such a pulse is an excursion of a few milliseconds, steeper and narrower than any QRS complex. Below
//! [`LOWEST_HZ`] both are two samples wide: pulses cannot be told there, and nothing is done.

use crate::units::Hertz;

/// Below this rate a pulse and a complex look alike, in hertz.
const LOWEST_HZ: f64 = 200.0;

/// Whether pulses of a pacemaker are told from complexes at this rate, and taken out.
#[must_use]
pub fn tells_pulses(rate: Hertz) -> bool {
    rate.get() >= LOWEST_HZ
}
/// A steeper change begins an excursion, in microvolts a millisecond; complexes seldom reach it.
const STEEP: f64 = 100.0;
/// A pulse of cardiac size is over after this long, in seconds; the main wave of a complex takes twice as long.
const SHORT_S: f64 = 0.012;
/// ... and the line goes on undisturbed for this long after it, in seconds.
const AFTER_S: f64 = 0.010;
/// What may be left of it there, in parts of its height: the filter rings.
const LEFT: f32 = 0.25;
/// How long it may ring, in seconds, by how much, in parts of its height (a complex has more beside its main wave) ...
const RING_S: f64 = 0.024;
const RINGS: f32 = 0.1;
/// ... and the changes in microvolts below which it no longer does, the smallest that comes.
const QUIET_UV: [f32; 3] = [12.0, 40.0, 120.0];
/// No heart makes more than this, in microvolts: such an excursion lasts until the filter has stopped ringing.
const LARGE_UV: f32 = 6000.0;
/// What is left of it when it is no longer steep, in microvolts.
const LEFT_OF_LARGE_UV: f32 = 300.0;
/// At most this long, in seconds.
const LONG_S: f64 = 0.060;
/// It ends with so many samples whose changes are below one of these parts of a steep one, the smallest where it comes.
const CALM: usize = 4;
const CALMEST: [f32; 3] = [0.1, 0.3, 1.0];

/// Replaces pulses by the line that joins what lies around them. A sample waits while a pulse is
/// possible, and the last one always: it may be the foot of one.
pub(super) struct Pulses {
    steep: f32,
    short: usize,
    after: usize,
    ring: usize,
    long: usize,
    /// Samples that wait: the last one, or all from the foot of a steep change on.
    open: Vec<f32>,
    /// The last sample that left.
    last: Option<f32>,
}

/// What an excursion is.
enum Excursion {
    /// It cannot be said yet.
    Open,
    /// No pulse.
    Other,
    /// A pulse of so many samples, and the value at which the line goes on.
    Pulse(usize, f32),
}

impl Pulses {
    pub(super) fn new(rate: Hertz) -> Self {
        let hz = rate.get();
        let samples = |seconds: f64| (seconds * hz).ceil() as usize;
        let steep = if tells_pulses(rate) { (STEEP * 1000.0 / hz) as f32 } else { f32::INFINITY };
        let (short, after, long) = (samples(SHORT_S), samples(AFTER_S), samples(LONG_S));
        Self {
            steep,
            short,
            after,
            ring: samples(RING_S),
            long,
            open: Vec::with_capacity(long + 512),
            last: None,
        }
    }

    /// Samples that may wait: the whole of what may be a pulse that no heart makes.
    pub(super) fn longest_wait(&self) -> usize {
        if self.steep == f32::INFINITY {
            0
        } else {
            (self.short + self.after).max(self.long) + self.ring
        }
    }

    /// Takes samples and appends those that are settled.
    pub(super) fn push(&mut self, samples_uv: &[f32], out: &mut Vec<f32>) {
        let plain = if self.open.len() <= 1 { self.even(samples_uv) } else { 0 };
        // The last one may be the foot of a pulse.
        let plain = if self.steep == f32::INFINITY { plain } else { plain.saturating_sub(1) };
        let (now, wait) = samples_uv.split_at(plain);
        if let Some(last) = now.last() {
            out.append(&mut self.open);
            out.extend_from_slice(now);
            self.last = Some(*last);
        }
        self.open.extend_from_slice(wait);
        if self.open.len() > 1 {
            self.settle(false, out);
        }
    }

    /// No sample follows directly: appends those that wait.
    pub(super) fn finish(&mut self, out: &mut Vec<f32>) {
        self.settle(true, out);
        self.last = None;
    }

    /// How many samples come before the first steep change.
    fn even(&self, samples_uv: &[f32]) -> usize {
        if self.steep == f32::INFINITY {
            return samples_uv.len();
        }
        let before = self.open.last().copied().or(self.last).or(samples_uv.first().copied());
        let mut last = before.unwrap_or(0.0);
        let steep = |x: &f32| {
            let change = (x - last).abs();
            last = *x;
            change > self.steep
        };
        samples_uv.iter().position(steep).unwrap_or(samples_uv.len())
    }

    fn settle(&mut self, end: bool, out: &mut Vec<f32>) {
        let mut done = 0;
        while let Some((&next, rest)) = self.open.get(done..).and_then(<[f32]>::split_first) {
            let last = self.last.unwrap_or(next);
            // A sample is held until it is known whether the next one is steep: then it is the foot of what comes.
            let Some(&after) = rest.first().or(end.then_some(&next)) else { break };
            // Not so for what is no number: it passes.
            let steep = |a: f32, b: f32| (b - a).abs() > self.steep;
            let excursion = if steep(last, next) {
                self.judge(last, self.open.get(done..).unwrap_or_default(), end)
            } else if steep(next, after) {
                match self.judge(next, rest, end) {
                    Excursion::Pulse(length, to) => Excursion::Pulse(length + 1, to),
                    other => other,
                }
            } else {
                Excursion::Other
            };
            match excursion {
                Excursion::Open => break,
                Excursion::Other => {
                    out.push(next);
                    self.last = Some(next);
                    done += 1;
                }
                Excursion::Pulse(length, to) => {
                    let step = (to - last) / (length + 1) as f32;
                    out.extend((1..=length).map(|i| last + step * i as f32));
                    self.last = Some(last + step * length as f32);
                    done += length;
                }
            }
        }
        self.open.drain(..done);
    }

    /// What the excursion is that begins with the first of `rest`, `last` being the sample before it.
    fn judge(&self, last: f32, rest: &[f32], end: bool) -> Excursion {
        let seen = self.short + self.after;
        let Some(near) = rest.get(..seen).filter(|_| end || rest.len() >= seen + self.ring) else {
            return if end { Excursion::Other } else { Excursion::Open };
        };
        let height = |part: &[f32], to: f32| part.iter().map(|x| (x - to).abs()).fold(0.0, f32::max);
        let (body, tail) = near.split_at(self.short);
        let level = tail.iter().sum::<f32>() / tail.len().max(1) as f32;
        let peak = height(body, 0.5 * (last + level));
        if peak > LARGE_UV {
            return self.large(rest, end);
        }
        // Back where it came from, and calm there.
        let settled = height(tail, level).max((level - last).abs()) <= LEFT * peak;
        if !settled {
            return Excursion::Other;
        }
        let over = body.iter().rposition(|x| (x - level).abs() > LEFT * peak).map_or(0, |i| i + 1);
        match over {
            0 => Excursion::Other,
            length => self.rung_out((length, level), RINGS * peak, rest),
        }
    }

    /// A pulse of so many samples, which ends at `to`, with what it rings after them: no more than `most` microvolts, and
    /// quiet before the heart goes on.
    fn rung_out(&self, (length, to): (usize, f32), most: f32, rest: &[f32]) -> Excursion {
        let after = rest.get(length..rest.len().min(length + self.ring)).unwrap_or_default();
        let quiet = |bound: f32| {
            let calm = |pair: &[f32]| matches!(pair, [a, b] if (b - a).abs() <= bound);
            after.windows(3).position(|three| three.windows(2).all(calm))
        };
        let end = QUIET_UV.into_iter().find_map(quiet).and_then(|more| Some((more, *after.get(more)?)));
        let rings = |(more, end): &(usize, f32)| after.iter().take(*more).all(|x| (x - end).abs() <= most);
        let (more, end) = end.filter(rings).unwrap_or((0, to));
        Excursion::Pulse(length + more, end)
    }

    /// How long an excursion lasts that no heart makes: until the line is quiet or, where a complex follows at once, until
    /// it is at least no longer steep.
    fn large(&self, rest: &[f32], end: bool) -> Excursion {
        // What follows it must be seen as well.
        if !end && rest.len() < self.long + self.ring {
            return Excursion::Open;
        }
        let within = rest.get(..self.long.min(rest.len())).unwrap_or_default();
        let calm = |part: f32| {
            let quiet = |pair: &[f32]| matches!(pair, [a, b] if (b - a).abs() <= part * self.steep);
            within.windows(CALM + 1).position(|few| few.windows(2).all(quiet)).filter(|length| *length > 0)
        };
        let length = CALMEST.into_iter().find_map(calm);
        let to = |length: usize| within.get(length).copied().unwrap_or_default();
        length.map_or(Excursion::Other, |length| self.rung_out((length, to(length)), LEFT_OF_LARGE_UV, rest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cleaned(hz: f64, samples: &[f32], piece: usize) -> Vec<f32> {
        let mut pulses = Pulses::new(Hertz::new(hz).unwrap());
        let mut out = Vec::new();
        samples.chunks(piece).for_each(|part| pulses.push(part, &mut out));
        pulses.finish(&mut out);
        assert_eq!(out.len(), samples.len());
        out
    }

    /// Complexes of an R wave 22 ms wide at half its height, on a drifting line.
    fn heart(hz: f64, r_uv: f64) -> Vec<f32> {
        let at = |i: u32| {
            let t = f64::from(i) / hz;
            let to_r = (t + 0.4).rem_euclid(0.8) - 0.4;
            (r_uv * (-0.5 * (to_r / 0.0093).powi(2)).exp() + 80.0 * (1.9 * t).sin()) as f32
        };
        (0..(4.0 * hz) as u32).map(at).collect()
    }

    #[test]
    fn complexes_pass_as_they_are() {
        for hz in [130.0, 200.0, 250.0, 360.0, 500.0, 1000.0, 2000.0] {
            for r_uv in [300.0, 1500.0, -4000.0] {
                let ecg = heart(hz, r_uv);
                assert_eq!(cleaned(hz, &ecg, 64), ecg, "{hz} Hz, {r_uv} uV");
            }
        }
    }

    #[test]
    fn pulses_go_wherever_they_come() {
        for hz in [250.0, 360.0, 500.0, 1000.0] {
            for (pulse_uv, samples) in [(2000.0_f32, 1), (-3000.0, 1), (30_000.0, 2)] {
                let ecg = heart(hz, 1200.0);
                let mut paced = ecg.clone();
                for start in [0.17, 0.5, 0.95, 1.33] {
                    let from = (start * hz) as usize;
                    paced[from..from + samples].iter_mut().for_each(|x| *x += pulse_uv);
                }
                let clean = cleaned(hz, &paced, 50);
                let worst = clean.iter().zip(&ecg).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
                assert!(worst < 120.0, "{pulse_uv} uV at {hz} Hz leaves {worst} uV");
            }
        }
    }

    #[test]
    fn no_sample_waits_longer_than_is_said() {
        let noise = |i: u32| (f64::from(i) * 12.9898).sin() * 43_758.545 % 1.0;
        for (hz, most) in [(130.0, 0), (250.0, 21), (360.0, 31), (1000.0, 84)] {
            let mut pulses = Pulses::new(Hertz::new(hz).unwrap());
            assert_eq!(pulses.longest_wait(), most, "{hz} Hz");
            let (mut out, mut longest) = (Vec::new(), 0);
            for i in 0..20_000_u32 {
                // Every scale from a complex to the strongest pulse.
                let x = noise(i).powi(5) * 10.0_f64.powi(2 + (i / 400 % 5) as i32);
                pulses.push(&[x as f32], &mut out);
                longest = longest.max(i as usize + 1 - out.len());
            }
            assert!(longest <= most, "{longest} at {hz} Hz");
            assert!(hz < 200.0 || longest > most / 2, "{longest} at {hz} Hz");
        }
    }

    #[test]
    fn pieces_do_not_matter_and_nothing_stays() {
        let noise = |i: u32| (f64::from(i) * 12.9898).sin() * 43_758.545 % 1.0;
        let rough: Vec<f32> = (0..5000_u32).map(|i| (3000.0 * noise(i).powi(9)) as f32).collect();
        for hz in [250.0, 1000.0] {
            assert_eq!(cleaned(hz, &rough, 1), cleaned(hz, &rough, 777));
        }
        let odd = [f32::NAN, 0.0, f32::INFINITY, 5.0, f32::MAX, f32::MIN, f32::NAN];
        assert_eq!(cleaned(500.0, &odd, 2).len(), odd.len());
    }
}
