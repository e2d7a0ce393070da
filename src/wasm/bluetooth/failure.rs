//! From what browsers throw to stable codes, each with one cause and one remedy.

use super::member::get;
use crate::device::GattFailure;
use crate::wasm::error::error;
use wasm_bindgen::JsValue;

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

/// Why no device was chosen. A cancelled chooser and a missing adapter share one name, so availability decides.
pub(super) fn chooser(thrown: &JsValue, available: Option<bool>) -> (&'static str, JsValue) {
    let (code, message) = match (name(thrown).as_str(), available) {
        ("NotFoundError", Some(false)) => ("bluetooth.noAdapter", "no Bluetooth adapter"),
        ("NotFoundError", _) => ("bluetooth.cancelled", "no device was chosen"),
        ("SecurityError", Some(false)) => {
            ("bluetooth.policy", "the page around this one does not allow Bluetooth")
        }
        ("SecurityError", _) => {
            ("bluetooth.notAllowed", "Bluetooth is not allowed here, or no button was pressed")
        }
        ("NotSupportedError", _) => ("bluetooth.unsupported", "this browser cannot do this"),
        _ => ("bluetooth.chooserFailed", "the device chooser failed"),
    };
    (code, error(code, message))
}
