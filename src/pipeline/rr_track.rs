//! Intervals of a device that sends no ECG, placed on the record's time.

use super::recorded::DeviceRows;
use super::report::GapRow;
use super::Window;
use crate::signal::{GapCause, IntervalSource, RrInterval, Timeline};
use crate::units::{HostTime, Milliseconds, Seconds};

/// Intervals may arrive this much later than they happened, and messages follow one another this slowly, before a
/// hole is assumed. Sensors speak once a second.
const LATEST_ARRIVAL: Seconds = Seconds(4.0);
/// The same of an optical sensor, which sends its pulses every five seconds.
const LATEST_PULSES: Seconds = Seconds(12.0);

/// Rates that a heart can have, beats a minute, and intervals, milliseconds, with much room: what lies outside is no
/// message about a heart. Sensors send 0 for what they do not know.
const RATES: core::ops::RangeInclusive<f64> = 1.0..=1000.0;
const INTERVALS_MS: core::ops::RangeInclusive<f64> = 1.0..=65_536.0;

/// Rates shown without intervals are kept for the mean at most this often.
const MAX_RATES: usize = 100_000;

/// Collects what a heart-rate sensor says. The record begins with the first message that speaks of a heart: a strap
/// that is not worn yet says only that it has no contact.
#[derive(Debug, Default)]
pub struct RrTrack {
    origin: Option<HostTime>,
    now: Seconds,
    end: Option<Seconds>,
    intervals: Vec<RrInterval>,
    rates: Vec<f64>,
    contact: Option<bool>,
    /// Stretches between messages during which the device reported no contact.
    off_skin: Vec<Window>,
    gaps: Vec<GapRow>,
    broken: bool,
    /// The intervals are between pulses.
    pulses: bool,
    link_down: bool,
    reconnects: u64,
    disconnected: Seconds,
}

impl RrTrack {
    /// One message. `rate` is the device's own, beats a minute; `rr` its new intervals, oldest first. A message
    /// whose arrival is not a number or a day ahead is left out, as is what no heart can have, and time does not run
    /// back.
    pub fn push(&mut self, rate: Option<f64>, rr: &[Milliseconds], received: HostTime) {
        let rr = if self.pulses { &[] } else { rr };
        let rr: Vec<_> = rr.iter().map(|rr| (*rr, true)).collect();
        self.take(rate, &rr, received);
    }

    fn take(&mut self, rate: Option<f64>, rr: &[(Milliseconds, bool)], received: HostTime) {
        let rate = Self::believed(rate);
        let silent = rate.is_none() && rr.is_empty();
        if !received.0.is_finite() || (self.origin.is_none() && (silent || self.contact == Some(false))) {
            return;
        }
        let origin = *self.origin.get_or_insert(received);
        let now = Seconds(received.since(origin).0.max(self.now.0));
        if (now - self.now).0 > Timeline::LONGEST_GAP.0 {
            return;
        }
        self.pass(now);
        if let Some(rate) = rate.filter(|_| self.rates.len() < MAX_RATES) {
            self.rates.push(rate);
        }
        self.place(rr, now);
    }

    /// Intervals between the pulses that an optical sensor sees, oldest first, and whether each is to be believed: one that
    /// is not takes its time all the same. From here on a rate's own intervals do not count: no beat is counted twice.
    pub fn push_pulses(&mut self, intervals: &[(Milliseconds, bool)], received: HostTime) {
        self.pulses = true;
        self.take(None, intervals, received);
    }

    /// Intervals that were recorded without times, one after another from 0. What no heart can have is left out, and
    /// nothing follows over it.
    pub fn push_list(&mut self, list: impl IntoIterator<Item = Milliseconds>) {
        self.origin.get_or_insert(HostTime(0.0));
        for rr in list {
            let passed = if INTERVALS_MS.contains(&rr.0) { Seconds::from(rr) } else { Seconds(0.0) };
            self.now = self.now + passed;
            self.place(&[(rr, true)], self.now);
        }
    }

    /// A sensor's rate, when it is one.
    #[must_use]
    pub fn believed(rate: Option<f64>) -> Option<f64> {
        rate.filter(|rate| RATES.contains(rate))
    }

    fn latest_arrival(&self) -> Seconds {
        if self.pulses {
            LATEST_PULSES
        } else {
            LATEST_ARRIVAL
        }
    }

