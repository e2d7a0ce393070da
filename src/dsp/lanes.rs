//! Four numbers side by side.
//!
//! A native compiler finds them by itself; for the browser's module, which is compiled for its size, they are asked for.
//! Each lane is rounded as a single number is, so results are the same everywhere.

#[cfg(target_arch = "wasm32")]
use core::arch::wasm32 as simd;
use core::ops::{Add, Mul};

/// Four numbers of 32 bits.
#[derive(Clone, Copy, Debug)]
pub struct Four(#[cfg(target_arch = "wasm32")] simd::v128, #[cfg(not(target_arch = "wasm32"))] [f32; 4]);

#[cfg(target_arch = "wasm32")]
impl Four {
    /// These numbers.
    #[inline(always)]
    #[must_use]
    pub fn new([a, b, c, d]: [f32; 4]) -> Self {
        Self(simd::f32x4(a, b, c, d))
    }

    /// The same number four times.
    #[inline(always)]
    #[must_use]
    pub fn all(x: f32) -> Self {
        Self(simd::f32x4_splat(x))
    }

    /// The numbers.
    #[inline(always)]
    #[must_use]
    pub fn lanes(self) -> [f32; 4] {
        let Self(v) = self;
        [
            simd::f32x4_extract_lane::<0>(v),
            simd::f32x4_extract_lane::<1>(v),
            simd::f32x4_extract_lane::<2>(v),
            simd::f32x4_extract_lane::<3>(v),
        ]
    }

    /// The last three, and the first of those that follow.
    #[inline(always)]
    #[must_use]
    pub fn moved_on(self, following: Self) -> Self {
        Self(simd::i32x4_shuffle::<1, 2, 3, 4>(self.0, following.0))
    }

    /// 1 where a number is below the other, 0 elsewhere.
    #[inline(always)]
    #[must_use]
    pub fn below(self, other: Self) -> Self {
        Self(simd::v128_and(simd::f32x4_lt(self.0, other.0), simd::f32x4_splat(1.0)))
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl Four {
    /// These numbers.
    #[inline(always)]
    #[must_use]
    pub fn new(numbers: [f32; 4]) -> Self {
        Self(numbers)
    }

    /// The same number four times.
    #[inline(always)]
    #[must_use]
    pub fn all(x: f32) -> Self {
        Self([x; 4])
    }

    /// The numbers.
    #[inline(always)]
    #[must_use]
    pub fn lanes(self) -> [f32; 4] {
        self.0
    }

    /// The last three, and the first of those that follow.
    #[inline(always)]
    #[must_use]
    pub fn moved_on(self, following: Self) -> Self {
        let ([_, b, c, d], [e, ..]) = (self.0, following.0);
        Self([b, c, d, e])
    }

    /// 1 where a number is below the other, 0 elsewhere.
    #[inline(always)]
    #[must_use]
    pub fn below(self, other: Self) -> Self {
        let ([a, b, c, d], [e, f, g, h]) = (self.0, other.0);
        let one = |below: bool| if below { 1.0 } else { 0.0 };
        Self([one(a < e), one(b < f), one(c < g), one(d < h)])
    }
}

impl Add for Four {
    type Output = Self;

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        #[cfg(target_arch = "wasm32")]
        return Self(simd::f32x4_add(self.0, other.0));
        #[cfg(not(target_arch = "wasm32"))]
        {
            let ([a, b, c, d], [e, f, g, h]) = (self.0, other.0);
            Self([a + e, b + f, c + g, d + h])
        }
    }
}

impl Mul for Four {
    type Output = Self;

    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        #[cfg(target_arch = "wasm32")]
        return Self(simd::f32x4_mul(self.0, other.0));
        #[cfg(not(target_arch = "wasm32"))]
        {
            let ([a, b, c, d], [e, f, g, h]) = (self.0, other.0);
            Self([a * e, b * f, c * g, d * h])
        }
    }
}

/// Sum of products, as far as both reach: four sums side by side, then what is left.
#[must_use]
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    let ((fours, rest), (others, other_rest)) = (a.as_chunks(), b.as_chunks());
    let mut sums = Four::all(0.0);
    for (a, b) in fours.iter().zip(others) {
        sums = sums + Four::new(*a) * Four::new(*b);
    }
    let tail: f32 = rest.iter().zip(other_rest).map(|(a, b)| a * b).sum();
    sums.lanes().iter().sum::<f32>() + tail
}

/// Sorts a short list, none of it NaN: the place of each is the number of those below it, which takes no guess.
pub fn sort_short<const N: usize>(values: &mut [f32; N]) {
    let mut sorted = [f32::MIN; N];
    let (fours, rest) = values.as_chunks();
    for value in &*values {
        let own = Four::all(*value);
        let below = fours.iter().fold(Four::all(0.0), |sum, four| sum + Four::new(*four).below(own));
        let last = rest.iter().filter(|x| *x < value).count();
        let place = below.lanes().iter().sum::<f32>() as usize + last;
        sorted.get_mut(place).into_iter().for_each(|slot| *slot = *value);
    }
    // Equal ones have one place: those after it are still empty.
    let mut before = f32::MIN;
    for (value, slot) in values.iter_mut().zip(sorted) {
        before = if slot > before { slot } else { before };
        *value = before;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_lists_are_sorted_with_equal_ones_among_them() {
        let mut values: [f32; 30] = core::array::from_fn(|i| ((i * 7) % 11) as f32 - 3.0);
        let mut expected = values;
        expected.sort_unstable_by(f32::total_cmp);
        sort_short(&mut values);
        assert_eq!(values, expected);
    }

    #[test]
    fn each_lane_counts_for_itself() {
        let (a, b) = (Four::new([1.0, 2.0, 3.0, 4.0]), Four::new([0.5, -1.0, 0.1, 1e30]));
        assert_eq!((a + b).lanes(), [1.5, 1.0, 3.1, 4.0 + 1e30]);
        assert_eq!((a * b).lanes(), [0.5, -2.0, 3.0 * 0.1, 4e30]);
        assert_eq!(a.moved_on(b).lanes(), [2.0, 3.0, 4.0, 0.5]);
        assert_eq!(Four::all(7.0).lanes(), [7.0; 4]);
        assert_eq!(a.below(b).lanes(), [0.0, 0.0, 0.0, 1.0]);
    }

    #[test]
    fn every_product_counts_once() {
        let (a, b) = ([1.0, 2.0, 3.0, 4.0, 5.0, 6.0], [1.0, 10.0, 100.0, 1e3, 1e4, 1e5]);
        assert_eq!(dot(&a, &b), 654_321.0);
        assert_eq!(dot(&a[..3], &b[..3]), 321.0);
        assert_eq!(dot(&[], &[]), 0.0);
    }
}
