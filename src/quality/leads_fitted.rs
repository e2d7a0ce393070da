//! The weights of the joint judgement of several leads. Written by
//! `cargo run --profile native -p eval -- fit-leads --out src/quality/leads_fitted.rs`, which gives the same file again;
//! do not edit.
//!
//! # Model card
//! - What: a logistic regression on 6 features of 10 s of all leads; no record, patient or device enters.
//! - Fitted on: PhysioNet/CinC Challenge 2011, 500 records of set a (twelve leads, 10 s, 500 Hz) that people called
//!   acceptable (387) or unacceptable (113).
//! - How: Newton's method on standardised features with a ridge of 1.
//! - Accuracy 94.6 %, AUC 0.9844 in sample; 94.6 % and 0.9815 cross-validated (10 parts, 5 times), each record
//!   judged by weights fitted without it. The features were chosen with the same records at hand, which no
//!   cross-validation undoes.
//! - Known limits: adults at rest, twelve leads at once.

use super::leads::FittedLeads;

impl FittedLeads {
    /// The weights in use: of the constant, least likeness, least agreement, mean resemblance, hum, sharpness, floor.
    pub const FITTED: Self = Self([8.284024, -0.211669, -3.97089, -4.884711, 0.711997, -0.186238, 0.388629]);
}
