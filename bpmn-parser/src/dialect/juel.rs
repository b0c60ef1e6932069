//! Translates the simple part of `${…}` expressions to FEEL: comparisons, logic, `empty`, paths and literals.

/// Whether a text has an expression in it.
pub(super) fn is_expression(text: &str) -> bool {
    text.contains("${") || text.contains("#{")
}

/// Whether a language's name leaves room for `${`: the unified expression language, or the standard's default, which
/// tools write without meaning it.
pub(super) fn is_named(uri: &str) -> bool {
    let uri = uri.trim().to_ascii_lowercase();
    let jsr_245 = uri.contains("jcp.org") && uri.ends_with("id=245");
    matches!(uri.as_str(), "" | "juel" | "uel" | "http://www.w3.org/1999/xpath") || jsr_245
}

/// A FEEL string literal.
pub(super) fn feel_string(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push('"');
    for c in text.chars() {
        match c {
            '"' => literal.push_str("\\\""),
            '\\' => literal.push_str("\\\\"),
            '\n' => literal.push_str("\\n"),
            '\r' => literal.push_str("\\r"),
            '\t' => literal.push_str("\\t"),
            other => literal.push(other),
        }
    }
    literal.push('"');
    literal
}

/// The same in FEEL, or why not. Text around expressions becomes a concatenation.
pub(super) fn translate(text: &str) -> Result<String, String> {
    let mut parts = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let pair = rest.as_bytes().windows(2).position(|pair| pair == b"${" || pair == b"#{");
        let begin = pair.unwrap_or(rest.len());
        if begin > 0 {
            parts.push((false, rest[..begin].to_owned()));
        }
        if begin == rest.len() {
            break;
        }
        let inside = &rest[begin + 2..];
        let end = closing_brace(inside).ok_or("the expression is not closed")?;
        parts.push((true, Translator::new(&inside[..end])?.run()?));
        rest = &inside[end + 1..];
    }
    match parts.as_slice() {
        [(true, whole)] => Ok(whole.clone()),
        _ => Ok(concatenated(&parts)),
    }
}

fn concatenated(parts: &[(bool, String)]) -> String {
    let terms = parts.iter().map(|(expression, text)| match expression {
        false => feel_string(text),
        true => format!("(if ({text}) = null then \"\" else string({text}))"),
    });
    terms.collect::<Vec<String>>().join(" + ")
}

fn closing_brace(text: &str) -> Option<usize> {
    let mut quote = None;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match quote {
            Some(_) if escaped => escaped = false,
            Some(_) if c == '\\' => escaped = true,
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if c == '}' => return Some(at),
            None if matches!(c, '"' | '\'') => quote = Some(c),
            None => {}
        }
    }
    None
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    /// A literal, already in FEEL.
    Literal(String),
    /// A name.
    Name(String),
    /// An operator, already in FEEL.
    Operator(&'static str),
    Not,
    Empty,
    Open,
    Close,
    Dot,
    OpenBracket,
    CloseBracket,
}

struct Translator {
    tokens: Vec<Token>,
}

impl Translator {
    fn new(text: &str) -> Result<Self, String> {
        let mut tokens = Vec::new();
        let mut rest = text.trim_start();
        while let Some(c) = rest.chars().next() {
            let (token, length) = match c {
                '\'' | '"' => string(rest, c)?,
                '0'..='9' => number(rest)?,
                _ if c.is_alphabetic() || c == '_' => word(rest)?,
                _ => symbol(rest)?,
            };
            tokens.push(token);
            rest = rest[length..].trim_start();
        }
        Ok(Translator { tokens })
    }

    /// Writes the tokens one after another: FEEL has the same precedence, but for `not` and `empty`.
    fn run(self) -> Result<String, String> {
        let mut parser = Parser { tokens: &self.tokens, at: 0, depth: 0 };
        let text = parser.disjunction()?;
        if parser.at < self.tokens.len() {
            return Err("it is not a simple expression".to_owned());
        }
        Ok(text)
    }
}

fn string(text: &str, quote: char) -> Result<(Token, usize), String> {
    let mut value = String::new();
    let mut characters = text.char_indices().skip(1);
    while let Some((at, c)) = characters.next() {
        if c == quote {
            return Ok((Token::Literal(feel_string(&value)), at + c.len_utf8()));
        }
        match c {
            '\\' => value.extend(characters.next().map(|(_, escaped)| escaped)),
            other => value.push(other),
        }
    }
    Err("a string is not closed".to_owned())
}

