//! Cutting FEEL text into tokens.

/// A token: what it is and where it stands, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    pub(crate) start: u32,
    pub(crate) end: u32,
}

/// The kinds of tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Word,
    Number,
    String,
    LeftParen,
    RightParen,
    LeftBracket,
    RightBracket,
    LeftBrace,
    RightBrace,
    Comma,
    Colon,
    Dot,
    DotDot,
    Plus,
    Minus,
    Star,
    StarStar,
    Slash,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    At,
    Arrow,
    Apostrophe,
    End,
}

/// What keeps a text from being cut: a message and a byte offset.
pub(crate) type LexError = (&'static str, usize);

/// Cuts a text into tokens; the last one is always `End`.
pub(crate) fn tokenize(text: &str) -> Result<Vec<Token>, LexError> {
    let mut lexer = Lexer { text, offset: 0 };
    let mut tokens = Vec::new();
    loop {
        lexer.skip_blank()?;
        let start = lexer.offset as u32;
        let kind = lexer.token()?;
        tokens.push(Token { kind, start, end: lexer.offset as u32 });
        if kind == Kind::End {
            return Ok(tokens);
        }
    }
}

struct Lexer<'t> {
    text: &'t str,
    offset: usize,
}

impl Lexer<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.offset..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn skip_blank(&mut self) -> Result<(), LexError> {
        loop {
            let rest = self.rest();
            let blank: usize = rest.chars().take_while(|c| is_space(*c)).map(char::len_utf8).sum();
            let rest = &rest[blank..];
            let comment = if rest.starts_with("//") {
                rest.find('\n').unwrap_or(rest.len())
            } else if let Some(comment) = rest.strip_prefix("/*") {
                comment
                    .find("*/")
                    .map(|at| at + 4)
                    .ok_or(("the comment does not end", self.offset + blank))?
            } else {
                0
            };
            self.offset += blank + comment;
            if comment == 0 {
                return Ok(());
            }
        }
    }

    fn token(&mut self) -> Result<Kind, LexError> {
        let Some(first) = self.peek() else { return Ok(Kind::End) };
        if is_name_start(first) {
            let length: usize =
                self.rest().chars().take_while(|c| is_name_part(*c)).map(char::len_utf8).sum();
            self.offset += length;
            return Ok(Kind::Word);
        }
        if first.is_ascii_digit() {
            self.number();
            return Ok(Kind::Number);
        }
        if first == '"' {
            return self.string();
        }
        let second = self.rest().as_bytes().get(1).copied().unwrap_or(0);
        if first == '.' && second.is_ascii_digit() {
            self.number();
            return Ok(Kind::Number);
        }
        let (kind, length) = match (first, second) {
            ('.', b'.') => (Kind::DotDot, 2),
            ('*', b'*') => (Kind::StarStar, 2),
            ('!', b'=') => (Kind::NotEqual, 2),
            ('<', b'=') => (Kind::LessEqual, 2),
            ('>', b'=') => (Kind::GreaterEqual, 2),
            ('-', b'>') => (Kind::Arrow, 2),
            ('(', _) => (Kind::LeftParen, 1),
            (')', _) => (Kind::RightParen, 1),
            ('[', _) => (Kind::LeftBracket, 1),
            (']', _) => (Kind::RightBracket, 1),
            ('{', _) => (Kind::LeftBrace, 1),
            ('}', _) => (Kind::RightBrace, 1),
            (',', _) => (Kind::Comma, 1),
            (':', _) => (Kind::Colon, 1),
            ('.', _) => (Kind::Dot, 1),
            ('+', _) => (Kind::Plus, 1),
            ('-', _) => (Kind::Minus, 1),
            ('*', _) => (Kind::Star, 1),
            ('/', _) => (Kind::Slash, 1),
            ('=', _) => (Kind::Equal, 1),
            ('<', _) => (Kind::Less, 1),
            ('>', _) => (Kind::Greater, 1),
            ('@', _) => (Kind::At, 1),
            ('\'' | '\u{2019}', _) => (Kind::Apostrophe, first.len_utf8()),
            _ => return Err(("unexpected character", self.offset)),
        };
        self.offset += length;
        Ok(kind)
    }

    /// Digits with at most one point; two points after digits are a range.
    fn number(&mut self) {
        let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
        self.offset += digits(self.rest());
        if let Some(fraction) = self.rest().strip_prefix('.') {
            let length = digits(fraction);
            if length > 0 {
                self.offset += 1 + length;
            }
        }
    }

    fn string(&mut self) -> Result<Kind, LexError> {
        let start = self.offset;
        let mut escaped = false;
        for (index, character) in self.rest().char_indices().skip(1) {
            match character {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => {
                    self.offset += index + 1;
                    return Ok(Kind::String);
                }
                _ => {}
            }
        }
        Err(("the string does not end", start))
    }
}

