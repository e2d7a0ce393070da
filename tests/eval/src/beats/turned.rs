//! Leads from between the two of a recording: the same heart and the same beats, seen from elsewhere.

use super::focus::{places, size};
use crate::score::Draw;
use pqrst::import::wfdb::Annotations;
use pqrst::import::RecordedLead;

/// How far from the first lead towards the second, made as large, the new one looks, in degrees.
const TURN: (f64, f64) = (20.0, 70.0);

/// `None` where the leads have no measure of size.
pub fn turned(
    first: &RecordedLead,
    second: &RecordedLead,
    truth: &Annotations,
    draw: &mut Draw,
) -> Option<RecordedLead> {
    let size_uv = |lead| size(lead, places(first, truth).into_iter().map(|(at, _)| at));
    let larger = size_uv(first)? / size_uv(second)?.max(1.0);
    let turn = draw.between(TURN.0, TURN.1).to_radians();
    let (x, y) = (turn.cos() as f32, (larger * turn.sin()) as f32);
    let mixed = first.samples_uv.iter().zip(&second.samples_uv).map(|(a, b)| x * a + y * b);
    Some(RecordedLead { samples_uv: mixed.collect(), ..first.clone() })
}
