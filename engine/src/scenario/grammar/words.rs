//! Typed words: what a statement may take next from its line.

use crate::scenario::ParseError;
use crate::scenario::cursor::{Cursor, Token, shorten};
use crate::scenario::payload::Payload;
use crate::scenario::statement::Target;
use crate::timer::parse_period;
use chrono::{DateTime, Utc};

/// The words of one statement.
pub(super) struct Words<'c, 'a> {
    pub(super) cursor: &'c mut Cursor<'a>,
}

impl<'c, 'a> Words<'c, 'a> {
    pub(super) fn new(cursor: &'c mut Cursor<'a>) -> Words<'c, 'a> {
        Words { cursor }
    }

    /// The next word; none at the end of the line and before a payload.
    pub(super) fn next(&mut self) -> Result<Option<Token>, ParseError> {
        if self.is_at_payload() { Ok(None) } else { self.cursor.word() }
    }

    /// The next word, which must be there.
    pub(super) fn expect(&mut self, what: &str) -> Result<Token, ParseError> {
        match self.next()? {
            Some(word) => Ok(word),
            None => Err(self.cursor.error(format!("expected {what}"))),
        }
    }

    /// Takes a word if it stands next.
    pub(super) fn take(&mut self, keyword: &str) -> Result<bool, ParseError> {
        let found = self.peek_is(keyword)?;
        if found {
            self.cursor.word()?;
        }
        Ok(found)
    }

    /// The word is next, and not in quotes.
    pub(super) fn peek_is(&mut self, keyword: &str) -> Result<bool, ParseError> {
        let next = if self.is_at_payload() { None } else { self.cursor.peek_word()? };
        Ok(next.is_some_and(|word| word.text == keyword && !word.is_quoted))
    }

    /// The word after a keyword, where the keyword is next.
    pub(super) fn option(&mut self, keyword: &str, what: &str) -> Result<Option<String>, ParseError> {
        if self.take(keyword)? { Ok(Some(self.expect(what)?.text)) } else { Ok(None) }
    }

    /// `#n` as a word of its own.
    pub(super) fn take_number_sign(&mut self) -> Result<Option<u32>, ParseError> {
        let next = if self.is_at_payload() { None } else { self.cursor.peek_word()? };
        let Some(word) = next.filter(|word| word.text.starts_with('#') && !word.is_quoted) else {
            return Ok(None);
        };
        self.cursor.word()?;
        activation_number(&word, &word.text[1..]).map(Some)
    }

    /// A payload, if one stands next.
    pub(super) fn payload(&mut self) -> Result<Option<Payload>, ParseError> {
        if !self.is_at_payload() {
            return Ok(None);
        }
        let token = self.bracketed()?;
        Payload::parse(&token).map(Some)
    }

    /// A payload, which must be there.
    pub(super) fn expect_payload(&mut self) -> Result<Payload, ParseError> {
        match self.payload()? {
            Some(payload) => Ok(payload),
            None => Err(self.cursor.error("expected a payload in braces")),
        }
    }

    /// A text in brackets of any kind, as a token.
    pub(super) fn bracketed(&mut self) -> Result<Token, ParseError> {
        self.cursor.peek();
        let place = self.cursor.error("");
        let text = self.cursor.bracketed()?.to_owned();
        Ok(Token { text, is_quoted: false, line: place.line, column: place.column })
    }

    /// A payload stands next.
    pub(super) fn next_is_payload(&mut self) -> bool {
        self.is_at_payload()
    }

    /// A word that must stand next.
    pub(super) fn keyword(&mut self, keyword: &str) -> Result<(), ParseError> {
        if self.take(keyword)? { Ok(()) } else { Err(self.cursor.error(format!("expected `{keyword}`"))) }
    }

    /// A whole number.
    pub(super) fn number<N: std::str::FromStr>(&mut self, what: &str) -> Result<N, ParseError> {
        let word = self.expect(what)?;
        word.text
            .parse()
            .map_err(|_| word.error(format!("`{}` is not a number for {what}", shorten(&word.text))))
    }

    /// A moment in RFC 3339.
    pub(super) fn time(&mut self) -> Result<DateTime<Utc>, ParseError> {
        let word = self.expect("a time such as 2026-01-01T00:00:00Z")?;
        match DateTime::parse_from_rfc3339(&word.text) {
            Ok(time) => Ok(time.with_timezone(&Utc)),
            Err(_) => Err(word.error(format!("`{}` is not a time in RFC 3339", shorten(&word.text)))),
        }
    }

    /// A duration in ISO 8601, kept as a text.
    pub(super) fn duration(&mut self) -> Result<String, ParseError> {
        let word = self.expect("a duration such as PT1H")?;
        match parse_period(&word.text) {
            Some(_) => Ok(word.text),
            None => Err(word.error(format!("`{}` is not a duration in ISO 8601", shorten(&word.text)))),
        }
    }

    /// The name of a time zone.
    pub(super) fn zone(&mut self) -> Result<chrono_tz::Tz, ParseError> {
        let word = self.expect("a time zone such as Europe/Warsaw")?;
        word.text.parse().map_err(|_| word.error(format!("`{}` is not a time zone", shorten(&word.text))))
    }

    /// `[body] [LABEL/]ELEMENT[#n]`.
    pub(super) fn target(&mut self) -> Result<Target, ParseError> {
        let word = self.expect("a target")?;
        if word.text == "body"
            && !word.is_quoted
            && let Some(next) = self.next()?
        {
            return target(&next, true);
        }
        target(&word, false)
    }

    /// True where no word is left on the line.
    pub(super) fn is_done(&mut self) -> bool {
        self.cursor.is_at_line_end()
    }

    fn is_at_payload(&mut self) -> bool {
        self.cursor.peek() == Some('{')
    }
}

/// Reads a target from one word.
pub(super) fn target(word: &Token, is_body: bool) -> Result<Target, ParseError> {
    let mut path: Vec<String> = word.text.split('/').map(str::to_owned).collect();
    let last = path.pop().unwrap_or_default();
    let (element, n) = numbered(&Token { text: last, ..word.clone() })?;
    if element.is_empty() || path.iter().any(String::is_empty) {
        return Err(word.error(format!("`{}` is not a target", shorten(&word.text))));
    }
    Ok(Target { path, element, n, is_body })
}

/// Splits `ELEMENT#n`.
pub(super) fn numbered(word: &Token) -> Result<(String, Option<u32>), ParseError> {
    match word.text.rsplit_once('#') {
        Some((element, n)) if !element.is_empty() => {
            Ok((element.to_owned(), Some(activation_number(word, n)?)))
        }
        Some(_) | None => Ok((word.text.clone(), None)),
    }
}

fn activation_number(word: &Token, digits: &str) -> Result<u32, ParseError> {
    match digits.parse() {
        Ok(n) if n > 0 => Ok(n),
        Ok(_) | Err(_) => {
            Err(word.error(format!("`#{}` is not the number of an activation", shorten(digits))))
        }
    }
}
