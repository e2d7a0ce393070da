//! Inputs and what comes of them as bytes. Both ends are of one build: the layout is nobody else's business.

use crate::device::reading::{Condition, Measured, Panel, Quantity};
use crate::device::{
    Action, DeviceError, DeviceEvent, DeviceRr, EcgSettings, EcgTiming, GattFailure, HeartRate, Input,
    LeftOut, Measurement, Refusal, Stream, Uuid,
};
use crate::signal::{DeviceClass, EcgFrame};
use crate::units::{BeatsPerMinute, DeviceTime, Hertz, HostTime, Milliseconds, Seconds};

const FIELD: &str = "handed over";

const FAILURES: [GattFailure; 6] = [
    GattFailure::NotFound,
    GattFailure::NotSupported,
    GattFailure::NotPermitted,
    GattFailure::Disconnected,
    GattFailure::TimedOut,
    GattFailure::Other,
];
const STREAMS: [Stream; 5] =
    [Stream::Ecg, Stream::HeartRate, Stream::Readings, Stream::Acceleration, Stream::PulseIntervals];
const LEFT_OUT: [LeftOut; 4] =
    [LeftOut::UserNotChosen, LeftOut::OtherUser, LeftOut::Stored, LeftOut::ClockUnknown];
const CLASSES: [DeviceClass; 4] = [
    DeviceClass::ChestStrapEcg,
    DeviceClass::EcgMonitor,
    DeviceClass::HeartRateSensor,
    DeviceClass::Recording,
];
const ERRORS: [DeviceError; 4] = [
    DeviceError::Truncated { field: FIELD, needed: 0, got: 0 },
    DeviceError::Invalid { field: FIELD },
    DeviceError::Unexpected { field: FIELD },
    DeviceError::Unsupported { field: FIELD },
];

/// What is left of a message. Whatever is missing is missing for one reason, which nobody needs to know.
struct Cut<'a>(&'a [u8]);

impl<'a> Cut<'a> {
    fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (head, tail) = self.0.split_at_checked(n)?;
        self.0 = tail;
        Some(head)
    }
    fn u8(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }
    fn u16(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes(self.take(2)?.try_into().ok()?))
    }
    fn u32(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(self.take(4)?.try_into().ok()?))
    }
    fn u64(&mut self) -> Option<u64> {
        Some(u64::from_le_bytes(self.take(8)?.try_into().ok()?))
    }
}

fn index<T: PartialEq>(of: &T, all: &[T]) -> u8 {
    all.iter().position(|one| one == of).unwrap_or_default() as u8
}

fn pick<T: Copy>(reader: &mut Cut<'_>, all: &[T]) -> Option<T> {
    all.get(usize::from(reader.u8()?)).copied()
}

fn uuid(reader: &mut Cut<'_>) -> Option<Uuid> {
    let (low, high) = (reader.u64()?, reader.u64()?);
    Some(Uuid::new(u128::from(high) << 64 | u128::from(low)))
}

fn float(reader: &mut Cut<'_>) -> Option<f64> {
    reader.u64().map(f64::from_bits)
}

/// Bytes of what goes over.
#[derive(Debug, Default)]
struct Writer(Vec<u8>);

impl Writer {
    fn byte(&mut self, byte: u8) -> &mut Self {
        self.0.push(byte);
        self
    }
    fn float(&mut self, number: f64) -> &mut Self {
        self.0.extend(number.to_le_bytes());
        self
    }
    fn uuid(&mut self, uuid: Uuid) -> &mut Self {
        self.0.extend(uuid.bits().to_le_bytes());
        self
    }
    fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.extend((bytes.len() as u32).to_le_bytes());
        self.0.extend(bytes);
        self
    }
    /// 0 for success, or one more than the failure's place.
    fn outcome(&mut self, result: Result<(), GattFailure>) -> &mut Self {
        self.byte(result.map_or_else(|failure| index(&failure, &FAILURES) + 1, |()| 0))
    }
}

fn bytes<'a>(reader: &mut Cut<'a>) -> Option<&'a [u8]> {
    let length = reader.u32()? as usize;
    reader.take(length)
}

fn outcome(reader: &mut Cut<'_>) -> Option<Result<(), GattFailure>> {
    Some(match reader.u8()?.checked_sub(1) {
        None => Ok(()),
        Some(place) => Err(FAILURES.get(usize::from(place)).copied()?),
    })
}

