//! Tells the story on standard output.

use std::io::{self, BufWriter};
use std::process::ExitCode;

fn main() -> ExitCode {
    match crm_example::story::tell(BufWriter::new(io::stdout().lock())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("The story broke off: {error}");
            ExitCode::FAILURE
        }
    }
}
