//! Commands `[code][reference][data]` and what comes back: `[1][reference][status u16][data]`, data `[2][reference]`
//! and, where a packet holds too little, its second part `[3][reference]`.

use crate::device::reader::Reader;
use crate::device::DeviceError;

/// A command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Sends data of a path from now on.
    Subscribe {
        /// Not zero; repeated in every answer.
        reference: u8,
        /// Such as `/Meas/ECG/250`.
        path: String,
    },
    /// Ends a subscription.
    Unsubscribe {
        /// That of the subscription.
        reference: u8,
    },
}

const SUBSCRIBE: u8 = 1;
const UNSUBSCRIBE: u8 = 2;

/// The bytes to write.
#[must_use]
pub fn encode_command(command: &Command) -> Vec<u8> {
    match command {
        Command::Subscribe { reference, path } => {
            [SUBSCRIBE, *reference].iter().copied().chain(path.bytes()).collect()
        }
        Command::Unsubscribe { reference } => vec![UNSUBSCRIBE, *reference],
    }
}

/// Decodes a command, as a sensor does.
///
/// # Errors
/// [`DeviceError::Truncated`] when it is cut, [`DeviceError::Invalid`] for a path that is not UTF-8,
/// [`DeviceError::Unsupported`] for other commands.
pub fn decode_command(bytes: &[u8]) -> Result<Command, DeviceError> {
    let mut reader = Reader::new(bytes);
    let code = reader.u8("command")?;
    let reference = reader.u8("reference")?;
    match code {
        SUBSCRIBE => {
            let path =
                core::str::from_utf8(reader.rest()).map_err(|_| DeviceError::Invalid { field: "path" })?;
            Ok(Command::Subscribe { reference, path: path.to_owned() })
        }
        UNSUBSCRIBE => Ok(Command::Unsubscribe { reference }),
        _ => Err(DeviceError::Unsupported { field: "command" }),
    }
}

/// What a sensor sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message<'a> {
    /// Answer to a command.
    Answer {
        /// That of the command.
        reference: u8,
        /// As in HTTP: 200 for success.
        status: u16,
    },
    /// Data of a subscription, or their first part.
    Data {
        /// That of the subscription.
        reference: u8,
        /// The data.
        payload: &'a [u8],
    },
    /// The second part of data that did not fit.
    Rest {
        /// That of the subscription.
        reference: u8,
        /// The data.
        payload: &'a [u8],
    },
}

/// Decodes what a sensor sends. Old firmware sends the status big-endian; whichever order gives a status that can be
/// is taken.
///
/// # Errors
/// [`DeviceError::Truncated`] when it is cut, [`DeviceError::Unsupported`] for other messages.
pub fn decode_message(bytes: &[u8]) -> Result<Message<'_>, DeviceError> {
    let mut reader = Reader::new(bytes);
    let code = reader.u8("message")?;
    let reference = reader.u8("reference")?;
    match code {
        1 => {
            let status = reader.u16("status")?;
            let can_be = |status: u16| (100..600).contains(&status);
            let swapped = status.swap_bytes();
            let status = if !can_be(status) && can_be(swapped) { swapped } else { status };
            Ok(Message::Answer { reference, status })
        }
        2 => Ok(Message::Data { reference, payload: reader.rest() }),
        3 => Ok(Message::Rest { reference, payload: reader.rest() }),
        _ => Err(DeviceError::Unsupported { field: "message" }),
    }
}

/// Encodes what a sensor sends.
#[must_use]
pub fn encode_message(message: &Message<'_>) -> Vec<u8> {
    match message {
        Message::Answer { reference, status } => {
            [1, *reference].iter().copied().chain(status.to_le_bytes()).collect()
        }
        Message::Data { reference, payload } => [&[2, *reference], *payload].concat(),
        Message::Rest { reference, payload } => [&[3, *reference], *payload].concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_goes_out_as_text() {
        let command = Command::Subscribe { reference: 100, path: "/Meas/ECG/200".to_owned() };
        let bytes = encode_command(&command);
        assert_eq!(bytes, b"\x01\x64/Meas/ECG/200");
        assert_eq!(decode_command(&bytes), Ok(command));
        assert_eq!(encode_command(&Command::Unsubscribe { reference: 100 }), [2, 100]);
        assert!(decode_command(&[1]).is_err() && decode_command(&[9, 9]).is_err());
        assert!(decode_command(&[1, 1, 0xFF]).is_err());
    }

    #[test]
    fn a_status_is_read_in_either_order() {
        let status = |bytes: &[u8]| match decode_message(bytes) {
            Ok(Message::Answer { status, .. }) => status,
            other => panic!("{other:?}"),
        };
        assert_eq!(status(&[1, 9, 0xC8, 0x00]), 200);
        assert_eq!(status(&[1, 9, 0xFB, 0x01]), 507);
        assert_eq!(status(&[1, 9, 0x01, 0xFB]), 507);
        assert!(decode_message(&[1, 9, 0]).is_err());
        assert!(decode_message(&[7, 9]).is_err());
        for message in [
            Message::Answer { reference: 1, status: 404 },
            Message::Data { reference: 2, payload: &[1, 2] },
            Message::Rest { reference: 2, payload: &[] },
        ] {
            assert_eq!(decode_message(&encode_message(&message)), Ok(message));
        }
    }
}