/// An input as bytes: kind, moment, characteristic, outcome, and whatever else it carries; one layout for all.
pub(super) fn encode_input(input: Input<'_>) -> Vec<u8> {
    let (kind, outcome, rest): (u8, _, &[u8]) = match input {
        Input::Connected { .. } => (0, Ok(()), &[]),
        Input::Notification { bytes, .. } => (1, Ok(()), bytes),
        Input::ReadResult { result, .. } => (2, result.map(|_| ()), result.unwrap_or_default()),
        Input::WriteDone { result, .. } => (3, result, &[]),
        Input::Subscribed { result, .. } => (4, result, &[]),
        Input::Disconnected { .. } => (5, Ok(()), &[]),
        Input::Tick { .. } => (6, Ok(()), &[]),
        Input::Stop { .. } => (7, Ok(()), &[]),
    };
    let mut out = Writer::default();
    out.byte(kind).float(input.now().0);
    out.uuid(input.characteristic().unwrap_or(Uuid::new(0))).outcome(outcome);
    out.0.extend(rest);
    if let Input::Connected { services, .. } = input {
        services.iter().for_each(|service| {
            out.uuid(*service);
        });
    }
    out.0
}

/// Reads an input and gives it on.
pub(super) fn decode_input(message: &[u8], take: impl FnOnce(Input<'_>)) -> Option<()> {
    let mut reader = Cut(message);
    let reader = &mut reader;
    let kind = reader.u8()?;
    let now = HostTime(float(reader)?);
    let (characteristic, result) = (uuid(reader)?, outcome(reader)?);
    match kind {
        0 => {
            let mut services = Vec::new();
            while !reader.0.is_empty() {
                services.push(uuid(reader)?);
            }
            take(Input::Connected { services: &services, now });
        }
        1 => take(Input::Notification { characteristic, bytes: reader.0, received: now }),
        2 => take(Input::ReadResult { characteristic, result: result.map(|()| reader.0), now }),
        3 => take(Input::WriteDone { characteristic, result, now }),
        4 => take(Input::Subscribed { characteristic, result, now }),
        5 => take(Input::Disconnected { received: now }),
        6 => take(Input::Tick { now }),
        7 => take(Input::Stop { now }),
        _ => return None,
    }
    Some(())
}

/// What came of an input, as bytes. Motion and pulse intervals do not go over.
pub(super) fn encode_output(events: &[DeviceEvent], actions: &[Action], holds_link: bool) -> Vec<u8> {
    let mut out = Writer::default();
    out.byte(u8::from(holds_link));
    events.iter().for_each(|event| encode_event(event, &mut out));
    actions.iter().for_each(|action| encode_action(action, &mut out));
    out.0
}

fn encode_event(event: &DeviceEvent, out: &mut Writer) {
    match event {
        DeviceEvent::Class(class) => {
            out.byte(0).byte(index(class, &CLASSES));
        }
        DeviceEvent::EcgSettings(settings) => {
            let arrival = settings.timing == EcgTiming::Arrival;
            out.byte(1).float(settings.rate.get()).byte(settings.negotiated.into()).byte(arrival.into());
        }
        DeviceEvent::Streaming(stream) => {
            out.byte(2).byte(index(stream, &STREAMS));
        }
        DeviceEvent::StreamRefused { stream, reason } => {
            out.byte(3).byte(index(stream, &STREAMS));
            let (kind, number) = match reason {
                Refusal::Status(status) => (0, *status),
                Refusal::NotMeasured => (1, 0),
                Refusal::NoUsableSettings => (2, 0),
                Refusal::NoAnswer => (3, 0),
                Refusal::StoppedByDevice => (4, 0),
                Refusal::Link(failure) => (5, index(failure, &FAILURES).into()),
            };
            out.byte(kind).0.extend(u16::to_le_bytes(number));
        }
        DeviceEvent::Ecg(frame) => {
            out.byte(4).float(frame.received.0).byte(frame.last_sample.is_some().into());
            out.0.extend(frame.last_sample.map_or(0, |stamp| stamp.0).to_le_bytes());
            out.0.extend((frame.samples_uv.len() as u32).to_le_bytes());
            out.0.extend(frame.samples_uv.iter().flat_map(|uv| uv.to_le_bytes()));
        }
        DeviceEvent::HeartRate(rate) => {
            // A rate that is none goes over as one that is no number.
            out.byte(5).float(rate.received.0).float(rate.rate.map_or(f64::NAN, |bpm| bpm.0));
            out.byte(rate.rr.len().min(255) as u8);
            for rr in rate.rr.iter().take(255) {
                out.float(rr.rr.0).byte(rr.in_range.into());
            }
        }
        DeviceEvent::Contact(contact) => {
            out.byte(6).byte(contact.map_or(2, u8::from));
        }
        DeviceEvent::Battery { percent } => {
            out.byte(7).byte(*percent);
        }
        DeviceEvent::BadFrame(error) => {
            let same = |one: &DeviceError| one.code() == error.code();
            out.byte(8).byte(ERRORS.iter().position(same).unwrap_or(1) as u8);
        }
        DeviceEvent::Measurement(m) => {
            // An age that is none goes over as one that is no number.
            out.byte(9).float(m.received.0).float(m.age.map_or(f64::NAN, |age| age.0));
            out.byte(index(&m.panel, Panel::ALL)).byte(m.values.len().min(255) as u8);
            for measured in m.values.iter().take(255) {
                out.byte(index(&measured.quantity, Quantity::ALL)).float(measured.value);
            }
            out.byte(m.conditions.len().min(255) as u8);
            out.0.extend(m.conditions.iter().take(255).map(|condition| index(condition, Condition::ALL)));
        }
        DeviceEvent::LeftOut(why) => {
            out.byte(10).byte(index(why, &LEFT_OUT));
        }
        _ => {}
    }
}

fn encode_action(action: &Action, out: &mut Writer) {
    match action {
        Action::Subscribe { service, characteristic } => {
            out.byte(20).uuid(*service).uuid(*characteristic);
        }
        Action::Read { service, characteristic } => {
            out.byte(21).uuid(*service).uuid(*characteristic);
        }
        Action::Write { service, characteristic, bytes } => {
            out.byte(22).uuid(*service).uuid(*characteristic).bytes(bytes);
        }
        Action::Wait { until } => {
            out.byte(23).float(until.0);
        }
        Action::Disconnect => {
            out.byte(24);
        }
    }
}

/// Reads what came of an input; says whether the link is still needed.
pub(super) fn decode_output(
    message: &[u8],
    events: &mut Vec<DeviceEvent>,
    actions: &mut Vec<Action>,
) -> Option<bool> {
    let mut reader = Cut(message);
    let reader = &mut reader;
    let holds_link = reader.u8()? != 0;
    while !reader.0.is_empty() {
        match reader.u8()? {
            20 => actions.push(Action::Subscribe { service: uuid(reader)?, characteristic: uuid(reader)? }),
            21 => actions.push(Action::Read { service: uuid(reader)?, characteristic: uuid(reader)? }),
            22 => actions.push(Action::Write {
                service: uuid(reader)?,
                characteristic: uuid(reader)?,
                bytes: bytes(reader)?.to_vec(),
            }),
            23 => actions.push(Action::Wait { until: HostTime(float(reader)?) }),
            24 => actions.push(Action::Disconnect),
            kind => events.push(decode_event(kind, reader)?),
        }
    }
    Some(holds_link)
}

fn decode_event(kind: u8, reader: &mut Cut<'_>) -> Option<DeviceEvent> {
    Some(match kind {
        0 => DeviceEvent::Class(pick(reader, &CLASSES)?),
        1 => DeviceEvent::EcgSettings(EcgSettings {
            rate: Hertz::new(float(reader)?).ok()?,
            resolution_bits: None,
            band: None,
            negotiated: reader.u8()? != 0,
            timing: if reader.u8()? == 0 { EcgTiming::Device } else { EcgTiming::Arrival },
        }),
        2 => DeviceEvent::Streaming(pick(reader, &STREAMS)?),
        3 => {
            let stream = pick(reader, &STREAMS)?;
            let (kind, number) = (reader.u8()?, reader.u16()?);
            let reason = match kind {
                0 => Refusal::Status(number),
                1 => Refusal::NotMeasured,
                2 => Refusal::NoUsableSettings,
                3 => Refusal::NoAnswer,
                4 => Refusal::StoppedByDevice,
                _ => Refusal::Link(FAILURES.get(usize::from(number)).copied()?),
            };
            DeviceEvent::StreamRefused { stream, reason }
        }
        4 => {
            let received = HostTime(float(reader)?);
            let stamped = reader.u8()? != 0;
            let stamp = DeviceTime(reader.u64()?);
            let count = reader.u32()? as usize;
            let samples = reader.take(count.saturating_mul(4))?.chunks_exact(4);
            let sample = |chunk: &[u8]| chunk.try_into().map_or(0.0, f32::from_le_bytes);
            let last_sample = stamped.then_some(stamp);
            DeviceEvent::Ecg(EcgFrame { samples_uv: samples.map(sample).collect(), last_sample, received })
        }
        5 => {
            let received = HostTime(float(reader)?);
            let rate = Some(float(reader)?).filter(|bpm| bpm.is_finite()).map(BeatsPerMinute);
            let mut rr = Vec::new();
            for _ in 0..reader.u8()? {
                let ms = Milliseconds(float(reader)?);
                rr.push(DeviceRr { rr: ms, in_range: reader.u8()? != 0 });
            }
            DeviceEvent::HeartRate(HeartRate { rate, rr, beside_ecg: false, received })
        }
        6 => DeviceEvent::Contact(match reader.u8()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }),
        7 => DeviceEvent::Battery { percent: reader.u8()?.min(100) },
        8 => DeviceEvent::BadFrame(pick(reader, &ERRORS)?),
        9 => {
            let received = HostTime(float(reader)?);
            let age = Some(float(reader)?).filter(|age| age.is_finite()).map(Seconds);
            let panel = pick(reader, Panel::ALL)?;
            let (mut values, mut conditions) = (Vec::new(), Vec::new());
            for _ in 0..reader.u8()? {
                values.push(Measured { quantity: pick(reader, Quantity::ALL)?, value: float(reader)? });
            }
            for _ in 0..reader.u8()? {
                conditions.push(pick(reader, Condition::ALL)?);
            }
            DeviceEvent::Measurement(Measurement { panel, values, conditions, age, received })
        }
        10 => DeviceEvent::LeftOut(pick(reader, &LEFT_OUT)?),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_input_goes_over_as_it_is() {
        let (characteristic, now) = (Uuid::from_u16(0x2A37), HostTime(1.5));
        let services = [Uuid::from_u16(0x180D), Uuid::new(7)];
        let failed = Err(GattFailure::TimedOut);
        for input in [
            Input::Connected { services: &services, now },
            Input::Notification { characteristic, bytes: &[1, 2, 3], received: now },
            Input::ReadResult { characteristic, result: Ok(&[9]), now },
            Input::ReadResult { characteristic, result: Err(GattFailure::Other), now },
            Input::WriteDone { characteristic, result: Ok(()), now },
            Input::Subscribed { characteristic, result: failed, now },
            Input::Disconnected { received: now },
            Input::Tick { now },
            Input::Stop { now },
        ] {
            let mut same = false;
            decode_input(&encode_input(input), |again| same = again == input).unwrap();
            assert!(same, "{input:?}");
        }
    }

    #[test]
    fn every_answer_goes_over_as_it_is() {
        let (service, characteristic, received) = (Uuid::new(1), Uuid::new(2), HostTime(3.0));
        let events = vec![
            DeviceEvent::Class(DeviceClass::EcgMonitor),
            DeviceEvent::Streaming(Stream::Readings),
            DeviceEvent::StreamRefused { stream: Stream::Ecg, reason: Refusal::Status(507) },
            DeviceEvent::StreamRefused {
                stream: Stream::Ecg,
                reason: Refusal::Link(GattFailure::NotPermitted),
            },
            DeviceEvent::Ecg(EcgFrame {
                samples_uv: vec![1.5, -2.0],
                last_sample: Some(DeviceTime(9)),
                received,
            }),
            DeviceEvent::HeartRate(HeartRate {
                rate: None,
                rr: vec![DeviceRr { rr: Milliseconds(801.0), in_range: true }],
                beside_ecg: false,
                received,
            }),
            DeviceEvent::Contact(None),
            DeviceEvent::Contact(Some(true)),
            DeviceEvent::Battery { percent: 50 },
            DeviceEvent::BadFrame(ERRORS[2]),
            DeviceEvent::Measurement(Measurement {
                panel: Panel::PulseOximetry,
                values: vec![
                    Measured { quantity: Quantity::OxygenSaturation, value: 97.0 },
                    Measured { quantity: Quantity::PulseRate, value: 62.0 },
                ],
                conditions: vec![Condition::LowPerfusion],
                age: Some(Seconds(12.0)),
                received,
            }),
            DeviceEvent::LeftOut(LeftOut::ClockUnknown),
        ];
        let actions = vec![
            Action::Subscribe { service, characteristic },
            Action::Read { service, characteristic },
            Action::Write { service, characteristic, bytes: vec![1, 2] },
            Action::Wait { until: HostTime(4.0) },
            Action::Disconnect,
        ];
        let message = encode_output(&events, &actions, true);
        let (mut said, mut wanted) = (Vec::new(), Vec::new());
        assert_eq!(decode_output(&message, &mut said, &mut wanted), Some(true));
        assert_eq!((said, wanted), (events, actions));
    }

    proptest! {
        #[test]
        fn any_bytes_get_an_answer(message in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = decode_input(&message, |_| {});
            let _ = decode_output(&message, &mut Vec::new(), &mut Vec::new());
        }
    }
}
