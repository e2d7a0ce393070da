//! The devices of a session: behind the page's own driver, and behind foreign transports.

use crate::device::{
    blood_pressure, Action, Device, DeviceChoice, DeviceError, DeviceEvent, Input, Uuid, ADAPTERS,
};
use crate::signal::DeviceClass;
use crate::units::HostTime;
use std::collections::VecDeque;

/// The first one and eight more: whoever has more than a patient can wear made a mistake.
const MOST: usize = 9;

/// Whether a device with these services may send ECG.
pub(super) fn offers_ecg(services: &[Uuid]) -> bool {
    offers(services, DeviceClass::has_ecg)
}

/// Whether a device with these services may say something about the heart.
pub(super) fn offers_heart(services: &[Uuid]) -> bool {
    offers(services, |_| true)
}

/// Whether a device with these services measures blood pressure.
pub(super) fn offers_blood_pressure(services: &[Uuid]) -> bool {
    services.contains(&blood_pressure::SERVICE)
}

fn offers(services: &[Uuid], what: impl Fn(DeviceClass) -> bool) -> bool {
    ADAPTERS.iter().any(|row| row.class.is_some_and(&what) && row.is_among(services))
}

/// One device of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct LinkId(u8);

impl LinkId {
    /// The device that is there from the beginning.
    pub const FIRST: Self = Self(0);

    /// The number under which the module of rarer devices keeps it.
    #[must_use]
    pub const fn number(self) -> u8 {
        self.0
    }

    /// The device with this number.
    #[must_use]
    pub const fn of_number(number: u8) -> Self {
        Self(number)
    }
}

struct Link {
    /// The name that a foreign transport gave it; `None` behind a driver.
    source: Option<String>,
    device: Device,
    /// What is to be done, for a driver or as commands.
    actions: VecDeque<Action>,
    /// Characteristics that a foreign transport was told to read: what comes next from them is the answer.
    reading: Vec<Uuid>,
    /// The device may say something about the heart.
    heart: bool,
    /// The device measures blood pressure.
    pressure: bool,
}

impl Link {
    fn new(source: Option<String>, choice: &DeviceChoice) -> Self {
        let mut device = if source.is_some() { Device::foreign() } else { Device::new() };
        device.configure(choice);
        Self { source, device, actions: VecDeque::new(), reading: Vec::new(), heart: false, pressure: false }
    }

    fn handle(&mut self, input: Input<'_>, said: &mut Vec<DeviceEvent>) {
        if matches!(input, Input::Connected { .. } | Input::Disconnected { .. }) {
            self.reading.clear();
            self.actions.clear();
        }
        let mut actions = Vec::new();
        self.device.handle(input, said, &mut actions);
        self.wanted(input.now(), actions, said);
    }

    fn push(
        &mut self,
        place: (Uuid, Uuid),
        bytes: &[u8],
        received: HostTime,
        said: &mut Vec<DeviceEvent>,
    ) -> Result<(), DeviceError> {
        let characteristic = place.1;
        if let Some(asked) = self.reading.iter().position(|read| *read == characteristic) {
            self.reading.swap_remove(asked);
            self.handle(Input::ReadResult { characteristic, result: Ok(bytes), now: received }, said);
            return Ok(());
        }
        let mut actions = Vec::new();
        self.device.push(place, bytes, received, said, &mut actions)?;
        self.wanted(received, actions, said);
        Ok(())
    }

    /// Queues what is to be done. A foreign transport reports no success of subscribing and writing: it is assumed, so
    /// that the next command comes. What is read comes back like a notification.
    fn wanted(&mut self, now: HostTime, actions: Vec<Action>, said: &mut Vec<DeviceEvent>) {
        if self.source.is_none() {
            self.actions.extend(actions);
            return;
        }
        let mut open: VecDeque<Action> = actions.into();
        // Every acknowledgement may bring new actions; a handshake is far shorter than this.
        for _ in 0..64 {
            let Some(action) = open.pop_front() else { return };
            let mut more = Vec::new();
            match &action {
                Action::Subscribe { characteristic, .. } => {
                    let input = Input::Subscribed { characteristic: *characteristic, result: Ok(()), now };
                    self.device.handle(input, said, &mut more);
                }
                Action::Write { characteristic, .. } => {
                    let input = Input::WriteDone { characteristic: *characteristic, result: Ok(()), now };
                    self.device.handle(input, said, &mut more);
                }
                Action::Read { characteristic, .. } if !self.reading.contains(characteristic) => {
                    self.reading.push(*characteristic);
                }
                _ => {}
            }
            open.extend(more);
            if !matches!(action, Action::Wait { .. }) {
                self.actions.push_back(action);
            }
        }
    }
}