fn number(text: &str) -> Result<(Token, usize), String> {
    let length = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let digits = &text[..length];
    let suffix = text[length..].chars().next();
    let plain = digits.matches('.').count() <= 1 && !digits.ends_with('.');
    if !plain || suffix.is_some_and(|c| c.is_alphanumeric() || c == '_') {
        return Err(format!("`{}` is not a plain number", text.chars().take(20).collect::<String>()));
    }
    Ok((Token::Literal(digits.to_owned()), length))
}

fn word(text: &str) -> Result<(Token, usize), String> {
    let length = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    let token = match &text[..length] {
        "true" => Token::Literal("true".to_owned()),
        "false" => Token::Literal("false".to_owned()),
        "null" => Token::Literal("null".to_owned()),
        "and" => Token::Operator("and"),
        "or" => Token::Operator("or"),
        "eq" => Token::Operator("="),
        "ne" => Token::Operator("!="),
        "lt" => Token::Operator("<"),
        "le" => Token::Operator("<="),
        "gt" => Token::Operator(">"),
        "ge" => Token::Operator(">="),
        "not" => Token::Not,
        "empty" => Token::Empty,
        name @ ("div" | "mod" | "instanceof") => return Err(format!("the operator `{name}`")),
        name => Token::Name(name.to_owned()),
    };
    Ok((token, length))
}

fn symbol(text: &str) -> Result<(Token, usize), String> {
    const PAIRS: [(&str, &str); 6] =
        [("&&", "and"), ("||", "or"), ("==", "="), ("!=", "!="), ("<=", "<="), (">=", ">=")];
    if let Some((pair, operator)) = PAIRS.iter().find(|(pair, _)| text.starts_with(pair)) {
        return Ok((Token::Operator(operator), pair.len()));
    }
    let c = text.chars().next().unwrap_or_default();
    let token = match c {
        '<' => Token::Operator("<"),
        '>' => Token::Operator(">"),
        '+' => Token::Operator("+"),
        '-' => Token::Operator("-"),
        '*' => Token::Operator("*"),
        '/' => Token::Operator("/"),
        '!' => Token::Not,
        '(' => Token::Open,
        ')' => Token::Close,
        '.' => Token::Dot,
        '[' => Token::OpenBracket,
        ']' => Token::CloseBracket,
        other => return Err(format!("the character `{other}`")),
    };
    Ok((token, c.len_utf8()))
}

/// Deeper parentheses than this are nothing that a person writes.
const DEPTH_MAX: usize = 32;

struct Parser<'t> {
    tokens: &'t [Token],
    at: usize,
    depth: usize,
}

