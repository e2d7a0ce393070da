//! The portal over real HTTP: a server on a free port, a real SQLite file, a real client.

mod clinic;
mod command;
mod deliveries;
mod events;
mod invitations;
mod pages;
mod refusals;
mod sign_in;
mod storage;
mod visits;
