//! Writes to standard output and standard error; a reader that has gone away is no error.

use std::fmt::Display;
use std::io::{self, Write};

/// One line, or several, of the result.
pub(crate) fn line(text: impl Display) {
    write(&mut io::stdout().lock(), text);
}

/// A message for people, beside the result.
pub(crate) fn note(text: impl Display) {
    write(&mut io::stderr().lock(), text);
}

/// Nobody is left to be told that writing has failed, and the exit code says how the command itself went.
fn write(target: &mut dyn Write, text: impl Display) {
    drop(writeln!(target, "{text}"));
}
