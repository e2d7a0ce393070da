//! `A5 | command | !command | type | sequence | length u16 | content | CRC-8`, in fragments.

/// First byte.
const START: u8 = 0xA5;
/// Bytes around the content.
const HEAD: usize = 7;
/// Longest content that is believed: half a minute of samples. A longer one is a start byte that is none.
const LONGEST: usize = 8192;

/// A packet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packet {
    /// What it is about.
    pub command: u8,
    /// 0 for requests, 1 for answers.
    pub kind: u8,
    /// Counts the requests.
    pub sequence: u8,
    /// The rest.
    pub content: Vec<u8>,
}

/// CRC-8 with polynomial 0x07, from 0.
fn crc8(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |crc, byte| {
        (0..8).fold(crc ^ byte, |crc, _| if crc & 0x80 == 0 { crc << 1 } else { (crc << 1) ^ 0x07 })
    })
}

/// The bytes of a packet; content beyond 65 535 bytes is left out.
#[must_use]
pub fn encode(packet: &Packet) -> Vec<u8> {
    let length = u16::try_from(packet.content.len()).unwrap_or(u16::MAX);
    let mut bytes = vec![START, packet.command, !packet.command, packet.kind, packet.sequence];
    bytes.extend(length.to_le_bytes());
    bytes.extend(packet.content.iter().take(usize::from(length)));
    bytes.push(crc8(&bytes));
    bytes
}

/// Puts packets together from fragments of any size; bytes between packets and broken packets are passed over.
#[derive(Debug, Default)]
pub struct Packets {
    bytes: Vec<u8>,
    broken: bool,
}

impl Packets {
    /// Takes a fragment.
    pub fn push(&mut self, fragment: &[u8]) {
        self.bytes.extend(fragment);
    }

    /// Forgets what is not complete.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Whether bytes were passed over since the last call.
    pub fn take_broken(&mut self) -> bool {
        core::mem::take(&mut self.broken)
    }

    /// The next whole packet.
    pub fn next_packet(&mut self) -> Option<Packet> {
        loop {
            let start = self.bytes.iter().position(|byte| *byte == START).unwrap_or(self.bytes.len());
            self.skip(start);
            let [_, command, inverse, kind, sequence, low, high, ..] = *self.bytes.as_slice() else {
                // A head that contradicts itself needs no waiting for the rest of it.
                if matches!(*self.bytes.as_slice(), [_, command, inverse, ..] if command != !inverse) {
                    self.skip(1);
                    continue;
                }
                return None;
            };
            let length = usize::from(u16::from_le_bytes([low, high]));
            if command != !inverse || length > LONGEST {
                self.skip(1);
                continue;
            }
            let (body, crc) = match (self.bytes.get(..HEAD + length), self.bytes.get(HEAD + length)) {
                (Some(body), Some(crc)) => (body, *crc),
                _ => return None,
            };
            if crc8(body) != crc {
                self.skip(1);
                continue;
            }
            let content = body.get(HEAD..).unwrap_or_default().to_vec();
            self.bytes.drain(..=HEAD + length);
            return Some(Packet { command, kind, sequence, content });
        }
    }

    fn skip(&mut self, n: usize) {
        self.broken |= n > 0;
        self.bytes.drain(..n.min(self.bytes.len()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn packet(content: Vec<u8>) -> Packet {
        Packet { command: 3, kind: 1, sequence: 9, content }
    }

    #[test]
    fn a_request_for_samples() {
        let request = Packet { command: 3, kind: 0, sequence: 0, content: vec![0x7D] };
        assert_eq!(encode(&request), [0xA5, 3, 0xFC, 0, 0, 1, 0, 0x7D, 0x23]);
    }

    #[test]
    fn a_broken_packet_does_not_take_the_next_one_along() {
        let mut packets = Packets::default();
        let mut broken = encode(&packet(vec![7; 60]));
        broken.drain(20..40);
        packets.push(&broken);
        assert_eq!(packets.next_packet(), None);
        for fragment in encode(&packet(vec![0xA5; 60])).chunks(20) {
            packets.push(fragment);
        }
        assert_eq!(packets.next_packet(), Some(packet(vec![0xA5; 60])));
        assert!(packets.take_broken() && !packets.take_broken());
        assert_eq!(packets.next_packet(), None);
    }

    proptest! {
        #[test]
        fn any_fragments_of_packets_with_noise_between_them(
            contents in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..90), 0..5),
            noise in proptest::collection::vec(0_u8..0xA5, 0..9), size in 1_usize..30,
        ) {
            let mut bytes = Vec::new();
            for content in &contents {
                bytes.extend(&noise);
                bytes.extend(encode(&packet(content.clone())));
            }
            let (mut packets, mut found) = (Packets::default(), Vec::new());
            for fragment in bytes.chunks(size) {
                packets.push(fragment);
                found.extend(std::iter::from_fn(|| packets.next_packet()));
            }
            prop_assert_eq!(found, contents.into_iter().map(packet).collect::<Vec<_>>());
        }

        #[test]
        fn any_bytes_get_an_answer(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let mut packets = Packets::default();
            packets.push(&bytes);
            while packets.next_packet().is_some() {}
            prop_assert!(packets.bytes.len() <= HEAD + LONGEST);
        }
    }
}
