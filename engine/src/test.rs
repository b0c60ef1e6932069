//! Tests of a user's own processes: scenario files in one line, or a runtime with its clock in hand.

pub use crate::scenario::TestRuntime;

use crate::scenario::{Settings, run_dir};
use std::path::Path;

/// Runs all scenario files in a folder and the folders in it. With `UPDATE_TRACES=1` in the environment, traces that
/// differ are rewritten instead.
///
/// ```no_run
/// #[test]
/// fn processes_do_what_they_should() {
///     tokenflow::test::scenarios("processes/");
/// }
/// ```
///
/// # Panics
/// Where a scenario fails, with what differs and where; or where there is none.
pub fn scenarios(folder: impl AsRef<Path>) {
    let folder = folder.as_ref();
    let report = match run_dir(folder, Settings::from_env()) {
        Ok(report) => report,
        Err(error) => panic!("{}: {error}", folder.display()),
    };
    assert!(!report.files.is_empty(), "there is no scenario in {}", folder.display());
    assert!(report.is_passed(), "\n{report}");
}
