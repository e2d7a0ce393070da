//! The table of what can be read. A new device is one folder and one row.

use super::{
    battery, blood_pressure, card10, glucose, health_sensor, healthypi, heart_rate, information, movesense,
    movesense_activity, polar, pulse_oximeter, thermometer, uart, viatom, weight_scale, zephyr, Adapter,
    DeviceBand, Uuid,
};
use crate::signal::DeviceClass;

/// Makes the state machine of a service.
pub type NewAdapter = fn() -> Box<dyn Adapter>;

/// How well a family is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Evidence {
    /// Frames of a real device, or a specification of the Bluetooth SIG.
    Proven,
    /// Public sources that nobody here could hold against a device: it may read nothing, and it says so.
    Experimental,
}

/// One service that pqrst reads.
#[derive(Debug)]
pub struct AdapterRow {
    /// Name of the family, for documentation and tests.
    pub name: &'static str,
    /// What a device with it can be at best; `None` when it says nothing about the heart.
    pub class: Option<DeviceClass>,
    /// How well it is known.
    pub evidence: Evidence,
    /// The GATT service.
    pub service: Uuid,
    /// The one that older devices of the family have in its place.
    pub older_service: Option<Uuid>,
    /// Services by which devices of the family advertise themselves: the chooser's filters.
    pub advertised: &'static [Uuid],
    /// Beginnings of the names of devices that advertise none of their services: filters as well. The name is the
    /// chooser's business and goes no further.
    pub names: &'static [&'static str],
    /// Characteristics of the service that are used.
    pub characteristics: &'static [Uuid],
    /// What devices of the family do to the signal themselves.
    pub band: Option<DeviceBand>,
    /// Whether a page loads its state machine on demand.
    pub rarer: bool,
    /// Makes the state machine; `None` where this module leaves it to the one that is loaded when such a device is
    /// chosen.
    pub new: Option<NewAdapter>,
}

impl AdapterRow {
    /// Services by which a device is one of the family.
    pub fn services(&self) -> impl Iterator<Item = Uuid> {
        core::iter::once(self.service).chain(self.older_service)
    }

    /// Whether this is one of them.
    #[must_use]
    pub fn is_at(&self, service: Uuid) -> bool {
        self.service == service || self.older_service == Some(service)
    }

    /// Whether a device with these services is one of the family.
    #[must_use]
    pub fn is_among(&self, services: &[Uuid]) -> bool {
        services.iter().any(|service| self.is_at(*service))
    }
}

/// Whether a service is one of the rarer families: those that a page's own module does not read.
#[inline(never)]
pub(super) fn is_rarer(service: Uuid) -> bool {
    ADAPTERS.iter().any(|row| row.rarer && row.is_at(service))
}

/// Whether a characteristic is one that a rarer family uses.
#[inline(never)]
pub(super) fn is_of_rarer(characteristic: Uuid) -> bool {
    ADAPTERS.iter().any(|row| row.rarer && row.characteristics.contains(&characteristic))
}

/// Rarer families: a patient's page loads their state machines when one of them is chosen.
const fn on_demand(new: NewAdapter) -> Option<NewAdapter> {
    if cfg!(any(not(target_arch = "wasm32"), feature = "devices")) {
        Some(new)
    } else {
        None
    }
}

/// Families that the page's own module reads.
const fn built_in(new: NewAdapter) -> Option<NewAdapter> {
    if cfg!(all(target_arch = "wasm32", feature = "devices")) {
        None
    } else {
        Some(new)
    }
}

