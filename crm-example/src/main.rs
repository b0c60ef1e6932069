//! Tells the story on standard output.

use crm_example::story::{Trouble, tell};
use std::io::{self, BufWriter};
use std::process::ExitCode;

fn main() -> ExitCode {
    match tell(BufWriter::new(io::stdout().lock()), Trouble::None) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("The story broke off: {error}");
            ExitCode::FAILURE
        }
    }
}
