//! Whole conversations between a device's state machines and a virtual strap, over a bad link. Needs no recordings.

use crate::host::{ramp, Host};
use pqrst::device::{
    heart_rate, polar, Action, Device, DeviceChoice, DeviceEvent, GattFailure, Input, KnownModel, Refusal,
    Stream, Uuid,
};
use pqrst::signal::{DeviceClass, GapCause};
use pqrst::simulate::{Options, Pulse, VirtualDevice, VirtualKind};
use pqrst::units::{BeatsPerMinute, Hertz, HostTime, Milliseconds, SamplePlace};

fn names(log: &[Action], service: Uuid) -> Vec<String> {
    let name = |action: &Action| match action {
        Action::Subscribe { service: s, characteristic } if *s == service => {
            Some(format!("subscribe {characteristic}"))
        }
        Action::Read { service: s, characteristic } if *s == service => {
            Some(format!("read {characteristic}"))
        }
        Action::Write { service: s, bytes, .. } if *s == service => Some(format!("write {bytes:02X?}")),
        _ => None,
    };
    log.iter().filter_map(name).collect()
}

#[test]
fn an_h10_is_started_in_the_order_that_its_maker_asks_for_and_stopped_in_the_end() {
    let mut host = Host::new(VirtualKind::PolarH10, &ramp(60.0, 360.0), 360.0, Options::default());
    host.connect();
    host.run(10.0);
    host.feed(Input::Stop { now: HostTime(host.now) });
    host.run(2.0);
    let expected = [
        "subscribe fb005c81-02e7-f387-1cad-8acd2d8df0c8",
        "read fb005c81-02e7-f387-1cad-8acd2d8df0c8",
        "subscribe fb005c82-02e7-f387-1cad-8acd2d8df0c8",
        "write [01, 00]",
        "write [02, 00, 00, 01, 82, 00, 01, 01, 0E, 00]",
        "write [03, 00]",
    ];
    assert_eq!(names(&host.log, polar::SERVICE), expected);
    assert_eq!(host.log.last(), Some(&Action::Disconnect));
    assert_eq!(host.device.class(), Some(DeviceClass::ChestStrapEcg));
    for wanted in [
        DeviceEvent::Streaming(Stream::Ecg),
        DeviceEvent::Streaming(Stream::HeartRate),
        DeviceEvent::Battery { percent: 100 },
        DeviceEvent::Model(KnownModel::PolarH10),
        DeviceEvent::Contact(None),
    ] {
        assert_eq!(host.events.iter().filter(|e| **e == wanted).count(), 1, "{wanted:?}");
    }
    let settings =
        host.events.iter().find_map(|e| if let DeviceEvent::EcgSettings(s) = e { Some(s) } else { None });
    let settings = settings.unwrap();
    assert!(settings.negotiated && settings.band.is_some() && settings.rate.get() == 130.0);
    // Ten seconds, less the handshake and the frame under way.
    assert!((1100..1300).contains(&host.samples()), "{}", host.samples());
}

/// Largest difference, in seconds, between when a sample of the last minute was taken and what the time line says.
fn worst_time_error(host: &Host, drift_ppm: f64) -> f64 {
    let remembered = host.timeline.next().0 - 7000;
    let mut worst = 0.0_f64;
    for chunk in host.chunks.iter().filter(|chunk| chunk.start.0 >= remembered) {
        for (i, uv) in chunk.samples_uv.iter().enumerate() {
            let told = host.timeline.time_of(SamplePlace(chunk.start.0 as f64 + i as f64)).0;
            // The voltage is the host's time, whole microvolts of 10 ms each; time_of is the device's.
            let taken = f64::from(*uv) / 100.0 * (1.0 + drift_ppm * 1e-6);
            worst = worst.max((told - taken).abs());
        }
    }
    worst
}

