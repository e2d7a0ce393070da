//! The Bluetooth driver: carries the device's actions out, one at a time, and knows no vendor.
//!
//! Works with any object of the shape of `navigator.bluetooth`: an extension's or a virtual device's objects fail
//! `instanceof`, so members are looked up and nothing is assumed beyond them.

mod chooser;
mod driver;
mod failure;
mod gatt;
mod member;
mod timer;

pub(super) use driver::Driver;
