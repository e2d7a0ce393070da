//! Beats of one shape come from one place: what the network makes of a beat is weighed against what it made of the
//! others of its family.

use super::model::CLASSES;

/// Families remembered.
const FAMILIES: usize = 16;
/// How fast old votes are forgotten.
const STEP: f32 = 0.03;
/// No vote is farther from 0.
const LARGEST: f32 = 6.0;
/// The say of a family of many beats; a family of [`HALF`] beats has half of it.
const SHARE: f32 = 0.9;
const HALF: f32 = 2.0;

/// A family: its name, the mean of its votes, and how many there were.
#[derive(Clone, Copy)]
struct Votes {
    name: u32,
    mean: f32,
    count: f32,
}

/// For each family how ventricular its beats looked.
pub(super) struct Ballot {
    list: [Votes; FAMILIES],
    next: usize,
}

impl Ballot {
    pub(super) const fn new() -> Self {
        Self { list: [Votes { name: 0, mean: 0.0, count: 0.0 }; FAMILIES], next: 0 }
    }

    /// Takes how well a beat goes with each class, and brings how ventricular it looks nearer to its family.
    pub(super) fn weigh(&mut self, family: u32, looks: [f32; CLASSES]) -> [f32; CLASSES] {
        let [n, s, v, f] = looks;
        let top = n.max(s);
        let vote = v - top - ((n - top).exp() + (s - top).exp()).ln();
        let vote = vote.clamp(-LARGEST, LARGEST);
        let known = self.list.iter().position(|votes| votes.name == family && votes.count > 0.0);
        let place = known.unwrap_or_else(|| {
            self.next = (self.next + 1) % FAMILIES;
            if let Some(slot) = self.list.get_mut(self.next) {
                *slot = Votes { name: family, mean: vote, count: 0.0 };
            }
            self.next
        });
        let Some(votes) = self.list.get_mut(place) else { return looks };
        votes.count += 1.0;
        votes.mean += STEP.max(1.0 / votes.count) * (vote - votes.mean);
        let share = SHARE * (votes.count - 1.0) / (votes.count - 1.0 + HALF);
        [n, s, v + share * (votes.mean - vote), f]
    }
}
