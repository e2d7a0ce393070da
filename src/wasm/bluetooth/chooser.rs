//! Asking for a device.

use super::member::{get, has, promise};
use super::timer::within;
use crate::device::ChooserOptions;
use js_sys::JsString;
use wasm_bindgen::JsValue;
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
    let mut filters: Vec<BluetoothLeScanFilterInit> = Vec::new();
    for service in &wanted.filters {
        let filter = BluetoothLeScanFilterInit::new();
        filter.set_services(&[JsString::from(service.text())]);
        filters.push(filter);
    }
    for name in &wanted.names {
        let filter = BluetoothLeScanFilterInit::new();
        filter.set_name_prefix(name);
        filters.push(filter);
    }
    let services: Vec<JsString> =
        wanted.optional_services.iter().map(|service| JsString::from(service.text())).collect();
    let options = RequestDeviceOptions::new();
    options.set_filters(&filters);
    options.set_optional_services(&services);
    options
}
