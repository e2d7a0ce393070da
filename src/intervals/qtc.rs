//! QT at another heart rate than 60.

use crate::units::Milliseconds;

/// QT corrected by four formulas; all leave it as it is at 60 beats a minute.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Qtc {
    /// QT / RR^(1/2), RR in seconds (Bazett 1920).
    pub bazett: Milliseconds,
    /// QT / RR^(1/3) (Fridericia 1920).
    pub fridericia: Milliseconds,
    /// QT + 154 ms (1 - RR) (Framingham; Sagie 1992).
    pub framingham: Milliseconds,
    /// QT + 1.75 ms (rate - 60) (Hodges 1983).
    pub hodges: Milliseconds,
}

impl Qtc {
    /// For a QT and the RR interval before it; `None` unless both are positive and finite.
    #[must_use]
    pub fn of(qt: Milliseconds, rr: Milliseconds) -> Option<Self> {
        let sound = |ms: Milliseconds| ms.0 > 0.0 && ms.0.is_finite();
        let (qt_ms, rr_s) = (qt.0, rr.0 / 1000.0);
        (sound(qt) && sound(rr)).then(|| Self {
            bazett: Milliseconds(qt_ms / rr_s.sqrt()),
            fridericia: Milliseconds(qt_ms / rr_s.cbrt()),
            framingham: Milliseconds(qt_ms + 154.0 * (1.0 - rr_s)),
            hodges: Milliseconds(qt_ms + 1.75 * (60.0 / rr_s - 60.0)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_formulas_agree_at_sixty_and_have_their_values_elsewhere() {
        let at_60 = Qtc::of(Milliseconds(400.0), Milliseconds(1000.0)).unwrap();
        for qtc in [at_60.bazett, at_60.fridericia, at_60.framingham, at_60.hodges] {
            assert!((qtc.0 - 400.0).abs() < 1e-12);
        }
        // 93.75 a minute: RR 0.64 s, its roots 0.8 and 0.86177.
        let fast = Qtc::of(Milliseconds(360.0), Milliseconds(640.0)).unwrap();
        assert!((fast.bazett.0 - 450.0).abs() < 1e-9);
        assert!((fast.fridericia.0 - 417.74).abs() < 0.01);
        assert!((fast.framingham.0 - 415.44).abs() < 1e-9);
        assert!((fast.hodges.0 - 419.0625).abs() < 1e-9);
        for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(Qtc::of(Milliseconds(400.0), Milliseconds(bad)), None);
            assert_eq!(Qtc::of(Milliseconds(bad), Milliseconds(1000.0)), None);
        }
    }
}
