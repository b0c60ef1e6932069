//! Reading, writing and reading again loses nothing: equal models, and the same canonical XML.

use crate::canonical::canonical;
use crate::corpus_files;
use bpmn_parser::{parse, write};

#[test]
fn every_file_of_the_corpus_survives() {
    let mut count = 0;
    for path in corpus_files::files() {
        let bytes = std::fs::read(&path).expect("a readable file");
        let Ok(first) = parse(&bytes) else { continue };
        let written = write(&first.definitions);
        let second = parse(written.as_bytes()).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert!(first.definitions == second.definitions, "{}: the models differ", path.display());
        assert_eq!(write(&second.definitions), written, "{}: writing is not stable", path.display());
        let (before, after) = (canonical(&bytes), canonical(written.as_bytes()));
        for (line, (before, after)) in before.iter().zip(&after).enumerate() {
            assert_eq!(before, after, "{}: line {line} of the canonical form", path.display());
        }
        assert_eq!(before.len(), after.len(), "{}", path.display());
        count += 1;
    }
    eprintln!("{count} files survived");
}
