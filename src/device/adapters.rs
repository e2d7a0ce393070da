//! The table of what can be read. A new device is one folder and one row.

use super::{battery, heart_rate, information, polar, Adapter, DeviceBand, Uuid};
use crate::signal::DeviceClass;

/// One service that pqrst reads.
#[derive(Debug)]
pub struct AdapterRow {
    /// Name of the family, for documentation and tests.
    pub name: &'static str,
    /// What a device with it can be at best; `None` when it says nothing about the heart.
    pub class: Option<DeviceClass>,
    /// The GATT service.
    pub service: Uuid,
    /// Services by which devices of the family advertise themselves: the chooser's filters.
    pub advertised: &'static [Uuid],
    /// Characteristics of the service that are used.
    pub characteristics: &'static [Uuid],
    /// What devices of the family do to the signal themselves.
    pub band: Option<DeviceBand>,
    /// Makes the state machine.
    pub new: fn() -> Box<dyn Adapter>,
}

/// Everything that can be read, the richest source first.
pub const ADAPTERS: &[AdapterRow] = &[
    AdapterRow {
        name: "Polar PMD ECG",
        class: Some(DeviceClass::ChestStrapEcg),
        service: polar::SERVICE,
        // The straps advertise the heart rate service only.
        advertised: &[heart_rate::SERVICE],
        characteristics: &[polar::CONTROL_POINT, polar::DATA],
        band: Some(polar::BAND),
        new: || Box::new(polar::PolarAdapter::default()),
    },
    AdapterRow {
        name: "Heart Rate",
        class: Some(DeviceClass::HeartRateSensor),
        service: heart_rate::SERVICE,
        advertised: &[heart_rate::SERVICE],
        characteristics: &[heart_rate::MEASUREMENT],
        band: None,
        new: || Box::new(heart_rate::HeartRateAdapter::default()),
    },
    AdapterRow {
        name: "Battery",
        class: None,
        service: battery::SERVICE,
        advertised: &[],
        characteristics: &[battery::LEVEL],
        band: None,
        new: || Box::new(battery::BatteryAdapter::default()),
    },
    AdapterRow {
        name: "Device Information",
        class: None,
        service: information::SERVICE,
        advertised: &[],
        characteristics: &[information::MODEL_NUMBER],
        band: None,
        new: || Box::new(information::InformationAdapter),
    },
];

/// What a device chooser is to be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChooserOptions {
    /// One filter each: a device that advertises any of them is offered.
    pub filters: Vec<Uuid>,
    /// Services that the page must declare to use after connecting.
    pub optional_services: Vec<Uuid>,
}

impl ChooserOptions {
    /// The options that all rows of [`ADAPTERS`] together need.
    #[must_use]
    pub fn of_all_adapters() -> Self {
        let mut filters: Vec<Uuid> = Vec::new();
        for uuid in ADAPTERS.iter().flat_map(|row| row.advertised) {
            if !filters.contains(uuid) {
                filters.push(*uuid);
            }
        }
        Self { filters, optional_services: ADAPTERS.iter().map(|row| row.service).collect() }
    }
}
