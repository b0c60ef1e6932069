//! Builds the tree from quick-xml's tokens and checks what the tokenizer leaves open.

use super::attribute::{Attributes, Fault, RawAttribute, normalise_lines, resolve, value};
use super::character::is_space;
use super::name::split;
use super::namespace::ScopeIx;
use super::{
    Attribute, Content, Document, Limits, NamespaceId, Namespaces, Node, NodeIx, Place, Tag, XmlError,
};
use crate::Position;
use quick_xml::Reader;
use quick_xml::events::Event;
use std::borrow::Cow;
use std::num::NonZeroU32;

const XMLNS: &str = "http://www.w3.org/2000/xmlns/";

/// Reads a decoded file into a tree.
pub(crate) fn scan<'a>(text: &'a str, limits: &Limits) -> Result<Document<'a>, XmlError> {
    let mut scanner = Scanner::new(text, limits);
    scanner
        .run()
        .map_err(|fault| XmlError::new(fault.code, Place::find(text, fault.offset), fault.message))?;
    let Scanner { nodes, attributes, namespaces, top, root, .. } = scanner;
    let Some(root) = root else {
        return Err(XmlError::new(
            XmlError::NOT_XML,
            Place::find(text, text.len()),
            "the file has no element",
        ));
    };
    Ok(Document { text, nodes, attributes, namespaces, top, root })
}

/// An element that is not closed yet.
struct Open<'a> {
    node: NodeIx,
    name: &'a str,
    last_child: Option<NodeIx>,
    /// White space alone between its children means nothing.
    has_elements_only: bool,
}

struct Scanner<'a, 'l> {
    text: &'a str,
    limits: &'l Limits,
    nodes: Vec<Node<'a>>,
    attributes: Vec<Attribute<'a>>,
    namespaces: Namespaces<'a>,
    open: Vec<Open<'a>>,
    top: Vec<NodeIx>,
    root: Option<NodeIx>,
    place: Place,
    counted: usize,
    joined: Option<(usize, Cow<'a, str>)>,
    tag_attributes: Vec<RawAttribute<'a>>,
}

impl<'a, 'l> Scanner<'a, 'l> {
    fn new(text: &'a str, limits: &'l Limits) -> Self {
        Scanner {
            text,
            limits,
            nodes: Vec::with_capacity(text.len() / 40),
            attributes: Vec::with_capacity(text.len() / 60),
            namespaces: Namespaces::new(),
            open: Vec::new(),
            top: Vec::new(),
            root: None,
            place: Place::START,
            counted: 0,
            joined: None,
            tag_attributes: Vec::new(),
        }
    }

    fn run(&mut self) -> Result<(), Fault> {
        let text = self.text;
        let mut reader = Reader::from_str(text);
        reader.config_mut().check_end_names = false;
        reader.config_mut().allow_unmatched_ends = true;
        loop {
            let from = reader.buffer_position() as usize;
            let event = reader.read_event();
            let end = reader.buffer_position() as usize;
            let event =
                event.map_err(|error| self.refused(&error, from, reader.error_position() as usize))?;
            match event {
                Event::Start(_) => self.start(from, end - 1)?,
                Event::Empty(_) => {
                    self.start(from, end - 2)?;
                    self.close();
                }
                Event::End(_) => self.end(from, end)?,
                Event::Text(_) => self.text_run(from, end)?,
                Event::CData(_) => self.cdata(from, end)?,
                Event::GeneralRef(_) => self.reference(from, end)?,
                Event::Comment(_) => self.comment(from, end)?,
                Event::Decl(_) => self.declaration(from, end)?,
                Event::PI(_) => self.instruction(from, end)?,
                Event::DocType(_) => return Err(doctype(from)),
                Event::Eof => break,
            }
        }
        self.finish()
    }

    fn refused(&self, error: &quick_xml::Error, from: usize, at: usize) -> Fault {
        let from = self.text[from..].find('<').map_or(from, |markup| from + markup);
        if self.text[from..].get(..3).is_some_and(|markup| markup.eq_ignore_ascii_case("<!d")) {
            return doctype(from);
        }
        Fault::ill_formed(at.clamp(from, self.text.len()), format!("the XML is broken: {error}"))
    }

    fn finish(&mut self) -> Result<(), Fault> {
        self.flush()?;
        let Some(open) = self.open.last() else { return Ok(()) };
        let message = format!("the file ends before `</{}>`", open.name);
        Err(Fault::ill_formed(self.text.len(), message))
    }

