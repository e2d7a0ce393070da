//! `RemoteDeviceCore`: the adapters of rarer families, in a module of their own. Bytes in, bytes out.

use super::error::{error, invalid};
use super::plain::from_js;
use crate::device::reading::{CivilTime, LocalClock, ReadingFilter, UserIndex};
use crate::device::remote::RemoteDevice;
use crate::device::uart::{UartEncoding, UartFormat, Word};
use crate::device::{DeviceChoice, MovesenseRate};
use crate::units::{Hertz, HostTime};
use js_sys::Uint8Array;
use serde::Deserialize;
use wasm_bindgen::prelude::*;

/// What the person in front of the screen chose.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct Choice {
    /// The patient's number on a device that several people share.
    user: Option<u8>,
    /// Passes on what a device remembers.
    history: bool,
    clock: Option<Clock>,
    board: Option<Board>,
    movesense_rate_hz: Option<u16>,
    movesense_microvolts: bool,
}

/// The wall clock of the room at a moment of the page's clock.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Clock {
    year: u16,
    month: u8,
    day: u8,
    hour: u8,
    minute: u8,
    second: u8,
    at_ms: f64,
}

/// How a self-made board writes its samples.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Board {
    sampling_rate_hz: f64,
    microvolts: f64,
    #[serde(default)]
    zero: f64,
    /// Absent for lines of text.
    #[serde(default)]
    word: Option<WordName>,
    #[serde(default)]
    column: u8,
    #[serde(default)]
    skip: u8,
    #[serde(default)]
    lead_off: Option<String>,
    #[serde(default)]
    lead_off_count: Option<i32>,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "camelCase")]
enum WordName {
    U8,
    I16,
    I16Big,
    U16,
    U16Big,
    I24Big,
    I32,
    F32,
}

impl From<WordName> for Word {
    fn from(name: WordName) -> Self {
        match name {
            WordName::U8 => Self::U8,
            WordName::I16 => Self::I16Little,
            WordName::I16Big => Self::I16Big,
            WordName::U16 => Self::U16Little,
            WordName::U16Big => Self::U16Big,
            WordName::I24Big => Self::I24Big,
            WordName::I32 => Self::I32Little,
            WordName::F32 => Self::F32Little,
        }
    }
}

impl Board {
    fn format(self) -> Result<UartFormat, JsValue> {
        let rate = Hertz::new(self.sampling_rate_hz).map_err(|_| invalid("samplingRateHz is 50 to 2000"))?;
        if !(self.microvolts.is_finite() && self.zero.is_finite()) {
            return Err(invalid("microvolts and zero are numbers"));
        }
        let encoding = match self.word {
            Some(word) => {
                UartEncoding::Binary { word: word.into(), skip: self.skip, lead_off: self.lead_off_count }
            }
            None => UartEncoding::Text { column: self.column, lead_off: self.lead_off.unwrap_or_default() },
        };
        Ok(UartFormat { encoding, microvolts: self.microvolts, zero: self.zero, rate })
    }
}

impl Choice {
    fn choice(self) -> Result<DeviceChoice, JsValue> {
        let clock = self.clock.map(|c| {
            let shows = CivilTime::new(c.year, c.month, c.day, c.hour, c.minute, c.second);
            let at = Some(HostTime(c.at_ms)).filter(|at| at.0.is_finite());
            let clock = shows.zip(at).map(|(shows, at)| LocalClock { shows, at });
            clock.ok_or_else(|| invalid("clock is a date and a time"))
        });
        let user = self.user.map(UserIndex);
        let readings = ReadingFilter {
            user,
            clock: clock.transpose()?,
            history: self.history,
            ..ReadingFilter::default()
        };
        let wanted = self.movesense_rate_hz;
        let rate = MovesenseRate::ALL.into_iter().find(|rate| Some(rate.hz()) == wanted);
        if wanted.is_some() && rate.is_none() {
            return Err(invalid("movesenseRateHz is 125, 128, 200, 250, 256, 500 or 512"));
        }
        Ok(DeviceChoice {
            readings,
            uart: self.board.map(Board::format).transpose()?,
            movesense_rate: rate.unwrap_or_default(),
            movesense_microvolts: self.movesense_microvolts,
            ..DeviceChoice::default()
        })
    }
}

/// One device whose adapters are here.
#[wasm_bindgen]
pub struct RemoteDeviceCore {
    device: RemoteDevice,
}

#[wasm_bindgen]
impl RemoteDeviceCore {
    /// A device, with what was chosen for it; `foreign` behind a transport that only hands values over.
    #[wasm_bindgen(constructor)]
    pub fn new(choice: JsValue, foreign: bool) -> Result<RemoteDeviceCore, JsValue> {
        let choice: Choice =
            from_js(choice, "devices holds user, history, clock, board and movesense settings")?;
        Ok(Self { device: RemoteDevice::new(&choice.choice()?, foreign) })
    }

    /// Takes an input of the session and answers it.
    pub fn handle(&mut self, input: &[u8]) -> Result<Uint8Array, JsValue> {
        let answer = self.device.handle(input).map_err(|why| error(why.code(), "no input"))?;
        Ok(Uint8Array::from(answer.as_slice()))
    }
}
