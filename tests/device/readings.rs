//! Home tests: only the patient's own, fresh readings are passed on, and nothing tells whose they were.

use crate::host::{usual_choice, Host};
use pqrst::device::reading::{Measurement, MeasurementLimit, Panel, Quantity, ReadingFilter, UserIndex};
use pqrst::device::{DeviceChoice, DeviceEvent, LeftOut};
use pqrst::simulate::{Options, VirtualKind};

fn read(kind: VirtualKind, user: Option<u8>, history: bool) -> (Vec<Measurement>, Vec<LeftOut>) {
    let mut host = Host::new(kind, &[], 250.0, Options::default()).choosing(&usual_choice());
    host.connect();
    let mut choice = host.reading_choice(user);
    choice.readings.history = history;
    host.device.configure(&choice);
    host.run(12.0);
    assert!(host.bad.is_empty(), "{kind:?}: {:?}", host.bad);
    let (mut readings, mut left_out) = (Vec::new(), Vec::new());
    for event in host.events {
        match event {
            DeviceEvent::Measurement(reading) => readings.push(reading),
            DeviceEvent::LeftOut(why) => left_out.push(why),
            _ => {}
        }
    }
    (readings, left_out)
}

#[test]
fn of_a_shared_monitor_only_the_chosen_users_fresh_reading_passes() {
    let (readings, left_out) = read(VirtualKind::BloodPressure, Some(1), false);
    assert_eq!(left_out, [LeftOut::Stored, LeftOut::OtherUser]);
    assert_eq!(readings.len(), 1);
    let reading = &readings[0];
    assert_eq!(reading.panel, Panel::BloodPressure);
    assert_eq!(reading.value(Quantity::Systolic), Some(128.0));
    assert_eq!(reading.value(Quantity::Diastolic), Some(82.0));
    assert_eq!(reading.value(Quantity::PulseRate), Some(62.0));
    assert!(reading.age.is_some_and(|age| age.0 < 60.0));
    assert!(reading.panel.limits().contains(&MeasurementLimit::SingleReading));
}

#[test]
fn nothing_passes_before_a_user_is_chosen() {
    for kind in [VirtualKind::BloodPressure, VirtualKind::WeightScale, VirtualKind::HealthSensor] {
        let (readings, left_out) = read(kind, None, false);
        assert!(readings.is_empty(), "{kind:?}");
        assert!(left_out.iter().all(|why| *why == LeftOut::UserNotChosen), "{kind:?}: {left_out:?}");
    }
}

#[test]
fn each_home_test_gives_its_number() {
    let expected = [
        (VirtualKind::PulseOximeter, Quantity::OxygenSaturation, 97.0),
        (VirtualKind::Thermometer, Quantity::BodyTemperature, 36.8),
        (VirtualKind::Glucose, Quantity::Glucose, 5.4),
        (VirtualKind::WeightScale, Quantity::BodyWeight, 72.35),
        (VirtualKind::HealthSensor, Quantity::OxygenSaturation, 97.0),
    ];
    for (kind, quantity, value) in expected {
        let (readings, _) = read(kind, Some(1), false);
        let first = readings.first().unwrap_or_else(|| panic!("{kind:?} gives nothing"));
        assert_eq!(first.values[0].quantity, quantity);
        assert!((first.values[0].value - value).abs() < 1e-9, "{kind:?}: {:?}", first.values);
        assert!(
            !first.panel.limits().is_empty() && !quantity.loinc().is_empty() && !quantity.ucum().is_empty()
        );
    }
}

#[test]
fn history_comes_only_when_it_is_asked_for() {
    let (readings, _) = read(VirtualKind::Glucose, None, false);
    assert_eq!(readings.len(), 1);
    let (readings, _) = read(VirtualKind::Glucose, None, true);
    assert_eq!(readings.len(), 2);
    assert!(readings[0].age.is_some_and(|age| age.0 > 9.0 * 3600.0));
}

#[test]
fn a_page_that_gives_no_time_gets_no_stamped_reading() {
    let mut host = Host::new(VirtualKind::Thermometer, &[], 250.0, Options::default());
    host.connect();
    host.run(12.0);
    let left_out = host.events.iter().filter(|e| **e == DeviceEvent::LeftOut(LeftOut::ClockUnknown)).count();
    assert_eq!(left_out, 2);
    assert!(!host.events.iter().any(|e| matches!(e, DeviceEvent::Measurement(_))));
}

#[test]
fn neither_user_nor_time_can_be_printed() {
    let readings = ReadingFilter { user: Some(UserIndex(7)), ..ReadingFilter::default() };
    let printed = format!("{:?}", DeviceChoice { readings, ..DeviceChoice::default() });
    assert!(!printed.contains('7') && printed.contains("UserIndex(..)"), "{printed}");
    let (readings, _) = read(VirtualKind::BloodPressure, Some(1), false);
    let printed = format!("{:?}", readings[0]);
    assert!(
        !printed.contains("user") && !printed.contains("2026") && !printed.contains("CivilTime"),
        "{printed}"
    );
}
