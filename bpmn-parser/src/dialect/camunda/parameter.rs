//! The value of an input or output parameter: text, a list or a map.

use crate::Position;
use crate::dialect::{DialectReader, juel};
use crate::model::{BaseElement, FragmentRef};
use crate::property::{Expression, Language, Text};

/// The value; none, with a finding, where only a script could tell.
pub(super) fn value(
    reader: &mut DialectReader<'_>,
    base: &BaseElement,
    entry: &FragmentRef<'_>,
) -> Option<Text> {
    let position = entry.position();
    let Some(inner) = entry.elements().next() else {
        return Some(reader.text(entry.joined_text().trim(), position));
    };
    let parts: Option<Vec<String>> = match inner.local() {
        "list" => inner.elements().map(|item| item_in_feel(reader, &item)).collect(),
        "map" => inner.elements().map(|item| entry_in_feel(reader, &item)).collect(),
        _ => None,
    };
    let Some(parts) = parts else {
        reader.unsupported(inner.local(), base, inner.position());
        return None;
    };
    let joined = parts.join(", ");
    let text = if inner.local() == "list" { format!("[{joined}]") } else { format!("{{{joined}}}") };
    Some(Text::Expression(Expression { text, language: Language::Feel, position }))
}

/// The value of a variable.
pub(super) fn variable(name: &str, position: Position) -> Text {
    Text::Expression(Expression { text: name.to_owned(), language: Language::Feel, position })
}

fn entry_in_feel(reader: &mut DialectReader<'_>, entry: &FragmentRef<'_>) -> Option<String> {
    let key = juel::feel_string(entry.attribute("key")?);
    Some(format!("{key}: {}", item_in_feel(reader, entry)?))
}

fn item_in_feel(reader: &mut DialectReader<'_>, item: &FragmentRef<'_>) -> Option<String> {
    if !matches!(item.local(), "value" | "entry") || item.elements().next().is_some() {
        return None;
    }
    let text = item.joined_text();
    match reader.text(text.trim(), item.position()) {
        Text::Literal(text) => Some(juel::feel_string(&text)),
        Text::Expression(expression) => (expression.language == Language::Feel).then_some(expression.text),
    }
}
