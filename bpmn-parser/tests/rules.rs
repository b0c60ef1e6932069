//! Each rule of the standard with a file that keeps it and one that breaks it: `fixtures/parser/R039-…/`.
//!
//! `valid.bpmn` has no findings about rules; `invalid.bpmn` has those that stand in `expected`, line by line as
//! `CODE SEVERITY ELEMENT LINE:COLUMN`. `UPDATE_EXPECTED=1` and `UPDATE_README=1` rewrite what is generated.

use bpmn_parser::Diagnostic;
use bpmn_parser::diagnostic::explain;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

/// The rules of the standard are numbered R001 to R184; their codes are the same numbers.
const RULES: std::ops::RangeInclusive<u16> = 1..=184;

/// Rules that no finding of their own reports, and why.
const NOT_REPORTED: &[(u16, &str)] = &[
    (45, "allows something: two flows may join the same nodes"),
    (46, "allows something: a flow may lead back to its node"),
    (49, "the schema has no `default` on other elements; reported as E0001"),
    (119, "depends on a value at run time"),
    (122, "depends on types in schemas, which are never fetched"),
    (140, "speaks of how an expression is written; every formal expression over the counts is run"),
    (153, "allows something: the exceptions are part of E0151"),
    (155, "the schema has no `property` elsewhere; reported as E0001"),
    (161, "a file has no other way to put a node into a pool"),
    (177, "depends on a value at run time; another type is an incident"),
    (178, "depends on types in schemas, which are never fetched"),
    (179, "data are moved whether their type has a structure or not"),
    (184, "a flow at an artifact is reported as E0010, a message flow as E0015"),
];

/// One folder: a rule and what its invalid file gives.
struct Case {
    code: u16,
    folder: String,
    invalid: Vec<Diagnostic>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/parser")
}

fn findings(path: &Path) -> Vec<Diagnostic> {
    let bytes = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let checked = bpmn_parser::check(&bytes);
    checked.diagnostics
}

fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for entry in fs::read_dir(root()).expect("the folder of fixtures") {
        let path = entry.expect("a readable entry").path();
        if !path.is_dir() {
            continue;
        }
        let folder = path.file_name().and_then(|name| name.to_str()).expect("a name").to_owned();
        let number = folder.strip_prefix('R').and_then(|name| name.get(..3));
        let code = number.and_then(|number| number.parse().ok());
        let code = code.unwrap_or_else(|| panic!("`{folder}` does not begin with the number of a rule"));
        cases.push(Case { code, invalid: findings(&path.join("invalid.bpmn")), folder });
    }
    cases.sort_by(|a, b| a.folder.cmp(&b.folder));
    cases
}

fn line(finding: &Diagnostic) -> String {
    let element = finding.element.as_deref().unwrap_or("-");
    format!("{} {} {element} {}\n", finding.code, finding.severity.as_str(), finding.position)
}

#[test]
fn each_valid_file_has_no_findings() {
    for case in cases() {
        let found = findings(&root().join(&case.folder).join("valid.bpmn"));
        assert!(found.is_empty(), "{}: {found:?}", case.folder);
    }
}

#[test]
fn each_invalid_file_has_the_findings_that_are_expected() {
    for case in cases() {
        let found: String = case.invalid.iter().map(line).collect();
        let path = root().join(&case.folder).join("expected");
        if std::env::var_os("UPDATE_EXPECTED").is_some() {
            fs::write(&path, &found).expect("a writable file");
        }
        let expected =
            fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert_eq!(found, expected, "{}", case.folder);
        let own = case.invalid.iter().filter(|finding| finding.code.0 == case.code).count();
        assert_eq!(own, 1, "{} has its own code {own} times", case.folder);
    }
}

#[test]
fn each_rule_is_explained_and_has_a_case_or_a_reason() {
    let cases = cases();
    for code in RULES {
        assert!(explain(code).is_some(), "E{code:04} is not explained");
        let has_case = cases.iter().any(|case| case.code == code);
        let has_reason = NOT_REPORTED.iter().any(|(rule, _)| *rule == code);
        assert!(has_case != has_reason, "R{code:03} has {}", if has_case { "both" } else { "neither" });
    }
    for case in &cases {
        assert!(RULES.contains(&case.code), "{}", case.folder);
    }
}

#[test]
fn the_readme_lists_every_case() {
    let path = root().join("README.md");
    let page = page(&cases());
    if std::env::var_os("UPDATE_README").is_some() {
        fs::write(&path, &page).expect("a writable file");
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(written == page, "fixtures/parser/README.md is out of date; run with UPDATE_README=1");
}

fn page(cases: &[Case]) -> String {
    let mut page = String::from(
        "# The rules of BPMN 2.0.2 that a file can violate\n\n\
         Generated by `bpmn-parser/tests/rules.rs`. Each folder has a file that keeps its rule, one that breaks it, and\n\
         the findings `expected` of the latter. `tokenflow explain E0039` says more about a code.\n\n\
         | Code | Severity | About | Folder |\n|---|---|---|---|\n",
    );
    for case in cases {
        let own = case.invalid.iter().find(|finding| finding.code.0 == case.code);
        let severity = own.map_or("-", |finding| finding.severity.as_str());
        let title = explain(case.code).map_or("", |explanation| explanation.title);
        writeln!(
            page,
            "| E{:04} | {severity} | {title} | [{folder}]({folder}) |",
            case.code,
            folder = case.folder
        )
        .expect("text can be written to a string");
    }
    page.push_str("\n## Rules without a finding of their own\n\n| Rule | Why |\n|---|---|\n");
    for (rule, why) in NOT_REPORTED {
        writeln!(page, "| R{rule:03} | {why} |").expect("text can be written to a string");
    }
    page
}

/// The same file gives the same findings, and none of them twice.
#[test]
fn nothing_is_reported_twice() {
    for case in cases() {
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        for finding in &case.invalid {
            *seen.entry(format!("{}{}", line(finding), finding.message)).or_default() += 1;
        }
        assert!(seen.values().all(|count| *count == 1), "{}: {seen:?}", case.folder);
    }
}

/// Files with a line taken out, doubled, or with an id of another line in it, are checked without a panic.
#[test]
fn damaged_files_are_checked_too() {
    let mut checked = 0;
    for case in cases() {
        let text =
            fs::read_to_string(root().join(&case.folder).join("invalid.bpmn")).expect("a readable file");
        let lines: Vec<&str> = text.lines().collect();
        let ids: Vec<&str> = lines.iter().filter_map(|line| quoted_after(line, " id=\"")).collect();
        for at in 0..lines.len() {
            let mut damaged = lines.clone();
            damaged.remove(at);
            bpmn_parser::check(damaged.join("\n").as_bytes());
            let mut doubled = lines.clone();
            doubled.insert(at, lines[at]);
            bpmn_parser::check(doubled.join("\n").as_bytes());
            for name in ["Ref=\"", " id=\"", "default=\"", "bpmnElement=\""] {
                let Some(old) = quoted_after(lines[at], name) else { continue };
                for id in ids.iter().skip(at % 5).step_by(5) {
                    let line = lines[at].replacen(&format!("{name}{old}\""), &format!("{name}{id}\""), 1);
                    let mut renamed = lines.clone();
                    renamed[at] = &line;
                    bpmn_parser::check(renamed.join("\n").as_bytes());
                    checked += 1;
                }
            }
        }
    }
    assert!(checked > 1_000, "{checked}");
}

fn quoted_after<'l>(line: &'l str, name: &str) -> Option<&'l str> {
    let (_, rest) = line.split_once(name)?;
    rest.split_once('"').map(|(value, _)| value)
}
