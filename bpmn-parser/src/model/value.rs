//! The simple types: references, bodies, numbers, and how attributes of each are read and written.

use super::element::{AttributeField, Item, Lexical, Source};
use super::{AttributeValue, Child, Markup};
use crate::Position;
use crate::read::Context;
use crate::xml::{NodeIx, Tag};
use std::fmt;
use std::sync::Arc;

/// A QName or IDREF as it stands in the file, with the namespace that its prefix means there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reference {
    /// As written, with its prefix.
    pub text: String,
    /// The address that the prefix, or its absence, means; none where it is not declared.
    pub namespace: Option<Arc<str>>,
    /// Attributes and comments, where the reference is an element that has them.
    pub markup: Option<Box<Markup>>,
}

impl Reference {
    /// A reference to an element of the same document.
    pub fn to(id: impl Into<String>) -> Self {
        Reference { text: id.into(), namespace: None, markup: None }
    }

    /// What stands before the colon, if there is one.
    pub fn prefix(&self) -> Option<&str> {
        self.text.split_once(':').map(|(prefix, _)| prefix)
    }

    /// What stands after the colon.
    pub fn local(&self) -> &str {
        self.text.split_once(':').map_or(self.text.as_str(), |(_, local)| local)
    }

    pub(crate) fn read_text(text: &str, source: &Source<'_, '_>) -> Self {
        let text = text.trim_matches([' ', '\t', '\n', '\r']);
        let prefix = text.split_once(':').map_or("", |(prefix, _)| prefix);
        let namespace = source.document.resolve(source.tag, prefix);
        let namespace = namespace.and_then(|id| source.document.namespace(id)).cloned();
        Reference { text: text.to_owned(), namespace, markup: None }
    }
}

/// The text of an element with mixed content. The place does not count in comparisons.
#[derive(Clone, Debug, Default)]
pub struct Body {
    /// The text, joined.
    pub text: String,
    /// Where its first piece begins.
    pub position: Position,
    /// The lengths of its pieces where elements or comments stand between them.
    pub(crate) pieces: Vec<u32>,
}

impl PartialEq for Body {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text && self.pieces == other.pieces
    }
}

/// A number of the diagram interchange, written back with as many decimals as it had.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Double {
    /// The number.
    pub value: f64,
    /// How many decimals are written.
    pub decimals: u8,
}

impl fmt::Display for Double {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.*}", usize::from(self.decimals), self.value)
    }
}

impl Item for Reference {
    fn read(tag: &Tag<'_>, node: NodeIx, context: &mut Context<'_, '_>) -> Self {
        context.reference(tag, node)
    }

    fn child(&self, name: &'static str) -> Child<'_> {
        Child::Reference(name, self)
    }
}

impl AttributeField for Option<String> {
    fn read(&mut self, value: &str, _: &Source<'_, '_>) -> Lexical {
        *self = Some(value.to_owned());
        Lexical::Canonical
    }

    fn value(&self) -> Option<AttributeValue<'_>> {
        self.as_deref().map(AttributeValue::Text)
    }
}

impl AttributeField for Option<Reference> {
    fn read(&mut self, value: &str, source: &Source<'_, '_>) -> Lexical {
        let reference = Reference::read_text(value, source);
        let lexical = if reference.text == value { Lexical::Canonical } else { Lexical::Other };
        *self = Some(reference);
        lexical
    }

    fn value(&self) -> Option<AttributeValue<'_>> {
        self.as_ref().map(AttributeValue::Reference)
    }
}

impl AttributeField for Option<bool> {
    fn read(&mut self, value: &str, _: &Source<'_, '_>) -> Lexical {
        let (read, lexical) = match value {
            "true" => (true, Lexical::Canonical),
            "false" => (false, Lexical::Canonical),
            other => match other.trim() {
                "true" | "1" => (true, Lexical::Other),
                "false" | "0" => (false, Lexical::Other),
                word if word.eq_ignore_ascii_case("true") => (true, Lexical::Case),
                word if word.eq_ignore_ascii_case("false") => (false, Lexical::Case),
                _ => return Lexical::Invalid,
            },
        };
        *self = Some(read);
        lexical
    }

    fn value(&self) -> Option<AttributeValue<'_>> {
        self.map(AttributeValue::Boolean)
    }
}

impl AttributeField for Option<i64> {
    fn read(&mut self, value: &str, _: &Source<'_, '_>) -> Lexical {
        let Ok(number) = value.trim().parse::<i64>() else {
            return Lexical::Invalid;
        };
        *self = Some(number);
        if number.to_string() == value { Lexical::Canonical } else { Lexical::Other }
    }

    fn value(&self) -> Option<AttributeValue<'_>> {
        self.map(AttributeValue::Integer)
    }
}

impl AttributeField for Option<Double> {
    fn read(&mut self, value: &str, _: &Source<'_, '_>) -> Lexical {
        let text = value.trim();
        let number_like =
            text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'-' | b'+' | b'e' | b'E'));
        let Some(number) = text.parse::<f64>().ok().filter(|_| number_like) else {
            return Lexical::Invalid;
        };
        let decimals = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        let double = Double { value: number, decimals: u8::try_from(decimals).unwrap_or(u8::MAX) };
        *self = Some(double);
        if is_plain(value) || double.to_string() == value { Lexical::Canonical } else { Lexical::Other }
    }

    fn value(&self) -> Option<AttributeValue<'_>> {
        self.map(AttributeValue::Double)
    }
}

/// A decimal that a double gives back unchanged: at most 15 digits, no exponent, no needless sign or zero.
fn is_plain(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    text.len() <= 15 && all_digits(whole) && all_digits(decimals) && (whole == "0" || !whole.starts_with('0'))
}

/// Reads a word of an enumeration, whose case may be wrong.
pub(crate) fn read_word<T: Copy>(field: &mut Option<T>, value: &str, words: &[(&str, T)]) -> Lexical {
    if let Some((_, word)) = words.iter().find(|(word, _)| *word == value) {
        *field = Some(*word);
        return Lexical::Canonical;
    }
    let trimmed = value.trim();
    let Some((exact, word)) = words.iter().find(|(word, _)| word.eq_ignore_ascii_case(trimmed)) else {
        return Lexical::Invalid;
    };
    *field = Some(*word);
    if *exact == trimmed { Lexical::Other } else { Lexical::Case }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_numbers_are_written_as_they_were_read() {
        for text in ["0", "100", "100.0", "437.50", "-12.25", "-0", "0.0001", "123456789012.5"] {
            assert!(is_plain(text), "{text}");
            let (_, decimals) = text.split_once('.').unwrap_or(("", ""));
            let double = Double { value: text.parse().expect("a number"), decimals: decimals.len() as u8 };
            assert_eq!(double.to_string(), text);
        }
        for text in ["", "1e3", "+1", "007", ".5", "1.", "1234567890.123456", "NaN"] {
            assert!(!is_plain(text), "{text}");
        }
    }
}
