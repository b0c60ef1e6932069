//! Reads every file of the public corpus in place: reference models and what vendors' tools wrote.

use crate::corpus_files;

#[test]
fn every_file_gives_a_model_or_a_located_error() {
    let mut models = 0;
    let mut errors = 0;
    let files = corpus_files::files();
    if files.is_empty() {
        return;
    }
    for path in files {
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
