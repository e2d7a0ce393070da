//! The fitted model. Written by `cargo xtask eval fit-af --out src/rhythm/af/fitted.rs`, which gives the same file
//! again; do not edit.
//!
//! # Model card
//! - What: a small network (see `model.rs`) on numbers made of 32 RR intervals, 497 parameters in 8 bits; no record, patient or device enters.
//! - Learnt from: MIT-BIH AF Database 1.0.0, 12 records, automatic beats; MIT-BIH Arrhythmia Database 1.0.0, the 22
//!   records of the DS1 split, beats of the detector of this library; PhysioNet/CinC Challenge 2017, the
//!   even records but for noisy ones, where a label holds for the whole recording.
//! - How: cross-entropy by stochastic gradients, every beat labelled by the rhythm annotation around it.
//! - 32 beats: AUC 0.9855 on the AF database in sample; cross-validated: `cargo xtask eval af --cross-validate`.
//! - 128 beats: AUC 0.9929 on the AF database in sample; cross-validated: `cargo xtask eval af --cross-validate`.
//! - Known limits: adults; atrial flutter with a constant ratio is even and counts as no fibrillation; other rhythms
//!   that are unevenly uneven (multifocal tachycardia, runs of extra beats) can look alike. RR intervals alone.

/// Means of the features.
#[rustfmt::skip]
pub(super) const MEANS: [f32; 29] = [-0.113, -2.446, -2.203, 0.6751, 0.4766, 0.361, 0.2435, -3.753, -2.908, -2.246, -4.456, 1.814, -4.008, 1.445, -3.358, 0.9546, -2.604, 0.4942, -1.481, -4.0, 0.3732, 0.6283, 0.3726, 0.6286, 0.3695, 0.622, 0.5863, 0.09214, -4.737];

/// One over their spreads.
#[rustfmt::skip]
pub(super) const INVERSE_SPREADS: [f32; 29] = [4.568, 0.945, 0.8473, 3.49, 2.851, 3.103, 4.078, 0.8221, 0.7963, 0.7993, 1.133, 2.632, 0.9902, 3.607, 0.9182, 5.659, 0.8811, 10.32, 1.184, 1.104, 3.277, 3.163, 3.222, 3.186, 3.21, 3.204, 7.869, 10.06, 1.873];

/// The scales: for each layer that of its weights and that of its biases.
#[rustfmt::skip]
pub(super) const SCALES: [f32; 4] = [0.00738, 0.0042, 0.00549, 3.01e-5];

/// The parameters, in steps of their scales.
#[rustfmt::skip]
pub(super) const STEPS: [i8; 497] = [
    11, -23, -26, 34, 44, 36, -39, -102, 33, -40, -22, -72, -4, 31, 54, 18, -29, -65, -37, 26, 2, -50, -28, -2,
    -3, -29, 46, 11, 26, 25, 9, 21, -6, -23, -38, 29, 31, -1, -14, -34, -7, -40, 47, -29, 65, 53, -10, 36,
    -2, -29, 5, -16, 19, 10, 20, 51, 22, 15, -56, 60, -50, -25, 26, -7, -31, 26, 14, -31, -43, 33, 14, 36,
    -3, 31, -44, 20, -44, -41, -28, -47, -20, -19, 20, -55, -114, 6, 37, 32, -82, 29, -45, 20, -27, -35, -57, -104,
    -44, -81, -18, -17, -96, -85, 14, 0, -127, -2, 23, -12, 47, 10, -50, -68, -37, -35, -9, -25, 14, -7, -15, 1,
    -18, 11, -43, -9, -2, 7, 13, -56, -14, 10, -21, 25, -21, 0, -6, -4, -35, -5, 24, -23, 17, 46, -12, -39,
    -23, -79, -14, 4, -35, -39, -17, -6, -40, -14, 38, 19, 48, 38, -50, -3, -22, 0, 56, -7, 7, -7, 36, -4,
    23, 26, -21, -11, -12, -37, 15, -15, 50, -37, 9, 33, 28, 20, 19, -8, 1, 24, -9, -21, 10, 51, 4, 2,
    3, -12, 22, 28, 31, 13, -9, 8, 36, 13, 6, -16, 2, 3, 20, 25, 32, -46, 18, 17, -20, 45, 65, -38,
    6, 38, -1, -26, -8, 30, 4, -16, -9, -35, 18, 16, 0, 1, 23, -3, -12, 15, 6, 9, -19, -14, 16, -8,
    23, 25, 76, -20, 0, 61, 96, -30, 22, 72, -32, -33, -21, -2, 6, -16, -9, 29, 4, 38, -10, 9, -17, -23,
    -15, -11, 42, -28, 23, 39, -29, 3, -14, 54, -20, -16, -37, 5, 16, 50, 16, 36, -33, 37, -64, -51, -11, -47,
    -1, 13, 45, -14, -2, -14, 34, 23, 6, 49, 4, 11, -19, -12, 6, -7, 3, -14, 33, 4, 61, 13, 13, -2,
    42, 9, 15, -30, -15, -14, 20, 33, 26, 8, -4, -48, -27, 40, -1, 4, -18, 6, -46, -23, -31, -39, 0, -38,
    26, -3, -21, -35, 15, 83, 10, 36, 26, 5, -70, 13, -55, -36, 10, -33, -8, 78, -15, 5, -29, 28, -30, -29,
    -10, -59, 46, -42, 60, 14, 23, -22, 3, 22, -5, 46, 22, 19, -39, 4, 48, -30, 23, 7, 22, 26, 15, 15,
    -27, -5, -39, -6, -31, 3, -39, -21, -26, -26, -24, 7, -17, -24, -37, -57, -6, 11, -18, 29, 10, 76, -5, 3,
    29, -3, -1, 19, 8, -3, 4, -13, 65, -8, -3, -12, -51, 65, -5, -10, -15, 17, -4, 16, 2, -6, -106, -13,
    34, 78, -45, 51, -6, 42, -80, -5, 2, -63, 44, -72, 63, 50, 8, 62, -2, -37, -12, -11, 32, -27, -8, 1,
    22, -2, 3, -22, -11, 2, -3, 3, 82, 63, -25, 47, 92, 127, 45, 58, 100, 53, -8, 17, 9, 9, -44, 110,
    -49, -87, 46, -58, -118, -121, 62, 65, -88, 68, -63, 51, -66, -48, -53, -127, 127,
];
