//! Intervals of a device that sends no ECG, placed on the record's time.

use crate::signal::{IntervalSource, RrInterval};
use crate::units::{HostTime, Milliseconds, Seconds};

/// Intervals may arrive this much later than they happened before a hole is assumed.
const LATEST_ARRIVAL: Seconds = Seconds(4.0);

/// Rates shown without intervals are kept for the mean at most this often.
const MAX_RATES: usize = 100_000;

/// Collects what a heart-rate sensor says.
#[derive(Debug, Default)]
pub struct RrTrack {
    origin: Option<HostTime>,
    last_message: Option<HostTime>,
    end: Option<Seconds>,
    intervals: Vec<RrInterval>,
    rates: Vec<f64>,
    broken: bool,
}

impl RrTrack {
    /// One message. `rate` is the device's own, beats a minute; `rr` its new intervals, oldest first.
    pub fn push(&mut self, rate: Option<f64>, rr: &[Milliseconds], received: HostTime) {
        let origin = *self.origin.get_or_insert(received);
        let now = received.since(origin);
        self.last_message = Some(received);
        if let Some(rate) =
            rate.filter(|rate| rate.is_finite() && *rate > 0.0 && self.rates.len() < MAX_RATES)
        {
            self.rates.push(rate);
        }
        let total: f64 = rr.iter().map(|rr| rr.0 / 1000.0).sum();
        // Intervals that would end long before they arrived follow a hole.
        let expected = self.end.map(|end| end.0 + total);
        let hole = !rr.is_empty() && expected.is_none_or(|end| now.0 - end > LATEST_ARRIVAL.0);
        if hole {
            self.end = Some(Seconds(now.0 - total));
        }
        for (i, &rr) in rr.iter().enumerate() {
            let end = Seconds(self.end.unwrap_or(now).0 + rr.0 / 1000.0);
            let follows = !(self.broken || (hole && i == 0));
            self.broken = false;
            self.intervals.push(RrInterval { end, rr, source: IntervalSource::Device, follows });
            self.end = Some(end);
        }
    }

    /// The link went down: the next interval follows none.
    pub fn disconnected(&mut self) {
        self.broken = true;
        self.end = None;
    }

    /// The intervals so far.
    #[must_use]
    pub fn intervals(&self) -> &[RrInterval] {
        &self.intervals
    }

    /// The device's own rates, for sensors that send no intervals.
    #[must_use]
    pub fn rates(&self) -> &[f64] {
        &self.rates
    }

    /// Time from the first message to the last.
    #[must_use]
    pub fn duration(&self) -> Seconds {
        match (self.origin, self.last_message) {
            (Some(first), Some(last)) => last.since(first),
            _ => Seconds(0.0),
        }
    }

    /// Whether anything came.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.origin.is_none()
    }
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
        let follows: Vec<bool> = track.intervals().iter().map(|rr| rr.follows).collect();
        assert_eq!(follows, [false, true, true, false]);
        let ends: Vec<f64> = track.intervals().iter().map(|rr| rr.end.0).collect();
        assert!((ends[2] - ends[1] - 0.81).abs() < 1e-12);
        assert!((ends[3] - 55.0).abs() < 1e-9);
        assert_eq!(track.duration(), Seconds(55.0));
    }

    #[test]
    fn a_disconnect_breaks_the_chain_once() {
        let mut track = RrTrack::default();
        track.push(None, &ms(&[800.0, 800.0]), HostTime(0.0));
        track.disconnected();
        track.push(None, &ms(&[800.0, 800.0]), HostTime(2000.0));
        let follows: Vec<bool> = track.intervals().iter().map(|rr| rr.follows).collect();
        assert_eq!(follows, [false, true, false, true]);
    }
}
