//! Qualified names: a local part and at most one prefix.

use super::character::is_ncname;

/// Splits a tag's or attribute's name into prefix and local part; none where it is not a qualified name.
pub(crate) fn split(name: &str) -> Option<(&str, &str)> {
    let (prefix, local) = name.split_once(':').unwrap_or(("", name));
    let prefixed = prefix.len() < name.len() - local.len();
    let plain = |part: &str| {
        part.bytes().enumerate().all(|(at, byte)| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => true,
            b'0'..=b'9' | b'-' | b'.' => at > 0,
            _ => false,
        }) && !part.is_empty()
    };
    let valid = |part: &str| plain(part) || is_ncname(part);
    (valid(local) && (!prefixed || valid(prefix))).then_some((prefix, local))
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
