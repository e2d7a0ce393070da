//! From what browsers throw to stable codes, each with one cause and one remedy.

use super::member::get;
use crate::device::GattFailure;
use crate::wasm::error::error;
use js_sys::JsString;
use wasm_bindgen::{JsCast, JsValue};

/// The name of a thrown `DOMException`.
fn name(thrown: &JsValue) -> String {
    get(thrown, "name").as_string().unwrap_or_default()
}

/// Why a GATT operation failed. Only names that browsers agree on are used; finer ones differ.
pub(super) fn gatt(thrown: &JsValue) -> GattFailure {
    match name(thrown).as_str() {
        "NotFoundError" => GattFailure::NotFound,
        "NotSupportedError" => GattFailure::NotSupported,
        "SecurityError" => GattFailure::NotPermitted,
        "NetworkError" | "InvalidStateError" => GattFailure::Disconnected,
        _ => GattFailure::Other,
    }
}

/// Why no device was chosen. A cancelled chooser and a missing adapter share one name, as do a page that may not and a
/// click that is missing: availability decides, and where it does not tell, the words of the message.
pub(super) fn chooser(thrown: &JsValue, available: Option<bool>) -> (&'static str, JsValue) {
    // The browser looks for the word: a search of our own is two kilobytes of module.
    let message = get(thrown, "message");
    let says = |word: &str| message.dyn_ref::<JsString>().is_some_and(|message| message.includes(word, 0));
    let hindered = |word: &str| available == Some(false) || says(word);
    let (code, message) = match name(thrown).as_str() {
        "NotFoundError" if hindered("adapter") => ("bluetooth.noAdapter", "no Bluetooth adapter"),
        "NotFoundError" => ("bluetooth.cancelled", "no device was chosen"),
        "SecurityError" if hindered("policy") => {
            ("bluetooth.policy", "the page around this one does not allow Bluetooth")
        }
        "SecurityError" => {
            ("bluetooth.notAllowed", "Bluetooth is not allowed here, or no button was pressed")
        }
        "NotSupportedError" => ("bluetooth.unsupported", "this browser cannot do this"),
        _ => ("bluetooth.chooserFailed", "the device chooser failed"),
    };
    (code, error(code, message))
}
