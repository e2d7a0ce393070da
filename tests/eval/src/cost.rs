//! The cost of each stage, as `cargo xtask bench` left it.

use crate::Options;
use std::collections::BTreeMap;

/// The unit of the ratios.
const UNIT: &str = "four biquads";

/// Nanoseconds a sample, by where it ran, stage and rate.
pub struct Costs {
    /// Stages and other detectors, in their order.
    pub stages: Vec<String>,
    /// Rates in hertz, in their order.
    pub rates: Vec<String>,
    ns: BTreeMap<(String, String, String), f64>,
}

impl Costs {
    /// What was measured last; `None` when nothing was.
    pub fn load(options: &Options) -> Option<Self> {
        Self::read(&std::fs::read_to_string(options.peers.join("../bench/costs.txt")).ok()?)
    }

    /// From lines like `native 130 detector 35.12`.
    fn read(text: &str) -> Option<Self> {
        let mut costs = Self { stages: Vec::new(), rates: Vec::new(), ns: BTreeMap::new() };
        for line in text.lines() {
            let (place, rest) = line.split_once(' ')?;
            let (rate, rest) = rest.split_once(' ')?;
            let (stage, ns) = rest.rsplit_once(' ')?;
            for (list, word) in [(&mut costs.stages, stage), (&mut costs.rates, rate)] {
                if !list.iter().any(|known| known == word) {
                    list.push(word.to_owned());
                }
            }
            costs.ns.insert((place.to_owned(), stage.to_owned(), rate.to_owned()), ns.parse().ok()?);
        }
        (!costs.ns.is_empty()).then_some(costs)
    }

    /// Nanoseconds and parts of four biquads in the same place; others are in parts of the native ones.
    pub fn cell(&self, place: &str, stage: &str, rate: &str) -> String {
        let ns = |place: &str, stage: &str| {
            self.ns.get(&(place.to_owned(), stage.to_owned(), rate.to_owned())).copied()
        };
        let other = || Some((ns("others", stage).filter(|_| place == "native")?, ns("native", UNIT)?));
        let own = || Some((ns(place, stage)?, ns(place, UNIT)?));
        own().or_else(other).map_or("-".to_owned(), |(ns, unit)| format!("{ns:.1} ({:.1})", ns / unit))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_become_cells() {
        let costs = Costs::read(
            "native 130 four biquads 4.0\nnative 130 detector 10\nwasm 130 detector 12\nothers 130 wfdb 400\n",
        )
        .unwrap();
        assert_eq!(costs.stages, ["four biquads", "detector", "wfdb"]);
        assert_eq!(costs.cell("native", "detector", "130"), "10.0 (2.5)");
        assert_eq!(costs.cell("native", "wfdb", "130"), "400.0 (100.0)");
        assert_eq!([costs.cell("wasm", "wfdb", "130"), costs.cell("wasm", "detector", "130")], ["-", "-"]);
        assert!(Costs::read("").is_none() && Costs::read("nonsense").is_none());
    }
}
