//! When the samples of a frame were taken.

use crate::device::DeviceError;
use crate::units::{DeviceTime, Hertz};

/// Device times of a frame's samples, given the stamp of the frame before: sample `i` of `n` lies at
/// `previous + (stamp - previous) * (i + 1) / n`, rounded to the nanosecond; the last one is the stamp itself.
/// Without a frame before, the samples are one nominal period apart.
///
/// The rule spreads the samples over whatever lies between two stamps, a lost frame included: find losses first, as
/// [`Timeline`](crate::signal::Timeline) does, and use it between neighbours only.
///
/// # Errors
/// [`DeviceError::Invalid`] when the stamp is not after the previous one, or too early for the samples before it.
pub fn sample_times(
    previous: Option<DeviceTime>,
    stamp: DeviceTime,
    n: usize,
    nominal: Hertz,
) -> Result<Vec<DeviceTime>, DeviceError> {
    let invalid = DeviceError::Invalid { field: "time stamp" };
    let count = n as u64;
    if count == 0 {
        return Ok(Vec::new());
    }
    let step = match previous {
        Some(previous) => {
            stamp.0.checked_sub(previous.0).filter(|ns| *ns > 0).ok_or(invalid)? as f64 / n as f64
        }
        None => 1e9 / nominal.get(),
    };
    // Counted back from the stamp, so that large stamps lose no precision.
    (1..=count)
        .map(|k| {
            let back = (step * (count - k) as f64).round() as u64;
            stamp.0.checked_sub(back).map(DeviceTime).ok_or(invalid)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(previous: Option<u64>, stamp: u64, n: usize) -> Option<Vec<u64>> {
        let nominal = Hertz::new(130.0).unwrap();
        let times = sample_times(previous.map(DeviceTime), DeviceTime(stamp), n, nominal).ok()?;
        Some(times.iter().map(|t| t.0).collect())
    }

    #[test]
    fn samples_are_spread_between_two_stamps() {
        let expected: Vec<u64> = (2..=9).map(|k| k * 500_000_000).collect();
        assert_eq!(times(Some(500_000_000), 4_500_000_000, 8), Some(expected));
        assert_eq!(times(Some(40), 1_000_000_000, 3), Some(vec![333_333_360, 666_666_680, 1_000_000_000]));
    }

    #[test]
    fn the_first_frame_uses_the_nominal_rate() {
        assert_eq!(times(None, 1_000_000_000, 2), Some(vec![992_307_692, 1_000_000_000]));
        assert_eq!(times(None, 5, 2), None, "before the clock's zero");
    }

    #[test]
    fn a_clock_that_stands_still_is_invalid() {
        assert_eq!(times(Some(7), 7, 1), None);
        assert_eq!(times(Some(8), 7, 1), None);
        assert_eq!(times(Some(8), 7, 0), Some(vec![]));
    }
}
