//! Units of voltage as files write them.

/// Microvolts of one unit; `None` when the unit is not one of voltage.
pub(super) fn microvolts(unit: &str) -> Option<f64> {
    match unit.trim() {
        "nV" | "nv" | "nanovolt" => Some(1e-3),
        // Two code points look like the Greek letter; files use both, and the letter u.
        "uV" | "uv" | "UV" | "µV" | "\u{3bc}V" | "µv" | "\u{3bc}v" | "microV" | "microvolt"
        | "microvolts" | "мкВ" => Some(1.0),
        "mV" | "mv" | "MV" | "millivolt" | "millivolts" | "мВ" => Some(1e3),
        "V" | "v" | "volt" | "volts" => Some(1e6),
        _ => None,
    }
}
