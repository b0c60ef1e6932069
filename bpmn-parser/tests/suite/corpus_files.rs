//! The files of the public corpus, read in place.

use std::path::{Path, PathBuf};

/// All models of the corpus; none, with a message, where the corpus is not there.
pub(crate) fn files() -> Vec<PathBuf> {
    let default = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus");
    let folder = std::env::var_os("TOKENFLOW_CORPUS").map_or_else(default, PathBuf::from).join("miwg");
    if !folder.is_dir() {
        eprintln!("the corpus is not at {}: nothing is read", folder.display());
        return Vec::new();
    }
    let mut waiting = vec![folder];
    let mut found = Vec::new();
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(&folder).expect("a readable folder") {
            let path = entry.expect("a readable entry").path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|extension| extension == "bpmn" || extension == "xml") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
