//! What holds for every row of the table, against its virtual device.

use crate::host::{ramp, usual_choice, Host};
use pqrst::device::remote::RemoteDevice;
use pqrst::device::{Action, AdapterRow, Device, DeviceEvent, Evidence, Input, Stream, Uuid, ADAPTERS};
use pqrst::signal::EcgFrame;
use pqrst::simulate::{Options, VirtualKind};
use pqrst::units::HostTime;
use proptest::prelude::*;
use std::sync::OnceLock;

/// A quarter of a minute with every device: what it sent, and what became of it.
fn conversation(kind: VirtualKind) -> Host {
    let mut host = Host::new(kind, &ramp(20.0, 250.0), 250.0, Options::default()).choosing(&usual_choice());
    host.connect();
    let choice = host.reading_choice(Some(1));
    host.device.configure(&choice);
    host.run(15.0);
    host
}

/// What a device sent: characteristics with their values.
type Heard = (VirtualKind, Vec<(Uuid, Vec<u8>)>);

fn conversations() -> &'static [Heard] {
    static HEARD: OnceLock<Vec<Heard>> = OnceLock::new();
    HEARD.get_or_init(|| VirtualKind::ALL.iter().map(|kind| (*kind, conversation(*kind).heard)).collect())
}

#[test]
fn every_row_has_a_virtual_device_and_names_only_what_it_uses() {
    for row in ADAPTERS {
        for service in row.services() {
            let played = VirtualKind::ALL.iter().any(|kind| kind.services().contains(&service));
            assert!(played, "{} cannot be played", row.name);
        }
        assert!(!row.name.is_empty() && row.new.is_some(), "{}", row.name);
    }
    let mut services: Vec<Uuid> = ADAPTERS.iter().flat_map(AdapterRow::services).collect();
    let count = services.len();
    services.sort();
    services.dedup();
    assert_eq!(services.len(), count, "one row a service");
}

#[test]
fn the_readme_lists_every_row() {
    let readme = include_str!("../../README.md");
    for row in ADAPTERS {
        let line = readme.lines().find(|line| line.starts_with(&format!("| {}", row.name)));
        let line = line.unwrap_or_else(|| panic!("the README does not list {}", row.name));
        let experimental = row.evidence == Evidence::Experimental;
        assert_eq!(line.contains("experimental"), experimental, "{}", row.name);
    }
}

#[test]
fn every_device_is_started_read_and_let_go() {
    for kind in VirtualKind::ALL {
        let mut host = conversation(*kind);
        assert_eq!(host.bad, Vec::<&str>::new(), "{kind:?}");
        let row = ADAPTERS.iter().find(|row| row.is_at(kind.services()[0])).unwrap();
        let stream = match (kind.sends_ecg(), row.class) {
            (true, _) => Stream::Ecg,
            (_, Some(_)) => Stream::HeartRate,
            _ => Stream::Readings,
        };
        let streaming = DeviceEvent::Streaming(stream);
        assert!(host.events.contains(&streaming), "{kind:?}: {:?}", host.events);
        if kind.sends_ecg() {
            let seconds = host.samples() as f64 / kind.true_rate_hz();
            assert!((12.5..15.1).contains(&seconds), "{kind:?}: {seconds} s of ECG");
            assert!(host.chunks.iter().all(|chunk| chunk.gap.is_none()), "{kind:?}");
        }
        host.feed(Input::Stop { now: HostTime(host.now) });
        host.run(4.0);
        assert!(!host.linked && host.log.last() == Some(&Action::Disconnect), "{kind:?} keeps its link");
        // The virtual device is told to be quiet, or is so without a link.
        let before = host.heard.len();
        host.run(2.0);
        assert_eq!(host.heard.len(), before, "{kind:?}");
    }
}

