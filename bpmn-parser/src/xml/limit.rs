//! The limits of reading, all named in the errors that they raise.

use std::io::{self, Read};

/// How much a file may hold. The defaults are far above any model that a person would draw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the whole file.
    pub file_bytes: usize,
    /// Elements inside each other.
    pub xml_depth: usize,
    /// Elements, comments and processing instructions in all.
    pub elements_max: usize,
    /// Attributes and namespace declarations of one tag.
    pub attributes_max: usize,
    /// Namespace declarations in scope at one place.
    pub namespaces_max: usize,
    /// Bytes of one attribute's value.
    pub attribute_bytes: usize,
    /// Bytes of one run of text.
    pub text_bytes: usize,
    /// Diagnostics that are kept; one more states how many there were.
    pub diagnostics_max: usize,
}

impl Limits {
    /// Reads a source no further than one byte beyond `file_bytes`, so that a huge one is refused without being held.
    ///
    /// ```
    /// # #[cfg(feature = "xml")] {
    /// let limits = bpmn_parser::Limits { file_bytes: 1000, ..Default::default() };
    /// let bytes = limits.read(std::io::repeat(b'<'))?;
    /// let error = bpmn_parser::parse_with(&bytes, &limits).expect_err("too large");
    /// assert!(error.message.contains("file_bytes"));
    /// # }
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn read(&self, source: impl Read) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let most = u64::try_from(self.file_bytes).unwrap_or(u64::MAX).saturating_add(1);
        source.take(most).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            file_bytes: 16 << 20,
            xml_depth: 256,
            elements_max: 200_000,
            attributes_max: 256,
            namespaces_max: 128,
            attribute_bytes: 1 << 20,
            text_bytes: 4 << 20,
            diagnostics_max: 100,
        }
    }
}
