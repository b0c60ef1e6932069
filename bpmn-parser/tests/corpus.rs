//! Reads every file of the public corpus in place: reference models and what vendors' tools wrote.

use std::path::{Path, PathBuf};

fn corpus() -> Option<PathBuf> {
    let default = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus");
    let folder = std::env::var_os("TOKENFLOW_CORPUS").map_or_else(default, PathBuf::from).join("miwg");
    if !folder.is_dir() {
        eprintln!("the corpus is not at {}: nothing is read", folder.display());
        return None;
    }
    Some(folder)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut waiting = vec![folder.to_owned()];
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

#[test]
fn every_file_gives_a_model_or_a_located_error() {
    let Some(folder) = corpus() else { return };
    let mut models = 0;
    let mut errors = 0;
    for path in files(&folder) {
        let bytes = std::fs::read(&path).expect("a readable file");
        match bpmn_parser::parse(&bytes) {
            Ok(_) => models += 1,
            Err(error) => {
                assert!(error.position.line > 0, "{}: {error}", path.display());
                eprintln!("{}: {error}", path.display());
                errors += 1;
            }
        }
        let checked = bpmn_parser::check(&bytes);
        eprintln!("{} {}", checked.outcome().as_str(), path.display());
        for diagnostic in &checked.diagnostics {
            eprintln!("    {diagnostic} {:?}", diagnostic.element);
        }
    }
    eprintln!("{models} models, {errors} refused");
    assert!(models > 0);
}
