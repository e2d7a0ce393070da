//! The fitted model. Written by `cargo xtask eval fit-af --out src/rhythm/af/fitted.rs`, which gives the same file
//! again; do not edit.
//!
//! # Model card
//! - What: a small network (see `model.rs`) on numbers made of 32 RR intervals, 545 parameters in 8 bits; no record, patient or device enters.
//! - Learnt from: MIT-BIH AF Database 1.0.0, 12 records, automatic beats; MIT-BIH Arrhythmia Database 1.0.0, the 22
//!   records of the DS1 split, beats of the detector of this library; PhysioNet/CinC Challenge 2017, the
//!   even records but for noisy ones, where a label holds for the whole recording; and 576 series drawn at random of
//!   fibrillation, bigeminy, trigeminy and breathing, which no record of a table enters (`drawn.rs`).
//! - How: cross-entropy by stochastic gradients, every beat labelled by the rhythm annotation around it.
//! - 32 beats: AUC 0.9909 on the AF database in sample; cross-validated: `cargo xtask eval af --cross-validate`.
//! - 128 beats: AUC 0.9960 on the AF database in sample; cross-validated: `cargo xtask eval af --cross-validate`.
//! - Known limits: adults; atrial flutter with a constant ratio is even and counts as no fibrillation; other rhythms
//!   that are unevenly uneven (multifocal tachycardia, runs of extra beats) can look alike. RR intervals alone.

/// Means of the features.
#[rustfmt::skip]
pub(super) const MEANS: [f32; 32] = [-0.1028, -2.376, -2.112, 0.7008, 0.5134, 0.3991, 0.2799, -3.57, -2.763, -2.132, -4.471, 1.809, -4.022, 1.439, -3.37, 0.9431, -2.598, 0.48, -1.504, -4.03, -0.0315, 0.3632, 0.6126, -0.02237, 0.364, 0.6133, -0.03445, 0.3628, 0.6097, 0.5979, 0.1094, -4.748];

/// One over their spreads.
#[rustfmt::skip]
pub(super) const INVERSE_SPREADS: [f32; 32] = [4.515, 0.9461, 0.8382, 3.501, 2.783, 2.913, 3.507, 0.7479, 0.7644, 0.7866, 1.133, 2.635, 0.994, 3.62, 0.9264, 5.409, 0.8952, 8.18, 1.176, 1.1, 1.558, 3.232, 3.037, 1.715, 3.179, 3.054, 1.471, 3.175, 3.08, 7.012, 8.204, 1.897];

/// The scales: for each layer that of its weights and that of its biases.
#[rustfmt::skip]
pub(super) const SCALES: [f32; 4] = [0.00869, 0.00368, 0.00831, 0.00204];

/// The parameters, in steps of their scales.
#[rustfmt::skip]
pub(super) const STEPS: [i8; 545] = [
    -4, -24, -34, -22, 55, 1, -2, 47, 54, -23, -2, -64, 11, 46, -2, 13, -55, -39, -40, -30, -54, -54, 40, 3,
    -8, -30, 39, 19, -23, -55, -36, -7, 5, -37, -40, -28, -34, -39, 57, 12, -12, -27, 54, -21, 22, -35, -11, 34,
    -28, 26, 25, 19, -9, 0, -38, 5, 41, 9, -38, 53, -11, -11, -13, -6, 14, 30, 31, 26, -3, 7, -50, -6,
    22, 12, -45, 31, -17, 1, -23, -33, -5, 35, 32, 37, 26, 25, -27, 17, -62, 22, -31, 14, -37, 31, -56, -106,
    -67, 21, 15, 21, 20, 4, 40, -39, -113, 8, 34, 16, -53, 18, -41, -45, -29, -4, 3, -10, 0, -31, 13, 30,
    29, -24, 10, -17, -34, -13, -26, -45, -4, -4, -8, -5, -22, -20, 18, 4, -27, -16, 17, 9, -33, -23, -32, -17,
    -31, -29, -31, -19, -33, -34, 50, -36, -45, -11, 48, 12, -21, -33, -29, 5, 6, 30, 37, 25, 35, 38, -7, 7,
    20, 26, -7, -26, -18, 26, 5, -4, -7, 9, 3, 7, 10, -10, 13, 31, 24, 15, 3, -5, 11, 6, -39, 5,
    -15, 20, 28, 19, 26, 33, -7, 28, 20, 18, -4, 6, 13, 21, 26, -10, -5, 11, 3, 29, 26, 28, 13, 36,
    -6, 26, 5, -27, 34, 21, -11, -11, -29, 21, 29, 30, 17, 30, -9, -7, 6, 15, -11, 0, -1, 23, 17, -24,
    -12, 47, 43, 67, 22, 59, -9, 8, 3, 61, -13, -42, 33, 26, 20, -11, -3, 1, 4, 4, -13, -3, 6, -55,
    -24, -9, 7, -5, -20, -7, 13, 4, -23, 17, 3, 12, -25, -24, -44, -3, -15, 15, -41, 45, -10, -36, 40, -60,
    20, 20, 28, 16, 9, 27, 9, -36, -48, 28, 13, 6, 2, -2, 33, -7, -13, 22, 32, 25, 26, 24, -8, 9,
    5, 20, -5, 5, 28, 23, 36, 10, 39, -16, -16, -30, 22, 19, -4, -30, 52, -16, -2, -9, -47, 15, -46, 44,
    -10, 7, 8, 15, -6, -17, -33, 2, 1, -6, -37, 15, 3, -11, 4, -39, -84, 15, 15, 14, 3, -6, -48, -2,
    5, 6, -49, 29, 64, -1, 46, -26, -75, 9, 0, 4, 5, -15, -59, -127, 66, -17, -60, -17, -13, 15, 15, 33,
    -9, -25, -17, -18, -7, 5, 13, 19, -24, -8, 14, -18, 10, -20, 35, -22, -12, -22, -18, -15, -18, -9, 12, 38,
    -22, -1, 14, 31, 15, -25, 12, -7, -31, 12, 8, 12, -27, -6, -1, -59, -16, -14, -8, 24, -2, -20, 30, 22,
    -31, -28, -23, -35, -14, -30, 1, -10, -41, -24, -1, 6, -44, -19, -29, -44, -12, -10, -9, -15, -17, -30, -9, 40,
    42, -12, -9, 11, -8, -27, 21, -17, -31, 33, 35, 27, 11, 2, 4, 7, -66, 7, 4, 5, 77, 4, 49, 4,
    47, 8, 21, 1, 1, -28, 39, 20, -7, -39, 37, -71, 33, 0, 14, 57, -23, -37, -27, -30, -24, -21, 37, -18,
    -6, -25, 38, -2, 10, -25, 26, 17, 88, 15, -18, 11, -96, -13, -95, 78, 33, 36, -86, 96, 127, -54, -15, 75,
    -113, 41, 42, 36, 69, 59, -77, -116, -127, 31, -71, 75, -118, 71, -64, -86, 127,
];
