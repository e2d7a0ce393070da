//! Record files in the browser and in Node, and annotation files out of them.

use super::error::error;
use super::rate::hertz;
use crate::detect::Detector;
use crate::export::wfdb_annotations::WfdbAnnotations;
use crate::import::{self, ImportError, MemorySource, Recording};
use crate::signal::RPeak;
use js_sys::{Map, Uint8Array};
use wasm_bindgen::prelude::*;

fn failed(why: &ImportError) -> JsValue {
    error(why.code(), &why.to_string())
}

/// A record read from a set of files.
#[wasm_bindgen]
pub struct WfdbRecord(Recording);

#[wasm_bindgen]
impl WfdbRecord {
    /// Reads the record whose header has this name from a `Map` of names to bytes.
    #[wasm_bindgen(constructor)]
    pub fn new(files: &Map, header: &str) -> Result<WfdbRecord, JsValue> {
        let mut source = MemorySource::new();
        files.for_each(&mut |bytes, name| {
            if let Some(name) = name.as_string() {
                source.insert(&name, Uint8Array::new(&bytes).to_vec());
            }
        });
        import::read(&source, header).map(Self).map_err(|why| failed(&why))
    }

    /// Names of the leads.
    pub fn leads(&self) -> Vec<String> {
        self.0.leads.iter().map(|lead| lead.name.clone()).collect()
    }

    /// Sampling rate of the first lead in hertz.
    #[wasm_bindgen(getter, js_name = samplingRateHz)]
    pub fn first_sampling_rate_hz(&self) -> Result<f64, JsValue> {
        self.sampling_rate_hz(None)
    }

    /// Sampling rate of a lead in hertz, of the first one when none is named.
    #[wasm_bindgen(js_name = samplingRateOf)]
    pub fn sampling_rate_hz(&self, lead: Option<String>) -> Result<f64, JsValue> {
        let found = self.0.lead(lead.as_deref());
        found.map(|lead| lead.rate.get()).ok_or_else(no_such_lead)
    }

    /// Samples of a lead in microvolts, of the first one when none is named; lost samples are NaN.
    #[wasm_bindgen(js_name = samplesUv)]
    pub fn samples_uv(&self, lead: Option<String>) -> Result<Vec<f32>, JsValue> {
        let found = self.0.lead(lead.as_deref());
        found.map(|lead| lead.samples_uv.clone()).ok_or_else(no_such_lead)
    }
}

fn no_such_lead() -> JsValue {
    error("import.noSuchLead", "the record has no such lead")
}

fn peaks(samples_uv: &[f32], rate: f64) -> Result<Vec<RPeak>, JsValue> {
    let mut detector = Detector::new(hertz(rate)?);
    let mut peaks = Vec::new();
    detector.push(samples_uv, &mut peaks);
    detector.finish(&mut peaks);
    Ok(peaks)
}

/// R peaks as a WFDB annotation file, label N.
#[wasm_bindgen]
pub fn annotate(samples_uv: &[f32], rate: f64) -> Result<Vec<u8>, JsValue> {
    let mut writer = WfdbAnnotations::new();
    for peak in peaks(samples_uv, rate)? {
        writer.push_beat(peak.at);
    }
    Ok(writer.into_bytes())
}

/// R peaks as fractional sample places.
#[wasm_bindgen(js_name = rPeaks)]
pub fn r_peaks(samples_uv: &[f32], rate: f64) -> Result<Vec<f64>, JsValue> {
    Ok(peaks(samples_uv, rate)?.iter().map(|peak| peak.at.0).collect())
}
