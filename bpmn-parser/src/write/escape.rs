//! Text, values, comments and instructions with everything escaped that would be read otherwise.

/// Text between tags.
pub(super) fn push_text(out: &mut String, text: &str) {
    push(out, text, |byte| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        b'\r' => Some("&#13;"),
        0..=8 | 11 | 12 | 14..=31 => Some("\u{FFFD}"),
        _ => None,
    });
}

/// `="value"` of an attribute.
pub(super) fn push_attribute(out: &mut String, value: &str) {
    out.push_str("=\"");
    push(out, value, |byte| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'"' => Some("&quot;"),
        b'\t' => Some("&#9;"),
        b'\n' => Some("&#10;"),
        b'\r' => Some("&#13;"),
        0..=8 | 11 | 12 | 14..=31 => Some("\u{FFFD}"),
        _ => None,
    });
    out.push('"');
}

/// A comment; two hyphens in it are set apart.
pub(super) fn push_comment(out: &mut String, comment: &str) {
    out.push_str("<!--");
    let mut last = ' ';
    for c in comment.chars() {
        if c == '-' && last == '-' {
            out.push(' ');
        }
        out.push(c);
        last = c;
    }
    if last == '-' {
        out.push(' ');
    }
    out.push_str("-->");
}

/// A processing instruction.
pub(super) fn push_instruction(out: &mut String, target: &str, data: &str) {
    out.push_str("<?");
    out.push_str(target);
    if !data.is_empty() {
        out.push(' ');
        out.push_str(&data.replace("?>", "? >"));
    }
    out.push_str("?>");
}

fn push(out: &mut String, text: &str, escape: impl Fn(u8) -> Option<&'static str>) {
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        let replacement = match byte {
            0xEF if matches!(text.as_bytes().get(at..at + 3), Some([_, 0xBF, 0xBE | 0xBF])) => {
                Some("\u{FFFD}")
            }
            _ => escape(byte),
        };
        if let Some(replacement) = replacement {
            out.push_str(&text[from..at]);
            out.push_str(replacement);
            from = at + if byte == 0xEF { 3 } else { 1 };
        }
    }
    out.push_str(&text[from..]);
}
