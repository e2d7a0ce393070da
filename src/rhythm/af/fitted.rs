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
//! - 32 beats: AUC 0.9908 on the AF database in sample; cross-validated: `cargo xtask eval af --cross-validate`.
//! - 128 beats: AUC 0.9960 on the AF database in sample; cross-validated: `cargo xtask eval af --cross-validate`.
//! - Known limits: adults; atrial flutter with a constant ratio is even and counts as no fibrillation; other rhythms
//!   that are unevenly uneven (multifocal tachycardia, runs of extra beats) can look alike. RR intervals alone.

/// Means of the features.
#[rustfmt::skip]
pub(super) const MEANS: [f32; 32] = [-0.1027, -2.376, -2.112, 0.7008, 0.5134, 0.3991, 0.2799, -3.57, -2.763, -2.132, -4.471, 1.809, -4.023, 1.439, -3.37, 0.9431, -2.598, 0.48, -1.504, -4.03, -0.03141, 0.3632, 0.6126, -0.02235, 0.364, 0.6134, -0.03435, 0.3628, 0.6098, 0.5978, 0.1094, -4.748];

/// One over their spreads.
#[rustfmt::skip]
pub(super) const INVERSE_SPREADS: [f32; 32] = [4.514, 0.946, 0.8382, 3.501, 2.783, 2.913, 3.507, 0.7479, 0.7644, 0.7866, 1.133, 2.635, 0.9943, 3.62, 0.9266, 5.409, 0.8952, 8.179, 1.177, 1.1, 1.558, 3.232, 3.037, 1.715, 3.179, 3.054, 1.472, 3.175, 3.08, 7.013, 8.205, 1.897];

/// The scales: for each layer that of its weights and that of its biases.
#[rustfmt::skip]
pub(super) const SCALES: [f32; 4] = [0.00914, 0.00425, 0.008, 0.00184];

/// The parameters, in steps of their scales.
#[rustfmt::skip]
pub(super) const STEPS: [i8; 545] = [
    5, -23, -18, 0, -24, 22, -5, 5, 51, -23, 1, -74, 16, 34, 52, 1, -7, -39, -31, -51, -58, -60, 46, -40,
    -5, -46, 38, 20, -13, -57, 4, -7, 14, -36, -29, -48, -17, -45, 55, 11, -3, -52, 54, -18, 24, -39, -14, 36,
    -5, 28, 23, 13, -9, 2, -35, -21, 42, 15, -33, 52, 2, -3, 23, -16, -23, 24, 18, 11, 19, -3, -44, -33,
    22, 12, -36, 32, 1, -5, -15, -25, -21, 31, 28, 13, -35, 18, -21, -61, -23, 13, -25, 12, 3, 17, -48, -95,
    -20, 18, 13, 15, -80, 4, 34, -23, -113, 12, 30, 15, -44, 5, -74, -40, 13, -2, -5, -8, -18, -18, 16, -56,
    24, 7, 11, -17, -10, -14, 5, -59, 27, -4, -6, -7, -16, -23, 21, -46, -33, 0, 21, 8, -2, -20, -18, -20,
    23, -27, -13, -34, -53, -41, 49, -28, -40, -28, 49, 11, -24, -37, -53, 9, -6, 29, 24, 19, 1, 33, 2, -20,
    6, 20, -7, -28, 2, 32, 9, -8, 5, 22, 13, -23, -34, 4, 22, -5, 17, -7, -5, -12, 23, 2, 11, -6,
    -15, 18, 18, 19, -1, 30, 8, 13, 25, 26, 1, -3, 16, 24, 27, -4, -11, 21, 33, -11, -30, 27, 18, 5,
    8, -16, 4, -35, 29, 30, 9, -27, -10, 26, 31, 18, -1, 32, -5, 7, 0, 23, -10, 3, -10, 28, 16, -15,
    -15, 66, 74, 17, 0, 46, -6, 10, -10, 0, -8, -39, 18, 36, 25, -13, 15, 6, 12, 2, 17, -5, -1, 7,
    -36, 2, 3, -4, -57, -6, -18, 16, -36, 29, 20, -31, 37, -33, -43, 15, -18, -41, -42, 38, -32, -32, -19, -49,
    0, 25, 27, 23, 26, 30, 5, 23, -31, 27, 10, 3, -20, 22, -29, 18, -43, 24, 24, 18, 2, 21, 5, 36,
    8, 22, -2, -3, 4, 26, 29, 13, 63, -20, -34, 2, 30, 7, -18, -24, 20, 8, -7, -10, -47, -1, 8, 36,
    -17, 7, 8, -5, 5, -17, -14, -14, -5, -4, -32, 1, -9, -13, 19, -35, -69, 18, 12, 4, -25, -3, -27, 26,
    -2, 3, -42, 33, 31, -6, 11, -24, -44, -1, -4, 4, 15, -9, -46, -7, 22, -6, -48, -23, -127, -1, 56, 30,
    -18, -24, -22, -12, 18, -2, 21, 14, -34, -12, 18, -19, 4, -12, 3, -4, -18, -27, -23, -16, -23, -26, 21, 3,
    -16, -18, 13, 30, 38, -26, -3, -2, -31, 24, 14, -15, -16, -11, -9, 2, -39, -10, -10, 17, -39, -16, 60, 21,
    -17, -33, -33, -20, -16, -25, 5, -28, -34, -14, 3, 10, -45, -22, -27, -31, 8, -14, -20, -12, 36, -26, -1, 5,
    42, -12, -11, 5, -15, -21, -4, -17, -60, 31, 28, 23, -38, 3, 23, 64, -45, 22, 10, 5, 30, 3, -17, 14,
    38, 9, -5, 9, 36, -12, 31, 57, 8, 13, 36, -70, 14, -16, -27, 60, -20, -28, -25, -29, -25, -21, 35, 6,
    -14, -14, 33, 2, -12, -21, 2, 20, -27, 22, 22, 10, 24, -43, -86, 123, 52, -20, -73, 81, 127, -43, -12, 73,
    -98, 52, 43, 49, -63, 74, -76, -98, -121, 40, -64, 90, -127, 69, -78, -89, 127,
];
