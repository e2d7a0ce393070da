//! The rhythm of a recording in one word, end to end from its samples, on CinC 2017.

mod fit;
mod recordings;
mod strangers;

use crate::af::series::CINC_LABELS;
use crate::bootstrap::{figure, Figure};
use crate::Options;
use pqrst::rhythm::{LabelModel, RhythmLabel};
use recordings::Recording;
use serde_json::json;
use strangers::Strangers;

/// True and told labels of every recording.
struct Figures {
    /// Rows: truth; columns: told.
    table: [[usize; 4]; 4],
    f1: [Figure; 4],
    /// Mean of the first three.
    mean: Figure,
}

fn f1(pairs: &[(usize, usize)], picked: &[usize], class: usize) -> f64 {
    let pairs = || picked.iter().map(|i| pairs[*i]);
    let both = pairs().filter(|p| p.0 == class && p.1 == class).count();
    let either: usize = pairs().map(|p| usize::from(p.0 == class) + usize::from(p.1 == class)).sum();
    2.0 * both as f64 / either.max(1) as f64
}

fn figures(pairs: &[(usize, usize)]) -> Figures {
    let mut table = [[0; 4]; 4];
    pairs.iter().for_each(|(truth, told)| table[*truth][*told] += 1);
    Figures {
        table,
        f1: std::array::from_fn(|class| figure(pairs.len(), |picked| f1(pairs, picked, class))),
        mean: figure(pairs.len(), |picked| (0..3).map(|class| f1(pairs, picked, class)).sum::<f64>() / 3.0),
    }
}

fn likeliest(probabilities: &[f32; 4]) -> usize {
    (0..4).fold(0, |best, i| if probabilities[i] > probabilities[best] { i } else { best })
}

/// What the model in use says of every recording, as `Observer::finish` does.
fn told(recordings: &[Recording]) -> Vec<(usize, usize)> {
    let pair = |r: &Recording| {
        let told = RhythmLabel::ALL.iter().position(|l| r.label.is_ok_and(|own| own.label == *l));
        (r.truth, told.unwrap_or(3))
    };
    recordings.iter().map(pair).collect()
}

/// Share of the recordings of each label with a beat in a usable window that is called V, and S, in percent.
fn called(recordings: &[Recording]) -> [[f64; 2]; 4] {
    std::array::from_fn(|label| {
        let own: Vec<&Recording> = recordings.iter().filter(|r| r.truth == label).collect();
        [0, 1].map(|k| 100.0 * own.iter().filter(|r| r.called[k]).count() as f64 / own.len().max(1) as f64)
    })
}

/// Prints the table or JSON.
pub fn run(options: &Options) -> Result<(), String> {
    let strangers = options.cross_validate.then(|| Strangers::learn(options)).transpose()?;
    let recordings = recordings::load(&options.data, strangers.as_ref())?;
    let pairs = if options.cross_validate { fit::cross_validated(&recordings) } else { told(&recordings) };
    let f = figures(&pairs);
    if options.json {
        let interval = |f: &Figure| json!([f.own, f.low, f.high]);
        let f1: serde_json::Map<_, _> =
            CINC_LABELS.iter().zip(&f.f1).map(|((_, name), f)| ((*name).to_owned(), interval(f))).collect();
        println!(
            "{}",
            json!({"crossValidated": options.cross_validate, "recordings": pairs.len(), "f1": f1,
                "meanOfNormalAfOther": interval(&f.mean), "table": f.table, "calledVAndSPercent": called(&recordings)})
        );
        return Ok(());
    }
    let how = if options.cross_validate { "cross-validated" } else { "the model in use, in sample" };
    println!("cinc2017, {} recordings of 9 to 61 s, end to end, {how}", pairs.len());
    println!("{:8} {:>7} {:>7} {:>7} {:>7}    F1 (95 %)", "", "normal", "af", "other", "noisy");
    for (((_, name), row), f) in CINC_LABELS.iter().zip(&f.table).zip(&f.f1) {
        println!(
            "{name:8} {:7} {:7} {:7} {:7}    {:.3} ({:.3} to {:.3})",
            row[0], row[1], row[2], row[3], f.own, f.low, f.high
        );
    }
    println!("mean of normal, af, other: {:.3} ({:.3} to {:.3})", f.mean.own, f.mean.low, f.mean.high);
    for ((_, name), [v, s]) in CINC_LABELS.iter().zip(called(&recordings)) {
        println!("{name}: a beat in a usable window called V in {v:.1} %, S in {s:.1} % of the recordings");
    }
    println!("others, on the challenge's hidden set: winners 0.83, a vote of 45 algorithms 0.87; labels are noisy themselves");
    Ok(())
}

/// Fits on everything and writes the model to `--out`.
pub fn fit(options: &Options) -> Result<(), String> {
    let recordings = recordings::load(&options.data, Some(&Strangers::learn(options)?))?;
    let fitted = fit::fit(&recordings.iter().collect::<Vec<_>>(), 99);
    let model = LabelModel(fitted.trees());
    let own = recordings
        .iter()
        .map(|r| (r.truth, likeliest(&model.probabilities(&r.features))))
        .collect::<Vec<_>>();
    let text = fit::source(&fitted, &figures(&own), &figures(&fit::cross_validated(&recordings)));
    match &options.out {
        Some(path) => std::fs::write(path, text).map_err(|e| format!("{}: {e}", path.display())),
        None => {
            print!("{text}");
            Ok(())
        }
    }
}
