//! Signal quality, window by window, with reasons a patient can act on; and the verdict on a whole test.
//!
//! A window of 2 s is usable when, in the 10 s around it, deflections of the QRS band stand out, resemble one
//! another and are not those of a moving electrode (`evidence`), and when in the window itself nothing
//! covers them: no lost samples, rails, flat line, hum, muscle activity, jump or swing of the baseline
//! (`judge`). Nothing is asked of the RR intervals, so that ectopic beats, bigeminy and atrial fibrillation
//! are no noise, nor of single windows, so that a slow heart may leave one empty. All thresholds are
//! relative to the height of the beats found, save those below which nothing at all arrives.
//!
//! What the detector doubts can be weighed into the windows afterwards ([`Doubts`]). Several leads of one record are
//! judged one by one and together ([`LeadsVerdict`]). Where the body is known to move, that explains a window which is not
//! usable, and closes none ([`Movement`]).
//!
//! Limits: ventricular flutter and fibrillation have no isolated QRS complexes and are not usable; a pause of
//! more than 5 s between beats is taken for a lead fault; a sampling rate below 85 Hz leaves mains hum
//! unwatched, one below 80 Hz muscle activity; clipping is seen where the rail reads as one constant level.

mod assessor;
mod band;
mod doubts;
mod envelope;
mod evidence;
mod hum;
mod judge;
mod leads;
mod leads_fitted;
mod movement;
mod raw;
mod twins;
mod verdict;

pub use assessor::Assessor;
pub use doubts::Doubts;
pub use leads::{FittedLeads, JudgedLead, LeadsRule, LeadsVerdict, LEADS_FEATURES};
pub use movement::{explained, Movement};
pub use verdict::{advice, Outcome, Received, TestRequest, Verdict, VerdictReason};