#[test]
fn a_bad_link_and_a_lost_one_leave_every_sample_at_its_time() {
    for (seed, drift_ppm) in [(1, 50.0), (2, -50.0), (3, 0.0)] {
        let options =
            Options { loss_rate: 0.05, jitter: Milliseconds(200.0), drift_ppm, seed, ..Options::default() };
        let mut host = Host::new(VirtualKind::PolarH10, &ramp(190.0, 250.0), 250.0, options);
        host.connect();
        host.run(60.0);
        host.lose_link();
        host.run(10.0);
        host.connect();
        host.run(110.0);
        let breaks: Vec<_> = host.chunks.iter().filter_map(|c| c.gap).collect();
        let link: Vec<_> = breaks.iter().filter(|gap| gap.cause == GapCause::Disconnected).collect();
        assert_eq!(link.len(), 1);
        assert!(breaks.iter().all(|gap| !gap.timing_unverified));
        let seconds = link[0].length.0 as f64 / 130.34;
        // Ten seconds, the new handshake, and up to a frame on either side.
        assert!((9.9..11.7).contains(&seconds), "{seconds}");
        let worst = worst_time_error(&host, drift_ppm);
        println!(
            "seed {seed}: worst time error {:.1} ms, quantum of the signal 5.0 ms included",
            1000.0 * worst
        );
        assert!(worst < 0.010, "{worst}");
        let stats = host.timeline.stats();
        assert!((stats.true_rate_hz.unwrap() - 130.34).abs() < 0.01);
        assert_eq!(stats.reconnects, 1);
        assert_eq!(stats.samples_lost, breaks.iter().map(|gap| gap.length.0).sum::<u64>());
    }
}

#[test]
fn a_heart_rate_strap_streams_rates_and_no_ecg() {
    let pulse = Pulse::Rate(BeatsPerMinute(72.0));
    let mut host = Host::new(VirtualKind::HeartRate, &[], 130.0, Options { pulse, ..Options::default() });
    host.connect();
    host.run(30.0);
    assert_eq!(host.device.class(), Some(DeviceClass::HeartRateSensor));
    assert_eq!(host.samples(), 0);
    let rr: Vec<f64> = host
        .events
        .iter()
        .filter_map(|e| if let DeviceEvent::HeartRate(h) = e { Some(h) } else { None })
        .flat_map(|h| h.rr.iter().map(|rr| rr.rr.0))
        .collect();
    assert!((33..=36).contains(&rr.len()) && rr.iter().all(|ms| (ms - 833.0).abs() <= 1.0), "{rr:?}");
    host.feed(Input::Stop { now: HostTime(host.now) });
    host.run(0.1);
    assert_eq!(host.log.last(), Some(&Action::Disconnect));
}

#[test]
fn the_straps_own_rate_is_marked_while_ecg_streams() {
    let mut host = Host::new(VirtualKind::PolarH10, &ramp(60.0, 250.0), 250.0, Options::default());
    host.connect();
    host.run(10.0);
    let last =
        host.events.iter().rev().find_map(|e| if let DeviceEvent::HeartRate(h) = e { Some(h) } else { None });
    assert!(last.unwrap().beside_ecg);
}

/// A Polar strap whose answers are written by the test.
struct Scripted {
    device: Device,
    events: Vec<DeviceEvent>,
    actions: Vec<Action>,
}

impl Scripted {
    /// Up to the question for the settings.
    fn asked() -> Self {
        let mut s = Self { device: Device::new(), events: Vec::new(), actions: Vec::new() };
        s.shake_hands();
        s
    }

    fn shake_hands(&mut self) {
        let (s, now) = (self, HostTime(0.0));
        s.feed(Input::Connected { services: &[polar::SERVICE, heart_rate::SERVICE], now });
        s.feed(Input::Subscribed { characteristic: polar::CONTROL_POINT, result: Ok(()), now });
        s.feed(Input::ReadResult { characteristic: polar::CONTROL_POINT, result: Ok(&[0x0F, 5, 0]), now });
        s.feed(Input::Subscribed { characteristic: polar::DATA, result: Ok(()), now });
        s.feed(Input::WriteDone { characteristic: polar::CONTROL_POINT, result: Ok(()), now });
    }

    fn feed(&mut self, input: Input<'_>) {
        self.device.handle(input, &mut self.events, &mut self.actions);
    }

    fn answer(&mut self, bytes: &[u8]) {
        self.feed(Input::Notification {
            characteristic: polar::CONTROL_POINT,
            bytes,
            received: HostTime(1.0),
        });
    }

