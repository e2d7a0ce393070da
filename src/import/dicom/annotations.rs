//! Items of the Waveform Annotation Sequence (PS3.3 C.10.10) that have a code and places become marks. Words are stepped
//! over, and so are measurements, which have no place.

use super::elements::Tag;
use crate::import::bytes::{latin_1, Bytes};
use crate::import::opened::{in_order_of_time, Mark};
use crate::import::wfdb::AnnotationCode;
use crate::import::{mdc, ImportError};
use crate::units::{Hertz, Seconds};

pub(super) const ANNOTATIONS: Tag = 0x0040_b020;
/// The concept that an item names, and the one that it gives as the value of another.
pub(super) const CONCEPT_NAME: Tag = 0x0040_a043;
pub(super) const CONCEPT: Tag = 0x0040_a168;

const CODE_VALUE: Tag = 0x0008_0100;
const CODE_SCHEME: Tag = 0x0008_0102;
const CHANNELS: Tag = 0x0040_a0b0;
const RANGE_TYPE: Tag = 0x0040_a130;
const POSITIONS: Tag = 0x0040_a132;

/// Schemes whose values are numbers and not words. SCP-ECG's and MDC's begin alike.
const SCHEMES: [&str; 3] = ["MDC", "SCPECG", "DCM"];

/// Longest value of a code that is kept, and most marks.
const MAX_CODE_BYTES: usize = 16;
const MAX_MARKS: usize = 1 << 20;

/// Waves by their codes (PS3.16 CID 3335 and 3339; SCP-ECG's of earlier editions), what a point of each is in ecgcodes.h, and
/// the number of its ends.
const WAVES: [(&str, AnnotationCode, u8); 13] = [
    ("MDC 10:256", P_PEAK, 0),
    ("DCM 109041", P_PEAK, 0),
    ("MDC 10:576", AnnotationCode::UNCLASSIFIED, 1),
    ("DCM 109043", AnnotationCode::UNCLASSIFIED, 1),
    ("SCPECG 5.7.1-3", AnnotationCode::UNCLASSIFIED, 1),
    ("MDC 10:1024", T_PEAK, 2),
    ("DCM 109051", T_PEAK, 2),
    ("MDC 10:1152", U_PEAK, 3),
    ("SCPECG 5.10.3-1", AnnotationCode::WAVE_ONSET, 0),
    ("SCPECG 5.10.3-2", AnnotationCode::WAVE_END, 0),
    ("SCPECG 5.10.3-3", AnnotationCode::WAVE_ONSET, 1),
    ("SCPECG 5.10.3-4", AnnotationCode::WAVE_END, 1),
    ("SCPECG 5.10.3-5", AnnotationCode::WAVE_END, 2),
];

/// The kind of beat that a code names.
fn beat(text: &str) -> Option<AnnotationCode> {
    mdc::numbered(text.strip_prefix("MDC 10:")?.parse().ok()?)
}

/// Two beats are not so near: one of them was marked twice, as some writers do with the average beat's.
const SAME_BEAT_S: f64 = 0.1;

const P_PEAK: AnnotationCode = AnnotationCode(24);
const T_PEAK: AnnotationCode = AnnotationCode(27);
const U_PEAK: AnnotationCode = AnnotationCode(29);

/// A stretch of samples that places refer to.
pub(super) struct Group {
    pub start_s: f64,
    pub rate: Hertz,
    pub samples: usize,
}

impl Group {
    fn end_s(&self) -> f64 {
        self.start_s + self.samples as f64 / self.rate.get()
    }

    /// Whether this is another view of a longer stretch, such as its average beat.
    fn is_view_of(&self, other: &Self) -> bool {
        let (own, its) = (self.end_s() - self.start_s, other.end_s() - other.start_s);
        own < its && self.start_s >= other.start_s && self.end_s() <= other.end_s()
    }
}

