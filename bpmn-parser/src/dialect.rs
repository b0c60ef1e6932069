//! Vendor vocabularies: which one a file is written in, and what it says in neutral words.

mod camunda;
mod juel;
mod zeebe;

use crate::diagnostic::Findings;
use crate::model::{self, BaseElement, Definitions, FragmentRef};
use crate::property::{Dialect, Expression, Language, Properties, Text};
use crate::{Diagnostic, Position};

pub(crate) const ZEEBE: &str = "http://camunda.org/schema/zeebe/1.0";
pub(crate) const CAMUNDA: &str = "http://camunda.org/schema/1.0/bpmn";
pub(crate) const FLOWABLE: &str = "http://flowable.org/bpmn";
pub(crate) const ACTIVITI: &str = "http://activiti.org/bpmn";
const MODELER: &str = "http://camunda.org/schema/modeler/1.0";

const DIALECTS: [(&str, Dialect); 4] = [
    (ZEEBE, Dialect::Zeebe),
    (CAMUNDA, Dialect::Camunda),
    (FLOWABLE, Dialect::Flowable),
    (ACTIVITI, Dialect::Activiti),
];

/// The namespace of a dialect; none for the standard alone.
pub(crate) fn namespace(dialect: Dialect) -> Option<&'static str> {
    DIALECTS.iter().find(|(_, it)| *it == dialect).map(|(uri, _)| *uri)
}

/// How many declarations one use of a vocabulary outweighs.
const USE_WEIGHT: usize = 1000;

/// The dialect of a file: what `modeler:executionPlatform` says, else the vocabulary that is used most.
pub(crate) fn detect(definitions: &Definitions) -> Dialect {
    match definitions.base.foreign(MODELER, "executionPlatform") {
        Some("Camunda Cloud") => return Dialect::Zeebe,
        Some("Camunda Platform") => return Dialect::Camunda,
        Some(_) | None => {}
    }
    let mut uses = [0usize; DIALECTS.len()];
    let mut count = |uri: Option<&str>, weight: usize| {
        if let Some(at) = DIALECTS.iter().position(|(known, _)| uri == Some(known)) {
            uses[at] += weight;
        }
    };
    definitions.walk(&mut |entry| {
        let markup = entry.element.markup();
        markup.declarations().iter().for_each(|it| count(Some(&it.uri), 1));
        markup.attributes.iter().for_each(|it| count(it.namespace.as_deref(), USE_WEIGHT));
        let elements = entry.element.content().into_iter().flat_map(|content| content.elements());
        elements.for_each(|it| count(it.namespace(), USE_WEIGHT));
    });
    let most = uses.iter().copied().max().unwrap_or_default();
    let is_used = most >= USE_WEIGHT;
    if !is_used && uses.iter().filter(|count| **count > 0).count() > 1 {
        // Several vocabularies are declared and none is used.
        return Dialect::Plain;
    }
    match uses.iter().position(|count| *count == most && most > 0) {
        Some(at) => DIALECTS[at].1,
        None => Dialect::Plain,
    }
}

/// Reads what the dialect of a file says.
pub(crate) struct DialectReader<'f> {
    pub(crate) dialect: Dialect,
    pub(crate) default_language: Option<String>,
    /// The id of the element whose expressions are being read.
    pub(crate) owner: Option<String>,
    pub(crate) findings: &'f mut Findings,
}

