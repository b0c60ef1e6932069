//! Cuts the attributes out of a start tag and resolves what is escaped in text and values.

use super::XmlError;
use super::character::{is_char, is_space};
use super::name::split;
use std::borrow::Cow;

/// One attribute as it stands in the tag.
#[derive(Clone, Copy)]
pub(crate) struct RawAttribute<'a> {
    pub(crate) prefix: &'a str,
    pub(crate) local: &'a str,
    pub(crate) value: &'a str,
    pub(crate) offset: usize,
    pub(crate) value_offset: usize,
}

/// What is wrong at which offset; the caller finds the line.
pub(crate) struct Fault {
    pub(crate) code: u16,
    pub(crate) offset: usize,
    pub(crate) message: String,
}

impl Fault {
    pub(crate) fn new(code: u16, offset: usize, message: impl Into<String>) -> Self {
        Fault { code, offset, message: message.into() }
    }

    pub(crate) fn ill_formed(offset: usize, message: impl Into<String>) -> Self {
        Fault::new(XmlError::NOT_WELL_FORMED, offset, message)
    }
}

/// Walks the attributes of one tag.
pub(crate) struct Attributes<'a> {
    text: &'a str,
    at: usize,
    end: usize,
}

impl<'a> Attributes<'a> {
    /// The attributes between two offsets: after the tag's name and before its end.
    pub(crate) fn new(text: &'a str, from: usize, end: usize) -> Self {
        Attributes { text, at: from, end }
    }

    /// The next attribute; none at the end of the tag.
    pub(crate) fn next(&mut self) -> Result<Option<RawAttribute<'a>>, Fault> {
        let spaces = self.skip_spaces();
        if self.at == self.end {
            return Ok(None);
        }
        let offset = self.at;
        if spaces == 0 {
            return Err(Fault::ill_formed(offset, "white space is missing before an attribute"));
        }
        let name = self.name()?;
        let Some((prefix, local)) = split(name) else {
            return Err(Fault::ill_formed(offset, format!("`{name}` is not a name of an attribute")));
        };
        self.skip_spaces();
        if self.peek() != Some(b'=') {
            return Err(Fault::ill_formed(offset, format!("the attribute `{name}` has no value")));
        }
        self.at += 1;
        self.skip_spaces();
        let quote = self.peek().filter(|byte| matches!(byte, b'"' | b'\''));
        let Some(quote) = quote else {
            return Err(Fault::ill_formed(offset, format!("the value of `{name}` is not quoted")));
        };
        let value_offset = self.at + 1;
        let rest = &self.text.as_bytes()[value_offset..self.end];
        let Some(length) = rest.iter().position(|byte| *byte == quote || *byte == b'<') else {
            return Err(Fault::ill_formed(offset, format!("the value of `{name}` is not closed")));
        };
        if rest[length] == b'<' {
            return Err(Fault::ill_formed(value_offset + length, format!("`<` in the value of `{name}`")));
        }
        let value = &self.text[value_offset..value_offset + length];
        self.at = value_offset + length + 1;
        Ok(Some(RawAttribute { prefix, local, value, offset, value_offset }))
    }

    fn name(&mut self) -> Result<&'a str, Fault> {
        let from = self.at;
        let rest = &self.text.as_bytes()[from..self.end];
        let length = rest.iter().position(|byte| *byte == b'=' || is_space(*byte)).unwrap_or(rest.len());
        self.at = from + length;
        Ok(&self.text[from..self.at])
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes()[..self.end].get(self.at).copied()
    }

    fn skip_spaces(&mut self) -> usize {
        let rest = &self.text.as_bytes()[self.at..self.end];
        let count = rest.iter().position(|byte| !is_space(*byte)).unwrap_or(rest.len());
        self.at += count;
        count
    }
}

/// The value of an attribute: references resolved, white space normalised to spaces.
pub(crate) fn value(raw: &str, offset: usize) -> Result<Cow<'_, str>, Fault> {
    if !raw.bytes().fold(false, |any, byte| any | (byte == b'&') | (byte < b' ')) {
        return Ok(Cow::Borrowed(raw));
    }
    let mut value = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find(['&', '\r', '\n', '\t']) {
        value.push_str(&rest[..at]);
        let special = &rest[at..];
        if let Some(reference) = special.strip_prefix('&') {
            let place = offset + raw.len() - special.len();
            let Some((name, after)) = reference.split_once(';') else {
                return Err(Fault::ill_formed(place, "`&` does not begin a reference"));
            };
            value.push(resolve(name, place)?);
            rest = after;
        } else {
            value.push(' ');
            rest = special.strip_prefix("\r\n").unwrap_or(&special[1..]);
        }
    }
    value.push_str(rest);
    Ok(Cow::Owned(value))
}

/// Line ends of text become line feeds.
pub(crate) fn normalise_lines(raw: &str) -> Cow<'_, str> {
    if !raw.as_bytes().contains(&b'\r') {
        return Cow::Borrowed(raw);
    }
    Cow::Owned(raw.replace("\r\n", "\n").replace('\r', "\n"))
}

/// The character that a reference stands for; only the five predefined entities exist without a DTD.
pub(crate) fn resolve(name: &str, offset: usize) -> Result<char, Fault> {
    let code = match name {
        "amp" => return Ok('&'),
        "lt" => return Ok('<'),
        "gt" => return Ok('>'),
        "quot" => return Ok('"'),
        "apos" => return Ok('\''),
        _ => match name.strip_prefix("#x") {
            Some(digits) => number(digits, 16),
            None => name.strip_prefix('#').and_then(|digits| number(digits, 10)),
        },
    };
    let shown: String = name.chars().take(40).collect();
    if !name.starts_with('#') {
        return Err(Fault::ill_formed(offset, format!("the entity `&{shown};` is not defined")));
    }
    match code.and_then(char::from_u32).filter(|c| is_char(*c)) {
        Some(c) => Ok(c),
        None => {
            Err(Fault::new(XmlError::CHARACTER, offset, format!("`&{shown};` is not a character of XML")))
        }
    }
}

fn number(digits: &str, radix: u32) -> Option<u32> {
    let valid = !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix));
    if !valid { None } else { u32::from_str_radix(digits, radix).ok() }
}
