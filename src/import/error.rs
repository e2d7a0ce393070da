//! Why a record could not be read.

/// Why a record could not be read. The messages quote no file content.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// No importer knows the file, neither by its content nor by its ending.
    #[error("no importer knows this kind of file")]
    UnknownFormat,
    /// A file of the set is not there.
    #[error("the file {name} is missing")]
    Missing {
        /// Its name.
        name: String,
    },
    /// A file could not be read.
    #[error("the file {name} could not be read")]
    Unreadable {
        /// Its name.
        name: String,
    },
    /// A file ends before what it announces.
    #[error("the file {name} ends too early")]
    Truncated {
        /// Its name.
        name: String,
    },
    /// A header line or field breaks the format's rules.
    #[error("line {line} of the header is not valid: {what}")]
    Header {
        /// Counted from 1.
        line: usize,
        /// Which field.
        what: &'static str,
    },
    /// A part of a file breaks the format's rules.
    #[error("the file is not valid: {what}")]
    Invalid {
        /// Which part.
        what: &'static str,
    },
    /// The file uses a part of the format that is not read here.
    #[error("not supported: {what}")]
    Unsupported {
        /// Which part.
        what: &'static str,
    },
    /// The sampling rate is outside what the analysis supports.
    #[error("the sampling rate is not supported")]
    Rate,
    /// The record holds no signal in volts.
    #[error("the record holds no voltage signal")]
    NoEcg,
    /// The file does not say its sampling rate, its unit or which column is the ECG, and nobody else did.
    #[error("the file does not say {what}: it must be given")]
    Unmapped {
        /// What is missing.
        what: &'static str,
    },
    /// The record is larger than can be held at once.
    #[error("the record is too long to be held at once")]
    TooLarge,
    /// An annotation file breaks its own rules.
    #[error("the annotation file {name} is not valid")]
    Annotation {
        /// Its name.
        name: String,
    },
}

impl ImportError {
    /// A stable code for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownFormat => "import.unknownFormat",
            Self::Missing { .. } => "import.missing",
            Self::Unreadable { .. } => "import.unreadable",
            Self::Truncated { .. } => "import.truncated",
            Self::Header { .. } => "import.header",
            Self::Invalid { .. } => "import.invalid",
            Self::Unsupported { .. } => "import.unsupported",
            Self::Rate => "import.rate",
            Self::NoEcg => "import.noEcg",
            Self::Unmapped { .. } => "import.unmapped",
            Self::TooLarge => "import.tooLarge",
            Self::Annotation { .. } => "import.annotation",
        }
    }
}