pub(super) struct Links {
    links: Vec<Link>,
    choice: DeviceChoice,
}

impl Default for Links {
    fn default() -> Self {
        let choice = DeviceChoice::default();
        Self { links: vec![Link::new(None, &choice)], choice }
    }
}

impl Links {
    pub(super) fn configure(&mut self, choice: &DeviceChoice) {
        self.choice = choice.clone();
        self.links.iter_mut().for_each(|link| link.device.configure(choice));
    }

    /// One more device: behind a driver, or under the name of a foreign transport.
    pub(super) fn add(&mut self, source: Option<String>) -> Option<LinkId> {
        let id = LinkId(u8::try_from(self.links.len()).ok()?);
        (self.links.len() < MOST).then(|| self.links.push(Link::new(source, &self.choice)))?;
        Some(id)
    }

    /// The device of a foreign transport.
    pub(super) fn foreign(&mut self, source: &str) -> Option<LinkId> {
        match self.links.iter().position(|link| link.source.as_deref() == Some(source)) {
            Some(place) => Some(LinkId(place as u8)),
            None => self.add(Some(source.to_owned())),
        }
    }

    fn get(&mut self, id: LinkId) -> Option<&mut Link> {
        self.links.get_mut(usize::from(id.0))
    }

    /// Every device.
    pub(super) fn ids(&self) -> impl Iterator<Item = LinkId> {
        (0..self.links.len()).map(|place| LinkId(place as u8))
    }

    pub(super) fn is_foreign(&self, id: LinkId) -> bool {
        self.links.get(usize::from(id.0)).is_some_and(|link| link.source.is_some())
    }

    /// These are the services of the device.
    pub(super) fn connected(&mut self, id: LinkId, services: &[Uuid]) {
        if let Some(link) = self.get(id) {
            link.heart = offers_heart(services);
            link.pressure = offers_blood_pressure(services);
        }
    }

    /// Whether this device may say something about the heart.
    pub(super) fn has_heart(&self, id: LinkId) -> bool {
        self.links.get(usize::from(id.0)).is_some_and(|link| link.heart)
    }

    /// Whether the device measures blood pressure.
    pub(super) fn has_pressure(&self, id: LinkId) -> bool {
        self.links.get(usize::from(id.0)).is_some_and(|link| link.pressure)
    }

    /// Whether any device may say something about the heart.
    pub(super) fn any_heart(&self) -> bool {
        self.links.iter().any(|link| link.heart)
    }

    /// Whether the test may wait for the heart's signal from this device: it can send one, or none of them can.
    pub(super) fn may_lead(&self, id: LinkId) -> bool {
        self.has_heart(id) || !self.any_heart()
    }

    pub(super) fn handle(&mut self, id: LinkId, input: Input<'_>, said: &mut Vec<DeviceEvent>) {
        if let Some(link) = self.get(id) {
            link.handle(input, said);
        }
    }

    pub(super) fn push(
        &mut self,
        id: LinkId,
        place: (Uuid, Uuid),
        bytes: &[u8],
        received: HostTime,
        said: &mut Vec<DeviceEvent>,
    ) -> Result<(), DeviceError> {
        self.get(id).map_or(Ok(()), |link| link.push(place, bytes, received, said))
    }

    /// The next input for the adapters of rarer families, and of which device.
    pub(super) fn next_remote(&mut self) -> Option<(LinkId, Vec<u8>)> {
        let mut links = self.links.iter_mut().enumerate();
        links.find_map(|(place, link)| Some((LinkId(place as u8), link.device.take_remote()?)))
    }

    /// What they answered.
    pub(super) fn remote_said(
        &mut self,
        id: LinkId,
        answer: Option<&[u8]>,
        now: HostTime,
        said: &mut Vec<DeviceEvent>,
    ) {
        let Some(link) = self.get(id) else { return };
        let mut actions = Vec::new();
        if link.device.remote_said(answer, said, &mut actions).is_err() {
            said.push(DeviceEvent::BadFrame(DeviceError::Invalid { field: "answer" }));
        }
        link.wanted(now, actions, said);
    }

    pub(super) fn next_action(&mut self, id: LinkId) -> Option<Action> {
        self.get(id)?.actions.pop_front()
    }

    /// What foreign transports are to do.
    pub(super) fn next_command(&mut self) -> Option<(String, Action)> {
        self.links.iter_mut().find_map(|link| Some((link.source.clone()?, link.actions.pop_front()?)))
    }
}