/// The marks of all items, in the order of time.
pub(super) fn marks(items: Vec<Item>, groups: &[Option<Group>], zero_s: f64) -> Vec<Mark> {
    let mut marks = Vec::new();
    items.into_iter().for_each(|item| item.mark(groups, &mut marks));
    marks.iter_mut().for_each(|mark| mark.at.0 -= zero_s);
    let mut marks = in_order_of_time(marks);
    let mut beat_s = f64::NEG_INFINITY;
    marks.retain(|mark| {
        let is_beat = mark.code.is_some_and(AnnotationCode::is_beat);
        let is_new = !is_beat || mark.at.0 - beat_s > SAME_BEAT_S;
        if is_beat && is_new {
            beat_s = mark.at.0;
        }
        is_new && mark.at.0 >= 0.0
    });
    marks
}

/// An item of the sequence.
#[derive(Default)]
pub(super) struct Item {
    scheme: String,
    value: String,
    /// Counted from 1.
    group: usize,
    is_segment: bool,
    /// Samples of the group, the first of which is 1.
    positions: Vec<u32>,
}

impl Item {
    /// An element of the item, or of a code in it.
    pub(super) fn element(&mut self, is_code: bool, tag: Tag, mut value: Bytes) -> Result<(), ImportError> {
        match (is_code, tag) {
            (true, CODE_VALUE) => self.value = latin_1(value.take_all()),
            (true, CODE_SCHEME) => self.scheme = latin_1(value.take_all()),
            (false, CHANNELS) => self.group = usize::from(value.u16()?),
            (false, RANGE_TYPE) => self.is_segment = latin_1(value.take_all()).ends_with("SEGMENT"),
            (false, POSITIONS) => {
                self.positions.clear();
                while let Ok(position) = value.u32() {
                    self.positions.push(position);
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// The item, where it has a place: most are measurements.
    pub(super) fn placed(self) -> Option<Self> {
        (!self.positions.is_empty()).then_some(self)
    }

    /// Adds what the item marks, in seconds on the clock of the groups.
    fn mark(self, groups: &[Option<Group>], marks: &mut Vec<Mark>) {
        let group = self.group.checked_sub(1).and_then(|i| groups.get(i)).and_then(Option::as_ref);
        let Some((group, text)) = group.zip(self.text()) else { return };
        if groups.iter().flatten().any(|other| group.is_view_of(other)) {
            return;
        }
        let is_there = |position: &u32| (1..=group.samples).contains(&(*position as usize));
        let at = |position: u32| Seconds(group.start_s + f64::from(position - 1) / group.rate.get());
        let positions: Vec<u32> = self.positions.into_iter().filter(is_there).collect();
        let wave = WAVES.iter().find(|(name, ..)| *name == text);
        let room = MAX_MARKS.saturating_sub(marks.len());
        for span in positions.chunks(if self.is_segment { 2 } else { 1 }).take(room) {
            let [first, rest @ ..] = span else { continue };
            let mut mark = Mark { at: at(*first), duration: None, code: None, number: 0, text: text.clone() };
            match (rest.first(), wave) {
                (None, wave) => {
                    mark.code = wave.map(|(_, code, _)| *code).or_else(|| beat(&text));
                    let is_end =
                        matches!(mark.code, Some(AnnotationCode::WAVE_ONSET | AnnotationCode::WAVE_END));
                    mark.number = wave.filter(|_| is_end).map_or(0, |(_, _, number)| *number);
                }
                (Some(last), Some((_, _, number))) => {
                    (mark.code, mark.number) = (Some(AnnotationCode::WAVE_ONSET), *number);
                    let end = Mark { number: *number, ..Mark::coded(at(*last), AnnotationCode::WAVE_END) };
                    marks.push(end);
                }
                (Some(last), None) => {
                    mark.code = beat(&text);
                    mark.duration = Some(Seconds(at(*last).0 - mark.at.0)).filter(|d| d.0 > 0.0);
                }
            }
            marks.push(mark);
        }
    }

    /// Scheme and value of the code; `None` where either may be words.
    fn text(&self) -> Option<String> {
        let is_number = self.value.bytes().all(|b| b.is_ascii_digit() || matches!(b, b':' | b'.' | b'-'));
        let is_short = (1..=MAX_CODE_BYTES).contains(&self.value.len());
        let scheme =
            SCHEMES.into_iter().find(|known| *known == self.scheme).filter(|_| is_number && is_short);
        scheme.map(|scheme| format!("{scheme} {}", self.value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(text: &str, group: usize, is_segment: bool, positions: &[u32]) -> Item {
        let (scheme, value) = text.split_once(' ').unwrap();
        let (scheme, value) = (scheme.to_owned(), value.to_owned());
        Item { scheme, value, group, is_segment, positions: positions.to_vec() }
    }

    fn shown(item: Item) -> Vec<String> {
        let rate = Hertz::new(100.0).unwrap();
        let group = |start_s, samples| Some(Group { start_s, rate, samples });
        // Ten seconds, an average beat of them, one without samples, ten more.
        let groups = [group(5.0, 1000), group(5.0, 100), None, group(15.0, 1000)];
        let mut marks = Vec::new();
        item.mark(&groups, &mut marks);
        let code = |m: &Mark| m.code.and_then(AnnotationCode::mnemonic).unwrap_or('-');
        let row = |m: &Mark| format!("{:.2} {}{} {}", m.at.0, code(m), m.number, m.text);
        marks.iter().map(row).collect()
    }

    #[test]
    fn points_and_segments_of_the_rhythm_are_marked() {
        assert_eq!(
            shown(item("MDC 10:256", 1, false, &[1, 101])),
            ["5.00 p0 MDC 10:256", "6.00 p0 MDC 10:256"]
        );
        assert_eq!(shown(item("DCM 109051", 4, true, &[11, 31])), ["15.30 )2 ", "15.10 (2 DCM 109051"]);
        assert_eq!(shown(item("SCPECG 5.10.3-4", 1, false, &[11])), ["5.10 )1 SCPECG 5.10.3-4"]);
        for (code, expected) in [(8192, 'Q'), (8208, 'N'), (8336, 'V'), (8352, 'F'), (8432, 'E'), (8752, '?')]
        {
            let text = format!("MDC 10:{code}");
            assert_eq!(shown(item(&text, 1, false, &[1])), [format!("5.00 {expected}0 {text}")]);
        }
        assert_eq!(shown(item("MDC 10:8209", 1, false, &[1])), ["5.00 -0 MDC 10:8209"]);
        assert_eq!(shown(item("MDC 10:8768", 1, false, &[1])), ["5.00 -0 MDC 10:8768"]);
        assert_eq!(shown(item("SCPECG 5.9", 1, true, &[11, 31])), ["5.10 -0 SCPECG 5.9"]);
    }

    #[test]
    fn a_beat_is_marked_once() {
        let groups = [Some(Group { start_s: 5.0, rate: Hertz::new(100.0).unwrap(), samples: 1000 })];
        let items = [vec![101, 4, 1], vec![201]].map(|places| item("SCPECG 5.7.1-3", 1, false, &places));
        let marks = marks(items.into(), &groups, 5.0);
        assert_eq!(marks.iter().map(|m| m.at.0).collect::<Vec<_>>(), [0.0, 1.0, 2.0]);
    }

    #[test]
    fn places_outside_views_and_words_are_not() {
        for (text, group, position) in [
            ("MDC 10:256", 1, 0),
            ("MDC 10:256", 1, 1001),
            ("MDC 10:256", 2, 1),
            ("MDC 10:256", 3, 1),
            ("MDC 10:256", 0, 1),
            ("MDC 10:256", 9, 1),
            ("MDC Smith", 1, 1),
            ("MDC ", 1, 1),
            ("L 10:256", 1, 1),
            ("MDC 12345678901234567", 1, 1),
        ] {
            assert!(shown(item(text, group, false, &[position])).is_empty(), "{text} {group} {position}");
        }
    }
}