#[test]
fn it_makes_no_difference_where_the_state_machines_are() {
    for kind in VirtualKind::ALL {
        let talk = |host: Host| {
            let mut host = host;
            host.connect();
            host.run(8.0);
            host.lose_link();
            host.run(2.0);
            host.connect();
            host.run(8.0);
            host.feed(Input::Stop { now: HostTime(host.now) });
            host.run(4.0);
            host
        };
        let options = || Options { loss_rate: 0.05, seed: 3, ..Options::default() };
        let host = || Host::new(*kind, &ramp(30.0, 250.0), 250.0, options()).choosing(&usual_choice());
        let (here, there) = (talk(host()), talk(host().on_demand()));
        assert_eq!(here.log, there.log, "{kind:?}");
        assert_eq!(here.bad, there.bad, "{kind:?}");
        assert_eq!(here.chunks, there.chunks, "{kind:?}");
        // A resolution that only built-in adapters know does not go over.
        assert_eq!(here.events, there.events, "{kind:?}");
    }
}

#[test]
fn a_foreign_transport_reaches_every_row_of_a_page() {
    for (kind, heard) in conversations() {
        let (mut here, mut near) = (Device::foreign(), Device::foreign_with_remote());
        let mut far = RemoteDevice::new(&usual_choice(), true);
        here.configure(&usual_choice());
        near.configure(&usual_choice());
        let (mut expected, mut told) = (Vec::new(), Vec::new());
        let (mut wanted, mut asked) = (Vec::new(), Vec::new());
        for (i, (characteristic, bytes)) in heard.iter().enumerate() {
            let service =
                *kind.services().iter().find(|s| kind.characteristics(**s).contains(characteristic)).unwrap();
            let (place, received) = ((service, *characteristic), HostTime(1000.0 + 50.0 * i as f64));
            here.push(place, bytes, received, &mut expected, &mut wanted).unwrap();
            near.push(place, bytes, received, &mut told, &mut asked).unwrap();
            while let Some(input) = near.take_remote() {
                let answer = far.handle(&input).unwrap();
                near.remote_said(Some(&answer), &mut told, &mut asked).unwrap();
            }
        }
        // Of a frame that could not be decoded the code goes over, not the field's name.
        let same = |(a, b): (&DeviceEvent, &DeviceEvent)| match (a, b) {
            (DeviceEvent::BadFrame(a), DeviceEvent::BadFrame(b)) => a.code() == b.code(),
            _ => a == b,
        };
        assert!(told.len() == expected.len() && told.iter().zip(&expected).all(same), "{kind:?}");
        assert_eq!(asked, wanted, "{kind:?}");
        assert!(!told.is_empty(), "{kind:?}");
        let wrong = near.push(
            (pqrst::device::battery::SERVICE, Uuid::new(7)),
            &[1],
            HostTime(0.0),
            &mut told,
            &mut asked,
        );
        assert!(wrong.is_err());
    }
}

#[test]
fn no_two_rows_share_a_characteristic() {
    // What goes over to the other module names the characteristic alone.
    let mut all: Vec<Uuid> = ADAPTERS.iter().flat_map(|row| row.characteristics).copied().collect();
    all.sort();
    assert!(all.windows(2).all(|pair| pair[0] != pair[1]));
}

#[test]
fn a_page_that_cannot_load_the_rest_still_lets_the_device_go() {
    let mut host = Host::new(VirtualKind::Viatom, &ramp(30.0, 250.0), 250.0, Options::default());
    host.device = Device::with_remote();
    host.connect();
    host.run(2.0);
    host.feed(Input::Stop { now: HostTime(host.now) });
    host.run(1.0);
    assert!(host.linked, "the other module may still come");
    let (mut events, mut actions) = (Vec::new(), Vec::new());
    host.device.remote_said(None, &mut events, &mut actions).unwrap();
    assert_eq!(actions, [Action::Disconnect]);
}

#[test]
fn a_link_that_comes_back_is_taken_up_again() {
    for kind in VirtualKind::ALL {
        let mut host =
            Host::new(*kind, &ramp(60.0, 250.0), 250.0, Options::default()).choosing(&usual_choice());
        host.connect();
        host.run(10.0);
        host.lose_link();
        host.run(3.0);
        let (before, events) = (host.samples(), host.events.len());
        host.connect();
        host.run(10.0);
        if kind.sends_ecg() {
            let more = (host.samples() - before) as f64 / kind.true_rate_hz();
            assert!((7.5..11.0).contains(&more), "{kind:?}: {more} s after the break");
            let gaps: Vec<_> = host.chunks.iter().filter_map(|chunk| chunk.gap).collect();
            assert_eq!(gaps.len(), 1, "{kind:?}: {gaps:?}");
        } else {
            assert!(host.events.len() > events, "{kind:?} says nothing after the break");
        }
    }
}

