//! Accuracy of pqrst on reference recordings; `eval` alone says what can be asked.

mod accuracy;
mod af;
mod beats;
mod boosting;
mod bootstrap;
mod cost;
mod field;
mod findings;
mod fit;
mod flutter;
mod gating;
mod heard;
mod hrv;
mod intervals;
mod invariance;
mod label;
mod leads;
mod learner;
mod mixtures;
mod noise;
mod peers;
mod place;
mod qrs;
mod quality;
mod rate;
mod records;
mod red_flags;
mod score;
mod startup;
mod streamed;
mod training;
mod waves;
mod written;

use std::path::PathBuf;
use std::process::ExitCode;

const USAGE: &str = "\
usage: eval qrs        [--json] [--csv DIR] [--against DIR]   beats, all databases (half a minute)
       eval noise      [--json] [--all]      beats in noise, beside others; --all: whole records, ours alone (10 s)
       eval startup    [--json]              how soon beats are found, at the start and after gaps (5 s)
       eval invariance [--json] [--all]      other rates, scales, offsets, pieces; --all: every record (20 s)
       eval place      [--json]              R peaks on synthetic ECG (2 s)
       eval rate       [--json] [--all]      heart rates, live and of tests; --all: every half minute (half a minute)
       eval flutter    [--json]              ventricular flutter is never called regular (1 s)
       eval quality    [--json]              verdicts on half minutes
       eval gating     [--json]              beats in windows called usable, noise by noise (half a minute)
       eval hrv        [--json]              variability beside other packages, correction, holes, breathing (10 s)
       eval intervals  [--json] [--all] [--cross-validate]   PR, QRS and QT of records against manual marks; --all: records that are off
       eval leads      [--json]              twelve leads: accept or reject (3 s)
       eval af         [--json] [--cross-validate]   AF from RR intervals (half a minute; cross-validated two minutes)
       eval label      [--json] [--cross-validate]   the rhythm in one word, cinc2017 (half a minute; cross-validated four)
       eval findings   [--json]              pauses, rates, patterns and runs beside the annotated ones (half a minute)
       eval red-flags  [--json] [--all]      red flags on recordings that people labelled (15 s); --all: on which normal ones
       eval beats      [--json]              classes of beats (5 s)
       eval accuracy   [--out FILE]          all of it, as docs/ACCURACY.md (two minutes)
       eval peers                            writes the signals for other detectors; `cargo xtask eval peers` runs them
       eval delineation [--json] [--all] [--cross-validate --evaluations 12000]   P, QRS and T waves (10 s; minutes); --all: by record
       eval fit-delineation --evaluations 12000 [--out FILE]   the delineator's model (a minute)
       eval fit-leads  [--out FILE]          the weights of several leads
       eval fit-af     [--out FILE]          the weights of AF from RR intervals
       eval fit-label  [--out FILE]          the trees of the rhythm's label (four minutes)
       eval fit-beats  [--cross-validate] [--out FILE]   the model of the classes
       eval fit        [--evaluations N] [--cross-validate] [--only FOLD,FOLD] [--out FILE]   the detector's model
each with [--data DIR], by default PQRST_DATA or ../shared/data beside the project; the first six with [--only NAME,NAME];
[--peers DIR] holds what other detectors found, by default target/peers";

/// What the command line asks for.
struct Options {
    json: bool,
    data: PathBuf,
    csv: Option<PathBuf>,
    against: Option<PathBuf>,
    only: Vec<String>,
    out: Option<PathBuf>,
    /// Where other detectors' results are kept.
    peers: PathBuf,
    /// All records, where a part is the usual.
    all: bool,
    evaluations: usize,
    cross_validate: bool,
}

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let what = arguments.next();
    let Some(options) = parse(arguments) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    let result = match what.as_deref() {
        Some("delineation") => waves::run(&options),
        Some("fit-delineation") => waves::fit(&options),
        Some("peers") => peers::run(&options),
        Some("beats") => beats::run(&options),
        Some("fit-beats") => beats::fit(&options),
        Some("noise") => noise::run(&options),
        Some("startup") => startup::run(&options),
        Some("invariance") => invariance::run(&options),
        Some("place") => place::run(&options),
        Some("flutter") => flutter::run(&options),
        Some("fit") => fit::run(&options),
        Some("fit-leads") => leads::fit(&options),
        Some("leads") => leads::run(&options),
        Some("hrv") => hrv::run(&options),
        Some("intervals") => intervals::run(&options),
        Some("gating") => gating::run(&options),
        Some("qrs") => qrs::run(&options),
        Some("quality") => quality::run(&options),
        Some("rate") => rate::run(&options),
        Some("findings") => findings::run(&options),
        Some("red-flags") => red_flags::run(&options),
        Some("label") => label::run(&options),
        Some("fit-label") => label::fit(&options),
        Some("af") => af::run(&options),
        Some("fit-af") => af::fit(&options),
        Some("accuracy") => accuracy::run(&options),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::from(3)
        }
    }
}

fn parse(mut arguments: impl Iterator<Item = String>) -> Option<Options> {
    let data = std::env::var_os("PQRST_DATA").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")),
        PathBuf::from,
    );
    let mut options = Options {
        json: false,
        data,
        csv: None,
        against: None,
        only: Vec::new(),
        out: None,
        peers: PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/peers")),
        all: false,
        evaluations: 24_000,
        cross_validate: false,
    };
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--json" => options.json = true,
            "--data" => options.data = arguments.next()?.into(),
            "--csv" => options.csv = Some(arguments.next()?.into()),
            "--against" => options.against = Some(arguments.next()?.into()),
            "--only" => options.only = arguments.next()?.split(',').map(str::to_owned).collect(),
            "--peers" => options.peers = arguments.next()?.into(),
            "--all" => options.all = true,
            "--out" => options.out = Some(arguments.next()?.into()),
            "--evaluations" => options.evaluations = arguments.next()?.parse().ok()?,
            "--cross-validate" => options.cross_validate = true,
            _ => return None,
        }
    }
    Some(options)
}