    fn refusals(&self) -> Vec<Refusal> {
        let refusal = |e: &DeviceEvent| match e {
            DeviceEvent::StreamRefused { stream: Stream::Ecg, reason } => Some(*reason),
            _ => None,
        };
        self.events.iter().filter_map(refusal).collect()
    }

    fn writes(&self, operation: u8) -> usize {
        let is = |a: &&Action| matches!(a, Action::Write { bytes, .. } if bytes.first() == Some(&operation));
        self.actions.iter().filter(is).count()
    }
}

#[test]
fn acceleration_follows_the_ecg_where_it_was_chosen() {
    let mut strap = Scripted { device: Device::new(), events: Vec::new(), actions: Vec::new() };
    strap.device.configure(&DeviceChoice { motion: true, ..DeviceChoice::default() });
    strap.shake_hands();
    strap.answer(&[0xF0, 1, 0, 0, 0, 0, 1, 0x82, 0, 1, 1, 0x0E, 0]);
    strap.answer(&[0xF0, 2, 0, 0, 0, 0]);
    let written =
        |strap: &Scripted| match strap.actions.iter().rev().find(|a| matches!(a, Action::Write { .. })) {
            Some(Action::Write { bytes, .. }) => bytes.clone(),
            _ => Vec::new(),
        };
    assert_eq!(written(&strap), [1, 2]);
    // 25 to 200 Hz, 16 bits, 2 to 8 g: the slowest and the widest.
    strap
        .answer(&[0xF0, 1, 2, 0, 0, 0, 4, 25, 0, 50, 0, 100, 0, 200, 0, 1, 1, 16, 0, 2, 3, 2, 0, 4, 0, 8, 0]);
    assert_eq!(written(&strap), [2, 2, 0, 1, 25, 0, 1, 1, 16, 0, 2, 1, 8, 0]);
    strap.answer(&[0xF0, 2, 2, 0, 0]);
    assert!(strap.events.contains(&DeviceEvent::Streaming(Stream::Acceleration)));
    let bytes = polar::encode_acceleration(pqrst::units::DeviceTime(5), &[[-9, -1, 999]]);
    strap.feed(Input::Notification { characteristic: polar::DATA, bytes: &bytes, received: HostTime(9.0) });
    assert!(
        matches!(strap.events.last(), Some(DeviceEvent::Acceleration(a)) if a.samples_mg == [[-9, -1, 999]])
    );
    strap.feed(Input::Stop { now: HostTime(10.0) });
    let stops: Vec<_> =
        strap.actions.iter().filter(|a| matches!(a, Action::Write { bytes, .. } if bytes[0] == 3)).collect();
    assert_eq!(stops.len(), 2, "both streams are stopped");
}

#[test]
fn an_error_status_refuses_the_stream_and_leaves_the_heart_rate() {
    let mut strap = Scripted::asked();
    strap.answer(&[0xF0, 1, 0, 3]);
    assert_eq!(strap.refusals(), [Refusal::Status(3)]);
    assert!(!strap.actions.contains(&Action::Disconnect));
    let bytes = &[0x00, 61];
    strap.feed(Input::Notification {
        characteristic: heart_rate::MEASUREMENT,
        bytes,
        received: HostTime(2.0),
    });
    assert!(matches!(strap.events.last(), Some(DeviceEvent::HeartRate(h)) if !h.beside_ecg));
}

#[test]
fn packets_that_are_too_small_ask_for_a_fresh_link() {
    let mut strap = Scripted::asked();
    strap.answer(&[0xF0, 1, 0, 0, 0, 0, 1, 0x82, 0, 1, 1, 0x0E, 0]);
    strap.answer(&[0xF0, 2, 0, 10]);
    assert_eq!(strap.refusals(), [Refusal::Status(10)]);
    assert_eq!(strap.actions.last(), Some(&Action::Disconnect));
}

