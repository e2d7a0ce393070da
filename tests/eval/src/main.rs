//! Accuracy of pqrst on reference recordings; `eval` alone says what can be asked.

mod accuracy;
mod fit;
mod gating;
mod leads;
mod qrs;
mod quality;
mod rate;
mod records;
mod score;
mod streamed;
mod training;

use std::path::PathBuf;
use std::process::ExitCode;

const USAGE: &str = "\
usage: eval qrs      [--json] [--csv DIR] [--against DIR] [--only NAME,NAME]   beats, all databases
       eval quality  [--json]                                                  verdicts on half minutes
       eval leads    [--json]                                                  twelve leads: accept or reject
       eval gating   [--json] [--only NAME,NAME]                               beats in windows called usable
       eval rate     [--json]                                                  mean heart rates
       eval accuracy [--out FILE]                                              all of it, as docs/ACCURACY.md
       eval fit-leads [--out FILE]                                             the weights of several leads
       eval fit      [--evaluations N] [--no-cross-validation] [--out FILE]    the detector's weights
each with [--data DIR], by default PQRST_DATA or ../shared/data beside the project";

/// What the command line asks for.
struct Options {
    json: bool,
    data: PathBuf,
    csv: Option<PathBuf>,
    against: Option<PathBuf>,
    only: Vec<String>,
    out: Option<PathBuf>,
    evaluations: usize,
    no_cross_validation: bool,
}

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let what = arguments.next();
    let Some(options) = parse(arguments) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    let result = match what.as_deref() {
        Some("fit") => fit::run(&options),
        Some("fit-leads") => leads::fit(&options),
        Some("leads") => leads::run(&options),
        Some("gating") => gating::run(&options),
        Some("qrs") => qrs::run(&options),
        Some("quality") => quality::run(&options),
        Some("rate") => rate::run(&options),
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
        evaluations: 500,
        no_cross_validation: false,
    };
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--json" => options.json = true,
            "--data" => options.data = arguments.next()?.into(),
            "--csv" => options.csv = Some(arguments.next()?.into()),
            "--against" => options.against = Some(arguments.next()?.into()),
            "--only" => options.only = arguments.next()?.split(',').map(str::to_owned).collect(),
            "--out" => options.out = Some(arguments.next()?.into()),
            "--evaluations" => options.evaluations = arguments.next()?.parse().ok()?,
            "--no-cross-validation" => options.no_cross_validation = true,
            _ => return None,
        }
    }
    Some(options)
}
