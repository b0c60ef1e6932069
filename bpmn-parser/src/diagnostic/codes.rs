//! What each public code means, in one paragraph: the text of `tokenflow explain`.

mod dialects;
mod reading;
mod rules;

/// The explanation of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The number after the `E`.
    pub code: u16,
    /// A few words.
    pub title: &'static str,
    /// One paragraph: what must hold, why, and what to do.
    pub text: &'static str,
}

/// The tables, each sorted by code.
fn tables() -> impl Iterator<Item = &'static [Explanation]> {
    rules::TABLES.into_iter().chain([reading::TABLE, dialects::TABLE])
}

/// The explanation of a code, if there is such a code.
pub fn explain(code: u16) -> Option<&'static Explanation> {
    tables().find_map(|table| {
        let row = table.binary_search_by_key(&code, |explanation| explanation.code).ok()?;
        Some(&table[row])
    })
}

/// All explanations, table by table.
pub fn explanations() -> impl Iterator<Item = &'static Explanation> {
    tables().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_table_is_sorted_and_each_code_is_explained_once() {
        let codes: Vec<u16> = explanations().map(|explanation| explanation.code).collect();
        for table in tables() {
            assert!(table.is_sorted_by_key(|explanation| explanation.code));
        }
        let mut distinct = codes.clone();
        distinct.sort_unstable();
        distinct.dedup();
        assert_eq!(distinct.len(), codes.len());
        assert!(codes.iter().all(|code| explain(*code).is_some()));
    }
}
