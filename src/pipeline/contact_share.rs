//! How much of the time the electrodes touched the skin, as the device tells.

use crate::units::HostTime;

/// Sums the time with and without contact, between what the device says about it.
#[derive(Debug, Default)]
pub(super) struct ContactShare {
    told: Option<(bool, HostTime)>,
    with_s: f64,
    without_s: f64,
}

impl ContactShare {
    /// What is told from this moment on; `None` when it cannot be known.
    pub(super) fn tell(&mut self, contact: Option<bool>, now: Option<HostTime>) {
        let (with_s, without_s) = self.sums(now);
        let told = contact.zip(now);
        *self = Self { told, with_s, without_s };
    }

    /// Share of the time with contact, percent; `None` where nothing was told for any time.
    pub(super) fn percent(&self, now: Option<HostTime>) -> Option<f64> {
        let (with, without) = self.sums(now);
        let told = with + without;
        (told > 0.0).then(|| 100.0 * with / told)
    }

    fn sums(&self, now: Option<HostTime>) -> (f64, f64) {
        let (mut with, mut without) = (self.with_s, self.without_s);
        if let (Some((contact, since)), Some(now)) = (self.told, now) {
            *(if contact { &mut with } else { &mut without }) += now.since(since).0.max(0.0);
        }
        (with, without)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_time_that_the_device_spoke_of_counts() {
        let at = |s: f64| Some(HostTime(1000.0 * s));
        let mut share = ContactShare::default();
        assert_eq!(share.percent(at(5.0)), None);
        share.tell(Some(true), at(10.0));
        share.tell(Some(false), at(25.0));
        share.tell(Some(true), at(30.0));
        share.tell(None, at(40.0));
        assert_eq!(share.percent(at(100.0)), Some(100.0 * 25.0 / 30.0));
        share.tell(Some(true), at(100.0));
        assert_eq!(share.percent(at(90.0)), Some(100.0 * 25.0 / 30.0), "time does not run back");
    }
}