impl DialectReader<'_> {
    /// The properties of an element that stands under a name.
    pub(crate) fn properties(&mut self, name: &str, base: &BaseElement) -> Properties {
        let mut properties = Properties::default();
        self.add_properties(name, base, &mut properties);
        properties
    }

    /// Adds what the dialect says on a part of an element, such as its loop or an event definition.
    pub(crate) fn add_properties(&mut self, name: &str, base: &BaseElement, properties: &mut Properties) {
        match self.dialect {
            Dialect::Plain => {}
            Dialect::Zeebe => zeebe::read(self, name, base, properties),
            Dialect::Camunda => camunda::read(self, CAMUNDA, name, base, properties),
            Dialect::Flowable => camunda::read(self, FLOWABLE, name, base, properties),
            Dialect::Activiti => camunda::read(self, ACTIVITI, name, base, properties),
        }
        self.report_other_dialects(base);
    }

    /// A value that may be static text or an expression by the marks of the dialect.
    pub(crate) fn text(&mut self, value: &str, position: Position) -> Text {
        match self.dialect {
            Dialect::Plain => Text::Literal(value.to_owned()),
            Dialect::Zeebe => match value.trim_start().strip_prefix('=') {
                Some(text) => Text::Expression(Expression {
                    text: text.trim().to_owned(),
                    language: Language::Feel,
                    position,
                }),
                None => Text::Literal(value.to_owned()),
            },
            Dialect::Camunda | Dialect::Flowable | Dialect::Activiti => {
                if juel::is_expression(value) {
                    Text::Expression(self.juel(value, position))
                } else {
                    Text::Literal(value.to_owned())
                }
            }
        }
    }

    /// Whether a value is an expression by the marks of the dialect.
    pub(crate) fn is_expression(&self, value: &str) -> bool {
        match self.dialect {
            Dialect::Plain => false,
            Dialect::Zeebe => value.trim_start().starts_with('='),
            Dialect::Camunda | Dialect::Flowable | Dialect::Activiti => juel::is_expression(value),
        }
    }

    /// A value that must be an expression; static text becomes a string literal.
    pub(crate) fn value_expression(&mut self, value: &str, position: Position) -> Expression {
        match self.text(value, position) {
            Text::Expression(expression) => expression,
            Text::Literal(text) => {
                Expression { text: juel::feel_string(&text), language: Language::Feel, position }
            }
        }
    }

    /// An expression of the model, its language found and the marks of its dialect taken off.
    pub(crate) fn expression(&mut self, expression: &model::Expression) -> Expression {
        let raw = expression.body.text.as_str();
        let text = raw.trim();
        let begin = if text.is_empty() { expression.base.markup.position } else { expression.body.position };
        let position = moved(begin, &raw[..raw.len() - raw.trim_start().len()]);
        let named = expression.language.as_deref().or(self.default_language.as_deref());
        // A leading `=` marks FEEL in every file, unless the file names another language.
        if let Some(text) = text.strip_prefix('=')
            && (self.dialect == Dialect::Zeebe || named.is_none_or(|uri| uri.is_empty() || is_feel(uri)))
        {
            return Expression { text: text.trim().to_owned(), language: Language::Feel, position };
        }
        // `${` is nothing in FEEL: a file of the standard alone that has it was written for one of these engines.
        let vendor = self.dialect != Dialect::Zeebe;
        let own = expression.language.as_deref();
        if vendor && juel::is_expression(text) && own.is_none_or(juel::is_named) {
            return self.juel(text, position);
        }
        let language = match own.or(self.default_language.as_deref()) {
            None | Some("") => Language::Unnamed,
            Some(uri) => language(uri),
        };
        Expression { text: text.to_owned(), language, position }
    }

    /// A condition or another expression that static text cannot be.
    pub(crate) fn condition(&mut self, expression: &model::Expression) -> Expression {
        let read = self.expression(expression);
        if self.dialect == Dialect::Zeebe && read.language == Language::Unnamed && !read.text.is_empty() {
            let message = "an expression without `=` before it; it is read as FEEL";
            self.add(Diagnostic::warning(503, read.position, message));
        }
        read
    }

    fn add(&mut self, mut diagnostic: Diagnostic) {
        diagnostic.element.clone_from(&self.owner);
        self.findings.add(diagnostic);
    }

    fn juel(&mut self, text: &str, position: Position) -> Expression {
        match juel::translate(text) {
            Ok(text) => Expression { text, language: Language::Feel, position },
            Err(why) => {
                let shown: String = text.chars().take(80).collect();
                let message = format!("`{shown}` cannot be translated to FEEL: {why}");
                self.add(Diagnostic::warning(504, position, message));
                Expression { text: text.trim().to_owned(), language: Language::Juel, position }
            }
        }
    }

    /// Says that something of the dialect has no effect here.
    fn unsupported(&mut self, what: &str, base: &BaseElement, position: Position) {
        let message = format!("`{what}` is not run by the engine; the host must do what it does");
        let diagnostic = Diagnostic::warning(502, position, message);
        self.findings.add(with_id(diagnostic, base));
    }

    /// Says that something of the dialect is not known.
    fn unknown(&mut self, what: &str, base: &BaseElement, position: Position) {
        let message = format!("`{what}` is not known in this dialect and has no effect");
        self.findings.add(with_id(Diagnostic::warning(505, position, message), base));
    }

    /// Says that something of the dialect makes no difference to the engine.
    fn without_effect(&mut self, what: &str, base: &BaseElement, position: Position) {
        let message = format!("`{what}` makes no difference here");
        self.findings.add(with_id(Diagnostic::note(506, position, message), base));
    }

    fn report_other_dialects(&mut self, base: &BaseElement) {
        let own = namespace(self.dialect);
        let other = |uri: Option<&str>| {
            uri != own && uri.is_some_and(|uri| DIALECTS.iter().any(|(known, _)| *known == uri))
        };
        let attributes = base.markup.attributes.iter().filter(|it| other(it.namespace.as_deref()));
        let mut found: Vec<(String, Position)> =
            attributes.map(|it| (it.local.clone(), base.markup.position)).collect();
        let elements = base.extensions().filter(|it| other(it.namespace()));
        found.extend(elements.map(|it| (it.local().to_owned(), it.position())));
        for (local, position) in found {
            let message =
                format!("`{local}` belongs to another dialect than this file is read in; it has no effect");
            self.findings.add(with_id(Diagnostic::warning(501, position, message), base));
        }
    }
}

fn with_id(diagnostic: Diagnostic, base: &BaseElement) -> Diagnostic {
    match &base.id {
        Some(id) => diagnostic.on(id.as_str()),
        None => diagnostic,
    }
}

/// The language that an address names.
pub(crate) fn language(uri: &str) -> Language {
    if is_feel(uri) { Language::Feel } else { Language::Other(uri.to_owned()) }
}

/// FEEL by any of its addresses, or by its name.
pub(crate) fn is_feel(uri: &str) -> bool {
    let uri = uri.trim().trim_end_matches('/');
    let last = uri.rsplit('/').next().unwrap_or(uri);
    let omg = uri.starts_with("http://www.omg.org/spec/") || uri.starts_with("https://www.omg.org/spec/");
    let by_name = matches!(uri.to_ascii_lowercase().as_str(), "feel" | "text/feel" | "application/feel");
    by_name || (omg && (last == "FEEL" || uri.contains("/spec/FEEL/")))
}

/// A position moved over white space.
fn moved(position: Position, space: &str) -> Position {
    let lines = space.matches('\n').count() as u32;
    match space.rsplit_once('\n') {
        Some((_, last)) => Position { line: position.line + lines, column: last.chars().count() as u32 + 1 },
        None => Position { line: position.line, column: position.column + space.chars().count() as u32 },
    }
}

/// A list of names between commas or white space.
fn names(list: &str) -> Vec<String> {
    list.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// The value of an attribute of the element itself, with where it stands.
fn attribute<'e>(element: &FragmentRef<'e>, local: &str) -> Option<&'e str> {
    element.attribute(local).filter(|value| !value.is_empty())
}
