//! The tests of the whole engine: every scenario of `fixtures/semantics`, and the rules of the house.

mod semantics;
mod tidy;

use std::path::PathBuf;

/// The root of the workspace.
fn root() -> PathBuf {
    let engine = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    engine.parent().expect("the engine is a folder of the workspace").to_owned()
}

/// Runs in a thread with 128 KiB of stack: nothing may recurse as deep as a user's model or data go.
fn in_small_stack<R: Send + 'static>(act: impl FnOnce() -> R + Send + 'static) -> R {
    const STACK: usize = 128 * 1024;
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(act).expect("a thread can be spawned");
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}
