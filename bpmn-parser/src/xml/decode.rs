//! From bytes to characters: byte order marks, the encoding declaration, and nothing lossy.

use super::character::{illegal, is_space};
use super::{Limits, Place, XmlError};
use crate::Position;
use std::borrow::Cow;

const START: Position = Position { line: 1, column: 1 };

/// The encodings that are read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Ascii,
    Latin1,
    Windows1252,
}

/// The characters of a file, without its byte order mark.
pub(crate) fn decode<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Cow<'a, str>, XmlError> {
    if bytes.len() > limits.file_bytes {
        let message = format!("the file is larger than the limit file_bytes, {} bytes", limits.file_bytes);
        return Err(XmlError::new(XmlError::FILE_BYTES, START, message));
    }
    let text = decode_any(bytes)?;
    if let Some(offset) = illegal(&text) {
        let character = text[offset..].chars().next().map_or(0, u32::from);
        let message = format!("the character U+{character:04X} is not allowed in XML");
        return Err(XmlError::new(XmlError::CHARACTER, Place::find(&text, offset), message));
    }
    Ok(text)
}

fn decode_any(bytes: &[u8]) -> Result<Cow<'_, str>, XmlError> {
    match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => {
            begins_as_xml(rest)?;
            declared_must_be(rest, &["utf-8", "utf8"], "a UTF-8 byte order mark")?;
            utf8(rest)
        }
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => {
            Err(encoding_error("UTF-32 is not read, save it as UTF-8"))
        }
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [b'<', 0, ..] | [0, b'<', ..] => Err(encoding_error("UTF-16 without a byte order mark is not read")),
        _ => {
            begins_as_xml(bytes)?;
            match declared(bytes) {
                None => utf8(bytes),
                Some(name) => match by_name(&name)? {
                    Encoding::Utf8 => utf8(bytes),
                    Encoding::Ascii => ascii(bytes),
                    Encoding::Latin1 | Encoding::Windows1252 if bytes.is_ascii() => utf8(bytes),
                    Encoding::Latin1 => Ok(Cow::Owned(bytes.iter().map(|byte| char::from(*byte)).collect())),
                    Encoding::Windows1252 => windows1252(bytes),
                },
            }
        }
    }
}

fn encoding_error(message: impl Into<String>) -> XmlError {
    XmlError::new(XmlError::ENCODING, START, message)
}

fn begins_as_xml(bytes: &[u8]) -> Result<(), XmlError> {
    let message = match bytes.iter().find(|byte| !is_space(**byte)) {
        Some(b'<') => return Ok(()),
        Some(_) => "the file is not XML: it does not begin with `<`",
        None => "the file is empty",
    };
    Err(XmlError::new(XmlError::NOT_XML, START, message))
}

/// The encoding that the XML declaration names, in lower case.
fn declared(bytes: &[u8]) -> Option<String> {
    let declaration = bytes.strip_prefix(b"<?xml")?;
    let end = declaration.windows(2).take(1024).position(|pair| pair == b"?>")?;
    let declaration = std::str::from_utf8(&declaration[..end]).ok()?;
    let after = declaration.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let name = after[1..].split(quote).next()?;
    Some(name.to_ascii_lowercase())
}

fn declared_must_be(bytes: &[u8], names: &[&str], found: &str) -> Result<(), XmlError> {
    match declared(bytes) {
        Some(name) if !names.contains(&name.as_str()) => {
            Err(encoding_error(format!("the file declares the encoding {name} but has {found}")))
        }
        Some(_) | None => Ok(()),
    }
}

fn by_name(name: &str) -> Result<Encoding, XmlError> {
    match name {
        "utf-8" | "utf8" => Ok(Encoding::Utf8),
        "us-ascii" | "ascii" => Ok(Encoding::Ascii),
        "iso-8859-1" | "iso8859-1" | "latin1" | "latin-1" => Ok(Encoding::Latin1),
        "windows-1252" | "cp1252" => Ok(Encoding::Windows1252),
        "utf-16" | "utf-16le" | "utf-16be" => {
            Err(encoding_error(format!("the file declares {name} but is not encoded in it")))
        }
        other => Err(encoding_error(format!("the encoding {other} is not read, save the file as UTF-8"))),
    }
}

fn utf8(bytes: &[u8]) -> Result<Cow<'_, str>, XmlError> {
    std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|error| {
        let valid = std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default();
        let message = format!("the byte 0x{:02X} is not valid UTF-8 here", bytes[error.valid_up_to()]);
        XmlError::new(XmlError::ENCODING, Place::find(valid, valid.len()), message)
    })
}

fn ascii(bytes: &[u8]) -> Result<Cow<'_, str>, XmlError> {
    if bytes.is_ascii() {
        return utf8(bytes);
    }
    Err(encoding_error("the file declares ASCII but has bytes above 0x7F"))
}

