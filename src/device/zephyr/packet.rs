//! `02 | message | length u8 | payload | CRC-8 of the payload | end`, in fragments.

/// First byte.
const START: u8 = 0x02;
/// Last byte: end, acknowledged, refused.
const ENDS: [u8; 3] = [0x03, 0x06, 0x15];

/// A packet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packet {
    /// What it is about.
    pub message: u8,
    /// The rest.
    pub payload: Vec<u8>,
    /// Last byte: 03 end, 06 acknowledged, 15 refused.
    pub end: u8,
}

/// CRC-8, reflected, with polynomial 0x8C, from 0.
fn crc8(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |crc, byte| {
        (0..8).fold(crc ^ byte, |crc, _| if crc & 1 == 0 { crc >> 1 } else { (crc >> 1) ^ 0x8C })
    })
}

/// The bytes of a packet; payload beyond 255 bytes is left out.
#[must_use]
pub fn encode(packet: &Packet) -> Vec<u8> {
    let length = u8::try_from(packet.payload.len()).unwrap_or(u8::MAX);
    let payload = packet.payload.get(..usize::from(length)).unwrap_or_default();
    [&[START, packet.message, length], payload, &[crc8(payload), packet.end]].concat()
}

/// Puts packets together from fragments of any size; what is no packet is passed over.
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

    /// Whether bytes were passed over since the last call.
    pub fn take_broken(&mut self) -> bool {
        core::mem::take(&mut self.broken)
    }

    /// The next whole packet.
    pub fn next_packet(&mut self) -> Option<Packet> {
        loop {
            let start = self.bytes.iter().position(|byte| *byte == START).unwrap_or(self.bytes.len());
            self.skip(start);
            let [_, message, length, rest @ ..] = self.bytes.as_slice() else { return None };
            let length = usize::from(*length);
            let (payload, tail) = rest.split_at_checked(length)?;
            let [crc, end, ..] = *tail else { return None };
            if crc8(payload) != crc || !ENDS.contains(&end) {
                self.skip(1);
                continue;
            }
            let packet = Packet { message: *message, payload: payload.to_vec(), end };
            self.bytes.drain(..length + 5);
            return Some(packet);
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

    #[test]
    fn commands_have_their_published_bytes() {
        let command =
            |message, payload: &[u8]| encode(&Packet { message, payload: payload.to_vec(), end: 3 });
        assert_eq!(command(0x19, &[1]), [0x02, 0x19, 0x01, 0x01, 0x5E, 0x03]);
        assert_eq!(command(0x23, &[]), [0x02, 0x23, 0x00, 0x00, 0x03]);
    }

    proptest! {
        #[test]
        fn fragments_are_put_together_and_noise_is_survived(
            payload in proptest::collection::vec(any::<u8>(), 0..255), noise in proptest::collection::vec(3_u8.., 0..9),
            size in 1_usize..40,
        ) {
            let packet = Packet { message: 0x22, payload, end: 3 };
            let bytes = [&noise[..], &encode(&packet), &encode(&packet)].concat();
            let (mut packets, mut found) = (Packets::default(), Vec::new());
            for fragment in bytes.chunks(size) {
                packets.push(fragment);
                found.extend(std::iter::from_fn(|| packets.next_packet()));
            }
            prop_assert_eq!(found, vec![packet.clone(), packet]);
            prop_assert_eq!(packets.take_broken(), !noise.is_empty());
        }

        #[test]
        fn any_bytes_get_an_answer(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
            let mut packets = Packets::default();
            packets.push(&bytes);
            while packets.next_packet().is_some() {}
            prop_assert!(packets.bytes.len() <= 260);
        }
    }
}
