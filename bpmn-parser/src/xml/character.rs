//! Which characters XML 1.0 allows where: in text, in names, as white space.

/// White space of XML: space, tab, line feed, carriage return.
pub(crate) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// `Char` of XML 1.0.
pub(crate) fn is_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// The offset of the first character that XML 1.0 does not allow anywhere.
pub(crate) fn illegal(text: &str) -> Option<usize> {
    // The two non-characters above U+FFFD begin with 0xEF; most blocks have neither that byte nor a control byte,
    // which one pass without branches finds out.
    let suspicious =
        |byte: u8| (byte < 0x20) & (byte != b'\n') & (byte != b'\t') & (byte != b'\r') | (byte == 0xEF);
    let bytes = text.as_bytes();
    let mut from = 0;
    for block in bytes.chunks(256) {
        let any = block.iter().fold(false, |any, byte| any | suspicious(*byte));
        if any {
            let here =
                block.iter().enumerate().filter(|(_, byte)| suspicious(**byte)).map(|(at, _)| from + at);
            for at in here {
                if !text[at..].chars().next().is_some_and(is_char) {
                    return Some(at);
                }
            }
        }
        from += block.len();
    }
    None
}

fn is_name_start(c: char) -> bool {
    matches!(c,
        'A'..='Z' | '_' | 'a'..='z' | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}'
        | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}'
        | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}'
        | '\u{10000}'..='\u{EFFFF}')
}

fn is_name_char(c: char) -> bool {
    is_name_start(c)
        || matches!(c, '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}

/// A name without colon, as `xsd:NCName` and `xsd:ID` ask for.
pub(crate) fn is_ncname(name: &str) -> bool {
    let mut characters = name.chars();
    characters.next().is_some_and(is_name_start) && characters.all(is_name_char)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_and_non_characters_are_found() {
        assert_eq!(illegal("plain\ttext\r\n"), None);
        assert_eq!(illegal("a\u{1}b"), Some(1));
        assert_eq!(illegal("\u{FEFF}a\u{FFFE}"), Some(4));
        assert_eq!(illegal("\u{FFFD}\u{FFFF}"), Some(3));
    }

    #[test]
    fn names_follow_the_recommendation() {
        assert!(is_ncname("Zażółć_1-2.3") && is_ncname("_a") && is_ncname("任务"));
        assert!(
            !is_ncname("") && !is_ncname("1a") && !is_ncname("a:b") && !is_ncname("a b") && !is_ncname("-a")
        );
    }
}
