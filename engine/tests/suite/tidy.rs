//! Rules of the house that a test can hold: headers, sizes, no `unwrap`, nothing left to be done.

use crate::root;
use std::fs;
use std::path::{Path, PathBuf};

const CRATES: &[&str] = &["bpmn-parser", "feel", "engine", "cli", "crm-example", "benches"];
/// A file that is longer should be two.
const LINES_MAX: usize = 500;
/// Files that are longer today, and how long they may be: the numbers only go down.
const LONGER: &[(&str, usize)] = &[("engine/src/runtime/request.rs", 510)];

#[test]
fn each_file_opens_with_a_sentence() {
    let missing: Vec<String> =
        sources().filter(|(_, text)| !opens_with_docs(text)).map(|(path, _)| shown(&path)).collect();
    assert!(missing.is_empty(), "without `//!`: {missing:#?}");
}

/// A crate's front page may be its README.
fn opens_with_docs(text: &str) -> bool {
    text.starts_with("//! ") || text.starts_with("#![doc = include_str!(")
}

#[test]
fn files_stay_short() {
    let mut long = Vec::new();
    for (path, text) in sources() {
        let name = shown(&path);
        let allowed = LONGER.iter().find(|(file, _)| *file == name).map_or(LINES_MAX, |(_, lines)| *lines);
        let lines = text.lines().count();
        if lines > allowed {
            long.push(format!("{name}: {lines} lines, {allowed} are allowed"));
        }
    }
    assert!(long.is_empty(), "{long:#?}");
}

#[test]
fn the_ratchet_holds_no_file_that_is_short_enough() {
    for (file, allowed) in LONGER {
        let lines =
            fs::read_to_string(root().join(file)).expect("a file of the ratchet exists").lines().count();
        assert!(lines > LINES_MAX, "{file} has {lines} lines and needs no exception");
        assert!(lines <= *allowed, "{file} has grown to {lines} lines");
    }
}

#[test]
fn unwrap_stands_in_tests_only() {
    let mut found = Vec::new();
    for (path, text) in sources().filter(|(path, _)| !is_test(path)) {
        let code = text.lines().take_while(|line| line.trim() != "#[cfg(test)]");
        let is_code = |line: &str| !line.trim_start().starts_with("//");
        for (number, line) in code.enumerate().filter(|(_, line)| is_code(line)) {
            if line.contains(".unwrap()") {
                found.push(format!("{}:{}", shown(&path), number + 1));
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn nothing_is_left_to_be_done() {
    let marks = [
        ["TO", "DO"].concat(),
        ["FIX", "ME"].concat(),
        ["todo", "!("].concat(),
        ["unimplemented", "!("].concat(),
    ];
    let is_marked = |text: &str| marks.iter().any(|mark| text.contains(mark.as_str()));
    let found: Vec<String> =
        sources().filter(|(_, text)| is_marked(text)).map(|(path, _)| shown(&path)).collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn each_model_has_a_scenario_and_each_scenario_a_model() {
    let mut alone = Vec::new();
    let fixtures = files_below(&root().join("fixtures/semantics"));
    let texts: Vec<String> =
        fixtures.iter().filter(|path| has_extension(path, "scenario")).map(|path| read(path)).collect();
    for path in &fixtures {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if has_extension(path, "bpmn") && !path.with_extension("scenario").exists() {
            // A further version, or a second file, is named by the scenario that deploys it.
            let is_named = texts.iter().any(|text| text.contains(&name));
            alone.extend((!is_named).then(|| shown(path)));
        }
        if has_extension(path, "scenario") && !path.with_extension("bpmn").exists() {
            alone.extend((!read(path).contains("deploy ")).then(|| shown(path)));
        }
    }
    assert!(alone.is_empty(), "{alone:#?}");
}

#[test]
fn the_readme_of_the_fixtures_names_each_family() {
    let readme = read(&root().join("fixtures/semantics/README.md"));
    let families = fs::read_dir(root().join("fixtures/semantics")).expect("the folder can be read");
    for family in
        families.map(|entry| entry.expect("the entry can be read").path()).filter(|path| path.is_dir())
    {
        let family = family.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let heading = format!("\n## {family}\n");
        assert!(readme.contains(&heading), "fixtures/semantics/README.md does not describe {family}");
    }
}

/// All Rust files of the workspace with their texts.
fn sources() -> impl Iterator<Item = (PathBuf, String)> {
    let folders = CRATES
        .iter()
        .flat_map(|name| ["src", "tests", "examples", "benches"].map(|part| root().join(name).join(part)));
    let files = folders.flat_map(|folder| files_below(&folder));
    files.filter(|path| has_extension(path, "rs")).map(|path| {
        let text = read(&path);
        (path, text)
    })
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for path in entries.map(|entry| entry.expect("the entry can be read").path()) {
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    files
}

fn is_test(path: &Path) -> bool {
    let below = path.strip_prefix(root()).unwrap_or(path);
    below.components().any(|part| part.as_os_str() == "tests") || below.ends_with("tests.rs")
}

fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|found| found == extension)
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).expect("the file is text")
}

fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}
