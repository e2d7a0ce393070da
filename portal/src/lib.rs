//! The reference telehealth portal for pqrst: one binary, one SQLite file, one origin for pages and API.
//!
//! # Layout
//! * [`command`] reads the command line, [`settings`] says what an operator can choose, [`clinic`] what a clinic decides.
//! * [`http`] holds one router per resource; who may call stands in each handler's signature
//!   ([`caller::Clinician`], [`caller::InvitationHolder`]); what goes wrong is one enum, [`error::Error`].
//! * [`store`] is the only door to the database, [`bundle`] the only door to the library.
//! * [`secret`], [`password`] and [`throttle`] guard the two ways in; [`watch`] carries the live push.
//! * [`server`] holds connections to a time and a number, [`retention`] takes away what has ended.
//!
//! `docs/SECURITY.md` lists the attackers and the controls, `docs/PRIVACY.md` what is stored.

pub mod body;
pub mod bundle;
pub mod caller;
pub mod clinic;
pub mod clock;
pub mod command;
pub mod error;
pub mod http;
pub mod live;
pub mod origin;
pub mod password;
pub mod retention;
pub mod secret;
pub mod server;
pub mod settings;
pub mod state;
pub mod store;
pub mod throttle;
pub mod watch;

pub use http::{app, served};
pub use settings::Settings;
pub use state::Portal;
