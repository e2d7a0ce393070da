//! One device with all the services that it has.

use super::remote::RemoteLink;
use super::{
    Action, Adapter, AdapterRow, DeviceChoice, DeviceError, DeviceEvent, Input, Out, Stream, Uuid, ADAPTERS,
};
use crate::signal::DeviceClass;
use crate::units::HostTime;

struct Part {
    row: &'static AdapterRow,
    adapter: Box<dyn Adapter>,
    present: bool,
}

/// A peripheral: dispatches to the adapters of the services it has, and makes one account of what they say.
///
/// A Polar H10 is four of them at once. Its heart rate is still reported while ECG streams, marked `beside_ecg`.
pub struct Device {
    parts: Vec<Part>,
    foreign: bool,
    class: Option<DeviceClass>,
    ecg: bool,
    contact: Option<bool>,
    stopping: bool,
    /// Where the state machines of rarer families are, when they are not here.
    remote: Option<RemoteLink>,
    /// Another device owns the link, and closes it.
    guest: bool,
}

impl Default for Device {
    fn default() -> Self {
        Self::new()
    }
}

/// How much a source says about the heart.
const fn rank(class: DeviceClass) -> u8 {
    match class {
        DeviceClass::ChestStrapEcg | DeviceClass::EcgMonitor => 2,
        DeviceClass::HeartRateSensor => 1,
        DeviceClass::Recording => 0,
    }
}

impl Device {
    /// A device whose services become known with [`Input::Connected`].
    #[must_use]
    pub fn new() -> Self {
        Self::of(|_| true, false)
    }

    /// A device of a page whose own module reads the common families alone; the rarer ones are handed over
    /// ([`Device::take_remote`]).
    #[must_use]
    pub fn with_remote() -> Self {
        Self { remote: Some(RemoteLink::default()), ..Self::of(|row| !row.rarer, false) }
    }

    /// The other half of it; `foreign` as in [`Device::foreign`].
    pub(super) fn of_rarer_families(foreign: bool) -> Self {
        Self { guest: true, ..Self::of(|row| row.rarer, foreign) }
    }

    fn of(wanted: impl Fn(&AdapterRow) -> bool, foreign: bool) -> Self {
        let part = |row: &'static AdapterRow| row.new.map(|new| Part { row, adapter: new(), present: false });
        // The page's own module has no adapters of rarer families.
        let elsewhere = cfg!(all(target_arch = "wasm32", not(feature = "devices")));
        let remote = elsewhere.then(RemoteLink::default);
        let mut parts: Vec<Part> = ADAPTERS.iter().filter(|row| wanted(row)).filter_map(part).collect();
        parts.iter_mut().for_each(|part| part.present = foreign);
        Self { parts, foreign, class: None, ecg: false, contact: None, stopping: false, remote, guest: false }
    }

    /// A device behind a transport that only hands notifications over: any service of [`ADAPTERS`] may speak, without
    /// a handshake. Give it [`Input::Connected`] as well when the transport can carry actions out.
    #[must_use]
    pub fn foreign() -> Self {
        Self::of(|_| true, true)
    }

    /// The same on a page: [`Device::with_remote`].
    #[must_use]
    pub fn foreign_with_remote() -> Self {
        Self { remote: Some(RemoteLink::default()), ..Self::of(|row| !row.rarer, true) }
    }

    /// Takes what the person in front of the screen chose.
    pub fn configure(&mut self, choice: &DeviceChoice) {
        self.parts.iter_mut().for_each(|part| part.adapter.configure(choice));
    }

    /// What kind of source it has shown itself to be.
    #[must_use]
    pub const fn class(&self) -> Option<DeviceClass> {
        self.class
    }

    /// Takes one input of the link; appends what the device said and what is to be done.
    pub fn handle(&mut self, input: Input<'_>, events: &mut Vec<DeviceEvent>, actions: &mut Vec<Action>) {
        match input {
            Input::Connected { services, .. } => {
                (self.ecg, self.contact) = (false, None);
                self.stopping = false;
                for part in &mut self.parts {
                    part.present = self.foreign || part.row.is_among(services);
                }
            }
            Input::Stop { .. } => self.stopping = true,
            _ => {}
        }
        let held_before = self.holds_link();
        let concerns = |row: &AdapterRow| {
            input.characteristic().is_none_or(|characteristic| row.characteristics.contains(&characteristic))
        };
        self.dispatch(input, &concerns, events, actions);
        self.remote.iter_mut().for_each(|remote| remote.push(input));
        match input {
            Input::Disconnected { .. } => {
                (self.ecg, self.contact) = (false, None);
                self.stopping = false;
                self.parts.iter_mut().for_each(|part| part.present = self.foreign);
            }
            Input::Stop { .. } => self.close(true, actions),
            // The stop command was answered, or nobody answers.
            _ => self.close(held_before, actions),
        }
    }