/// No event holds a number that is none.
fn sound(event: &DeviceEvent) -> bool {
    match event {
        DeviceEvent::Ecg(EcgFrame { samples_uv, .. }) => {
            !samples_uv.is_empty() && samples_uv.iter().all(|uv| uv.is_finite())
        }
        DeviceEvent::HeartRate(rate) => {
            rate.rate.is_none_or(|bpm| bpm.0.is_finite()) && rate.rr.iter().all(|rr| rr.rr.0.is_finite())
        }
        DeviceEvent::Measurement(m) => {
            !m.values.is_empty() && m.values.iter().all(|v| v.quantity.plausible().contains(&v.value))
        }
        DeviceEvent::Battery { percent } => *percent <= 100,
        _ => true,
    }
}

/// What a device makes of one value that comes without a handshake.
fn alone(characteristic: Uuid, bytes: &[u8]) -> Vec<DeviceEvent> {
    let (mut device, mut events, mut actions) = (Device::foreign(), Vec::new(), Vec::new());
    device.configure(&usual_choice());
    let input = Input::Notification { characteristic, bytes, received: HostTime(1000.0) };
    device.handle(input, &mut events, &mut actions);
    events
}

fn samples(events: &[DeviceEvent]) -> usize {
    let count =
        |event: &DeviceEvent| if let DeviceEvent::Ecg(frame) = event { frame.samples_uv.len() } else { 0 };
    events.iter().map(count).sum()
}

#[test]
fn values_cut_anywhere_say_so_or_say_less() {
    for (kind, heard) in conversations() {
        let mut seen: Vec<(Uuid, usize)> = Vec::new();
        for (characteristic, bytes) in heard {
            // One value of each length of each characteristic.
            if seen.contains(&(*characteristic, bytes.len())) {
                continue;
            }
            seen.push((*characteristic, bytes.len()));
            let whole = alone(*characteristic, bytes);
            for length in 0..bytes.len() {
                let cut = alone(*characteristic, &bytes[..length]);
                assert!(cut.iter().all(sound), "{kind:?} {length}");
                assert!(samples(&cut) <= samples(&whole), "{kind:?} {length}");
            }
        }
    }
}

/// A conversation with mutations: the device takes it as it comes, and goes on with what is whole.
fn mutated(kind_index: usize, flips: &[(usize, usize, u8)]) -> (VirtualKind, Vec<DeviceEvent>, usize) {
    let all = conversations();
    let (kind, heard) = &all[kind_index % all.len()];
    let mut device = Device::foreign();
    device.configure(&usual_choice());
    let (mut events, mut actions) = (Vec::new(), Vec::new());
    let mut heard = heard.clone();
    for (message, place, with) in flips {
        let n = heard.len();
        if n == 0 {
            continue;
        }
        let (_, bytes) = &mut heard[message % n];
        let length = bytes.len().max(1);
        match with {
            0..=9 => bytes.truncate(place % length),
            10..=19 => bytes.insert(place % length, *with),
            _ => {
                if let Some(byte) = bytes.get_mut(place % length) {
                    *byte ^= with;
                }
            }
        }
    }
    for (i, (characteristic, bytes)) in heard.iter().enumerate() {
        let received = HostTime(1000.0 + 50.0 * i as f64);
        device.handle(
            Input::Notification { characteristic: *characteristic, bytes, received },
            &mut events,
            &mut actions,
        );
    }
    (*kind, events, heard.len())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(192) })]

    #[test]
    fn mutations_make_no_nonsense(
        kind in 0_usize..64,
        flips in proptest::collection::vec((any::<usize>(), any::<usize>(), any::<u8>()), 1..12),
    ) {
        let (kind, events, messages) = mutated(kind, &flips);
        prop_assert!(events.iter().all(sound), "{:?}", kind);
        prop_assert!(events.len() <= 16 * messages + 64, "{:?}", kind);
    }
}
