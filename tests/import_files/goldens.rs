//! One small file of every format, with values worked out from its specification. Every field for a name, a date
//! or an identifier holds the word CANARY.

use pqrst::import::{importer, open, read, Hints, MemorySource, VoltageUnit, IMPORTERS};

/// A file set, and what it holds.
pub struct Golden {
    pub importer: &'static str,
    pub first: &'static str,
    pub files: Vec<(&'static str, Vec<u8>)>,
    /// Name, rate and samples of each lead.
    pub leads: Vec<(&'static str, f64, Vec<f32>)>,
    /// Seconds and words of the marks.
    pub marks: Vec<(f64, &'static str)>,
    /// Start and length of the gaps.
    pub gaps: Vec<(f64, f64)>,
}

impl Golden {
    fn new(
        importer: &'static str,
        first: &'static str,
        bytes: Vec<u8>,
        leads: Vec<(&'static str, f64, Vec<f32>)>,
    ) -> Self {
        Self { importer, first, files: vec![(first, bytes)], leads, marks: Vec::new(), gaps: Vec::new() }
    }

    pub fn source(&self) -> MemorySource {
        let mut source = MemorySource::new();
        self.files.iter().for_each(|(name, bytes)| source.insert(name, bytes.clone()));
        source
    }
}

pub const NAN: f32 = f32::NAN;

fn words(values: &[i16]) -> Vec<u8> {
    values.iter().flat_map(|v| v.to_le_bytes()).collect()
}

fn fixed(text: &str, width: usize) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    bytes.resize(width, b' ');
    bytes
}

/// An EDF header: kind, records, their length, and of each signal label, unit, physical and digital range, samples.
fn edf_header(version: &[u8], kind: &str, records: &str, seconds: &str, signals: &[[&str; 7]]) -> Vec<u8> {
    let mut bytes = version.to_vec();
    bytes.resize(8, b' ');
    let length = (256 * (signals.len() + 1)).to_string();
    for (text, width) in
        [("CANARY 19700101", 80), ("Startdate 01-JAN-1970 CANARY", 80), ("01.01.70", 8), ("12.34.56", 8)]
    {
        bytes.extend(fixed(text, width));
    }
    for (text, width) in [(length.as_str(), 8), (kind, 44), (records, 8), (seconds, 8)] {
        bytes.extend(fixed(text, width));
    }
    bytes.extend(fixed(&signals.len().to_string(), 4));
    let mut column = |width, of: &dyn Fn(&[&str; 7]) -> String| {
        signals.iter().for_each(|s| bytes.extend(fixed(&of(s), width)));
    };
    column(16, &|s| s[0].to_owned());
    column(80, &|_| "CANARY electrode".to_owned());
    (1..6).for_each(|i| column(8, &|s| s[i].to_owned()));
    column(80, &|_| "HP:0.1Hz".to_owned());
    column(8, &|s| s[6].to_owned());
    column(32, &|_| String::new());
    bytes
}

fn edf() -> Golden {
    // 0.05 s at 100 Hz: 5 samples a record; physical -100 to 100 mV over -1000 to 1000: 100 uV a unit.
    let signals = [
        ["ECG II", "mV", "-100", "100", "-1000", "1000", "5"],
        ["EDF Annotations", "", "-1", "1", "-32768", "32767", "16"],
    ];
    let mut bytes = edf_header(b"0", "EDF+D", "3", "0.05", &signals);
    let times: [&[u8]; 3] =
        [b"+1\x14\x14\0", b"+1.05\x14\x14\0+1.06\x150.02\x14note\x14\0", b"+1.12\x14\x14\0"];
    for (values, time) in [[1, 2, 3, 4, 5], [6, 7, 8, 9, -10], [11, 12, 13, 14, 15]].iter().zip(times) {
        bytes.extend(words(values));
        bytes.extend(time);
        bytes.resize(bytes.len() + 32 - time.len(), 0);
    }
    let uv = |v: &[i16]| v.iter().map(|v| f32::from(*v) * 100.0).collect::<Vec<_>>();
    let samples = [uv(&[1, 2, 3, 4, 5, 6, 7, 8, 9, -10]), vec![NAN; 2], uv(&[11, 12, 13, 14, 15])].concat();
    let mut golden = Golden::new("edf", "CANARY.edf", bytes, vec![("ECG II", 100.0, samples)]);
    golden.marks = vec![(0.06, "note")];
    golden.gaps = vec![(0.1, 0.02)];
    golden
}

fn bdf() -> Golden {
    // 24 bits: -8388608 to 8388607 over the same number of 1/32 uV, and a signal that is no voltage.
    let signals = [
        ["A1", "uV", "-262144", "262143.9", "-8388608", "8388607", "2"],
        ["Resp", "%", "0", "100", "0", "100", "1"],
    ];
    let mut bytes = edf_header(b"\xffBIOSEMI", "24BIT", "-1", "0.02", &signals);
    for value in [32, -32, 7, 3_200_000, -8_388_608, 9] {
        bytes.extend(&i32::to_le_bytes(value)[..3]);
    }
    // 524287.9 / 16777215 of a microvolt a unit.
    let step = 524_287.9 / 16_777_215.0;
    let samples =
        [32.0, -32.0, 3_200_000.0, -8_388_608.0].map(|d| ((d + 8_388_608.0) * step - 262_144.0) as f32);
    Golden::new("edf", "a.bdf", bytes, vec![("A1", 100.0, samples.to_vec())])
}

fn ishne() -> Golden {
    let mut bytes = b"ISHNE1.0".to_vec();
    bytes.extend([0; 2]);
    bytes.extend(
        [0_u32.to_le_bytes(), 3_u32.to_le_bytes(), 522_u32.to_le_bytes(), 530_u32.to_le_bytes()].concat(),
    );
    bytes.extend(words(&[1]));
    bytes.extend([fixed("CANARY", 40), fixed("CANARY", 40), fixed("CANARY", 20)].concat());
    bytes.extend(words(&[1, 2, 1, 1, 1970, 1, 1, 1970, 1, 1, 1970, 12, 0, 0]));
    let twelve = |values: [i16; 2]| words(&[values.to_vec(), vec![-9; 10]].concat());
    bytes.extend(words(&[2]));
    bytes.extend([twelve([11, 6]), twelve([1, 1]), twelve([2500, 5000])].concat());
    bytes.extend(words(&[0]));
    bytes.extend(fixed("CANARY recorder", 40));
    bytes.extend(words(&[200]));
    bytes.extend([fixed("CANARY", 80), fixed("", 80), fixed("", 88)].concat());
    bytes.resize(522, 0);
    bytes.extend(b"CANARY..");
    // The annotation file has the same header.
    let mut beats = [b"ANN  1.0", &bytes[8..522]].concat();
    beats[10..14].copy_from_slice(&8_u32.to_le_bytes());
    beats.extend(
        [&b"CANARY.."[..], &[0, 0, 0, 0, b'N', b'x', 1, 0, b'C', 0, 0, 0, b'V', b'x', 1, 0, b'N', 0, 9, 0]]
            .concat(),
    );
    bytes.extend(words(&[4, 1, -4, 2, i16::MIN, 3]));
    let leads = vec![("V1", 200.0, vec![10.0, -10.0, NAN]), ("II", 200.0, vec![5.0, 10.0, 15.0])];
    let mut golden = Golden::new("ishne", "a.ecg", bytes, leads);
    golden.files.push(("a.ann", beats));
    golden.marks = vec![(0.005, ""), (0.01, "")];
    golden
}

/// With sums of the bytes, or of the bytes as numbers with sign.
fn alivecor(signed: bool) -> Golden {
    let block = |id: &[u8; 4], content: &[u8]| {
        let bytes = [&id[..], &(content.len() as u32).to_le_bytes(), content].concat();
        let sum: i32 =
            bytes.iter().map(|b| if signed { i32::from(b.cast_signed()) } else { i32::from(*b) }).sum();
        [bytes, sum.to_le_bytes().to_vec()].concat()
    };
    let bytes = [
        b"ALIVE\0\0\0\x03\0\0\0".to_vec(),
        block(b"info", &[fixed("1970-01-01 CANARY", 32), fixed("CANARY", 232)].concat()),
        block(b"fmt ", &[1, 0x2c, 1, 0xf4, 1, 2, 0, 0]),
        block(b"ecg ", &words(&[2, -4])),
        block(b"ecg2", &words(&[7])),
        block(b"ecgb", &words(&[-1])),
        block(b"avg ", &words(&[100])),
        block(
            b"ann ",
            &[&300_u32.to_le_bytes()[..], &150_u32.to_le_bytes(), &[2, 0], &180_u32.to_le_bytes(), &[6, 0]]
                .concat(),
        ),
    ];
    let leads = vec![("I", 300.0, vec![1.0, -2.0]), ("II", 300.0, vec![3.5]), ("V5", 300.0, vec![-0.5])];
    let first = if signed { "signed.atc" } else { "a.atc" };
    Golden { marks: vec![(0.5, ""), (0.6, "")], ..Golden::new("alivecor", first, bytes.concat(), leads) }
}

fn matlab() -> Golden {
    let bytes = [30_u32, 1, 3, 0, 4]
        .iter()
        .flat_map(|v| v.to_le_bytes())
        .chain(*b"val\0")
        .chain(words(&[-127, 0, 500]))
        .collect();
    Golden::new("matlab", "a.mat", bytes, vec![("", 300.0, vec![-127.0, 0.0, 500.0])])
}

fn dicom(explicit: bool) -> Golden {
    let element = move |tag: u32, kind: &str, value: &[u8]| {
        let mut bytes = [((tag >> 16) as u16).to_le_bytes(), (tag as u16).to_le_bytes()].concat();
        let value = [value, if value.len() % 2 == 1 { b" " } else { b"" }].concat();
        match (explicit || tag >> 16 == 2, kind) {
            (true, "OW" | "SQ" | "UN") => {
                bytes.extend([kind.as_bytes(), &[0, 0], &(value.len() as u32).to_le_bytes()].concat())
            }
            (true, _) => bytes.extend([kind.as_bytes(), &(value.len() as u16).to_le_bytes()].concat()),
            (false, _) => bytes.extend((value.len() as u32).to_le_bytes()),
        }
        [bytes, value].concat()
    };
    let item = |content: Vec<u8>| {
        [&[0xfe, 0xff, 0, 0xe0][..], &(content.len() as u32).to_le_bytes(), &content].concat()
    };
    // An item and a sequence of undefined length, which end with delimiters.
    let open_item = |content: Vec<u8>| {
        [&[0xfe, 0xff, 0, 0xe0, 0xff, 0xff, 0xff, 0xff][..], &content, &[0xfe, 0xff, 0x0d, 0xe0, 0, 0, 0, 0]]
            .concat()
    };
    let code = |value: &str, meaning: &str| {
        item(
            [element(0x0008_0100, "SH", value.as_bytes()), element(0x0008_0104, "LO", meaning.as_bytes())]
                .concat(),
        )
    };
    let channel = |value: &str, meaning: &str, baseline: &str| {
        open_item(
            [
                element(0x003a_0208, "SQ", &code(value, meaning)),
                element(0x003a_0210, "DS", b"2.5"),
                element(0x003a_0211, "SQ", &code("uV", "microvolt")),
                element(0x003a_0212, "DS", b"2"),
                element(0x003a_0213, "DS", baseline.as_bytes()),
            ]
            .concat(),
        )
    };
    let group = [
        element(0x003a_0005, "US", &2_u16.to_le_bytes()),
        element(0x003a_0010, "UL", &2_u32.to_le_bytes()),
        element(0x003a_001a, "DS", b"500"),
        element(
            0x003a_0200,
            "SQ",
            &[channel("2:1", "", "0"), channel("x", "Lead aVF (Goldberger)", "10")].concat(),
        ),
        element(0x5400_1004, "US", &16_u16.to_le_bytes()),
        element(0x5400_1006, "CS", b"SS"),
        element(0x5400_1010, "OW", &words(&[1, 2, -1, -2])),
    ];
    // A sinus rhythm in words, a QRS duration, the R wave at the second sample.
    let note =
        |parts: &[Vec<u8>]| item([&[element(0x0040_a0b0, "US", &[1, 0, 0, 0])], parts].concat().concat());
    let scheme = |value: &str, scheme: &str| {
        let parts =
            [element(0x0008_0100, "SH", value.as_bytes()), element(0x0008_0102, "SH", scheme.as_bytes())];
        element(0x0040_a043, "SQ", &item(parts.concat()))
    };
    let place = |at: u32| element(0x0040_a132, "UL", &at.to_le_bytes());
    let notes = [
        note(&[element(0x0070_0006, "ST", b"CANARY")]),
        note(&[scheme("5.13.5-9", "SCPECG"), element(0x0040_a30a, "DS", b"75")]),
        note(&[scheme("10:576", "MDC"), element(0x0040_a130, "CS", b"POINT"), place(2)]),
        note(&[scheme("CANARY", "MDC"), place(1)]),
        note(&[scheme("1", "CANARY"), place(1)]),
    ];
    let syntax = if explicit { "1.2.840.10008.1.2.1\0" } else { "1.2.840.10008.1.2\0" };
    let bytes = [
        vec![0; 128],
        b"DICM".to_vec(),
        element(0x0002_0010, "UI", syntax.as_bytes()),
        element(0x0010_0010, "PN", b"CANARY^CANARY"),
        element(0x0010_0030, "DA", b"19700101"),
        element(0x0040_b020, "SQ", &notes.concat()),
        element(0x5400_0100, "SQ", &item(group.concat())),
    ];
    let first = if explicit { "a.dcm" } else { "implicit.dcm" };
    let leads = vec![("I", 500.0, vec![5.0, -5.0]), ("aVF", 500.0, vec![20.0, 0.0])];
    Golden { marks: vec![(0.002, "MDC 10:576")], ..Golden::new("dicom", first, bytes.concat(), leads) }
}

fn aecg() -> Golden {
    let lead = |code: &str, digits: &str| {
        format!(
            "<component><sequence><code code=\"{code}\"/><value xsi:type=\"SLIST_PQ\"><origin value=\"1\" unit=\"uV\"/>\
             <scale value=\"0.005\" unit=\"mV\"/><digits>{digits}</digits></value></sequence></component>"
        )
    };
    let set = |head: &str, leads: &str| {
        format!(
            "<component><sequenceSet><component><sequence><code code=\"TIME_ABSOLUTE\"/><value xsi:type=\"GLIST_TS\">\
             <head value=\"{head}\"/><increment value=\"2\" unit=\"ms\"/></value></sequence></component>{leads}\
             </sequenceSet></component>"
        )
    };
    let text = format!(
        "<?xml version=\"1.0\"?><AnnotatedECG xmlns=\"urn:hl7-org:v3\"><id extension=\"CANARY\"/><name>CANARY</name>\
         <component><series>{}{}<subjectOf><annotationSet><component><annotation><code code=\"MDC_ECG_WAVC\"/>\
         <value code=\"MDC_ECG_WAVC_PWAVE\"/><support><boundary><code code=\"TIME_ABSOLUTE\"/><value>\
         <low value=\"19700101000000.250\"/><high value=\"19700101000000.350\"/></value></boundary></support></annotation>\
         <annotation><value code=\"CANARY\"/><boundary><code code=\"TIME_ABSOLUTE\"/><value><low value=\"19700101000001\"/>\
         </value></boundary></annotation></component></annotationSet></subjectOf></series></component></AnnotatedECG>",
        set("19700101000000.000", &lead("MDC_ECG_LEAD_II", "1 -2<!-- cut -->0 3 ")),
        set("19700101000000.002", &lead("MDC_ECG_LEAD_V1", "4\n5")),
    );
    let leads = vec![("II", 500.0, vec![6.0, -99.0, 16.0]), ("V1", 500.0, vec![NAN, 21.0, 26.0])];
    Golden {
        marks: vec![(0.25, "MDC_ECG_WAVC_PWAVE")],
        ..Golden::new("aecg", "a.xml", text.into_bytes(), leads)
    }
}

fn scp_section(number: u16, content: &[u8]) -> Vec<u8> {
    let length = (16 + content.len()) as u32;
    [&[0, 0][..], &number.to_le_bytes(), &length.to_le_bytes(), &[20, 20], b"\0\0\0\0\0\0", content].concat()
}

/// Sections by number, with the pointers to them in front.
fn scp_file(sections: &[(u16, Vec<u8>)]) -> Vec<u8> {
    let mut pointers = Vec::new();
    let length = 16 + 10 * (sections.len() as u32 + 1);
    let mut index = 6 + length + 1;
    let head = |number: u16, length: u32, index: u32| {
        [&number.to_le_bytes()[..], &length.to_le_bytes(), &index.to_le_bytes()].concat()
    };
    pointers.extend(head(0, length, 7));
    for (number, bytes) in sections {
        pointers.extend(head(*number, bytes.len() as u32, index));
        index += bytes.len() as u32;
    }
    let mut zero = scp_section(0, &pointers);
    zero[10..16].copy_from_slice(b"SCPECG");
    let body = [zero, sections.iter().flat_map(|(_, s)| s.clone()).collect()].concat();
    [&[0, 0][..], &(body.len() as u32 + 6).to_le_bytes(), &body].concat()
}

fn scp() -> Golden {
    let section = scp_section;
    // Lead II, samples 1 to 6; the reference beat (1, 2 units) was taken from samples 3 and 4, fiducial at the first.
    let sections = [
        (1, section(1, b"\x02\x07\x00CANARY\0")),
        (2, section(2, &19_999_u16.to_le_bytes())),
        (3, section(3, &[&[1, 0b0000_1001][..], &1_u32.to_le_bytes(), &6_u32.to_le_bytes(), &[2]].concat())),
        (
            4,
            section(
                4,
                &[words(&[4, 1, 1, 0]), [3_u32, 3, 4].iter().flat_map(|v| v.to_le_bytes()).collect()]
                    .concat(),
            ),
        ),
        // 1000 nV, 2000 us, plain differences: 1 then +1 is 100 100 and padding.
        (5, section(5, &[words(&[1000, 2000]), vec![1, 0], words(&[1]), vec![0b1001_0000]].concat())),
        // Second differences: 1, 1, then d = 0, 1, 0, -1: 100 100 0 100 0 101: 1 1 1 2 3 3.
        (
            6,
            section(
                6,
                &[words(&[1000, 2000]), vec![2, 0], words(&[2]), vec![0b1001_0001, 0b0001_0100]].concat(),
            ),
        ),
    ];
    let bytes = scp_file(&sections);
    let leads = vec![("II", 500.0, vec![1.0, 1.0, 2.0, 4.0, 3.0, 3.0])];
    Golden { marks: vec![(0.004, "")], ..Golden::new("scp-ecg", "a.scp", bytes, leads) }
}

fn movesense() -> Golden {
    let chunk = |id: u8, content: &[u8]| [&[id, content.len() as u8][..], content].concat();
    let described = |id: u16, text: &str| chunk(0, &[&id.to_le_bytes()[..], text.as_bytes(), &[0]].concat());
    let mut bytes = b"SBEM0112".to_vec();
    bytes.extend(described(9, "<PTH>Samples+Array.MeasECGmV.Timestamp\n<FRM>uint32"));
    bytes.extend(described(58, "<PTH>["));
    bytes.extend(described(26, "<PTH>Samples.MeasECGmV.Samples\n<FRM>int16\n<MOD>x*0.001,y"));
    bytes.extend(described(17, "<PTH>Samples.UtcTime\n<FRM>int64"));
    bytes.extend(described(68, "<GRP>9,58,26,26,26,26,58"));
    for (ms, values) in
        [(1000_u32, [1, 2, 3, 4]), (1020, [5, 6, 7, 8]), (1060, [9, 10, 11, 12]), (1080, [13, 14, 15, 16])]
    {
        bytes.extend(chunk(68, &[&ms.to_le_bytes()[..], &words(&values)].concat()));
        bytes.extend(chunk(17, b"CANARY19"));
    }
    let samples = [
        1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, NAN, NAN, NAN, NAN, 9.0, 10.0, 11.0, 12.0, 13.0, 14.0, 15.0,
        16.0,
    ];
    Golden::new("movesense", "a.sbem", bytes, vec![("ECG", 200.0, samples.to_vec())])
}

fn apple(first: &'static str, text: &str) -> Golden {
    Golden::new(
        "apple-health",
        first,
        text.as_bytes().to_vec(),
        vec![("I", 511.5, vec![101.343, -14.5, 0.0])],
    )
}

fn polar() -> Golden {
    let text = "Phone timestamp;sensor timestamp [ns];timestamp [ms];ecg [uV]\n\
        1970-01-01T00:00:00.000;599617564000000000;0.0;-12\n\
        1970-01-01T00:00:00.008;599617564008000000;8.0;30\n\
        1970-01-01T00:00:00.016;599617564016000000;16.0;31\n\
        1970-01-01T00:00:00.040;599617564040000000;40.0;32\n";
    let leads = vec![("ECG", 125.0, vec![-12.0, 30.0, 31.0, NAN, NAN, 32.0])];
    Golden {
        gaps: vec![(0.024, 0.016)],
        ..Golden::new("polar-sensor-logger", "a.txt", text.as_bytes().to_vec(), leads)
    }
}

fn columns(first: &'static str, text: &str, leads: Vec<(&'static str, f64, Vec<f32>)>) -> Golden {
    Golden::new("csv", first, text.as_bytes().to_vec(), leads)
}

fn wfdb() -> Golden {
    let header = "r 2 100 3 12:00:00 01/01/1970\nr.dat 16 200/mV 16 0 1 0 0 MLII\nr.dat 16 1/uV 16 0 0 0 0 V5\n# CANARY 69 M\n";
    let mut golden = Golden::new(
        "wfdb",
        "r.hea",
        header.as_bytes().to_vec(),
        vec![("MLII", 100.0, vec![5.0, -10.0, NAN]), ("V5", 100.0, vec![0.0, 1.0, 2.0])],
    );
    golden.files.push(("r.dat", words(&[1, 0, -2, 1, i16::MIN, 2])));
    // A change of rhythm with its name, a note that somebody typed, a beat with words; codes above their intervals.
    let text = |text: &[u8; 8]| [&[8, 63 << 2][..], text].concat();
    let marks = [
        vec![0, 28 << 2],
        text(b"(AFIB\0\0\0"),
        vec![0, 22 << 2],
        text(b"CANARY!!"),
        vec![1, 5 << 2],
        text(b"CANARY\0\0"),
    ];
    golden.files.push(("r.atr", [marks.concat(), vec![0, 0]].concat()));
    golden.marks = vec![(0.0, "(AFIB"), (0.01, "")];
    golden
}

/// A file of every importer, some of several kinds.
pub fn all() -> Vec<Golden> {
    let two = |values: [f32; 3]| vec![("II", 250.0, values.to_vec())];
    vec![
        edf(),
        bdf(),
        ishne(),
        alivecor(false),
        alivecor(true),
        dicom(true),
        dicom(false),
        aecg(),
        scp(),
        movesense(),
        matlab(),
        apple(
            "ecg_1970-01-01.csv",
            "Name,CANARY V6\nDate of Birth,\"1 Jan 1970\"\nRecorded Date,1970-01-01 12:00:00 +0100\nClassification,CANARY\n\
             Symptoms,\nSoftware Version,2.00\nDevice,\"Watch6,1\"\nSample Rate,511.5 hertz\n\n\nLead,Lead I\nUnit,µV\n\n101.343\n-14.5\n0\n",
        ),
        apple(
            "ekg_de.csv",
            "\u{feff}Name,CANARY\r\nGeburtsdatum,01.01.1970\r\nGerät,\"Watch6,1\"\r\nMessrate,\"511,5 Hertz\"\r\n\r\n\
             Ableitung,Ableitung I\r\nEinheit,µV\r\n\r\n\"101,343\"\r\n-14,5\r\n0\r\n",
        ),
        polar(),
        columns("rdsamp.csv", "'Elapsed time','II','Resp'\n'hh:mm:ss.mmm','mV','NU'\n'0:00.000',-0.145,1\n'0:00.004',-0.14,2\n'0:00.008',-,3\n", two([-145.0, -140.0, NAN])),
        columns("semicolons.csv", "time_ms;II (mV)\n0;1,5\n4;-0,25\n8;\n", two([1500.0, -250.0, NAN])),
        columns("rate.csv", "# samplingRateHz 250\nindex,II_uV\n0,1\n1,2\n2,3\n", two([1.0, 2.0, 3.0])),
        wfdb(),
    ]
}

pub fn same(a: &[f32], b: &[f32]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(x, y)| x == y || x.is_nan() && y.is_nan())
}

#[test]
fn every_importer_reads_its_golden() {
    for golden in all() {
        let name = golden.first;
        let source = golden.source();
        assert_eq!(importer(&source, name).expect(name).id, golden.importer, "{name}");
        let recording = read(&source, name).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(recording.leads.len(), golden.leads.len(), "{name}");
        for (lead, (label, rate, samples)) in recording.leads.iter().zip(&golden.leads) {
            assert_eq!((lead.name.as_str(), lead.rate.get()), (*label, *rate), "{name}");
            assert!(same(&lead.samples_uv, samples), "{name} {label}: {:?} for {samples:?}", lead.samples_uv);
        }
        let near = |a: f64, b: f64| (a - b).abs() < 1e-4;
        assert_eq!(recording.marks.len(), golden.marks.len(), "{name}");
        assert!(
            recording
                .marks
                .iter()
                .zip(&golden.marks)
                .all(|(m, (at, text))| near(m.at.0, *at) && m.text == *text),
            "{name}"
        );
        assert_eq!(recording.gaps.len(), golden.gaps.len(), "{name}");
        assert!(
            recording
                .gaps
                .iter()
                .zip(&golden.gaps)
                .all(|(g, (at, s))| near(g.start.0, *at) && near(g.duration.0, *s)),
            "{name}"
        );
    }
}

#[test]
fn every_importer_has_a_golden() {
    let goldens = all();
    assert!(IMPORTERS.iter().all(|i| goldens.iter().any(|g| g.importer == i.id)));
}

/// The length field of a lead has 16 bits: writers end a longer lead where it is full.
#[test]
fn a_lead_longer_than_its_field_can_say_keeps_what_was_written() {
    let lead = |samples: u32, field: u16| {
        let leads = [&[1, 0b0000_1000][..], &1_u32.to_le_bytes(), &samples.to_le_bytes(), &[2]].concat();
        let rhythm =
            [words(&[1000, 2000]), vec![0, 0], field.to_le_bytes().to_vec(), vec![1; usize::from(field)]];
        let mut source = MemorySource::new();
        source
            .insert("a.scp", scp_file(&[(3, scp_section(3, &leads)), (6, scp_section(6, &rhythm.concat()))]));
        read(&source, "a.scp")
    };
    let full = lead(40_000, 65_534).expect("what was written");
    let samples = &full.leads[0].samples_uv;
    assert_eq!(samples.len(), 40_000);
    assert!(samples[..32_767].iter().all(|v| *v == 257.0) && samples[32_767..].iter().all(|v| v.is_nan()));
    assert_eq!(lead(40_000, 65_000).err().map(|e| e.code()), Some("import.invalid"));
}

#[test]
fn content_counts_for_more_than_the_name() {
    for golden in all().iter().filter(|g| !["wfdb", "csv"].contains(&g.importer)) {
        let mut source = MemorySource::new();
        source.insert("renamed.bin", golden.files[0].1.clone());
        assert_eq!(
            importer(&source, "renamed.bin").expect(golden.first).id,
            golden.importer,
            "{}",
            golden.first
        );
    }
    let mut source = MemorySource::new();
    source.insert("a.jpg", vec![0xff, 0xd8, 0xff]);
    source.insert("empty", Vec::new());
    for name in ["a.jpg", "empty"] {
        assert_eq!(importer(&source, name).err().map(|e| e.code()), Some("import.unknownFormat"));
    }
}

#[test]
fn what_a_file_does_not_say_is_asked_for() {
    let mut source = MemorySource::new();
    source.insert("bare.csv", b"1,5\n2,6\n3,7\n".to_vec());
    let refused = |hints: &Hints| open(&source, "bare.csv", hints).err().map(|e| e.code());
    assert_eq!(refused(&Hints::default()), Some("import.unmapped"));
    let unit = Some(VoltageUnit::Millivolt);
    assert_eq!(refused(&Hints { unit, ..Hints::default() }), Some("import.unmapped"));
    let hints = Hints { unit, rate_hz: Some(100.0), gain: Some(2.0), columns: vec![2] };
    // An EDF signal without a unit.
    let mut edf = all().into_iter().find(|g| g.first == "CANARY.edf").expect("edf").files.remove(0).1;
    let unit_at = 256 + 2 * 96;
    edf[unit_at..unit_at + 8].copy_from_slice(b"        ");
    let mut other = MemorySource::new();
    other.insert("bare.edf", edf);
    assert_eq!(read(&other, "bare.edf").err().map(|e| e.code()), Some("import.unmapped"));
    let said = open(&other, "bare.edf", &Hints { unit, ..Hints::default() })
        .expect("mapped")
        .read(&other)
        .expect("edf");
    assert_eq!(said.leads[0].samples_uv[0], 100.0);
    let recording = open(&source, "bare.csv", &hints).expect("mapped").read(&source).expect("rows");
    assert_eq!(recording.leads.len(), 1);
    assert_eq!(recording.leads[0].samples_uv, [2500.0, 3000.0, 3500.0]);
    assert_eq!(refused(&Hints { rate_hz: Some(10.0), unit, ..Hints::default() }), Some("import.rate"));
}
