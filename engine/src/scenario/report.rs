//! Scenario files on disk: which there are, how they went, and what a person is told of it.

use crate::scenario::coverage::Coverage;
use crate::scenario::outcome::{Cause, Failure};
use crate::scenario::world::same_stem;
use crate::scenario::{RunOptions, Scenario};
use std::any::Any;
use std::fmt;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

/// How scenario files are run.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Settings {
    /// Traces that differ are rewritten instead of failing.
    pub update: bool,
    /// Processes with `isExecutable="false"` may start.
    pub allow_non_executable: bool,
}

impl Settings {
    /// Rewrites traces where the environment says `UPDATE_TRACES=1`.
    pub fn from_env() -> Settings {
        let update = std::env::var_os("UPDATE_TRACES").is_some_and(|value| value == "1");
        Settings { update, ..Settings::default() }
    }

    /// With traces rewritten, or not.
    #[must_use]
    pub fn update(mut self, update: bool) -> Settings {
        self.update = update;
        self
    }

    /// With `isExecutable="false"` ignored, or not.
    #[must_use]
    pub fn allow_non_executable(mut self, allow: bool) -> Settings {
        self.allow_non_executable = allow;
        self
    }
}

/// How one scenario file went.
#[derive(Debug)]
#[non_exhaustive]
pub struct FileReport {
    /// The file.
    pub path: PathBuf,
    /// What does not hold; empty where it has passed.
    pub failures: Vec<Failure>,
    /// Its traces were rewritten.
    pub is_updated: bool,
    /// What it ran through.
    pub coverage: Coverage,
}

/// How several scenario files went.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Report {
    /// One for each file, in the order of their paths.
    pub files: Vec<FileReport>,
}

impl FileReport {
    fn failed(path: &Path, line: u32, message: String) -> FileReport {
        FileReport {
            path: path.to_owned(),
            failures: vec![Failure::new(line, message)],
            is_updated: false,
            coverage: Coverage::default(),
        }
    }

    /// True where all is as the file expects.
    pub fn is_passed(&self) -> bool {
        self.failures.is_empty()
    }
}

impl Report {
    /// True where all files have passed.
    pub fn is_passed(&self) -> bool {
        self.files.iter().all(FileReport::is_passed)
    }

    /// How many files have passed.
    pub fn passed(&self) -> usize {
        self.files.iter().filter(|file| file.is_passed()).count()
    }

    /// What all files together ran through.
    pub fn coverage(&self) -> Coverage {
        let mut coverage = Coverage::default();
        for file in &self.files {
            coverage.merge(file.coverage.clone());
        }
        coverage
    }
}

impl fmt::Display for FileReport {
    /// Each failure with its file and line, several lines indented.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for failure in &self.failures {
            writeln!(f, "{}:{failure}", self.path.display())?;
        }
        Ok(())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for file in &self.files {
            fmt::Display::fmt(file, f)?;
        }
        write!(f, "{} of {} scenarios passed", self.passed(), self.files.len())
    }
}

/// Runs one scenario file with the model beside it.
pub fn run_file(path: impl AsRef<Path>, settings: Settings) -> FileReport {
    let path = path.as_ref();
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => return FileReport::failed(path, 1, error.to_string()),
    };
    let scenario = match Scenario::parse(&text) {
        Ok(scenario) => scenario,
        Err(error) => {
            return FileReport::failed(path, error.line, format!("{}: {}", error.column, error.message));
        }
    };
    let options = RunOptions::new()
        .default_files(same_stem(path))
        .base(path.parent().unwrap_or(Path::new("")).to_owned())
        .allow_non_executable(settings.allow_non_executable)
        .with_checks(true);
    // A broken invariant of one file must not hide how the others went.
    let mut run = match catch_unwind(AssertUnwindSafe(|| scenario.run(&options))) {
        Ok(run) => run,
        Err(panic) => return FileReport::failed(path, 1, format!("a panic: {}", panic_text(&*panic))),
    };
    let mut is_updated = false;
    if settings.update
        && let Some(rewritten) = run.rewritten.take()
    {
        match std::fs::write(path, rewritten) {
            Ok(()) => {
                run.failures.retain(|failure| failure.cause != Cause::Trace);
                is_updated = true;
            }
            Err(error) => return FileReport::failed(path, 1, error.to_string()),
        }
    }
    if !scenario.is_test() {
        let message = "it expects nothing: a run, not a test".to_owned();
        run.failures.push(Failure::new(1, message));
    }
    FileReport { path: path.to_owned(), failures: run.failures, is_updated, coverage: run.coverage }
}

fn panic_text(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("without a message")
}

/// Runs all scenario files in a folder and the folders in it, or the one file that is named.
///
/// # Errors
/// Where a folder cannot be read.
pub fn run_dir(path: impl AsRef<Path>, settings: Settings) -> io::Result<Report> {
    let files = find(path.as_ref())?;
    Ok(Report { files: files.into_iter().map(|file| run_file(file, settings)).collect() })
}

/// The scenario files in a folder and the folders in it, by their paths; a file is itself.
///
/// # Errors
/// Where a folder cannot be read.
pub fn find(path: &Path) -> io::Result<Vec<PathBuf>> {
    if !path.is_dir() {
        std::fs::metadata(path)?;
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    let mut folders = vec![path.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let entry = entry?;
            let path = entry.path();
            // Links to folders are not followed, so that a circle of them ends.
            if entry.file_type()?.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "scenario") {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}