    /// Closes the link after the end, as soon as nobody needs it any longer.
    fn close(&self, held_before: bool, actions: &mut Vec<Action>) {
        if self.stopping && held_before && !self.holds_link() && !self.guest {
            actions.push(Action::Disconnect);
        }
    }

    /// The next input for the adapters of rarer families, as bytes; they answer with [`Device::remote_said`].
    pub fn take_remote(&mut self) -> Option<Vec<u8>> {
        self.remote.as_mut()?.take()
    }

    /// What the adapters of rarer families answered to an input; appends what the device said and what is to be done.
    /// `None` stands for adapters that cannot be had: a page that could not load them.
    ///
    /// # Errors
    /// [`DeviceError`] for bytes that are no answer.
    pub fn remote_said(
        &mut self,
        answer: Option<&[u8]>,
        events: &mut Vec<DeviceEvent>,
        actions: &mut Vec<Action>,
    ) -> Result<(), DeviceError> {
        let held_before = self.holds_link();
        let Some(remote) = &mut self.remote else { return Ok(()) };
        let mut said = Vec::new();
        let taken = match answer {
            Some(answer) => remote.answered(answer, &mut said, actions),
            None => {
                remote.lost();
                Ok(())
            }
        };
        self.tell(said, events);
        self.close(held_before, actions);
        taken
    }

    /// A notification, or a value that was read, of a named service.
    ///
    /// # Errors
    /// [`DeviceError::Unexpected`] when no adapter reads this service and characteristic.
    pub fn push(
        &mut self,
        (service, characteristic): (Uuid, Uuid),
        bytes: &[u8],
        received: HostTime,
        events: &mut Vec<DeviceEvent>,
        actions: &mut Vec<Action>,
    ) -> Result<(), DeviceError> {
        let concerns = |row: &AdapterRow| row.is_at(service) && row.characteristics.contains(&characteristic);
        let input = Input::Notification { characteristic, bytes, received };
        let here = self.parts.iter().any(|part| part.present && concerns(part.row));
        let there = self.remote.is_some() && ADAPTERS.iter().any(|row| row.rarer && concerns(row));
        if !here && !there {
            return Err(DeviceError::Unexpected { field: "service or characteristic" });
        }
        let held_before = self.holds_link();
        self.dispatch(input, &concerns, events, actions);
        self.remote.iter_mut().for_each(|remote| remote.push(input));
        self.close(held_before, actions);
        Ok(())
    }

    fn dispatch(
        &mut self,
        input: Input<'_>,
        concerns: &dyn Fn(&AdapterRow) -> bool,
        events: &mut Vec<DeviceEvent>,
        actions: &mut Vec<Action>,
    ) {
        let mut said = Vec::new();
        let mut out = Out { events: &mut said, actions };
        for part in self.parts.iter_mut().filter(|part| part.present && concerns(part.row)) {
            part.adapter.handle(input, &mut out);
        }
        self.tell(said, events);
    }

    fn tell(&mut self, said: Vec<DeviceEvent>, events: &mut Vec<DeviceEvent>) {
        for mut event in said {
            if self.account(&mut event) {
                events.push(event);
            }
        }
    }

    /// Joins what one adapter says with what the others said; false when it is no news.
    fn account(&mut self, event: &mut DeviceEvent) -> bool {
        match event {
            DeviceEvent::Class(class) => {
                let news = self.class.is_none_or(|known| rank(*class) > rank(known));
                if news {
                    self.class = Some(*class);
                }
                return news;
            }
            DeviceEvent::Streaming(Stream::Ecg) => self.ecg = true,
            DeviceEvent::StreamRefused { stream: Stream::Ecg, .. } => self.ecg = false,
            DeviceEvent::HeartRate(heart_rate) => heart_rate.beside_ecg = self.ecg,
            // A heart rate that cannot tell, beside an ECG that can.
            DeviceEvent::Contact(None) if self.ecg && self.contact.is_some() => return false,
            DeviceEvent::Contact(contact) => self.contact = *contact,
            _ => {}
        }
        true
    }

    /// Whether something must still be written before the link may be closed.
    pub(super) fn holds_link(&self) -> bool {
        self.parts.iter().any(|part| part.present && part.adapter.holds_link())
            || self.remote.as_ref().is_some_and(RemoteLink::holds_link)
    }
}