#[test]
fn a_stream_that_already_runs_is_taken_and_one_that_ends_is_told() {
    let mut strap = Scripted::asked();
    strap.answer(&[0xF0, 1, 0, 0, 0, 0, 1, 0x82, 0, 1, 1, 0x0E, 0]);
    strap.answer(&[0xF0, 2, 0, 6]);
    assert!(strap.events.contains(&DeviceEvent::Streaming(Stream::Ecg)));
    strap.answer(&[1, 0]);
    assert_eq!(strap.refusals(), [Refusal::StoppedByDevice]);
}

#[test]
fn an_optical_sensor_of_the_family_is_no_ecg_strap() {
    let mut s = Scripted { device: Device::new(), events: Vec::new(), actions: Vec::new() };
    let now = HostTime(0.0);
    s.feed(Input::Connected { services: &[polar::SERVICE, heart_rate::SERVICE], now });
    s.feed(Input::Subscribed { characteristic: heart_rate::MEASUREMENT, result: Ok(()), now });
    s.feed(Input::Subscribed { characteristic: polar::CONTROL_POINT, result: Ok(()), now });
    s.feed(Input::ReadResult { characteristic: polar::CONTROL_POINT, result: Ok(&[0x0F, 0x0E, 0]), now });
    assert_eq!(s.refusals(), [Refusal::NotMeasured]);
    assert_eq!(s.device.class(), Some(DeviceClass::HeartRateSensor));
}

#[test]
fn an_optical_sensor_gives_pulse_intervals_where_they_were_chosen() {
    let mut s = Scripted { device: Device::new(), events: Vec::new(), actions: Vec::new() };
    s.device.configure(&DeviceChoice { pulse_intervals: true, ..DeviceChoice::default() });
    let (now, received) = (HostTime(0.0), HostTime(5.0));
    s.feed(Input::Connected { services: &[polar::SERVICE], now });
    s.feed(Input::Subscribed { characteristic: polar::CONTROL_POINT, result: Ok(()), now });
    s.feed(Input::ReadResult { characteristic: polar::CONTROL_POINT, result: Ok(&[0x0F, 0x0E, 0]), now });
    s.feed(Input::Subscribed { characteristic: polar::DATA, result: Ok(()), now });
    assert!(matches!(s.actions.last(), Some(Action::Write { bytes, .. }) if bytes == &[2, 3]));
    s.answer(&[0xF0, 2, 3, 0, 0]);
    assert!(s.events.contains(&DeviceEvent::Streaming(Stream::PulseIntervals)));
    let bytes = &[3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 61, 0xD8, 3, 10, 0, 6];
    s.feed(Input::Notification { characteristic: polar::DATA, bytes, received });
    let Some(DeviceEvent::PulseIntervals(told)) = s.events.last() else { panic!("{:?}", s.events) };
    assert_eq!((told.intervals[0].interval, told.intervals[0].blocked), (Milliseconds(984.0), false));
    assert!(!s.events.iter().any(|e| matches!(e, DeviceEvent::HeartRate(_))), "they are no RR intervals");
    s.feed(Input::Stop { now });
    assert!(s.actions.iter().any(|a| matches!(a, Action::Write { bytes, .. } if bytes == &[3, 3])));
}

#[test]
fn silence_is_asked_again_once_and_then_ends_the_link() {
    let mut strap = Scripted::asked();
    assert!(strap.actions.contains(&Action::Wait { until: HostTime(30_000.0) }));
    strap.feed(Input::Tick { now: HostTime(29_999.0) });
    assert_eq!(strap.writes(1), 1);
    strap.feed(Input::Tick { now: HostTime(30_000.0) });
    assert_eq!(strap.writes(1), 2);
    let now = HostTime(30_001.0);
    strap.feed(Input::WriteDone { characteristic: polar::CONTROL_POINT, result: Ok(()), now });
    strap.feed(Input::Tick { now: HostTime(60_001.0) });
    assert_eq!(strap.refusals(), [Refusal::NoAnswer]);
    assert_eq!(strap.actions.last(), Some(&Action::Disconnect));
}