    fn start(&mut self, from: usize, end: usize) -> Result<(), Fault> {
        self.flush()?;
        if self.open.is_empty() && self.root.is_some() {
            return Err(Fault::ill_formed(from, "a second document element"));
        }
        if self.open.len() >= self.limits.xml_depth {
            let message =
                format!("elements are nested deeper than the limit xml_depth, {}", self.limits.xml_depth);
            return Err(Fault::new(XmlError::XML_DEPTH, from, message));
        }
        self.count(from)?;
        let bytes = &self.text.as_bytes()[from + 1..end];
        let length = bytes.iter().position(|byte| is_space(*byte)).unwrap_or(bytes.len());
        let name = &self.text[from + 1..from + 1 + length];
        let Some((prefix, local)) = split(name) else {
            return Err(Fault::ill_formed(from, format!("`{}` is not a name of an element", shown(name))));
        };
        let outer = self.open.last().and_then(|open| match &self.nodes[open.node.0 as usize].content {
            Content::Element(tag) => tag.scope,
            Content::Text(_) | Content::Comment(_) | Content::Instruction(..) => None,
        });
        let scope = self.read_attributes(from, from + 1 + length, end, outer)?;
        let namespace = self.resolve(scope, prefix, from)?;
        let first_attribute = self.attributes.len() as u32;
        self.add_attributes(scope)?;
        let attribute_count = self.attributes.len() as u32 - first_attribute;
        let tag = Tag { namespace, local, first_attribute, attribute_count, outer, scope };
        self.place.advance(self.text, from);
        let node = self.add(from, self.place.position, Content::Element(tag));
        if self.open.is_empty() {
            self.root = Some(node);
        }
        let has_elements_only = has_elements_only(namespace, local);
        self.open.push(Open { node, name, last_child: None, has_elements_only });
        Ok(())
    }

    /// Collects the attributes of a tag, declares its namespaces and returns the scope inside it.
    fn read_attributes(
        &mut self,
        tag: usize,
        from: usize,
        end: usize,
        outer: Option<ScopeIx>,
    ) -> Result<Option<ScopeIx>, Fault> {
        self.tag_attributes.clear();
        let mut scope = outer;
        let mut own: Vec<&str> = Vec::new();
        let mut count = 0;
        let mut attributes = Attributes::new(self.text, from, end);
        while let Some(attribute) = attributes.next()? {
            count += 1;
            if count > self.limits.attributes_max {
                let message =
                    format!("more attributes than the limit attributes_max, {}", self.limits.attributes_max);
                return Err(Fault::new(XmlError::ATTRIBUTES_MAX, tag, message));
            }
            if attribute.value.len() > self.limits.attribute_bytes {
                let message = format!(
                    "the value of `{}` is longer than the limit attribute_bytes, {}",
                    attribute.local, self.limits.attribute_bytes
                );
                return Err(Fault::new(XmlError::ATTRIBUTE_BYTES, attribute.offset, message));
            }
            let declared = match (attribute.prefix, attribute.local) {
                ("", "xmlns") => "",
                ("xmlns", prefix) => prefix,
                _ => {
                    self.tag_attributes.push(attribute);
                    continue;
                }
            };
            if own.contains(&declared) {
                return Err(duplicate(&attribute));
            }
            own.push(declared);
            scope = Some(self.declare(scope, declared, &attribute)?);
        }
        Ok(scope)
    }

    fn declare(
        &mut self,
        scope: Option<ScopeIx>,
        prefix: &'a str,
        attribute: &RawAttribute<'a>,
    ) -> Result<ScopeIx, Fault> {
        let uri = value(attribute.value, attribute.value_offset)?;
        let namespace = self.namespaces.intern(&uri);
        let wrong = match (prefix, uri.as_ref()) {
            ("xmlns", _) => Some("the prefix xmlns cannot be declared"),
            ("xml", _) if namespace != NamespaceId::XML => {
                Some("the prefix xml cannot mean another namespace")
            }
            (_, XMLNS) => Some("no prefix can mean the namespace of xmlns"),
            (other, _) if namespace == NamespaceId::XML && other != "xml" => {
                Some("no other prefix can mean the namespace of xml")
            }
            (other, "") if !other.is_empty() => Some("a prefix cannot be declared with an empty namespace"),
            _ => None,
        };
        if let Some(message) = wrong {
            return Err(Fault::ill_formed(attribute.offset, message));
        }
        if self.namespaces.depth(scope) as usize >= self.limits.namespaces_max {
            let message = format!(
                "more namespaces in scope than the limit namespaces_max, {}",
                self.limits.namespaces_max
            );
            return Err(Fault::new(XmlError::NAMESPACES_MAX, attribute.offset, message));
        }
        Ok(self.namespaces.declare(scope, prefix, namespace))
    }

