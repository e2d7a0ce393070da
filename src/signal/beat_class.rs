//! Classes of beats (ANSI/AAMI EC57).

use serde::{Deserialize, Serialize};

/// Where a beat comes from, by the classes of ANSI/AAMI EC57.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
pub enum BeatClass {
    /// N: from the sinus node or the junction, with or without a bundle branch block.
    N,
    /// S: premature, from the atria or the junction.
    S,
    /// V: from a ventricle.
    V,
    /// F: a fusion of a ventricular and a normal beat.
    F,
    /// Q: cannot say.
    #[default]
    Q,
}

impl BeatClass {
    /// Every class, in the order of the standard.
    pub const ALL: [Self; 5] = [Self::N, Self::S, Self::V, Self::F, Self::Q];

    /// Code of a WFDB annotation (ecgcodes.h): `N`, `S`, `V`, `F`, `Q`.
    #[must_use]
    pub const fn wfdb_code(self) -> u8 {
        match self {
            Self::N => 1,
            Self::S => 9,
            Self::V => 5,
            Self::F => 6,
            Self::Q => 13,
        }
    }
}