/// Names are for documentation and tests: a page does not carry them.
const fn named(name: &'static str) -> &'static str {
    if cfg!(target_arch = "wasm32") {
        ""
    } else {
        name
    }
}

/// A row without peculiarities.
const PLAIN: AdapterRow = AdapterRow {
    name: "",
    class: None,
    evidence: Evidence::Proven,
    service: Uuid::new(0),
    older_service: None,
    advertised: &[],
    names: &[],
    characteristics: &[],
    band: None,
    rarer: true,
    new: None,
};

/// A row of a home test that says nothing about the heart's signal.
const fn reading(
    name: &'static str,
    service: Uuid,
    advertised: &'static [Uuid],
    characteristics: &'static [Uuid],
    new: NewAdapter,
) -> AdapterRow {
    AdapterRow { name: named(name), service, advertised, characteristics, new: on_demand(new), ..PLAIN }
}

/// Everything that can be read, the richest source first.
pub const ADAPTERS: &[AdapterRow] = &[
    AdapterRow {
        name: named("Polar PMD ECG"),
        class: Some(DeviceClass::ChestStrapEcg),
        service: polar::SERVICE,
        // The straps advertise the heart rate service only.
        advertised: &[heart_rate::SERVICE],
        characteristics: &[polar::CONTROL_POINT, polar::DATA],
        band: Some(polar::BAND),
        rarer: false,
        new: built_in(|| Box::new(polar::PolarAdapter::default())),
        ..PLAIN
    },
    AdapterRow {
        name: named("Movesense GSP"),
        class: Some(DeviceClass::ChestStrapEcg),
        service: movesense::SERVICE,
        advertised: &[movesense::SERVICE],
        names: &["Movesense"],
        characteristics: &[movesense::COMMAND, movesense::DATA],
        new: on_demand(|| Box::new(movesense::MovesenseAdapter::default())),
        ..PLAIN
    },
    AdapterRow {
        name: named("Movesense open firmware"),
        class: Some(DeviceClass::ChestStrapEcg),
        evidence: Evidence::Experimental,
        service: movesense_activity::SERVICE,
        older_service: Some(movesense_activity::FIRST_SERVICE),
        advertised: &[movesense_activity::SERVICE, movesense_activity::FIRST_SERVICE],
        characteristics: &[
            movesense_activity::ECG,
            movesense_activity::CONFIGURATION,
            movesense_activity::OLD_ECG,
            movesense_activity::OLD_INTERVAL,
            movesense_activity::FIRST_INTERVAL,
        ],
        new: on_demand(|| Box::new(movesense_activity::MovesenseActivityAdapter::default())),
        ..PLAIN
    },
    AdapterRow {
        name: named("Viatom, Wellue, Lepu"),
        class: Some(DeviceClass::EcgMonitor),
        service: viatom::SERVICE,
        advertised: &[viatom::SERVICE],
        names: &["ER1", "ER2", "DuoEK"],
        characteristics: &[viatom::REQUEST, viatom::ANSWER],
        new: on_demand(|| Box::new(viatom::ViatomAdapter::default())),
        ..PLAIN
    },
    AdapterRow {
        name: named("ProtoCentral HealthyPi"),
        class: Some(DeviceClass::EcgMonitor),
        evidence: Evidence::Experimental,
        service: healthypi::SERVICE,
        advertised: &[healthypi::SERVICE],
        names: &["healthypi"],
        characteristics: &[healthypi::ECG],
        new: on_demand(|| Box::new(healthypi::HealthyPiAdapter::default())),
        ..PLAIN
    },
    AdapterRow {
        name: named("card10"),
        class: Some(DeviceClass::EcgMonitor),
        evidence: Evidence::Experimental,
        service: card10::SERVICE,
        advertised: &[card10::SERVICE],
        names: &["card10"],
        characteristics: &[card10::ECG],
        new: on_demand(|| Box::new(card10::Card10Adapter::default())),
        ..PLAIN
    },
    AdapterRow {
        name: named("Nordic UART boards"),
        class: Some(DeviceClass::EcgMonitor),
        service: uart::SERVICE,
        advertised: &[uart::SERVICE],
        characteristics: &[uart::TRANSMIT],
        new: on_demand(|| Box::new(uart::UartAdapter::new(uart::SERVICE, uart::TRANSMIT))),
        ..PLAIN
    },
    AdapterRow {
        name: named("ESP32 boards"),
        class: Some(DeviceClass::EcgMonitor),
        service: uart::ESP32_SERVICE,
        advertised: &[uart::ESP32_SERVICE],
        characteristics: &[uart::ESP32_TRANSMIT],
        new: on_demand(|| Box::new(uart::UartAdapter::new(uart::ESP32_SERVICE, uart::ESP32_TRANSMIT))),
        ..PLAIN
    },
    AdapterRow {
        name: named("Zephyr BioHarness"),
        class: Some(DeviceClass::HeartRateSensor),
        evidence: Evidence::Experimental,
        service: zephyr::SERVICE,
        advertised: &[zephyr::SERVICE],
        names: &["BH BHT"],
        characteristics: &[zephyr::SUMMARY, zephyr::COMMAND, zephyr::PACKETS],
        new: on_demand(|| Box::new(zephyr::ZephyrAdapter::default())),
        ..PLAIN
    },
    AdapterRow {
        name: named("Heart Rate"),
        class: Some(DeviceClass::HeartRateSensor),
        service: heart_rate::SERVICE,
        advertised: &[heart_rate::SERVICE],
        characteristics: &[heart_rate::MEASUREMENT],
        rarer: false,
        new: built_in(|| Box::new(heart_rate::HeartRateAdapter::default())),
        ..PLAIN
    },
    reading(
        "Blood Pressure",
        blood_pressure::SERVICE,
        &[blood_pressure::SERVICE],
        &[blood_pressure::MEASUREMENT],
        blood_pressure::adapter,
    ),
    reading(
        "Pulse Oximeter",
        pulse_oximeter::SERVICE,
        &[pulse_oximeter::SERVICE],
        &[pulse_oximeter::SPOT_CHECK, pulse_oximeter::CONTINUOUS],
        pulse_oximeter::adapter,
    ),
    reading(
        "Health Thermometer",
        thermometer::SERVICE,
        &[thermometer::SERVICE],
        &[thermometer::MEASUREMENT],
        thermometer::adapter,
    ),
    reading(
        "Glucose",
        glucose::SERVICE,
        &[glucose::SERVICE],
        &[glucose::MEASUREMENT, glucose::RECORD_ACCESS],
        || Box::new(glucose::GlucoseAdapter::default()),
    ),
    reading(
        "Weight Scale",
        weight_scale::SERVICE,
        &[weight_scale::SERVICE],
        &[weight_scale::MEASUREMENT],
        weight_scale::adapter,
    ),
    AdapterRow {
        evidence: Evidence::Experimental,
        ..reading(
            "Generic Health Sensor",
            health_sensor::SERVICE,
            &[health_sensor::SERVICE],
            &[health_sensor::LIVE],
            || Box::new(health_sensor::HealthSensorAdapter::default()),
        )
    },
    AdapterRow {
        name: named("Battery"),
        service: battery::SERVICE,
        characteristics: &[battery::LEVEL],
        rarer: false,
        new: built_in(|| Box::new(battery::BatteryAdapter::default())),
        ..PLAIN
    },
    AdapterRow {
        name: named("Device Information"),
        service: information::SERVICE,
        characteristics: &[information::MODEL_NUMBER],
        rarer: false,
        new: built_in(|| Box::new(information::InformationAdapter)),
        ..PLAIN
    },
];

/// What a device chooser is to be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChooserOptions {
    /// One filter each: a device that advertises any of them is offered.
    pub filters: Vec<Uuid>,
    /// One filter each: a device whose name begins so is offered.
    pub names: Vec<&'static str>,
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
        let names = ADAPTERS.iter().flat_map(|row| row.names).copied().collect();
        Self { filters, names, optional_services: ADAPTERS.iter().flat_map(AdapterRow::services).collect() }
    }
}
