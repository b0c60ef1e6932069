//! Engines of other languages, where they are installed (see `benches/peers/README.md`).

use benches::workload::Workload;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Measures each installed engine and prints how many times longer it takes.
pub(crate) fn compare(stem: &str, workload: Workload, ours: f64) {
    if stem.ends_with("-feel") {
        return;
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers");
    let file = folder.join("../../fixtures/benches").join(stem).with_extension("bpmn");
    let Some(mut program) = node(&folder) else {
        if stem == "seq10" {
            println!("  npm bpmn-engine is not installed (benches/peers/README.md)");
        }
        return;
    };
    match measure(program.arg(stem).arg(&file)) {
        Ok((nanoseconds, jobs)) if jobs == workload.jobs() => {
            println!("  npm bpmn-engine {nanoseconds:>12.0} ns ({:.0}x)", nanoseconds / ours);
        }
        Ok((_, jobs)) => println!("  npm bpmn-engine did {jobs} jobs instead of {}", workload.jobs()),
        Err(error) => println!("  npm bpmn-engine {error}"),
    }
}

fn node(folder: &Path) -> Option<Command> {
    let installed = folder.join("node_modules/bpmn-engine").is_dir();
    installed.then(|| command("node", folder.join("bpmn-engine.mjs")))
}

fn command(program: &str, script: PathBuf) -> Command {
    let mut command = Command::new(program);
    command.arg(script);
    command
}

/// Nanoseconds of CPU of an instance, and the jobs that it did.
fn measure(command: &mut Command) -> Result<(f64, u32), String> {
    let output = command.output().map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&output.stdout);
    let answer: Result<serde_json::Value, _> = serde_json::from_str(text.trim());
    let Ok(answer) = answer else {
        let error = String::from_utf8_lossy(&output.stderr);
        return Err(error.lines().last().unwrap_or("no answer").to_owned());
    };
    match (answer["ns"].as_f64(), answer["jobs"].as_u64()) {
        (Some(nanoseconds), Some(jobs)) => Ok((nanoseconds, jobs as u32)),
        _ => Err(answer["error"].as_str().unwrap_or("no figures").to_owned()),
    }
}
