//! Reads a scenario file by characters: words, quoted words, and bracketed text that may span lines.

use crate::scenario::ParseError;

/// A place in the text that moves forward; lines and columns count from 1, columns in characters.
pub(super) struct Cursor<'a> {
    text: &'a str,
    offset: usize,
    line: u32,
    column: u32,
}

/// One word with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    /// The word without its quotes.
    pub(super) text: String,
    /// It stood in double quotes.
    pub(super) is_quoted: bool,
    /// Where it begins.
    pub(super) line: u32,
    /// Where it begins.
    pub(super) column: u32,
}

impl Token {
    /// An error at this word.
    pub(super) fn error(&self, message: impl Into<String>) -> ParseError {
        ParseError { line: self.line, column: self.column, message: message.into() }
    }
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Cursor<'a> {
        let start = if text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
        Cursor { text, offset: start, line: 1, column: 1 }
    }

    pub(super) fn line(&self) -> u32 {
        self.line
    }

    pub(super) fn offset(&self) -> usize {
        self.offset
    }

    /// The text from an earlier offset to here.
    pub(super) fn since(&self, offset: usize) -> &'a str {
        &self.text[offset..self.offset]
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.offset == self.text.len()
    }

    pub(super) fn error(&self, message: impl Into<String>) -> ParseError {
        ParseError { line: self.line, column: self.column, message: message.into() }
    }

    /// The rest of the line without its end; the cursor stays.
    pub(super) fn rest_of_line(&self) -> &'a str {
        let rest = &self.text[self.offset..];
        let end = rest.find('\n').unwrap_or(rest.len());
        rest[..end].trim_end_matches('\r')
    }

    /// Moves to the beginning of the next line.
    pub(super) fn skip_line(&mut self) {
        while let Some(letter) = self.next() {
            if letter == '\n' {
                return;
            }
        }
    }

    /// Ends a statement: nothing but blanks may stand on the rest of the line.
    pub(super) fn end_line(&mut self) -> Result<(), ParseError> {
        self.skip_blanks();
        if !self.rest_of_line().is_empty() {
            let found = self.rest_of_line();
            return Err(self.error(format!("unexpected `{}`", shorten(found))));
        }
        self.skip_line();
        Ok(())
    }

    /// True where nothing but blanks stands on the rest of the line.
    pub(super) fn is_at_line_end(&mut self) -> bool {
        self.skip_blanks();
        self.rest_of_line().is_empty()
    }

    /// The next character after blanks, which stays.
    pub(super) fn peek(&mut self) -> Option<char> {
        self.skip_blanks();
        self.letter()
    }

    /// The next word of this line, if there is one.
    pub(super) fn word(&mut self) -> Result<Option<Token>, ParseError> {
        self.skip_blanks();
        let (line, column) = (self.line, self.column);
        let Some(first) = self.letter() else { return Ok(None) };
        let (text, is_quoted) = if first == '"' {
            (self.quoted()?, true)
        } else {
            let start = self.offset;
            while self.letter().is_some_and(|letter| !letter.is_whitespace()) {
                self.next();
            }
            (self.since(start).to_owned(), false)
        };
        Ok(Some(Token { text, is_quoted, line, column }))
    }

    /// The next word, which stays.
    pub(super) fn peek_word(&mut self) -> Result<Option<Token>, ParseError> {
        let (offset, line, column) = (self.offset, self.line, self.column);
        let word = self.word();
        (self.offset, self.line, self.column) = (offset, line, column);
        word
    }

    /// The rest of the line up to a separator outside quotes, trimmed; the cursor stands at the separator after it.
    pub(super) fn until(&mut self, separator: char) -> Token {
        self.skip_blanks();
        let (line, column, start) = (self.line, self.column, self.offset);
        let mut in_quotes = false;
        while let Some(letter) = self.letter() {
            if letter == '"' {
                in_quotes = !in_quotes;
            }
            if letter == separator && !in_quotes {
                break;
            }
            self.next();
        }
        Token { text: self.since(start).trim().to_owned(), is_quoted: false, line, column }
    }

    /// Takes one expected character; false where another stands there.
    pub(super) fn take(&mut self, expected: char) -> bool {
        self.skip_blanks();
        let found = self.letter() == Some(expected);
        if found {
            self.next();
        }
        found
    }

    /// A text in brackets with the brackets, as far as they balance by tokens: strings and comments do not count.
    pub(super) fn bracketed(&mut self) -> Result<&'a str, ParseError> {
        self.skip_blanks();
        let start = self.offset;
        let opening = self.error("this bracket is never closed");
        let mut open: Vec<char> = Vec::new();
        loop {
            let at = self.error("");
            let Some(letter) = self.next() else { return Err(opening) };
            match letter {
                '{' => open.push('}'),
                '[' => open.push(']'),
                '(' => open.push(')'),
                '}' | ']' | ')' if open.last() != Some(&letter) => {
                    return Err(ParseError { message: format!("`{letter}` closes nothing"), ..at });
                }
                '}' | ']' | ')' => {
                    open.pop();
                }
                '"' => self.rest_of_string(at)?,
                '/' => self.rest_of_comment(at)?,
                _ => {}
            }
            if open.is_empty() {
                return Ok(self.since(start));
            }
        }
    }

    /// An expression up to the end of the line, or further while brackets are open.
    pub(super) fn expression(&mut self) -> Result<Token, ParseError> {
        self.skip_blanks();
        let (line, column, start) = (self.line, self.column, self.offset);
        while let Some(letter) = self.letter() {
            match letter {
                '{' | '[' | '(' => {
                    self.bracketed()?;
                }
                '"' => {
                    let at = self.error("");
                    self.next();
                    self.rest_of_string(at)?;
                }
                _ => {
                    self.next();
                }
            }
        }
        let text = self.since(start).trim().to_owned();
        let token = Token { text, is_quoted: false, line, column };
        if token.text.is_empty() { Err(token.error("an expression is missing")) } else { Ok(token) }
    }

    fn quoted(&mut self) -> Result<String, ParseError> {
        let opening = self.error("this quote is never closed");
        self.next();
        let mut text = String::new();
        loop {
            let at = self.error("");
            match self.letter() {
                None => return Err(opening),
                Some('"') => {
                    self.next();
                    return Ok(text);
                }
                Some('\\') => {
                    self.next();
                    text.push(self.escape(at)?);
                }
                Some(letter) => {
                    self.next();
                    text.push(letter);
                }
            }
        }
    }

    fn escape(&mut self, at: ParseError) -> Result<char, ParseError> {
        match self.letter() {
            Some('n') => self.next_as('\n'),
            Some('r') => self.next_as('\r'),
            Some('t') => self.next_as('\t'),
            Some(letter @ ('"' | '\\' | '/')) => self.next_as(letter),
            Some(_) | None => Err(ParseError { message: "unknown escape".to_owned(), ..at }),
        }
    }

    fn next_as(&mut self, letter: char) -> Result<char, ParseError> {
        self.next();
        Ok(letter)
    }

    fn rest_of_string(&mut self, opening: ParseError) -> Result<(), ParseError> {
        while let Some(letter) = self.next() {
            match letter {
                '"' => return Ok(()),
                '\\' => {
                    self.next();
                }
                _ => {}
            }
        }
        Err(ParseError { message: "this string is never closed".to_owned(), ..opening })
    }

    fn rest_of_comment(&mut self, opening: ParseError) -> Result<(), ParseError> {
        let rest = &self.text[self.offset..];
        if rest.starts_with('/') {
            while self.letter().is_some() {
                self.next();
            }
            return Ok(());
        }
        if !rest.starts_with('*') {
            return Ok(());
        }
        self.next();
        while let Some(letter) = self.next() {
            if letter == '*' && self.text[self.offset..].starts_with('/') {
                self.next();
                return Ok(());
            }
        }
        Err(ParseError { message: "this comment is never closed".to_owned(), ..opening })
    }

    fn skip_blanks(&mut self) {
        while self.letter().is_some_and(char::is_whitespace) {
            self.next();
        }
    }

    /// The next character of this line; its end is none.
    fn letter(&self) -> Option<char> {
        let mut letters = self.text[self.offset..].chars();
        match letters.next()? {
            '\n' => None,
            '\r' if matches!(letters.next(), None | Some('\n')) => None,
            letter => Some(letter),
        }
    }

    fn next(&mut self) -> Option<char> {
        let letter = self.text[self.offset..].chars().next()?;
        self.offset += letter.len_utf8();
        if letter == '\n' {
            self.line += 1;
            self.column = 1;
        } else {
            self.column += 1;
        }
        Some(letter)
    }
}

/// The beginning of a text for a message.
pub(super) fn shorten(text: &str) -> String {
    const SHOWN: usize = 40;
    if text.chars().count() <= SHOWN {
        return text.to_owned();
    }
    text.chars().take(SHOWN).chain(['…']).collect()
}
