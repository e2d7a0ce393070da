//! Bytes as a conversation with a device of one row of the table.

use pqrst::device::reading::{CivilTime, LocalClock, ReadingFilter, UserIndex};
use pqrst::device::uart::{UartEncoding, UartFormat, Word};
use pqrst::device::{
    Action, AdapterRow, Device, DeviceChoice, DeviceEvent, GattFailure, Input, Uuid, ADAPTERS,
};
use pqrst::signal::Timeline;
use pqrst::units::{Hertz, HostTime};

/// The identifier of a row: its name in small letters with hyphens, behind `device-`.
pub fn id(row: &AdapterRow) -> String {
    let plain = row.name.to_lowercase().replace(',', "");
    format!("device-{}", plain.replace(' ', "-"))
}

/// Plays `bytes` to a device of the row with this identifier: the first byte is what was chosen beforehand, then come
/// moves. A move begins with a byte whose lower half says what happens and whose upper half says where; a value follows
/// behind its length. What the device asks for succeeds. Whatever it says must be sound.
pub fn converse(id_of_row: &str, bytes: &[u8]) {
    let row = ADAPTERS.iter().find(|row| id(row) == id_of_row).expect("a row of this name");
    let mut rest = bytes.iter().copied();
    let mut host = Host::new(row, rest.next().unwrap_or_default());
    while let Some(step) = rest.next() {
        let characteristic = row.characteristics[usize::from(step >> 4) % row.characteristics.len()];
        host.now += 40.0;
        let now = HostTime(host.now);
        match step & 15 {
            0 => host.handle(Input::Disconnected { received: now }),
            1 => host.connect(),
            2 => host.handle(Input::Tick { now }),
            3 => {
                // Time passes: up to a quarter of an hour.
                host.now += 4000.0 * f64::from(rest.next().unwrap_or_default());
                host.handle(Input::Tick { now: HostTime(host.now) });
            }
            4 => host.handle(Input::Stop { now }),
            5 => {
                host.handle(Input::WriteDone { characteristic, result: Err(GattFailure::NotPermitted), now })
            }
            6 => host.handle(Input::Subscribed { characteristic, result: Err(GattFailure::TimedOut), now }),
            kind => {
                let length = usize::from(rest.next().unwrap_or_default());
                let value: Vec<u8> = rest.by_ref().take(length).collect();
                let bytes = value.as_slice();
                host.handle(if kind == 7 {
                    Input::ReadResult { characteristic, result: Ok(bytes), now }
                } else {
                    Input::Notification { characteristic, bytes, received: now }
                });
            }
        }
    }
}

struct Host {
    row: &'static AdapterRow,
    older: bool,
    device: Device,
    now: f64,
    timeline: Option<Timeline>,
}

impl Host {
    fn new(row: &'static AdapterRow, chosen: u8) -> Self {
        let mut device = Device::new();
        device.configure(&choice(chosen));
        let mut host = Self { row, older: chosen & 0x80 != 0, device, now: 1000.0, timeline: None };
        host.connect();
        host
    }

    fn connect(&mut self) {
        // An older device has another service.
        let services: [Uuid; 1] = [self.row.older_service.filter(|_| self.older).unwrap_or(self.row.service)];
        self.handle(Input::Connected { services: &services, now: HostTime(self.now) });
    }

    fn handle(&mut self, input: Input<'_>) {
        let (mut said, mut actions) = (Vec::new(), Vec::new());
        self.device.handle(input, &mut said, &mut actions);
        let now = HostTime(self.now);
        // Every success may bring new actions; a conversation is not longer than this.
        for _ in 0..64 {
            let Some(action) = actions.pop() else { break };
            let done = match action {
                Action::Subscribe { characteristic, .. } => {
                    Input::Subscribed { characteristic, result: Ok(()), now }
                }
                Action::Write { characteristic, .. } => {
                    Input::WriteDone { characteristic, result: Ok(()), now }
                }
                Action::Read { .. } | Action::Wait { .. } | Action::Disconnect => continue,
            };
            self.device.handle(done, &mut said, &mut actions);
        }
        said.into_iter().for_each(|event| self.judge(event));
    }

    fn judge(&mut self, event: DeviceEvent) {
        match event {
            DeviceEvent::EcgSettings(settings) => {
                self.timeline.get_or_insert_with(|| Timeline::new(settings.rate));
            }
            DeviceEvent::Ecg(frame) => {
                assert!(!frame.samples_uv.is_empty() && frame.samples_uv.iter().all(|uv| uv.is_finite()));
                let timeline = self.timeline.as_mut().expect("settings before samples");
                let (mut chunks, before) = (Vec::new(), timeline.next());
                timeline.push(frame, &mut chunks);
                assert!(timeline.next() >= before);
            }
            DeviceEvent::HeartRate(rate) => {
                assert!(rate.rate.is_none_or(|bpm| bpm.0.is_finite() && bpm.0 > 0.0));
                assert!(rate.rr.iter().all(|rr| rr.rr.0.is_finite() && rr.rr.0 >= 0.0));
            }
            DeviceEvent::Measurement(reading) => {
                assert!(!reading.values.is_empty());
                assert!(reading.values.iter().all(|v| v.quantity.plausible().contains(&v.value)));
                assert!(reading.age.is_none_or(|age| age.0.is_finite() && age.0 >= 0.0));
            }
            DeviceEvent::Battery { percent } => assert!(percent <= 100),
            _ => {}
        }
    }
}

/// What a page may have chosen; the adapters look at different bits.
fn choice(bits: u8) -> DeviceChoice {
    let clock = CivilTime::new(2026, 3, 1, 7, 30, 0).map(|shows| LocalClock { shows, at: HostTime(1000.0) });
    let words = [Word::U8, Word::I16Little, Word::U16Big, Word::I24Big, Word::I32Little, Word::F32Little];
    let encoding = match words.get(usize::from(bits >> 2) % 8) {
        Some(word) => UartEncoding::Binary { word: *word, skip: bits & 3, lead_off: Some(0) },
        None => UartEncoding::Text { column: bits & 3, lead_off: "!".to_owned() },
    };
    let rate = Hertz::new(250.0).expect("a rate");
    DeviceChoice {
        readings: ReadingFilter {
            user: (bits & 1 != 0).then_some(UserIndex(1)),
            clock: clock.filter(|_| bits & 2 != 0),
            history: bits & 4 != 0,
            ..ReadingFilter::default()
        },
        uart: (bits != 255).then_some(UartFormat { encoding, microvolts: 8.0, zero: 2048.0, rate }),
        movesense_microvolts: bits & 8 != 0,
        motion: bits & 16 != 0,
        pulse_intervals: bits & 32 != 0,
        ..DeviceChoice::default()
    }
}
