//! Numbers of fitted models.
//!
//! A native build and the modules that are loaded on demand have them built in. In the main module (feature `apart`)
//! they would take the room of code: there they come as a file that the page loads beside the module and hands over
//! once, before anything is analysed.

#[cfg(feature = "apart")]
use std::sync::OnceLock;

/// Tables by their number.
#[cfg(any(feature = "apart", test))]
type Tables = Vec<(u8, Vec<i8>)>;

#[cfg(feature = "apart")]
static GIVEN: OnceLock<Tables> = OnceLock::new();

/// A table of a fitted model, in whole steps of scales that the model knows.
pub struct Weights {
    number: u8,
    length: usize,
    #[cfg(not(feature = "apart"))]
    built_in: &'static [i8],
}

impl Weights {
    /// A table with its number in the file, which no other table has.
    #[must_use]
    pub const fn new(number: u8, table: &'static [i8]) -> Self {
        Self {
            number,
            length: table.len(),
            #[cfg(not(feature = "apart"))]
            built_in: table,
        }
    }

    /// The numbers; none as long as a file is to be given and was not.
    #[must_use]
    pub fn steps(&self) -> &'static [i8] {
        #[cfg(not(feature = "apart"))]
        return self.built_in;
        #[cfg(feature = "apart")]
        return GIVEN.get().and_then(|given| find(given, self)).unwrap_or_default();
    }
}

#[cfg(any(feature = "apart", test))]
fn find<'a>(tables: &'a Tables, wanted: &Weights) -> Option<&'a [i8]> {
    let (_, steps) = tables.iter().find(|(number, _)| *number == wanted.number)?;
    (steps.len() == wanted.length).then_some(steps)
}

/// The file of these tables: for each its number, its length in four bytes, the low one first, and its numbers.
#[cfg(not(feature = "apart"))]
#[must_use]
pub fn file(tables: &[&Weights]) -> Vec<u8> {
    let mut out = Vec::new();
    for table in tables {
        out.push(table.number);
        out.extend_from_slice(&(table.length as u32).to_le_bytes());
        out.extend(table.steps().iter().map(|step| step.to_le_bytes()[0]));
    }
    out
}

#[cfg(any(feature = "apart", test))]
fn read(mut file: &[u8]) -> Option<Tables> {
    let mut tables = Vec::new();
    while let Some(([number, a, b, c, d], rest)) = file.split_first_chunk() {
        let (steps, rest) = rest.split_at_checked(u32::from_le_bytes([*a, *b, *c, *d]) as usize)?;
        tables.push((*number, steps.iter().map(|step| *step as i8).collect()));
        file = rest;
    }
    file.is_empty().then_some(tables)
}

/// Takes the file: whether it is one with all of these tables. The first one stays.
#[cfg(feature = "apart")]
pub fn give(file: &[u8], tables: &[&Weights]) -> bool {
    match read(file) {
        Some(given) if tables.iter().all(|table| find(&given, table).is_some()) => {
            GIVEN.get_or_init(|| given);
            true
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_comes_back_out_of_the_file() {
        static ONE: Weights = Weights::new(1, &[-128, -1, 0, 127]);
        static TWO: Weights = Weights::new(2, &[]);
        let file = file(&[&ONE, &TWO]);
        let tables = read(&file).unwrap();
        assert_eq!(find(&tables, &ONE), Some(ONE.steps()));
        assert_eq!(find(&tables, &TWO), Some(TWO.steps()));
        assert_eq!(find(&tables, &Weights::new(3, &[])), None);
        assert_eq!(find(&tables, &Weights::new(1, &[0])), None);
        for cut in (1..file.len()).filter(|cut| *cut != 9) {
            assert!(read(&file[..cut]).is_none(), "{cut}");
        }
    }
}
