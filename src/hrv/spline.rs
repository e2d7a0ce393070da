//! Interpolating B-splines of degree 1, 2 or 3: what packages put through a tachogram before they take a spectrum.

/// A spline through points, with the knots of scipy's `interp1d`: of degree 3 "not a knot" (de Boor 1978), of degree 2
/// between the points, of degree 1 the points themselves.
#[derive(Debug, Clone, PartialEq)]
pub struct Spline {
    degree: usize,
    knots: Vec<f64>,
    coefficients: Vec<f64>,
    last: f64,
}

/// Most functions that differ from 0 at one place.
const WIDTH: usize = 4;

/// Bands of the collocation matrix on either side of its diagonal.
const BAND: usize = WIDTH - 1;

impl Spline {
    /// Through points whose places rise; `None` when there are too few of them for the degree, or they do not rise.
    #[must_use]
    pub fn through(at: &[f64], values: &[f64], degree: usize) -> Option<Self> {
        let (degree, n) = (degree.clamp(1, 3), at.len());
        let rising = at.windows(2).all(|pair| matches!(pair, [a, b] if a < b));
        let finite = at.iter().chain(values).all(|x| x.is_finite());
        if n <= degree || values.len() != n || !rising || !finite {
            return None;
        }
        let (&first, &last) = (at.first()?, at.last()?);
        let inner: Vec<f64> = match degree {
            1 => at.get(1..n - 1)?.to_vec(),
            2 => at.windows(2).map(|pair| pair.iter().sum::<f64>() / 2.0).skip(1).take(n - 3).collect(),
            _ => at.get(2..n - 2)?.to_vec(),
        };
        let ends = |place| core::iter::repeat_n(place, degree + 1);
        let knots: Vec<f64> = ends(first).chain(inner).chain(ends(last)).collect();
        let mut spline = Self { degree, knots, coefficients: Vec::new(), last: *values.last()? };
        // Every row holds the functions at one point, in a band around the diagonal.
        let mut rows = vec![[0.0; 2 * BAND + 1]; n];
        for (i, (row, &place)) in rows.iter_mut().zip(at).enumerate() {
            let (span, functions) = spline.functions(place);
            for (j, value) in functions.iter().enumerate().take(degree + 1) {
                let column = span - degree + j;
                if let Some(slot) = (column + BAND).checked_sub(i).and_then(|band| row.get_mut(band)) {
                    *slot = *value;
                }
            }
        }
        spline.coefficients = solved(rows, values.to_vec())?;
        Some(spline)
    }

    /// The span of knots that holds a place, and the functions that differ from 0 there (Cox and de Boor).
    fn functions(&self, place: f64) -> (usize, [f64; WIDTH]) {
        let (p, knots) = (self.degree, &self.knots);
        let highest = knots.len() - p - 2;
        let span = (knots.partition_point(|knot| *knot <= place)).saturating_sub(1).clamp(p, highest);
        let knot = |i: usize| knots.get(i).copied().unwrap_or(0.0);
        let mut functions = [0.0; WIDTH];
        functions[0] = 1.0;
        for d in 1..=p {
            let mut carried = 0.0;
            for (r, function) in functions.iter_mut().enumerate().take(d) {
                let (right, left) = (knot(span + r + 1) - place, place - knot(span + 1 + r - d));
                let shared = *function / (right + left);
                *function = carried + right * shared;
                carried = left * shared;
            }
            functions[d] = carried;
        }
        (span, functions)
    }

    /// The value at a place; beyond the last point, the last value.
    #[must_use]
    pub fn at(&self, place: f64) -> f64 {
        if self.knots.last().is_some_and(|end| place > *end) {
            return self.last;
        }
        let (span, functions) = self.functions(place);
        let own = self.coefficients.get(span - self.degree..).unwrap_or_default();
        own.iter().zip(functions).take(self.degree + 1).map(|(c, f)| c * f).sum()
    }
}

/// Gauss in a band, without exchange of rows: collocation matrices of B-splines are totally positive (de Boor 1978).
fn solved(mut rows: Vec<[f64; 2 * BAND + 1]>, mut right: Vec<f64>) -> Option<Vec<f64>> {
    let n = rows.len();
    for i in 0..n {
        let own = *rows.get(i)?;
        let pivot = own[BAND];
        if pivot.abs() < f64::MIN_POSITIVE {
            return None;
        }
        for below in 1..=BAND.min(n - 1 - i) {
            let factor = rows.get(i + below)?[BAND - below] / pivot;
            if factor != 0.0 {
                for (slot, value) in rows.get_mut(i + below)?.iter_mut().skip(BAND - below).zip(&own[BAND..])
                {
                    *slot -= factor * value;
                }
                let moved = factor * right.get(i)?;
                *right.get_mut(i + below)? -= moved;
            }
        }
    }
    for i in (0..n).rev() {
        let own = *rows.get(i)?;
        let known: f64 = own.iter().skip(BAND + 1).zip(right.get(i + 1..)?).map(|(a, x)| a * x).sum();
        let value = (right.get(i)? - known) / own[BAND];
        *right.get_mut(i)? = value;
    }
    Some(right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spline_repeats_polynomials_of_its_degree_and_its_points() {
        let at: Vec<f64> = (0..9).map(|i| f64::from(i) + 0.3 * f64::from(i % 3)).collect();
        for degree in 1..=3 {
            let of = |x: f64| {
                1.0 - 2.0 * x
                    + if degree > 1 { 0.5 * x * x } else { 0.0 }
                    + if degree > 2 { 0.1 * x.powi(3) } else { 0.0 }
            };
            let values: Vec<f64> = at.iter().map(|x| of(*x)).collect();
            let spline = Spline::through(&at, &values, degree).unwrap();
            for i in 0..80 {
                let x = f64::from(i) * 0.1;
                assert!((spline.at(x) - of(x)).abs() < 1e-12, "degree {degree} at {x}");
            }
            let rough: Vec<f64> = (0..9).map(|i| f64::from((i * 7) % 5)).collect();
            let spline = Spline::through(&at, &rough, degree).unwrap();
            for (x, y) in at.iter().zip(&rough) {
                assert!((spline.at(*x) - y).abs() < 1e-12, "degree {degree} at {x}");
            }
            assert_eq!(spline.at(99.0), rough[8]);
        }
    }

    #[test]
    fn too_few_points_and_places_that_do_not_rise_have_none() {
        assert!(Spline::through(&[0.0, 1.0, 2.0], &[1.0, 2.0, 3.0], 3).is_none());
        assert!(Spline::through(&[0.0, 1.0, 2.0, 3.0], &[1.0, 2.0, 3.0, 5.0], 3).is_some());
        assert!(Spline::through(&[0.0, 1.0, 1.0, 3.0], &[1.0; 4], 1).is_none());
        assert!(Spline::through(&[0.0, 1.0], &[1.0, f64::NAN], 1).is_none());
        assert!(Spline::through(&[], &[], 1).is_none());
    }
}