/// The text that a string literal stands for; grammar rule 64 lists the escapes.
/// A backslash before anything else stands for itself, so that regular expressions stay readable.
pub(crate) fn unescape(literal: &str) -> Result<String, LexError> {
    let inner = literal.get(1..literal.len().saturating_sub(1)).unwrap_or_default();
    if !inner.contains('\\') {
        return Ok(inner.to_owned());
    }
    let mut text = String::with_capacity(inner.len());
    let mut offset = 0;
    while let Some(character) = inner[offset..].chars().next() {
        if character != '\\' {
            text.push(character);
            offset += character.len_utf8();
            continue;
        }
        let (decoded, length) = escape(&inner[offset..]).ok_or(("unknown code point", offset + 1))?;
        match decoded {
            Some(decoded) => text.push(decoded),
            None => text.push_str(&inner[offset..offset + length]),
        }
        offset += length;
    }
    Ok(text)
}

/// The character of the escape at the front and its length; none beside a length that is taken as it stands.
fn escape(text: &str) -> Option<(Option<char>, usize)> {
    let character = match text.chars().nth(1) {
        Some('n') => '\n',
        Some('r') => '\r',
        Some('t') => '\t',
        Some(quoted @ ('"' | '\'' | '\\')) => quoted,
        Some('u') => return code_point(text, 4),
        Some('U') => return code_point(text, 6),
        Some(other) => return Some((None, 1 + other.len_utf8())),
        None => return Some((None, 1)),
    };
    Some((Some(character), 2))
}

fn code_point(text: &str, digits: usize) -> Option<(Option<char>, usize)> {
    let hexadecimal = |from: usize| {
        let digits = text.get(from..from + digits)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        u32::from_str_radix(digits, 16).ok()
    };
    let Some(first) = hexadecimal(2) else { return Some((None, 2)) };
    let length = 2 + digits;
    if (0xD800..0xDC00).contains(&first) && text.get(length..length + 2) == Some("\\u") {
        let second = hexadecimal(length + 2).filter(|code| (0xDC00..0xE000).contains(code))?;
        let code = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00);
        return char::from_u32(code).map(|character| (Some(character), 2 * length));
    }
    char::from_u32(first).map(|character| (Some(character), length))
}

/// Grammar rules 61 and 62.
fn is_space(character: char) -> bool {
    matches!(
        character,
        '\u{09}'..='\u{0D}'
            | ' '
            | '\u{85}'
            | '\u{A0}'
            | '\u{1680}'
            | '\u{180E}'
            | '\u{2000}'..='\u{200B}'
            | '\u{2028}'
            | '\u{2029}'
            | '\u{202F}'
            | '\u{205F}'
            | '\u{3000}'
            | '\u{FEFF}'
    )
}

/// Grammar rule 28.
pub(crate) fn is_name_start(character: char) -> bool {
    matches!(
        character,
        '?' | 'A'..='Z'
            | '_'
            | 'a'..='z'
            | '\u{C0}'..='\u{D6}'
            | '\u{D8}'..='\u{F6}'
            | '\u{F8}'..='\u{2FF}'
            | '\u{370}'..='\u{37D}'
            | '\u{37F}'..='\u{1FFF}'
            | '\u{200C}'..='\u{200D}'
            | '\u{2070}'..='\u{218F}'
            | '\u{2C00}'..='\u{2FEF}'
            | '\u{3001}'..='\u{D7FF}'
            | '\u{F900}'..='\u{FDCF}'
            | '\u{FDF0}'..='\u{FFFD}'
            | '\u{10000}'..='\u{EFFFF}'
    ) && !is_space(character)
}

/// Grammar rule 29.
fn is_name_part(character: char) -> bool {
    is_name_start(character)
        || matches!(
            character,
            '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}'
        )
}