#[test]
fn features_that_cannot_be_read_do_not_end_the_handshake() {
    let mut s = Scripted { device: Device::new(), events: Vec::new(), actions: Vec::new() };
    let (characteristic, now) = (polar::CONTROL_POINT, HostTime(0.0));
    s.feed(Input::Connected { services: &[polar::SERVICE], now });
    s.feed(Input::Subscribed { characteristic, result: Ok(()), now });
    for _ in 0..2 {
        s.feed(Input::ReadResult { characteristic, result: Err(GattFailure::NotSupported), now });
    }
    let data = Action::Subscribe { service: polar::SERVICE, characteristic: polar::DATA };
    assert_eq!(s.actions.last(), Some(&data));
    assert_eq!(s.refusals(), []);
}

#[test]
fn a_step_that_the_link_refuses_is_tried_twice() {
    let mut s = Scripted { device: Device::new(), events: Vec::new(), actions: Vec::new() };
    let now = HostTime(0.0);
    s.feed(Input::Connected { services: &[polar::SERVICE], now });
    for tried in [1, 2] {
        let subscribe = Action::Subscribe { service: polar::SERVICE, characteristic: polar::CONTROL_POINT };
        assert_eq!(s.actions.iter().filter(|a| **a == subscribe).count(), tried);
        let result = Err(GattFailure::NotPermitted);
        s.feed(Input::Subscribed { characteristic: polar::CONTROL_POINT, result, now });
    }
    assert_eq!(s.refusals(), [Refusal::Link(GattFailure::NotPermitted)]);
}

#[test]
fn a_stream_that_falls_silent_ends_the_link() {
    let mut host = Host::new(VirtualKind::PolarH10, &ramp(20.0, 250.0), 250.0, Options::default());
    host.connect();
    host.run(45.0);
    assert!(host.strap.exhausted() && host.linked);
    host.run(60.0);
    assert!(!host.linked);
}

#[test]
fn the_same_seed_is_the_same_stream_however_often_it_is_polled() {
    let options = Options { loss_rate: 0.1, jitter: Milliseconds(300.0), seed: 7, ..Options::default() };
    let stream = |step: f64| {
        let mut strap = VirtualDevice::new(
            VirtualKind::PolarH10,
            &ramp(30.0, 250.0),
            Hertz::new(250.0).unwrap(),
            options.clone(),
        );
        strap.connect(HostTime(0.0));
        for characteristic in [polar::CONTROL_POINT, polar::DATA, heart_rate::MEASUREMENT] {
            strap.subscribe(characteristic, HostTime(0.0)).unwrap();
        }
        strap.write(polar::CONTROL_POINT, &[2, 0, 0, 1, 130, 0, 1, 1, 14, 0], HostTime(0.0)).unwrap();
        let (mut out, mut now) = (Vec::new(), 0.0);
        while now < 40_000.0 {
            now += step;
            strap.poll(HostTime(now), &mut out);
        }
        out
    };
    let often = stream(10.0);
    assert_eq!(often, stream(4000.0));
    assert!(often.windows(2).all(|pair| pair[0].received <= pair[1].received));
    let frames = often.iter().filter(|n| n.characteristic == polar::DATA);
    assert!(frames.clone().count() > 40 && frames.clone().all(|n| n.bytes.len() == 229));
}

#[test]
fn time_that_is_no_time_upsets_no_virtual_device() {
    let hz = Hertz::new(250.0).unwrap();
    let options = Options {
        loss_rate: f64::NAN,
        jitter: Milliseconds(f64::INFINITY),
        drift_ppm: 1e30,
        ..Options::default()
    };
    let mut strap = VirtualDevice::new(VirtualKind::PolarH10, &[f32::NAN; 500], hz, options);
    let mut out = Vec::new();
    for now in [f64::NAN, 0.0, 1e300, -1e300, f64::INFINITY] {
        strap.connect(HostTime(now));
        let _ = strap.subscribe(polar::DATA, HostTime(now));
        let _ = strap.subscribe(heart_rate::MEASUREMENT, HostTime(now));
        let _ = strap.write(polar::CONTROL_POINT, &[2, 0, 0, 1, 130, 0, 1, 1, 14, 0], HostTime(now));
        strap.poll(HostTime(now), &mut out);
        let _ = (strap.next_due(), strap.exhausted());
        strap.disconnect();
    }
    assert_eq!(strap.read(polar::CONTROL_POINT), Err(GattFailure::Disconnected));
}