    /// Time from the message before to this one.
    fn pass(&mut self, now: Seconds) {
        let before = core::mem::replace(&mut self.now, now);
        let passed = now - before;
        if self.link_down {
            self.reconnects += 1;
            self.disconnected = self.disconnected + passed;
        }
        if self.link_down || passed.0 > self.latest_arrival().0 {
            let cause = if self.link_down { GapCause::Disconnected } else { GapCause::FramesLost };
            self.gaps.push(GapRow {
                start_s: before.0,
                duration_s: passed.0,
                cause,
                timing_unverified: true,
            });
        } else if self.contact == Some(false) && passed.0 > 0.0 {
            match self.off_skin.last_mut().filter(|last| last.end_s >= before.0) {
                Some(last) => last.end_s = now.0,
                None => self.off_skin.push(Window { start_s: before.0, end_s: now.0 }),
            }
        }
        self.link_down = false;
    }

    /// Places intervals, each with whether it is to be believed.
    fn place(&mut self, rr: &[(Milliseconds, bool)], now: Seconds) {
        let possible = |rr: Milliseconds| INTERVALS_MS.contains(&rr.0);
        let lengths = rr.iter().filter(|(rr, _)| possible(*rr));
        let total: f64 = lengths.map(|(rr, _)| rr.0 / 1000.0).sum();
        // Intervals that would end long before they arrived follow a hole; those that would end long after it
        // were counted twice by the device.
        let expected = self.end.map(|end| end.0 + total);
        let far = |end: f64| (now.0 - end).abs() > self.latest_arrival().0;
        let hole = !rr.is_empty() && expected.is_none_or(far);
        if hole {
            self.end = Some(Seconds(now.0 - total));
        }
        for (i, &(rr, believed)) in rr.iter().enumerate() {
            if !possible(rr) {
                // Nobody knows what lies between its neighbours.
                self.broken = true;
                continue;
            }
            let end = Seconds(self.end.unwrap_or(now).0 + rr.0 / 1000.0);
            self.end = Some(end);
            let follows = !(self.broken || (hole && i == 0));
            self.broken = !believed;
            if believed {
                self.intervals.push(RrInterval { end, rr, source: IntervalSource::Device, follows });
            }
        }
    }

    /// What the device says about skin contact from here on.
    pub fn contact(&mut self, contact: Option<bool>) {
        self.contact = contact;
    }

    /// The link went down: the next interval follows none.
    pub fn disconnected(&mut self) {
        self.broken = true;
        self.link_down = self.origin.is_some();
        self.end = None;
    }

    /// What is kept of the record.
    #[must_use]
    pub(super) fn rows(&self) -> DeviceRows {
        DeviceRows {
            intervals: self.intervals.clone(),
            rates: self.rates.clone(),
            pulses: self.pulses,
            gaps: self.gaps.clone(),
            off_skin: self.off_skin.clone(),
            link: (self.reconnects, self.disconnected),
            duration: self.now,
        }
    }

    /// Stretches without messages. Their lengths rest on arrival times.
    #[must_use]
    pub fn gaps(&self) -> &[GapRow] {
        &self.gaps
    }

    /// Time from the first message to the last, without the holes.
    #[must_use]
    pub fn received(&self) -> Seconds {
        Seconds((self.now.0 - self.gaps.iter().map(|gap| gap.duration_s).sum::<f64>()).max(0.0))
    }

    /// Whether anything came.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.origin.is_none()
    }
}

