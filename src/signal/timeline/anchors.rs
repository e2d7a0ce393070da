//! Sample places to times, through the stamps of the frames.

use std::collections::VecDeque;

/// Pairs kept; with the shortest stretch between two of them, at least two minutes of an unbroken stream.
const CAPACITY: usize = 1024;
/// While the stream is unbroken, an anchor is merged into the next when the two beside it are nearer than this, in
/// seconds: no two are then nearer than half of it.
const SHORTEST: f64 = 0.25;

/// A sample place whose time since the start of the record is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Anchor {
    /// Place; before the first sample when it is negative.
    pub(super) place: f64,
    /// Seconds since the first sample of the record.
    pub(super) time: f64,
}

/// The latest anchors, in strictly rising order of place and time.
#[derive(Debug, Clone, Default)]
pub(super) struct Anchors {
    ring: VecDeque<Anchor>,
    /// The last anchor may be moved forward: it lies in the middle of an unbroken stretch.
    movable: bool,
}

impl Anchors {
    /// Adds an anchor; `breaks` when something other than unbroken samples lies before it.
    pub(super) fn push(&mut self, anchor: Anchor, breaks: bool) {
        let rises = |last: &Anchor| anchor.place > last.place && anchor.time > last.time;
        if self.ring.back().is_some_and(|last| !rises(last)) {
            return;
        }
        let len = self.ring.len();
        let before = len.checked_sub(2).and_then(|i| self.ring.get(i));
        let close = before.is_some_and(|before| anchor.time - before.time < SHORTEST);
        if self.movable && !breaks && close {
            self.ring.pop_back();
        } else if len >= CAPACITY {
            self.ring.pop_front();
        }
        self.ring.push_back(anchor);
        self.movable = !breaks;
    }

    /// Time at a place: between two anchors by interpolation, beyond them at `hz`.
    pub(super) fn time_of(&self, place: f64, hz: f64) -> f64 {
        let after = self.ring.partition_point(|anchor| anchor.place < place);
        let before = after.checked_sub(1).and_then(|i| self.ring.get(i));
        match (before, self.ring.get(after)) {
            (Some(a), Some(b)) => a.time + (place - a.place) * (b.time - a.time) / (b.place - a.place),
            (Some(a), None) | (None, Some(a)) => a.time + (place - a.place) / hz,
            (None, None) => place / hz,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_lie_on_the_line_between_their_anchors() {
        let mut anchors = Anchors::default();
        assert_eq!(anchors.time_of(260.0, 130.0), 2.0);
        anchors.push(Anchor { place: -1.0, time: -0.01 }, true);
        anchors.push(Anchor { place: 99.0, time: 0.99 }, false);
        anchors.push(Anchor { place: 199.0, time: 2.99 }, true);
        assert_eq!(anchors.time_of(0.0, 100.0), 0.0);
        assert_eq!(anchors.time_of(149.0, 100.0), 1.99);
        assert!((anchors.time_of(299.0, 100.0) - 3.99).abs() < 1e-12);
        assert!((anchors.time_of(-2.0, 100.0) + 0.02).abs() < 1e-12);
    }

    #[test]
    fn memory_stays_bounded_and_two_minutes_are_remembered() {
        let mut anchors = Anchors::default();
        for k in 0..200_000_u32 {
            let place = f64::from(k) * 16.0;
            anchors.push(Anchor { place, time: place / 250.0 }, false);
        }
        assert!(anchors.ring.len() <= CAPACITY);
        let (first, last) = (anchors.ring.front().unwrap(), anchors.ring.back().unwrap());
        assert!(last.time - first.time >= 120.0, "{}", last.time - first.time);
    }

    #[test]
    fn what_does_not_rise_is_left_out() {
        let mut anchors = Anchors::default();
        anchors.push(Anchor { place: 10.0, time: 1.0 }, true);
        anchors.push(Anchor { place: 20.0, time: 1.0 }, true);
        anchors.push(Anchor { place: 9.0, time: 2.0 }, true);
        anchors.push(Anchor { place: f64::NAN, time: f64::NAN }, true);
        assert_eq!(anchors.ring.back().copied(), Some(Anchor { place: 10.0, time: 1.0 }));
    }
}
