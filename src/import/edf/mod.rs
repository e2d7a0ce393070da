//! EDF, EDF+ and BDF (Kemp et al., Electroenceph Clin Neurophysiol 82:391, 1992; Kemp and Olivan, Clin
//! Neurophysiol 114:1755, 2003; biosemi.com/faq/file_format.htm): data records of fixed length, 16 or 24 bits a
//! sample. Discontinuous files (EDF+D) keep their gaps. Patient, recording, date and time are stepped over.

mod annotations;
mod codes;
mod header;
mod records;

pub use codes::words;
pub use records::{END, LOST};

use super::{Hints, ImportError, Opened, Source};

pub(super) fn sniff(head: &[u8]) -> bool {
    // The version field: "0", or 255 and the maker's name.
    let edf = head.starts_with(b"0       ") && head.get(236..244).is_none_or(header::is_number);
    edf || head.starts_with(b"\xffBIOSEMI")
}

pub(super) fn open(source: &dyn Source, name: &str, hints: &Hints) -> Result<Opened, ImportError> {
    let header = header::Header::read(source, name, hints)?;
    records::open(source, name, header)
}