/// Whether the device reported contact, or did not say, all the time from `from` to `to`; `off_skin` are the stretches
/// in which it reported none.
pub(super) fn on_skin(off_skin: &[Window], from: Seconds, to: Seconds) -> bool {
    let first = off_skin.partition_point(|off| off.end_s <= from.0);
    off_skin.get(first).is_none_or(|off| off.start_s >= to.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(values: &[f64]) -> Vec<Milliseconds> {
        values.iter().copied().map(Milliseconds).collect()
    }

    #[test]
    fn intervals_add_up_and_a_hole_breaks_the_chain() {
        let mut track = RrTrack::default();
        track.push(Some(75.0), &ms(&[800.0, 800.0]), HostTime(5000.0));
        track.push(Some(75.0), &ms(&[810.0]), HostTime(6000.0));
        track.push(Some(75.0), &[], HostTime(7000.0));
        track.push(Some(75.0), &ms(&[790.0]), HostTime(60_000.0));
        let follows: Vec<bool> = track.rows().intervals.iter().map(|rr| rr.follows).collect();
        assert_eq!(follows, [false, true, true, false]);
        let ends: Vec<f64> = track.rows().intervals.iter().map(|rr| rr.end.0).collect();
        assert!((ends[2] - ends[1] - 0.81).abs() < 1e-12);
        assert!((ends[3] - 55.0).abs() < 1e-9);
        assert_eq!(track.rows().duration, Seconds(55.0));
        assert_eq!(track.gaps().len(), 1);
        assert_eq!((track.gaps()[0].start_s, track.gaps()[0].duration_s), (2.0, 53.0));
        assert_eq!(track.received(), Seconds(2.0));
    }

    #[test]
    fn pulses_come_late_and_in_heaps_and_take_the_place_of_a_rates_own_intervals() {
        let mut track = RrTrack::default();
        track.push(Some(60.0), &ms(&[1000.0]), HostTime(0.0));
        // One of each heap was disturbed by movement.
        let pulse = |value: f64| (Milliseconds(value), value < 1200.0);
        for heap in 1..=4 {
            let at = HostTime(5000.0 * f64::from(heap));
            track.push_pulses(&[1000.0, 1010.0, 1200.0, 990.0, 800.0].map(pulse), at);
            track.push(Some(60.0), &ms(&[1000.0; 5]), at);
        }
        let rows = track.rows();
        assert!(rows.pulses && rows.gaps.is_empty(), "{:?}", rows.gaps);
        assert_eq!(rows.intervals.len(), 1 + 4 * 4, "none twice, and none that is not believed");
        let broken = rows.intervals.iter().skip(1).filter(|rr| !rr.follows).count();
        assert!((4..=5).contains(&broken), "{broken}");
        let end = rows.intervals.last().unwrap().end.0;
        assert!((end - 20.0).abs() < 1e-9, "what is not believed takes its time: {end}");
    }

    #[test]
    fn a_disconnect_breaks_the_chain_once() {
        let mut track = RrTrack::default();
        track.push(None, &ms(&[800.0, 800.0]), HostTime(0.0));
        track.disconnected();
        track.push(None, &ms(&[800.0, 800.0]), HostTime(2000.0));
        let follows: Vec<bool> = track.rows().intervals.iter().map(|rr| rr.follows).collect();
        assert_eq!(follows, [false, true, false, true]);
        assert_eq!(track.rows().link, (1, Seconds(2.0)));
        assert_eq!(track.gaps()[0].cause, GapCause::Disconnected);
    }

    #[test]
    fn the_record_begins_with_a_heart_and_remembers_lost_contact() {
        let mut track = RrTrack::default();
        track.contact(Some(false));
        track.push(None, &[], HostTime(0.0));
        track.push(Some(80.0), &ms(&[750.0]), HostTime(1000.0));
        assert!(track.is_empty());
        track.contact(Some(true));
        for second in 2..10 {
            track.push(Some(60.0), &ms(&[1000.0]), HostTime(f64::from(second) * 1000.0));
        }
        track.contact(Some(false));
        track.push(None, &[], HostTime(10_000.0));
        track.push(None, &[], HostTime(11_000.0));
        track.contact(Some(true));
        track.push(Some(60.0), &[], HostTime(12_000.0));
        assert_eq!((track.rows().duration, track.rows().contact_lost()), (Seconds(10.0), Seconds(2.0)));
        assert!(
            on_skin(&track.rows().off_skin, Seconds(5.0), Seconds(7.0))
                && on_skin(&track.rows().off_skin, Seconds(9.0), Seconds(10.0))
        );
        assert!(
            !on_skin(&track.rows().off_skin, Seconds(6.5), Seconds(7.5))
                && !on_skin(&track.rows().off_skin, Seconds(8.0), Seconds(8.5))
        );
    }

    #[test]
    fn a_list_is_its_own_time() {
        let mut track = RrTrack::default();
        track.push_list(ms(&[800.0, 900.0, f64::NAN, 700.0, -5.0, 0.0, 5000.0]));
        let ends: Vec<f64> = track.rows().intervals.iter().map(|rr| rr.end.0).collect();
        assert!(ends.iter().zip([0.8, 1.7, 2.4, 7.4]).all(|(a, b)| (a - b).abs() < 1e-12), "{ends:?}");
        let follows: Vec<bool> = track.rows().intervals.iter().map(|rr| rr.follows).collect();
        assert_eq!(follows, [false, true, false, false]);
        assert!(track.gaps().is_empty() && !track.is_empty());
        assert!((track.rows().duration.0 - 7.4).abs() < 1e-12);
    }

    #[test]
    fn time_is_a_number_and_does_not_run_back() {
        let mut track = RrTrack::default();
        for at in [f64::NAN, 5000.0, 9000.0, 4000.0, f64::INFINITY] {
            track.push(Some(60.0), &ms(&[1000.0]), HostTime(at));
        }
        assert_eq!(track.rows().duration, Seconds(4.0));
        assert!(track.rows().intervals.iter().all(|rr| rr.end.0.is_finite()));
    }
}
