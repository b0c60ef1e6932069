//! Text behind one word, and the rule which characters it may hold.

use std::borrow::Borrow;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// An immutable, shared text.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text(Arc<Box<str>>);

/// A character that XML 1.0 does not allow in a document, and so no store may be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ForbiddenCharacter {
    /// The character.
    pub character: char,
    /// Where it is, in characters from 1.
    pub position: usize,
}

impl fmt::Display for ForbiddenCharacter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "forbidden character U+{:04X} at character {}", self.character as u32, self.position)
    }
}

impl std::error::Error for ForbiddenCharacter {}

impl Text {
    /// The text as a slice.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Checks a text from outside against XML 1.0's `Char` production.
    pub fn check(text: &str) -> Result<(), ForbiddenCharacter> {
        // All forbidden characters but two are below the space, so that bytes decide the usual case.
        let suspicious = |byte: u8| byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r') || byte == 0xEF;
        if !text.bytes().any(suspicious) {
            return Ok(());
        }
        match text.chars().enumerate().find(|(_, character)| !is_allowed(*character)) {
            Some((index, character)) => Err(ForbiddenCharacter { character, position: index + 1 }),
            None => Ok(()),
        }
    }
}

/// XML 1.0, production 2.
pub(crate) fn is_allowed(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Text {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Text {
        Text(Arc::new(text.into()))
    }
}

impl From<String> for Text {
    fn from(text: String) -> Text {
        Text(Arc::new(text.into_boxed_str()))
    }
}

impl From<&String> for Text {
    fn from(text: &String) -> Text {
        Text::from(text.as_str())
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}
