//! Columns of numbers: time in seconds, then every lead in microvolts, as [`crate::import`] reads them. Leads of
//! another rate go to a file of their own. An empty field is a missing sample.

use super::label::labels;
use super::{LocalFiles, WriteError};
use crate::import::{RecordedLead, Recording, CSV_RATE_REMARK};
use core::fmt::Write as _;

pub(super) fn write(recording: &Recording, name: &str) -> Result<LocalFiles, WriteError> {
    let mut rates: Vec<f64> = Vec::new();
    for lead in &recording.leads {
        if !rates.contains(&lead.rate.get()) {
            rates.push(lead.rate.get());
        }
    }
    let labels = labels(&recording.leads);
    let named = || recording.leads.iter().zip(&labels);
    let files = rates.iter().enumerate().map(|(i, rate)| {
        let leads: Vec<_> = named().filter(|(lead, _)| lead.rate.get() == *rate).collect();
        let file = if i == 0 { format!("{name}.csv") } else { format!("{name}-{}.csv", i + 1) };
        (file, table(&leads, *rate).into_bytes())
    });
    Ok(LocalFiles { files: files.collect(), rounding_uv: 0.0 })
}

fn table(leads: &[(&RecordedLead, &String)], rate: f64) -> String {
    // The times are rounded, the rate is not.
    let mut text = format!("{CSV_RATE_REMARK}{rate}\ntime_s");
    for (_, label) in leads {
        text += &format!(",{label}_uV");
    }
    text.push('\n');
    let rows = leads.iter().map(|(l, _)| l.samples_uv.len()).max().unwrap_or(0);
    for row in 0..rows {
        // Writing to a String cannot fail.
        let _ = write!(text, "{:.6}", row as f64 / rate);
        for (lead, _) in leads {
            text.push(',');
            if let Some(uv) = lead.samples_uv.get(row).filter(|v| v.is_finite()) {
                let _ = write!(text, "{uv}");
            }
        }
        text.push('\n');
    }
    text
}
