//! The words around the figures.

pub const HEAD: &str = "# Accuracy

Written by `cargo xtask eval accuracy --out docs/ACCURACY.md` from what it measured; nothing here is typed in but the figures of
other packages that were measured elsewhere. `cargo xtask eval qrs | noise | startup | invariance | place | quality | flutter | rate`
print the same with more detail, `--json` for machines; all of it takes about two minutes. `cargo xtask eval peers` runs the other
detectors on the same signals first (a quarter of an hour, once).

## Protocol
- One lead, the first of each record (lead II of LUDB), raw, through the same pipeline as in the browser, in pieces of 0.1 s, from
  the first sample to the last. No learning period is left out. Noise, start, place and what must not matter: by the detector
  alone, whose beats are the pipeline's.
- A detection is right within 150 ms of an annotated beat, one to one, the nearest pair first (ANSI/AAMI EC57; counts equal those
  of WFDB `bxb`). Gross figures: all beats of all records together.
- Intervals: 95 % of 2000 draws of whole records with replacement; differences to another detector by the same draws for both.
  Above and below mean that the interval excludes zero. `eval qrs --against DIR` compares with any other detections.
- Place: detection less annotation, mean ± standard deviation over all beats found; normal beats, samples: median distance over
  those annotated N. To report: median time from a beat to its event, in pieces of 0.1 s.

";

pub const TRUST: &str = "In-sample figures flatter: all of these but the QT Database took part in the fit (its model card stands in
`src/detect/fitted.rs`). The cross-validated figures below are of models that did not see the record. Neither undoes that the
features were chosen with these records at hand. A judgement free of all this needs recordings that nobody looked at here.";

pub const NOISE: &str = "Muscle (ma), electrode motion (em) and baseline wander (bw) of the MIT-BIH Noise Stress Test Database, mixed into every other
record of DS1 by the rule of WFDB `nst`, two minutes noisy and two clean from 5:00 on; from 3:00 to 11:00 of each record, noisy
blocks only. Record 118 is the database's own, whole, drawn by its noisy blocks. Every detector gets the same samples; others run
with default settings and see the signal as a whole. Only the first 15 minutes of each noise are used, and all of them took part
in the fit, as did record 118 with them; none of the other detectors saw these mixtures. At 0 dB and below the quality gate asks for
a repetition; these figures say what the detector alone makes of it.";

pub const SOON: &str = "MIT-BIH DS1 from the first sample, and with three seconds taken out of every minute. Median, 95 % and most; a first beat that is
annotated late is told late, and in one edge the flutter of record 207 begins. A beat 0.3 s or more away from an edge must be found,
once.";

pub const PLACE: &str = "Synthetic ECG whose R waves are known in continuous time, at 55, 70 and 110 beats a minute with variability, five minutes each.";

pub const TRAPS: &str = "Before comparing with figures elsewhere:
- Beats and detections inside the ventricular flutter of record 207 do not count, as in `bxb`.
- The first lead of record 114 is V5, not MLII. Some publications pick the better lead, use two, or leave records out.
- Most published figures were tuned on the very records they report.
- Peers ran with default settings; several read the recording ahead or as a whole, where this detector decides as it goes.
- Times are of one thread of different runs on a small shared machine: read ratios.";

pub const RATES: &str = "MIT-BIH DS1 against the annotated beats (all of them, ectopic ones too); stretches with ventricular flutter are left out.
Live: every rate that was shown while the last ten seconds were usable, against the mean of the annotated intervals that end in
the ten seconds up to the same beat. Windows: usable ten seconds side by side, beats less one by the time from first to last.
Half minutes: each a 30 s test of its own, every other one; what the verdict refuses is not given.";

pub const COST: &str = "Nanoseconds a sample and, in brackets, parts of four biquads in the same run: transposed direct form II in 32 bit, one plain
loop over 5 s at a time. Five minutes of synthetic ECG, of each 5 s the best of twenty passes; all else in frames of 73 samples as a
strap sends them, each copied into wasm on its own (frames alone). Native is optimised for speed, wasm is built as it is shipped,
for size, and runs in Node. Other packages get the whole signal at once and are in parts of the native biquads. The machine was
shared: read ratios.";

pub const TAIL: &str = "## Not measured
Children, pacemakers, dry electrodes on the move, devices other than through their recorded frames. MIT-BIH DS2 was neither seen nor
scored here. Sources: MIT-BIH Arrhythmia, MIT-BIH Noise Stress Test, QT Database (PhysioNet), LUDB, Open Data Commons Attribution
Licence 1.0.
";
