//! Qualified names: a local part and at most one prefix.

use super::character::is_ncname;

/// Splits a tag's or attribute's name into prefix and local part; none where it is not a qualified name.
pub(crate) fn split(name: &str) -> Option<(&str, &str)> {
    let mut colon = None;
    let mut first = true;
    let mut plain = true;
    for (at, byte) in name.bytes().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => first = false,
            b'0'..=b'9' | b'-' | b'.' => plain &= !first,
            b':' if colon.is_none() => {
                plain &= !first;
                colon = Some(at);
                first = true;
            }
            _ => plain = false,
        }
    }
    let (prefix, local) = match colon {
        Some(at) => (&name[..at], &name[at + 1..]),
        None => ("", name),
    };
    let valid = (plain && !first) || (is_ncname(local) && (colon.is_none() || is_ncname(prefix)));
    valid.then_some((prefix, local))
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn a_name_has_at_most_one_prefix() {
        assert_eq!(split("a"), Some(("", "a")));
        assert_eq!(split("p:ż"), Some(("p", "ż")));
        for broken in ["", ":a", "a:", "a:b:c", "1", "a/b", "a=b", "a\"", "p:1"] {
            assert_eq!(split(broken), None, "{broken}");
        }
    }
}
