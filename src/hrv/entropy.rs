//! Sample entropy (Richman and Moorman, Am J Physiol 278:H2039, 2000).

/// Which pairs of templates match: those closer than the tolerance, and where `closed` those at it too.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Match {
    pub tolerance: f64,
    pub closed: bool,
}

/// -ln(A / B) for templates of two: B pairs of templates match over two intervals, A of them over the third too. Runs are
/// intervals that follow each other; no template reaches over a hole. `None` when no pair matches over three.
///
/// Templates lie in strips one tolerance wide by their first interval, each strip in the order of the second, so that a day
/// has an answer in seconds.
pub(super) fn sample_entropy<'a>(runs: impl Iterator<Item = &'a [f64]>, close: Match) -> Option<f64> {
    // A hair more than the tolerance: what is compared must not hang on rounding.
    let width = (close.tolerance * (1.0 + 1e-9)).max(1e-9);
    let mut templates: Vec<(i64, [f64; 3])> = runs
        .flat_map(|run| run.windows(3).filter_map(|three| <[f64; 3]>::try_from(three).ok()))
        .map(|three| ((three[0] / width).floor() as i64, three))
        .collect();
    templates.sort_unstable_by(|(a, x), (b, y)| a.cmp(b).then(x[1].total_cmp(&y[1])));
    let strips: Vec<&[(i64, [f64; 3])]> = templates.chunk_by(|a, b| a.0 == b.0).collect();
    let near = |a: f64, b: f64| {
        let distance = (a - b).abs();
        distance < close.tolerance || (close.closed && distance == close.tolerance)
    };
    let (mut two, mut three) = (0_u64, 0_u64);
    let mut compare = |own: &[f64; 3], others: &[(i64, [f64; 3])]| {
        for (_, other) in others.iter().take_while(|(_, other)| other[1] - own[1] <= width) {
            if near(other[0], own[0]) && near(other[1], own[1]) {
                two += 1;
                three += u64::from(near(other[2], own[2]));
            }
        }
    };
    for (place, strip) in strips.iter().enumerate() {
        let next =
            strips.get(place + 1).filter(|next| next.first().map(|t| t.0) == strip.first().map(|t| t.0 + 1));
        for (i, (_, own)) in strip.iter().enumerate() {
            compare(own, strip.get(i + 1..).unwrap_or_default());
            if let Some(next) = next {
                let first = next.partition_point(|(_, other)| own[1] - other[1] > width);
                compare(own, next.get(first..).unwrap_or_default());
            }
        }
    }
    (three > 0).then(|| (two as f64 / three as f64).ln())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition, pair by pair.
    fn plain(x: &[f64], close: Match) -> f64 {
        let count = |m: usize| {
            let mut pairs = 0_u64;
            for i in 0..x.len() - 2 {
                for j in i + 1..x.len() - 2 {
                    let far = (0..m).map(|k| (x[i + k] - x[j + k]).abs()).fold(0.0, f64::max);
                    pairs += u64::from(far < close.tolerance || (close.closed && far == close.tolerance));
                }
            }
            pairs as f64
        };
        -(count(3) / count(2)).ln()
    }

    #[test]
    fn it_is_the_definition() {
        let x: Vec<f64> = (0..200).map(|i| f64::from((i * i * 7 + i * 3) % 61)).collect();
        for (tolerance, closed) in [(9.0, true), (9.0, false), (12.5, true)] {
            let close = Match { tolerance, closed };
            let found = sample_entropy(core::iter::once(&x[..]), close).unwrap();
            assert!((found - plain(&x, close)).abs() < 1e-12, "{found}");
        }
    }

    #[test]
    fn by_hand_and_never_over_a_hole() {
        // Templates 1 2 1, 2 1 2, 1 2 3: the first and the last match over two, none over three.
        let close = Match { tolerance: 0.5, closed: true };
        assert_eq!(sample_entropy([&[1.0, 2.0, 1.0, 2.0, 3.0][..]].into_iter(), close), None);
        // Four equal intervals: one pair, which matches over three.
        assert_eq!(sample_entropy([&[5.0; 4][..]].into_iter(), close), Some(0.0));
        assert_eq!(sample_entropy([&[5.0; 2][..], &[5.0; 2]].into_iter(), close), None);
        assert_eq!(sample_entropy(core::iter::empty(), close), None);
    }
}
