//! The measuring part of a virtual ECG device.

use super::resample::Recording;

/// Goes through a recording as a device samples it. Times are seconds on the device's clock since it was switched on.
#[derive(Debug)]
pub(super) struct EcgStream {
    recording: Recording,
    /// True rate on the device's clock.
    hz: f64,
    /// Clock of the device over clock of the host.
    clock_ratio: f64,
    /// When the first stream started: the recording begins there and goes on whether it is listened to or not.
    began: Option<f64>,
    /// First sample of the next frame, while streaming.
    next: Option<u64>,
}

impl EcgStream {
    pub(super) const fn new(recording: Recording, hz: f64, clock_ratio: f64) -> Self {
        Self { recording, hz, clock_ratio, began: None, next: None }
    }

    /// True rate on the device's clock.
    pub(super) const fn hz(&self) -> f64 {
        self.hz
    }

    pub(super) const fn streaming(&self) -> bool {
        self.next.is_some()
    }

    /// Streams from the next sample on; false when it does so already.
    pub(super) fn start(&mut self, now: f64) -> bool {
        if self.streaming() {
            return false;
        }
        let began = *self.began.get_or_insert(now);
        self.next = Some(((now - began) * self.hz).ceil() as u64);
        true
    }

    /// The stream ends; false when there was none.
    pub(super) fn stop(&mut self) -> bool {
        self.next.take().is_some()
    }

    /// When a sample is taken.
    pub(super) fn time(&self, sample: u64) -> f64 {
        self.began.unwrap_or(0.0) + sample as f64 / self.hz
    }

    /// When the last sample of the next frame of `n` will have been taken; `None` when no frame will come.
    pub(super) fn due(&self, n: u64) -> Option<f64> {
        let (began, next) = (self.began?, self.next?);
        let last = (next + n - 1) as f64 / self.hz;
        (last / self.clock_ratio <= self.recording.seconds()).then_some(began + last)
    }

    /// Whether the recording has no further frame of `n`.
    pub(super) fn exhausted(&self, n: u64) -> bool {
        self.streaming() && self.due(n).is_none()
    }

    /// Samples that were taken by `now` and not yet sent.
    pub(super) fn waiting(&self, now: f64) -> u64 {
        let Some((began, next)) = self.began.zip(self.next) else { return 0 };
        let end = now.min(began + self.recording.seconds() * self.clock_ratio);
        // The cast takes what is negative as 0.
        (((end - began) * self.hz).floor() as u64 + 1).saturating_sub(next)
    }

    /// Leaves out samples that nobody asked for, all but the latest `n`.
    pub(super) fn keep_latest(&mut self, n: u64, now: f64) {
        let old = self.waiting(now).saturating_sub(n);
        self.next = self.next.map(|next| next + old);
    }

    /// The next `n` samples in microvolts, with the place of the first one since the recording began.
    pub(super) fn take(&mut self, n: u64) -> Option<(u64, Vec<f64>)> {
        let next = self.next?;
        self.next = Some(next + n);
        let sample = |k: u64| self.recording.at(k as f64 / self.hz / self.clock_ratio);
        Some((next, (next..next + n).map(sample).collect()))
    }
}
