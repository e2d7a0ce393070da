//! The chances of a beat's classes, summed over all classes that its neighbours may have.

use super::model::CLASSES;

/// A beat: how well it goes with each class, and how well each class (by column) follows each (by row).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Step {
    pub looks: [f32; CLASSES],
    pub links: [[f32; CLASSES]; CLASSES],
}

/// Logarithms of the weights of the classes of a beat, over all classes of those before it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Past(Option<[f32; CLASSES]>);

impl Past {
    pub(super) const NONE: Self = Self(None);

    /// Takes the next beat and gives its chances, in view of those that follow.
    pub(super) fn next<'a>(
        &mut self,
        own: &Step,
        following: impl DoubleEndedIterator<Item = &'a Step>,
    ) -> [f32; CLASSES] {
        let before = self.0.map_or([0.0; CLASSES], |past| {
            std::array::from_fn(|to| {
                log_sum(std::array::from_fn(|from| value(&past, from) + link(own, from, to)))
            })
        });
        let weights: [f32; CLASSES] = std::array::from_fn(|c| value(&before, c) + value(&own.looks, c));
        let whole = log_sum(weights);
        let weights = weights.map(|w| w - whole);
        self.0 = Some(weights);
        let after = following.rev().fold([0.0; CLASSES], |after, step| {
            std::array::from_fn(|from| {
                log_sum(std::array::from_fn(|to| {
                    link(step, from, to) + value(&step.looks, to) + value(&after, to)
                }))
            })
        });
        let all: [f32; CLASSES] = std::array::from_fn(|c| value(&weights, c) + value(&after, c));
        let whole = log_sum(all);
        all.map(|w| (w - whole).exp())
    }
}

fn value(list: &[f32; CLASSES], class: usize) -> f32 {
    list.get(class).copied().unwrap_or(0.0)
}

fn link(step: &Step, from: usize, to: usize) -> f32 {
    step.links.get(from).map_or(0.0, |row| value(row, to))
}

/// Logarithm of the sum of the exponentials.
fn log_sum(values: [f32; CLASSES]) -> f32 {
    let top = values.iter().copied().fold(f32::MIN, f32::max);
    top + values.iter().map(|v| (v - top).exp()).sum::<f32>().ln()
}
