//! The canonical form of a file, by means of its own: names with their namespaces, attributes sorted, text.

use quick_xml::NsReader;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;

/// One line per tag or text; prefixes, the order of attributes and white space around text do not count.
pub(crate) fn canonical(bytes: &[u8]) -> Vec<String> {
    let text = decoded(bytes);
    let mut reader = NsReader::from_str(&text);
    reader.config_mut().expand_empty_elements = true;
    let mut lines = Vec::new();
    let mut joined = String::new();
    loop {
        let event = reader.read_event().expect("well-formed, as it was read before");
        match event {
            Event::Text(text) => joined.push_str(&text.into_inner()),
            Event::CData(text) => joined.push_str(&text.into_inner()),
            Event::GeneralRef(reference) => joined.push_str(&resolved(&reference.into_inner())),
            Event::Start(start) => {
                flush(&mut joined, &mut lines);
                lines.push(start_line(&reader, &start));
            }
            Event::End(end) => {
                flush(&mut joined, &mut lines);
                let (namespace, local) = reader.resolver().resolve_element(end.name());
                lines.push(format!("end {}{}", uri(&namespace), local.as_ref()));
            }
            Event::Eof => return lines,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) | Event::Empty(_) => {}
        }
    }
}

fn flush(joined: &mut String, lines: &mut Vec<String>) {
    let text = joined.replace("\r\n", "\n");
    if !text.trim().is_empty() {
        lines.push(format!("text {:?}", text.trim()));
    }
    joined.clear();
}

fn start_line(reader: &NsReader<&[u8]>, start: &BytesStart<'_>) -> String {
    let (namespace, local) = reader.resolver().resolve_element(start.name());
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.expect("well-formed");
        let value = unescaped(&attribute.value);
        if attribute.key.as_namespace_binding().is_some() {
            attributes.push(format!("{}={value:?}", attribute.key.as_ref()));
            continue;
        }
        let (namespace, local) = reader.resolver().resolve_attribute(attribute.key);
        attributes.push(format!("{}{}={value:?}", uri(&namespace), local.as_ref()));
    }
    attributes.sort();
    format!("start {}{} {}", uri(&namespace), local.as_ref(), attributes.join(" "))
}

fn uri(namespace: &ResolveResult<'_>) -> String {
    match namespace {
        ResolveResult::Bound(namespace) => format!("{{{}}}", namespace.as_ref()),
        ResolveResult::Unbound | ResolveResult::Unknown(_) => String::new(),
    }
}

fn unescaped(value: &str) -> String {
    let value = value.replace("\r\n", " ").replace(['\n', '\t', '\r'], " ");
    let mut out = String::new();
    let mut rest = value.as_str();
    while let Some((before, after)) = rest.split_once('&') {
        let (name, after) = after.split_once(';').expect("well-formed");
        out.push_str(before);
        out.push_str(&resolved(name));
        rest = after;
    }
    out.push_str(rest);
    out
}

fn resolved(name: &str) -> String {
    match name {
        "amp" => "&".to_owned(),
        "lt" => "<".to_owned(),
        "gt" => ">".to_owned(),
        "quot" => "\"".to_owned(),
        "apos" => "'".to_owned(),
        other => {
            let digits = other.strip_prefix('#').expect("a character reference");
            let code = match digits.strip_prefix('x') {
                Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16),
                None => digits.parse(),
            };
            char::from_u32(code.expect("a number")).expect("a character").to_string()
        }
    }
}

fn decoded(bytes: &[u8]) -> String {
    match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8(rest.to_vec()).expect("UTF-8"),
        [0xFF, 0xFE, rest @ ..] => {
            let units: Vec<u16> =
                rest.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
            String::from_utf16(&units).expect("UTF-16")
        }
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => bytes.iter().map(|byte| char::from(*byte)).collect(),
        },
    }
}
