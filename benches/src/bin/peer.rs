//! Answers one measurement with one line of JSON, so that outside harnesses can call it.

use benches::clock::{resident_bytes, thread_cpu};
use benches::drive::{Deployed, Driver, deployed};
use benches::park;
use benches::workload::Workload;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

const USAGE: &str = "run WORKLOAD FILE CPU_SECONDS [THREADS] | park msg FILE N | state FILE N | \
                     parse FILE_OR_DIR CPU_SECONDS | durable seq10 FILE DIR SECONDS";

/// Instances between two looks at the clock take about this long.
const SLICE: Duration = Duration::from_millis(50);

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let answer = match arguments.as_slice() {
        ["run", workload, file, seconds] => run(workload, file, seconds, "1"),
        ["run", workload, file, seconds, threads] => run(workload, file, seconds, threads),
        ["park", "msg", file, count] => park(file, count),
        ["state", file, count] => state(file, count),
        ["parse", path, seconds] => parse(path, seconds),
        ["durable", ..] => Err("there is no durable store yet".to_owned()),
        _ => Err(format!("usage: peer {USAGE}")),
    };
    let (line, code) = match answer {
        Ok(line) => (line, ExitCode::SUCCESS),
        Err(error) => (serde_json::json!({ "error": error }), ExitCode::FAILURE),
    };
    match writeln!(std::io::stdout(), "{line}") {
        Ok(()) => code,
        Err(_) => ExitCode::FAILURE,
    }
}

type Answer = Result<serde_json::Value, String>;

fn read(path: impl AsRef<Path>) -> Result<Vec<u8>, String> {
    let path = path.as_ref();
    std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn number<T: std::str::FromStr>(text: &str, what: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("`{text}` is no {what}"))
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = number(text, "number of seconds")?;
    Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())
}

/// What one thread did.
struct Share {
    instances: u64,
    cpu: Duration,
}

fn run(workload: &str, file: &str, time: &str, threads: &str) -> Answer {
    // Nothing is left out yet when recording is off: the core has one form of its step.
    let name = workload.strip_suffix("-bare").unwrap_or(workload);
    let workload: Workload = name.parse().map_err(|error| format!("{error}"))?;
    let (time, threads) = (seconds(time)?, number::<usize>(threads, "number of threads")?.clamp(1, 256));
    let deployed = deployed(&read(file)?)?;
    Driver::new(deployed.clone(), workload).run_checked()?;
    let begun = Instant::now();
    let shares = std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads)
            .map(|_| {
                let deployed = deployed.clone();
                scope.spawn(move || share(deployed, workload, time))
            })
            .collect();
        let joined = running
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|_| Err("a thread panicked".to_owned())));
        joined.collect::<Result<Vec<Share>, String>>()
    })?;
    let wall = begun.elapsed().as_secs_f64();
    let instances: u64 = shares.iter().map(|share| share.instances).sum();
    let cpu: f64 = shares.iter().map(|share| share.cpu.as_secs_f64()).sum();
    let nodes = instances as f64 * f64::from(workload.nodes());
    Ok(serde_json::json!({
        "ips": instances as f64 / cpu,
        "wall_ips": instances as f64 / wall,
        "ns_node": cpu * 1e9 / nodes,
        "instances": instances,
    }))
}

fn share(deployed: Deployed, workload: Workload, time: Duration) -> Result<Share, String> {
    let mut driver = Driver::new(deployed, workload);
    let mut batch = 1_u64;
    let mut share = Share { instances: 0, cpu: Duration::ZERO };
    let begun = thread_cpu();
    while share.cpu < time {
        let slice = Instant::now();
        for _ in 0..batch {
            driver.run()?;
        }
        share.instances += batch;
        share.cpu = thread_cpu().saturating_sub(begun);
        if slice.elapsed() < SLICE / 2 {
            batch *= 2;
        }
    }
    if driver.jobs() != share.instances * u64::from(workload.jobs()) {
        return Err(format!("{} jobs in {} instances", driver.jobs(), share.instances));
    }
    Ok(share)
}

fn park(file: &str, count: &str) -> Answer {
    let count: u32 = number(count, "number of instances")?;
    let before = resident_bytes();
    let begun = thread_cpu();
    let mut lot = park::Lot::fill(deployed(&read(file)?)?, count)?;
    let created = thread_cpu().saturating_sub(begun);
    let grown = resident_bytes().saturating_sub(before);
    let begun = thread_cpu();
    let woken = lot.wake(count.min(100_000))?;
    let waking = thread_cpu().saturating_sub(begun);
    Ok(serde_json::json!({
        "parked": count,
        "bytes_each": grown as f64 / f64::from(count.max(1)),
        "create_ns": created.as_nanos() as f64 / f64::from(count.max(1)),
        "wake_ns": waking.as_nanos() as f64 / f64::from(woken.max(1)),
    }))
}

fn state(file: &str, count: &str) -> Answer {
    let count: u32 = number::<u32>(count, "number of rounds")?.max(1);
    let deployed = deployed(&read(file)?)?;
    let (instance, bytes) = park::waiting(&deployed)?;
    let begun = thread_cpu();
    for _ in 0..count {
        std::hint::black_box(instance.to_bytes());
    }
    let saved = thread_cpu().saturating_sub(begun);
    let begun = thread_cpu();
    for _ in 0..count {
        std::hint::black_box(park::restored(&deployed, &bytes)?);
    }
    let restored = thread_cpu().saturating_sub(begun);
    if park::restored(&deployed, &bytes)?.to_bytes() != bytes {
        return Err("the restored instance is another one".to_owned());
    }
    Ok(serde_json::json!({
        "state_bytes": bytes.len(),
        "save_ns": saved.as_nanos() as f64 / f64::from(count),
        "restore_ns": restored.as_nanos() as f64 / f64::from(count),
    }))
}

fn parse(path: &str, time: &str) -> Answer {
    let time = seconds(time)?;
    let mut paths = Vec::new();
    collect(PathBuf::from(path), &mut paths)?;
    let files = paths.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    if files.is_empty() {
        return Err(format!("{path} holds no .bpmn file"));
    }
    let ok = files.iter().filter(|bytes| bpmn_parser::parse(bytes).is_ok()).count();
    let bytes: usize = files.iter().map(Vec::len).sum();
    let (mut rounds, mut cpu) = (0_u32, Duration::ZERO);
    let begun = thread_cpu();
    while cpu < time {
        let slice = Instant::now();
        while slice.elapsed() < SLICE {
            for file in &files {
                drop(std::hint::black_box(bpmn_parser::parse(file)));
            }
            rounds += 1;
        }
        cpu = thread_cpu().saturating_sub(begun);
    }
    let rounds = f64::from(rounds.max(1));
    let cpu = cpu.as_secs_f64();
    Ok(serde_json::json!({
        "mb_s": bytes as f64 * rounds / 1e6 / cpu,
        "ok": ok,
        "bad": files.len() - ok,
        "files": files.len(),
        "ms_file": cpu * 1e3 / rounds / files.len() as f64,
    }))
}

/// The file, or all BPMN files below the folder in the order of their names; links are not followed.
fn collect(path: PathBuf, found: &mut Vec<PathBuf>) -> Result<(), String> {
    if !path.is_dir() {
        found.push(path);
        return Ok(());
    }
    let mut open = vec![path];
    while let Some(folder) = open.pop() {
        let entries = std::fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        for entry in entries {
            let entry = entry.map_err(|error| format!("{}: {error}", folder.display()))?;
            let kind = entry.file_type().map_err(|error| error.to_string())?;
            let path = entry.path();
            if kind.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "bpmn") {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(())
}
