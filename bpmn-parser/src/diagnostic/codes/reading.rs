//! `E02xx`: broken or hostile XML, and the limits of reading.

use super::Explanation;

pub(super) const TABLE: &[Explanation] = &[
    Explanation {
        code: 201,
        title: "a document type declaration",
        text: "A file with `<!DOCTYPE …>` is refused in any form. BPMN has no document type, and its declarations \
               are the way in for files that swell without end or read other files. Remove the declaration.",
    },
    Explanation {
        code: 202,
        title: "not well-formed XML",
        text: "The file breaks a rule of XML 1.0 or of its namespaces: crossed or missing tags, a second document \
               element, text outside it, an attribute without quotes, an entity that nobody defined. The place is \
               where reading stopped; the cause may stand a little before it.",
    },
    Explanation {
        code: 203,
        title: "an encoding that cannot be read",
        text: "The bytes are not what the byte order mark or the XML declaration says, or the encoding is not one of \
               UTF-8, UTF-16 with a byte order mark, US-ASCII, ISO-8859-1 and windows-1252. Nothing is decoded with \
               losses. Save the file as UTF-8.",
    },
    Explanation {
        code: 204,
        title: "an illegal character",
        text: "XML 1.0 does not allow control characters other than tab, line feed and carriage return, nor U+FFFE \
               and U+FFFF, neither directly nor as a character reference.",
    },
    Explanation {
        code: 205,
        title: "an undeclared prefix",
        text: "The name of an element or attribute has a prefix that no `xmlns:prefix` in scope declares, so nobody \
               can say what the name means.",
    },
    Explanation {
        code: 206,
        title: "an attribute stands twice",
        text: "A tag has two attributes of the same name, or of the same namespace and local name through two \
               prefixes.",
    },
    Explanation {
        code: 207,
        title: "not a BPMN file",
        text: "The document element must be `definitions` in the namespace \
               `http://www.omg.org/spec/BPMN/20100524/MODEL`. The names are compared with their namespace; a look-alike \
               address is another namespace.",
    },
    Explanation {
        code: 208,
        title: "not XML",
        text: "The file is empty, has no element, or does not begin with `<`. It may be compressed or of another kind.",
    },
    Explanation {
        code: 210,
        title: "limit file_bytes",
        text: "The file is larger than the limit `file_bytes`, 16 MiB unless configured. Real models are below 2 MiB.",
    },
    Explanation {
        code: 211,
        title: "limit xml_depth",
        text: "Elements are nested deeper than the limit `xml_depth`, 256 unless configured.",
    },
    Explanation {
        code: 212,
        title: "limit elements_max",
        text: "The file has more elements, comments and processing instructions than the limit `elements_max`, 200,000 \
               unless configured.",
    },
    Explanation {
        code: 213,
        title: "limit attributes_max",
        text: "A tag has more attributes and namespace declarations than the limit `attributes_max`, 256 unless \
               configured.",
    },
    Explanation {
        code: 214,
        title: "limit namespaces_max",
        text: "More namespace declarations are in scope at one place than the limit `namespaces_max`, 128 unless \
               configured.",
    },
    Explanation {
        code: 215,
        title: "limit attribute_bytes",
        text: "The value of an attribute is longer than the limit `attribute_bytes`, 1 MiB unless configured.",
    },
    Explanation {
        code: 216,
        title: "limit text_bytes",
        text: "A run of text is longer than the limit `text_bytes`, 4 MiB unless configured.",
    },
    Explanation {
        code: 217,
        title: "limit diagnostics_max",
        text: "The file has more findings than the limit `diagnostics_max`, 100 unless configured. Errors are kept \
               before warnings and early places before late ones; this last finding says how many there were in all.",
    },
    Explanation {
        code: 218,
        title: "limit shared_bytes",
        text: "What is lowered for execution repeats the names of messages, data, lanes and resources at each element \
               that refers to them. In this file long names and many references together pass the limit \
               `shared_bytes`, 64 MiB; shorten the names.",
    },
];
