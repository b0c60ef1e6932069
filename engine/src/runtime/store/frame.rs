//! Framed records: format version, kind, checksum, then the body.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// The format of every record that this build writes.
const FORMAT: u8 = 1;
const HEADER: usize = 6;

/// A stored record is not what was written, or a later build wrote it.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("a stored {kind} is corrupt: {reason}")]
pub struct CorruptRecord {
    /// What the record should be.
    pub kind: &'static str,
    /// What is wrong with it.
    pub reason: String,
}

/// Frames a record.
pub(crate) fn encode<T: Serialize>(kind: &'static str, record: &T) -> Vec<u8> {
    let body = postcard::to_allocvec(record).expect("records hold no type that postcard cannot write");
    let mut bytes = Vec::with_capacity(HEADER + body.len());
    bytes.push(FORMAT);
    bytes.push(tag(kind));
    bytes.extend_from_slice(&checksum(tag(kind), &body).to_le_bytes());
    bytes.extend_from_slice(&body);
    bytes
}

/// Reads a framed record back.
pub(crate) fn decode<T: DeserializeOwned>(kind: &'static str, bytes: &[u8]) -> Result<T, CorruptRecord> {
    let corrupt = |reason: String| CorruptRecord { kind, reason };
    let Some((header, body)) = bytes.split_at_checked(HEADER) else {
        return Err(corrupt(format!("it has {} bytes, fewer than its header", bytes.len())));
    };
    if header[0] != FORMAT {
        return Err(corrupt(format!("its format is {}, this build reads {FORMAT}", header[0])));
    }
    if header[1] != tag(kind) {
        return Err(corrupt(format!("it is a record of another kind ({})", header[1])));
    }
    let stored = u32::from_le_bytes([header[2], header[3], header[4], header[5]]);
    if stored != checksum(header[1], body) {
        return Err(corrupt("its checksum does not match".to_owned()));
    }
    let (record, rest) =
        postcard::take_from_bytes(body).map_err(|error| corrupt(format!("it cannot be read: {error}")))?;
    if !rest.is_empty() {
        return Err(corrupt(format!("{} bytes follow it", rest.len())));
    }
    Ok(record)
}

/// The kinds are few; their first letters tell them apart.
fn tag(kind: &'static str) -> u8 {
    kind.as_bytes().first().copied().unwrap_or(0)
}

/// CRC-32C (Castagnoli) over the kind and the body.
fn checksum(kind: u8, body: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| (crc >> 8) ^ TABLE[((crc ^ u32::from(*byte)) & 0xFF) as usize];
    !body.iter().fold(step(!0, &kind), step)
}

const TABLE: [u32; 256] = {
    let mut table = [0u32; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut crc = byte as u32;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0x82F6_3B78 } else { crc >> 1 };
            bit += 1;
        }
        table[byte] = crc;
        byte += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_crc32c() {
        // The check value of CRC-32C is that of the nine digits; the first one stands for the kind here.
        assert_eq!(checksum(b'1', b"23456789"), 0xE306_9283);
    }

    #[test]
    fn a_record_is_read_back() {
        let bytes = encode("journal", &(7u64, "text".to_owned()));
        assert_eq!(decode::<(u64, String)>("journal", &bytes), Ok((7, "text".to_owned())));
    }

    #[test]
    fn no_flipped_bit_goes_unnoticed() {
        let bytes = encode("journal", &(7u64, "text".to_owned()));
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(decode::<(u64, String)>("journal", &flipped).is_err(), "bit {bit}");
        }
        for length in 0..bytes.len() {
            assert!(decode::<(u64, String)>("journal", &bytes[..length]).is_err(), "{length} bytes");
        }
    }

    #[test]
    fn another_kind_or_format_is_refused_by_name() {
        let bytes = encode("outbox", &1u8);
        assert!(
            decode::<u8>("journal", &bytes).expect_err("it is refused").to_string().contains("another kind")
        );
        let mut later = bytes;
        later[0] = 9;
        assert!(
            decode::<u8>("outbox", &later).expect_err("it is refused").to_string().contains("format is 9")
        );
    }
}
