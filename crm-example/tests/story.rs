//! The printed story is a file: what changes in it shows in review. `UPDATE_STORY=1 cargo test` writes it anew.

use crm_example::story::{Trouble, tell};
use std::path::Path;
use std::time::{Duration, Instant};

fn told(trouble: Trouble) -> String {
    let mut out = Vec::new();
    tell(&mut out, trouble).unwrap_or_else(|error| panic!("the story breaks off: {error}"));
    String::from_utf8(out).expect("the story is text")
}

#[test]
fn the_story_is_told_as_written() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/story.txt");
    let told = told(Trouble::None);
    if std::env::var_os("UPDATE_STORY").is_some() {
        std::fs::write(&path, &told).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap();
    let first_difference = told.lines().zip(written.lines()).position(|(told, written)| told != written);
    assert!(
        told == written,
        "line {:?} differs; the story is now:\n{told}",
        first_difference.map(|line| line + 1)
    );
}

#[test]
fn it_is_the_same_each_time_and_takes_no_second() {
    let timed = || {
        let begin = Instant::now();
        (told(Trouble::None), begin.elapsed())
    };
    let tellings = [timed(), timed(), timed()];
    assert!(tellings.iter().all(|(told, _)| *told == tellings[0].0));
    // The fastest, because other tests may keep the machine busy.
    let fastest = tellings.iter().map(|(_, took)| *took).min().unwrap();
    assert!(fastest < Duration::from_secs(1), "{fastest:?}");
}

#[test]
fn an_outage_before_every_scene_changes_nothing() {
    assert_eq!(told(Trouble::Outages), told(Trouble::None));
}

#[test]
fn work_that_is_done_twice_counts_once() {
    assert_eq!(told(Trouble::LostAnswers), told(Trouble::None));
}