    fn resolve(&self, scope: Option<ScopeIx>, prefix: &str, offset: usize) -> Result<NamespaceId, Fault> {
        self.namespaces.resolve(scope, prefix).ok_or_else(|| {
            Fault::new(XmlError::PREFIX, offset, format!("the prefix `{}` is not declared", shown(prefix)))
        })
    }

    fn add_attributes(&mut self, scope: Option<ScopeIx>) -> Result<(), Fault> {
        let first = self.attributes.len();
        for at in 0..self.tag_attributes.len() {
            let raw = self.tag_attributes[at];
            let namespace = match raw.prefix {
                "" => NamespaceId::NONE,
                prefix => self.resolve(scope, prefix, raw.offset)?,
            };
            let value = value(raw.value, raw.value_offset)?;
            self.attributes.push(Attribute { namespace, local: raw.local, value, offset: raw.offset as u32 });
        }
        match first_duplicate(&self.attributes[first..]) {
            Some(at) => Err(duplicate(&self.tag_attributes[at])),
            None => Ok(()),
        }
    }

    fn end(&mut self, from: usize, end: usize) -> Result<(), Fault> {
        self.flush()?;
        let name = self.text[from + 2..end - 1].trim_end_matches([' ', '\t', '\n', '\r']);
        let Some(open) = self.open.last() else {
            return Err(Fault::ill_formed(from, format!("`</{}>` closes nothing", shown(name))));
        };
        if open.name != name {
            let message = format!("`</{}>` stands where `</{}>` must close", shown(name), shown(open.name));
            return Err(Fault::ill_formed(from, message));
        }
        self.close();
        Ok(())
    }

    fn close(&mut self) {
        self.open.pop();
    }

    fn text_run(&mut self, from: usize, end: usize) -> Result<(), Fault> {
        let raw = &self.text[from..end];
        if self.open.is_empty() {
            return match raw.bytes().position(|byte| !is_space(byte)) {
                Some(at) => Err(Fault::ill_formed(from + at, "text outside the document element")),
                None => Ok(()),
            };
        }
        if raw.as_bytes().contains(&b']')
            && let Some(at) = raw.find("]]>")
        {
            return Err(Fault::ill_formed(from + at, "`]]>` in text"));
        }
        self.join(from, normalise_lines(raw))
    }

    fn cdata(&mut self, from: usize, end: usize) -> Result<(), Fault> {
        if self.open.is_empty() {
            return Err(Fault::ill_formed(from, "text outside the document element"));
        }
        self.join(from, normalise_lines(&self.text[from + "<![CDATA[".len()..end - "]]>".len()]))
    }

    fn reference(&mut self, from: usize, end: usize) -> Result<(), Fault> {
        if self.open.is_empty() {
            return Err(Fault::ill_formed(from, "text outside the document element"));
        }
        let c = resolve(&self.text[from + 1..end - 1], from)?;
        self.join(from, Cow::Owned(c.to_string()))
    }

    fn join(&mut self, offset: usize, more: Cow<'a, str>) -> Result<(), Fault> {
        let length = self.joined.as_ref().map_or(0, |(_, text)| text.len()) + more.len();
        if length > self.limits.text_bytes {
            let message = format!("a text is longer than the limit text_bytes, {}", self.limits.text_bytes);
            return Err(Fault::new(XmlError::TEXT_BYTES, offset, message));
        }
        match &mut self.joined {
            Some((_, text)) if !text.is_empty() => text.to_mut().push_str(&more),
            joined => *joined = Some((offset, more)),
        }
        Ok(())
    }

    /// Ends a run of text, which becomes one node whatever it was written with.
    fn flush(&mut self) -> Result<(), Fault> {
        if let Some((offset, text)) = self.joined.take()
            && !text.is_empty()
            && !(self.open.last().is_some_and(|open| open.has_elements_only) && text.bytes().all(is_space))
        {
            self.add(offset, Position::default(), Content::Text(text));
        }
        Ok(())
    }

    fn comment(&mut self, from: usize, end: usize) -> Result<(), Fault> {
        self.flush()?;
        let comment = &self.text[from + "<!--".len()..end - "-->".len()];
        if comment.contains("--") || comment.ends_with('-') {
            return Err(Fault::ill_formed(from, "`--` within a comment"));
        }
        self.count(from)?;
        self.add(from, Position::default(), Content::Comment(comment));
        Ok(())
    }

