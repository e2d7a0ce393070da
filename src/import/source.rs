//! Where record files come from.

use super::ImportError;
use std::collections::BTreeMap;

/// A set of named files, read in ranges.
pub trait Source {
    /// The size of a file in bytes.
    ///
    /// # Errors
    /// [`ImportError::Missing`] when there is no such file.
    fn size(&self, name: &str) -> Result<u64, ImportError>;

    /// The bytes from `offset`, `len` of them or fewer when the file ends before.
    ///
    /// # Errors
    /// [`ImportError::Missing`] or [`ImportError::Unreadable`].
    fn read(&self, name: &str, offset: u64, len: usize) -> Result<Vec<u8>, ImportError>;
}

/// Largest file that is held at once, where its format cannot be read piece by piece.
pub(super) const MAX_WHOLE_BYTES: u64 = 1 << 27;

/// A whole file.
pub(super) fn read_whole(source: &dyn Source, name: &str) -> Result<Vec<u8>, ImportError> {
    let size = source.size(name)?;
    if size > MAX_WHOLE_BYTES {
        return Err(ImportError::TooLarge);
    }
    source.read(name, 0, size as usize)
}

/// The folder of a file's name, with its last separator: what a header names lies beside it.
pub(super) fn folder(name: &str) -> &str {
    name.rfind(['/', '\\']).and_then(|i| name.get(..=i)).unwrap_or_default()
}

/// Files held in memory, as a page or a command line hands them over.
#[derive(Default, Clone)]
pub struct MemorySource {
    files: BTreeMap<String, Vec<u8>>,
}

impl MemorySource {
    /// An empty set.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file, replacing one of the same name. Folders before the name do not count: headers name
    /// their data files without them.
    pub fn insert(&mut self, name: &str, bytes: Vec<u8>) {
        self.files.insert(last_part(name).to_owned(), bytes);
    }

    fn file(&self, name: &str) -> Result<&[u8], ImportError> {
        let found = self.files.get(last_part(name));
        found.map(Vec::as_slice).ok_or_else(|| ImportError::Missing { name: name.to_owned() })
    }
}

impl Source for MemorySource {
    fn size(&self, name: &str) -> Result<u64, ImportError> {
        Ok(self.file(name)?.len() as u64)
    }

    fn read(&self, name: &str, offset: u64, len: usize) -> Result<Vec<u8>, ImportError> {
        let file = self.file(name)?;
        let from = usize::try_from(offset).unwrap_or(usize::MAX).min(file.len());
        let to = from.saturating_add(len).min(file.len());
        Ok(file.get(from..to).unwrap_or_default().to_vec())
    }
}

fn last_part(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}