impl Parser<'_> {
    fn disjunction(&mut self) -> Result<String, String> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err("it is nested too deeply".to_owned());
        }
        let text = self.chain(&["or"], |parser| parser.chain(&["and"], |parser| parser.comparison()));
        self.depth -= 1;
        text
    }

    fn comparison(&mut self) -> Result<String, String> {
        let left = self.sum()?;
        let Some(Token::Operator(operator @ ("=" | "!=" | "<" | "<=" | ">" | ">="))) =
            self.tokens.get(self.at)
        else {
            return Ok(left);
        };
        self.at += 1;
        let right = self.sum()?;
        Ok(format!("{left} {operator} {right}"))
    }

    fn sum(&mut self) -> Result<String, String> {
        self.chain(&["+", "-"], |parser| parser.chain(&["*", "/"], |parser| parser.unary()))
    }

    fn chain(
        &mut self,
        operators: &[&str],
        mut operand: impl FnMut(&mut Self) -> Result<String, String>,
    ) -> Result<String, String> {
        let mut text = operand(self)?;
        while let Some(Token::Operator(operator)) = self.tokens.get(self.at) {
            if !operators.contains(operator) {
                break;
            }
            self.at += 1;
            text.push(' ');
            text.push_str(operator);
            text.push(' ');
            text.push_str(&operand(self)?);
        }
        Ok(text)
    }

    fn unary(&mut self) -> Result<String, String> {
        let mut nots = 0;
        while let Some(Token::Not) = self.tokens.get(self.at) {
            self.at += 1;
            nots += 1;
        }
        let text = match self.tokens.get(self.at) {
            Some(Token::Empty) => {
                self.at += 1;
                let Some(Token::Name(_)) = self.tokens.get(self.at) else {
                    return Err("`empty` of something that is not a path".to_owned());
                };
                let value = self.primary()?;
                // A comparison of different types is null, which is not true.
                format!("({value} = null or ({value} = \"\") = true or ({value} = []) = true)")
            }
            Some(Token::Operator("-")) => {
                self.at += 1;
                format!("-{}", self.primary()?)
            }
            _ => self.primary()?,
        };
        Ok(match nots {
            0 => text,
            odd if odd % 2 == 1 => format!("not({text})"),
            _ => format!("not(not({text}))"),
        })
    }

    fn primary(&mut self) -> Result<String, String> {
        let token = self.tokens.get(self.at).ok_or("it ends too early")?;
        self.at += 1;
        match token {
            Token::Literal(literal) => Ok(literal.clone()),
            Token::Open => {
                let inside = self.disjunction()?;
                self.expect(&Token::Close)?;
                Ok(format!("({inside})"))
            }
            Token::Name(name) => self.path(name.clone()),
            other => Err(format!("{other:?} at this place")),
        }
    }

    fn path(&mut self, mut path: String) -> Result<String, String> {
        loop {
            match self.tokens.get(self.at) {
                Some(Token::Dot) => {
                    let Some(Token::Name(name)) = self.tokens.get(self.at + 1) else {
                        return Err("a path ends in a dot".to_owned());
                    };
                    path.push('.');
                    path.push_str(name);
                    self.at += 2;
                }
                Some(Token::OpenBracket) => {
                    let Some(Token::Literal(key)) = self.tokens.get(self.at + 1) else {
                        return Err("an index that is not a literal".to_owned());
                    };
                    path.push_str(&step(key)?);
                    self.at += 2;
                    self.expect(&Token::CloseBracket)?;
                }
                Some(Token::Open) => return Err(format!("the call of `{path}`")),
                _ => return Ok(path),
            }
        }
    }

    fn expect(&mut self, token: &Token) -> Result<(), String> {
        if self.tokens.get(self.at) != Some(token) {
            return Err("its brackets do not match".to_owned());
        }
        self.at += 1;
        Ok(())
    }
}

/// JUEL counts from zero, FEEL from one; a text key is a property.
fn step(key: &str) -> Result<String, String> {
    if let Ok(index) = key.parse::<u32>() {
        return Ok(format!("[{}]", u64::from(index) + 1));
    }
    let name = key.strip_prefix('"').and_then(|key| key.strip_suffix('"')).unwrap_or_default();
    let is_name = name.chars().all(|c| c.is_alphanumeric() || c == '_')
        && name.chars().next().is_some_and(|c| !c.is_numeric());
    if is_name { Ok(format!(".{name}")) } else { Err(format!("the key {key}")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_simple_subset_is_translated() {
        let cases = [
            ("${approved}", "approved"),
            ("${!approved}", "not(approved)"),
            ("#{amount > 1000 && customer.vip == true}", "amount > 1000 and customer.vip = true"),
            ("${status == 'it''s' || a}", ""),
            ("${status eq 'won' or not (a ne 1)}", "status = \"won\" or not((a != 1))"),
            ("${empty list}", "(list = null or (list = \"\") = true or (list = []) = true)"),
            ("${items[0].name == \"x}y\"}", "items[1].name = \"x}y\""),
            ("${map['key'] >= -1.5}", "map.key >= -1.5"),
            ("${(a + b) * 2 < c}", "(a + b) * 2 < c"),
            ("Hello ${name}!", "\"Hello \" + (if (name) = null then \"\" else string(name)) + \"!\""),
        ];
        for (juel, feel) in cases {
            match translate(juel) {
                Ok(text) => assert_eq!(text, feel, "{juel}"),
                Err(_) => assert_eq!(feel, "", "{juel}"),
            }
        }
    }

    #[test]
    fn everything_else_is_refused_by_name() {
        let cases = [
            ("${execution.getVariable('x')}", "the call of `execution.getVariable`"),
            ("${a ? b : c}", "the character `?`"),
            ("${a mod 2 == 0}", "the operator `mod`"),
            ("${a == 1", "the expression is not closed"),
            ("${}", "it ends too early"),
            ("${empty (empty a)}", "`empty` of something that is not a path"),
            ("${1e5 > x}", "`1e5 > x` is not a plain number"),
        ];
        for (juel, why) in cases {
            assert_eq!(translate(juel), Err(why.to_owned()), "{juel}");
        }
    }

    #[test]
    fn deep_nesting_is_an_error() {
        let deep = format!("${{{}a{}}}", "(".repeat(5000), ")".repeat(5000));
        assert!(translate(&deep).is_err());
    }
}
