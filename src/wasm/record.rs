//! Record files in the browser and in Node, and files out of them.

use super::error::{error, invalid};
use super::object::object;
use crate::export::local::WRITERS;
use crate::import::{self, Block, Hints, ImportError, Opened, Source, VoltageUnit};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;

fn failed(why: &ImportError) -> JsValue {
    error(why.code(), &why.to_string())
}

#[wasm_bindgen]
extern "C" {
    /// Files by name. The package's own object, which reads and calls nothing back.
    pub type FileSet;

    /// Bytes of a file; undefined when there is none of this name.
    #[wasm_bindgen(method, catch)]
    fn size(this: &FileSet, name: &str) -> Result<Option<f64>, JsValue>;

    /// Bytes from `offset`, `length` of them or fewer when the file ends before.
    #[wasm_bindgen(method, catch)]
    fn read(this: &FileSet, name: &str, offset: f64, length: f64) -> Result<Uint8Array, JsValue>;
}

struct Files(FileSet);

impl Source for Files {
    fn size(&self, name: &str) -> Result<u64, ImportError> {
        let size = self.0.size(name).map_err(|_| ImportError::Unreadable { name: name.to_owned() })?;
        size.map(|bytes| bytes as u64).ok_or_else(|| ImportError::Missing { name: name.to_owned() })
    }

    fn read(&self, name: &str, offset: u64, len: usize) -> Result<Vec<u8>, ImportError> {
        self.size(name)?;
        let bytes = self.0.read(name, offset as f64, len as f64);
        bytes.map(|bytes| bytes.to_vec()).map_err(|_| ImportError::Unreadable { name: name.to_owned() })
    }
}

/// The file of a set that is opened first; undefined when no importer knows any of them.
#[wasm_bindgen(js_name = firstFile)]
pub fn first_file(files: FileSet, names: Vec<String>) -> Option<String> {
    import::first_file(&Files(files), &names)
}

/// A record read from a set of files.
#[wasm_bindgen]
pub struct RecordCore {
    files: Files,
    name: String,
    hints: Hints,
    format: &'static str,
    opened: Opened,
    /// Samples of the lead that is being read.
    block: Block,
    lead: usize,
    more: bool,
}

#[wasm_bindgen]
impl RecordCore {
    /// Opens the record whose first file has this name. The rest says what the file may leave open.
    #[wasm_bindgen(constructor)]
    pub fn new(
        files: FileSet,
        name: String,
        rate_hz: Option<f64>,
        unit: Option<String>,
        gain: Option<f64>,
        columns: Vec<usize>,
    ) -> Result<RecordCore, JsValue> {
        let unit = match unit.as_deref() {
            None => None,
            Some("uV") => Some(VoltageUnit::Microvolt),
            Some("mV") => Some(VoltageUnit::Millivolt),
            Some("V") => Some(VoltageUnit::Volt),
            Some(_) => return Err(invalid("unit is uV, mV or V")),
        };
        let (files, hints) = (Files(files), Hints { rate_hz, unit, gain, columns });
        let importer = import::importer(&files, &name).map_err(|why| failed(&why))?;
        let opened = (importer.open)(&files, &name, &hints).map_err(|why| failed(&why))?;
        Ok(Self {
            files,
            name,
            hints,
            format: importer.id,
            opened,
            block: Block::default(),
            lead: 0,
            more: false,
        })
    }

    /// Which importer reads it.
    #[wasm_bindgen(getter)]
    pub fn format(&self) -> String {
        self.format.to_owned()
    }

    /// Names of the leads.
    pub fn leads(&self) -> Vec<String> {
        self.opened.leads.iter().map(|lead| lead.name.clone()).collect()
    }

    /// Sampling rates of the leads in hertz.
    #[wasm_bindgen(js_name = samplingRatesHz)]
    pub fn sampling_rates_hz(&self) -> Vec<f64> {
        self.opened.leads.iter().map(|lead| lead.rate.get()).collect()
    }

    /// Place of the lead of this name; without one, of the first ECG lead.
    pub fn find(&self, lead: Option<String>) -> Option<usize> {
        import::chosen_lead(&self.opened.leads, lead.as_deref())
    }

    /// Begins to read a lead from its first sample.
    pub fn start(&mut self, lead: usize) -> Result<(), JsValue> {
        if lead >= self.opened.leads.len() {
            return Err(error("import.noSuchLead", "the record has no such lead"));
        }
        self.opened = import::open(&self.files, &self.name, &self.hints).map_err(|why| failed(&why))?;
        self.block = Block::new(self.opened.leads.len(), Some(lead));
        (self.lead, self.more) = (lead, true);
        Ok(())
    }

    /// The next samples of the lead in microvolts, NaN where there are none; undefined at the end.
    pub fn next(&mut self) -> Result<Option<Vec<f32>>, JsValue> {
        while self.more {
            self.more = self.opened.stream.next(&self.files, &mut self.block).map_err(|why| failed(&why))?;
            let samples = self.block.leads.get_mut(self.lead).map(core::mem::take).unwrap_or_default();
            if !samples.is_empty() {
                return Ok(Some(samples));
            }
        }
        Ok(None)
    }

    /// How much of the record has been read, 0 to 1.
    #[wasm_bindgen(getter)]
    pub fn progress(&self) -> f64 {
        self.block.progress
    }

    /// Whether the checksum that the file has for the lead agrees with what was read, once its end is reached; undefined
    /// before, and where there is none.
    #[wasm_bindgen(getter, js_name = checksumAgrees)]
    pub fn checksum_agrees(&self) -> Option<bool> {
        self.block.checksums.get(self.lead).copied().flatten()
    }

    /// What the file marks, as far as it has been read: `{ timeS, durationS, code, text }`.
    pub fn marks(&self) -> Result<Array, JsValue> {
        let all = self.opened.marks.iter().chain(&self.block.marks);
        let marks = all.map(|mark| {
            let code = mark.code.and_then(import::wfdb::AnnotationCode::mnemonic).map(String::from);
            object(&[
                ("timeS", mark.at.0.into()),
                ("durationS", mark.duration.map_or(JsValue::NULL, |s| s.0.into())),
                ("code", code.map_or(JsValue::NULL, Into::into)),
                ("text", mark.text.as_str().into()),
            ])
        });
        marks.collect()
    }

    /// Writes the whole record in another format: `{ files: [[name, bytes], ..], roundingUv, checksumAgrees }`.
    pub fn convert(&self, format: &str, name: &str) -> Result<JsValue, JsValue> {
        let writer =
            WRITERS.iter().find(|w| w.id == format).ok_or_else(|| invalid("format is wfdb, edf or csv"))?;
        let opened = import::open(&self.files, &self.name, &self.hints).map_err(|why| failed(&why))?;
        let recording = opened.read(&self.files).map_err(|why| failed(&why))?;
        let written = (writer.write)(&recording, name).map_err(|why| error(why.code(), &why.to_string()))?;
        let sums = || recording.leads.iter().map(|lead| lead.checksum_agrees);
        let agrees = if sums().any(|sum| sum == Some(false)) { Some(false) } else { sums().min().flatten() };
        drop(recording);
        let pair = |(name, bytes): &(String, Vec<u8>)| {
            Array::of2(&JsValue::from_str(name), &Uint8Array::from(bytes.as_slice()))
        };
        let files: Array = written.files.iter().map(pair).collect();
        object(&[
            ("files", files.into()),
            ("roundingUv", written.rounding_uv.into()),
            ("checksumAgrees", agrees.map_or(JsValue::NULL, JsValue::from)),
        ])
    }
}