fn windows1252(bytes: &[u8]) -> Result<Cow<'_, str>, XmlError> {
    const HIGH: [u16; 32] = [
        0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,
        0x017D, 0, 0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A,
        0x0153, 0, 0x017E, 0x0178,
    ];
    let character = |byte: &u8| match byte {
        0x80..=0x9F => match HIGH[usize::from(byte - 0x80)] {
            0 => Err(encoding_error(format!("the byte 0x{byte:02X} means nothing in windows-1252"))),
            code => Ok(char::from_u32(u32::from(code)).unwrap_or(char::REPLACEMENT_CHARACTER)),
        },
        _ => Ok(char::from(*byte)),
    };
    bytes.iter().map(character).collect::<Result<String, XmlError>>().map(Cow::Owned)
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<Cow<'_, str>, XmlError> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    if !rest.is_empty() {
        return Err(encoding_error("the file ends within a UTF-16 unit"));
    }
    let text: Result<String, _> = char::decode_utf16(pairs.iter().map(|pair| unit(*pair))).collect();
    let text = text.map_err(|error| {
        encoding_error(format!("the surrogate 0x{:04X} stands alone in UTF-16", error.unpaired_surrogate()))
    })?;
    begins_as_xml(text.as_bytes())?;
    declared_must_be(text.as_bytes(), &["utf-16", "utf-16le", "utf-16be"], "a UTF-16 byte order mark")?;
    Ok(Cow::Owned(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(bytes: &[u8]) -> u16 {
        decode(bytes, &Limits::default()).map(Cow::into_owned).expect_err("must be refused").code
    }

    fn text(bytes: &[u8]) -> String {
        decode(bytes, &Limits::default()).expect("must be read").into_owned()
    }

    fn utf16_bytes(text: &str, mark: &[u8], bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        mark.iter().copied().chain(text.encode_utf16().flat_map(bytes)).collect()
    }

    #[test]
    fn every_supported_encoding_gives_the_same_characters() {
        assert_eq!(text("\u{FEFF}<a>ż</a>".as_bytes()), "<a>ż</a>");
        assert_eq!(text(&utf16_bytes("<a>ż</a>", &[0xFF, 0xFE], u16::to_le_bytes)), "<a>ż</a>");
        assert_eq!(text(&utf16_bytes("<a>😀</a>", &[0xFE, 0xFF], u16::to_be_bytes)), "<a>😀</a>");
        assert!(text(b"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xFC</a>").ends_with("<a>ü</a>"));
        assert!(text(b"<?xml version='1.0' encoding='windows-1252'?><a>\x80</a>").ends_with("<a>€</a>"));
    }

    #[test]
    fn nothing_is_decoded_lossily() {
        assert_eq!(code(b"<a>\xFC</a>"), XmlError::ENCODING);
        assert_eq!(code(b"<a>\xC0\x80</a>"), XmlError::ENCODING);
        assert_eq!(code(b"<a>\xED\xA0\x80</a>"), XmlError::ENCODING);
        assert_eq!(code(&utf16_bytes("<a/>", &[0xFF, 0xFE], u16::to_le_bytes)[..9]), XmlError::ENCODING);
        assert_eq!(code(b"\xFF\xFE<\0\0\xD8<\0"), XmlError::ENCODING);
        assert_eq!(code(b"<?xml version='1.0' encoding='windows-1252'?><a>\x81</a>"), XmlError::ENCODING);
    }

    #[test]
    fn a_false_declaration_is_refused() {
        assert_eq!(code(b"<?xml version='1.0' encoding='UTF-16'?><a/>"), XmlError::ENCODING);
        assert_eq!(code(b"<?xml version='1.0' encoding='koi8-r'?><a/>"), XmlError::ENCODING);
        assert_eq!(code(b"\xEF\xBB\xBF<?xml version='1.0' encoding='latin1'?><a/>"), XmlError::ENCODING);
        let utf16 =
            utf16_bytes("<?xml version='1.0' encoding='UTF-8'?><a/>", &[0xFF, 0xFE], u16::to_le_bytes);
        assert_eq!(code(&utf16), XmlError::ENCODING);
    }

    #[test]
    fn what_is_not_xml_is_named_so() {
        assert_eq!(code(b""), XmlError::NOT_XML);
        assert_eq!(code(b" \n"), XmlError::NOT_XML);
        assert_eq!(code(b"\x1F\x8B\x08\0"), XmlError::NOT_XML);
        assert_eq!(code(b"{\"a\":1}"), XmlError::NOT_XML);
    }

    #[test]
    fn an_invalid_byte_is_located() {
        let error = decode(b"<a>\n\xC5\xBC\xFF", &Limits::default()).expect_err("must be refused");
        assert_eq!(error.position, Position { line: 2, column: 2 });
    }
}