    fn instruction(&mut self, from: usize, end: usize) -> Result<(), Fault> {
        self.flush()?;
        let content = &self.text[from + "<?".len()..end - "?>".len()];
        let length = content.bytes().position(is_space).unwrap_or(content.len());
        let (target, data) = content.split_at(length);
        if split(target).is_none_or(|(prefix, _)| !prefix.is_empty()) || target.eq_ignore_ascii_case("xml") {
            return Err(Fault::ill_formed(from, "a processing instruction without a proper name"));
        }
        self.count(from)?;
        let data = data.trim_start_matches([' ', '\t', '\n', '\r']);
        self.add(from, Position::default(), Content::Instruction(target, data));
        Ok(())
    }

    /// Checks the XML declaration; its encoding has been dealt with before.
    fn declaration(&mut self, from: usize, end: usize) -> Result<(), Fault> {
        if from != 0 {
            return Err(Fault::ill_formed(from, "an XML declaration that is not at the beginning"));
        }
        let mut attributes = Attributes::new(self.text, "<?xml".len(), end - "?>".len());
        let mut expected = ["version", "encoding", "standalone"].iter();
        let mut version = false;
        while let Some(attribute) = attributes.next()? {
            let wrong = || Fault::ill_formed(attribute.offset, "the XML declaration is broken");
            if !attribute.prefix.is_empty() || !expected.any(|name| *name == attribute.local) {
                return Err(wrong());
            }
            let valid = match attribute.local {
                "version" => {
                    version = true;
                    let minor = attribute.value.strip_prefix("1.").unwrap_or_default();
                    !minor.is_empty() && minor.bytes().all(|byte| byte.is_ascii_digit())
                }
                "standalone" => matches!(attribute.value, "yes" | "no"),
                _ => !attribute.value.is_empty(),
            };
            if !valid {
                return Err(wrong());
            }
        }
        if !version {
            return Err(Fault::ill_formed(from, "the XML declaration has no version"));
        }
        Ok(())
    }

    fn count(&mut self, offset: usize) -> Result<(), Fault> {
        self.counted += 1;
        if self.counted > self.limits.elements_max {
            let message = format!("more elements than the limit elements_max, {}", self.limits.elements_max);
            return Err(Fault::new(XmlError::ELEMENTS_MAX, offset, message));
        }
        Ok(())
    }

    /// Adds a node as the last child of the element that is open.
    fn add(&mut self, offset: usize, position: Position, content: Content<'a>) -> NodeIx {
        let node = NodeIx(self.nodes.len() as u32);
        let parent = self.open.last().map(|open| open.node);
        self.nodes.push(Node {
            parent,
            first_child: None,
            next: None,
            offset: offset as u32,
            position,
            content,
        });
        let Some(parent) = self.open.last_mut() else {
            self.top.push(node);
            return node;
        };
        let link = NonZeroU32::new(node.0);
        match parent.last_child.replace(node) {
            Some(last) => self.nodes[last.0 as usize].next = link,
            None => self.nodes[parent.node.0 as usize].first_child = link,
        }
        node
    }
}

/// Whether the schema of BPMN allows an element nothing but elements, or a name, as its content.
fn has_elements_only(namespace: NamespaceId, local: &str) -> bool {
    match namespace {
        NamespaceId::BPMNDI => true,
        NamespaceId::MODEL => !matches!(
            local,
            "documentation"
                | "extensionElements"
                | "text"
                | "script"
                | "expression"
                | "formalExpression"
                | "conditionExpression"
                | "activationCondition"
                | "completionCondition"
                | "loopCondition"
                | "loopCardinality"
                | "condition"
                | "timeDate"
                | "timeDuration"
                | "timeCycle"
                | "from"
                | "to"
                | "transformation"
                | "messagePath"
                | "dataPath"
                | "partitionElement"
        ),
        _ => false,
    }
}

fn doctype(offset: usize) -> Fault {
    Fault::new(XmlError::DOCTYPE, offset, "a document type declaration is not allowed")
}

fn duplicate(attribute: &RawAttribute<'_>) -> Fault {
    let message = format!("the attribute `{}` stands twice", shown(attribute.local));
    Fault::new(XmlError::DUPLICATE_ATTRIBUTE, attribute.offset, message)
}

/// The row of an attribute that has the same namespace and name as an earlier one.
fn first_duplicate(attributes: &[Attribute<'_>]) -> Option<usize> {
    let name = |at: usize| (attributes[at].namespace, attributes[at].local);
    if attributes.len() <= 8 {
        return (1..attributes.len()).find(|later| (0..*later).any(|earlier| name(earlier) == name(*later)));
    }
    let mut rows: Vec<usize> = (0..attributes.len()).collect();
    rows.sort_by_key(|row| (name(*row), *row));
    rows.windows(2).filter(|pair| name(pair[0]) == name(pair[1])).map(|pair| pair[1]).min()
}

/// A name from the file, short enough for a message.
fn shown(name: &str) -> String {
    name.chars().take(60).collect()
}
