//! Asking for a device.

use super::member::{get, has, promise};
use crate::device::ChooserOptions;
use crate::wasm::host::within;
use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{BluetoothLeScanFilterInit, RequestDeviceOptions};

/// How long `getAvailability` may take before nothing is concluded from it.
const AVAILABILITY_MS: f64 = 2000.0;

/// Opens the chooser. It must be called first thing after the click: browsers want a fresh gesture.
pub(super) async fn choose(bluetooth: &JsValue) -> Result<JsValue, JsValue> {
    JsFuture::from(promise(bluetooth, "requestDevice", &[&options().into()])).await
}

/// Whether there is a usable adapter, where the browser tells.
pub(super) async fn available(bluetooth: &JsValue) -> Option<bool> {
    if !has(bluetooth, "getAvailability") {
        return None;
    }
    within(promise(bluetooth, "getAvailability", &[]), AVAILABILITY_MS).await?.ok()?.as_bool()
}

/// Whether the device is a virtual one, which says so itself.
pub(super) fn is_simulated(bluetooth: &JsValue) -> bool {
    get(bluetooth, "simulated").as_bool().unwrap_or(false)
}

fn options() -> RequestDeviceOptions {
    let wanted = ChooserOptions::of_all_adapters();
    let filters: Vec<BluetoothLeScanFilterInit> = wanted
        .filters
        .iter()
        .map(|service| {
            let filter = BluetoothLeScanFilterInit::new();
            let services = Array::of1(&JsValue::from_str(&service.to_string()));
            filter.set_services(services.unchecked_ref());
            filter
        })
        .collect();
    let services: Array =
        wanted.optional_services.iter().map(|service| JsValue::from_str(&service.to_string())).collect();
    let options = RequestDeviceOptions::new();
    options.set_filters(&filters);
    options.set_optional_services(services.unchecked_ref());
    options
}
