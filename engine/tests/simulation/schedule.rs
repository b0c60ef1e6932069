//! Random schedules: answers, errors, duplicates, late and forged completions, time, messages, signals, modification.

use crate::invariants::{Sabotage, Subject, library};
use crate::model;
use crate::random::Random;
use tokenflow::command::{Command, Occurrence};
use tokenflow::event::{Status, WaitKind};
use tokenflow::id::{ElementKey, Timestamp, Which};
use tokenflow::process::Library;
use tokenflow_feel::{Context, Value};

/// Commands of one schedule.
const COMMANDS: u32 = 25;

/// Runs a seed; every eighth twice, where the same bytes must come out.
pub(crate) fn run(seed: u64, size: u32) -> Result<(), String> {
    let Ok(library) = library(&model::generate(seed, size)) else {
        return Ok(());
    };
    let first = play(seed, library.clone(), Sabotage::None)?;
    if seed.is_multiple_of(8) && first != play(seed, library, Sabotage::None)? {
        return Err("two runs differ".to_owned());
    }
    Ok(())
}

pub(crate) fn run_with(seed: u64, size: u32, sabotage: Sabotage) -> Result<(), String> {
    match library(&model::generate(seed, size)) {
        Ok(library) => play(seed, library, sabotage).map(|_| ()),
        Err(_) => Ok(()),
    }
}

/// The bytes of the instance at the end.
fn play(seed: u64, library: Library, sabotage: Sabotage) -> Result<Vec<u8>, String> {
    let mut random = Random::new(seed ^ 0xabcd);
    let mut subject = Subject::new(library, sabotage);
    let process = subject.library.latest("P").ok_or("the process is not deployed")?;
    let variables = payload(&mut random);
    let start = Command::Start { process, at: None, trigger: None, variables };
    subject.command(start)?.map_err(|rejection| format!("the start was rejected: {rejection}"))?;
    for _ in 0..COMMANDS {
        if subject.instance.status() != Status::Active {
            break;
        }
        let command = draw(&mut random, &mut subject);
        let repeat = random.once_in(6).then(|| command.clone());
        let _ = subject.command(command)?;
        if let Some(command) = repeat {
            let _ = subject.command(command)?;
        }
    }
    if subject.instance.status() == Status::Active {
        subject
            .command(Command::Cancel)?
            .map_err(|rejection| format!("the cancel was rejected: {rejection}"))?;
    }
    Ok(subject.instance.to_bytes())
}

fn payload(random: &mut Random) -> Context {
    let names = ["a", "b", "c"];
    let mut variables = Context::default();
    for name in names {
        if !random.once_in(3) {
            variables.insert(name, Value::from(i64::from(random.below(3))));
        }
    }
    variables
}

/// What an open wait can be answered with, or something that nobody asked for.
fn draw(random: &mut Random, subject: &mut Subject) -> Command {
    let open: Vec<(ElementKey, Which, WaitKind, Timestamp, String)> = subject
        .instance
        .waits(&subject.library)
        .map(|wait| (wait.key, wait.which, wait.kind, wait.due(), wait.name().to_owned()))
        .collect();
    if random.once_in(5) {
        return odd(random, subject);
    }
    let incident = subject.instance.incidents().next().map(|incident| incident.key);
    if let Some(key) = incident.filter(|_| random.once_in(3)) {
        return Command::Resolve { key };
    }
    let Some((key, which, kind, due, name)) = random.pick(&open).cloned() else {
        return odd(random, subject);
    };
    match kind {
        WaitKind::Job | WaitKind::UserTask => work(random, key),
        WaitKind::Timer => {
            subject.now = subject.now.max(due).max(subject.instance.now());
            Command::Due { key, which }
        }
        WaitKind::Message => Command::Message {
            key,
            which,
            message: Occurrence { name, key: Value::NULL, payload: payload(random) },
        },
        WaitKind::Signal => Command::Signal(Occurrence { name, key: Value::NULL, payload: payload(random) }),
        WaitKind::AdHoc => match random.once_in(3) {
            true => Command::Finish { key },
            false => select(random, subject, key),
        },
        WaitKind::Condition
        | WaitKind::Data
        | WaitKind::Call
        | WaitKind::Compensation
        | WaitKind::Delivery => Command::Set { scope: ElementKey::ROOT, variables: payload(random) },
    }
}

fn work(random: &mut Random, key: ElementKey) -> Command {
    match random.below(10) {
        0 => Command::Fail { key, message: "no".to_owned(), retries: None, backoff: None },
        1 => Command::Error {
            key,
            code: ["E0", "E1", "E9"][random.below(3) as usize].to_owned(),
            message: None,
            variables: payload(random),
        },
        2 => Command::Escalate { key, code: "X0".to_owned(), variables: payload(random) },
        _ => Command::Complete { key, by: None, variables: payload(random) },
    }
}

/// An inner activity of an ad-hoc sub-process.
fn select(random: &mut Random, subject: &Subject, key: ElementKey) -> Command {
    let found = subject.instance.element(key);
    let inner = found.and_then(|element| {
        let process = subject.library.process(element.process);
        let children: Vec<_> = process.graph().children(element.node).collect();
        random.pick(&children).copied()
    });
    match inner {
        Some(node) => Command::Activate { key, node },
        None => Command::Finish { key },
    }
}

/// Late, forged and intrusive commands.
fn odd(random: &mut Random, subject: &mut Subject) -> Command {
    let elements: Vec<ElementKey> = subject.instance.elements().map(|element| element.key).collect();
    let key = random.pick(&elements).copied().unwrap_or(ElementKey::ROOT);
    match random.below(12) {
        0 => {
            let forged = ElementKey(random.below(40));
            work(random, forged)
        }
        1 => Command::Set { scope: key, variables: payload(random) },
        2 => Command::Suspend,
        3 | 4 => Command::Resume,
        5 => Command::Due { key, which: Which(random.below(3) as u16) },
        6 => Command::CancelElement { key },
        7 | 8 => {
            let process = subject.instance.root_process().map(|ix| subject.library.process(ix).clone());
            let nodes = process.map(|process| process.graph().nodes.clone()).unwrap_or_default();
            let element =
                random.pick(&nodes).map_or_else(|| "nowhere".to_owned(), |node| node.id.to_string());
            match random.below(3) {
                0 => Command::Move { key, to: element },
                after => Command::Begin { within: ElementKey::ROOT, element, after: after == 1 },
            }
        }
        9 => {
            subject.now = Timestamp(subject.now.0 + 60_000_000);
            Command::Signal(Occurrence { name: "S1".to_owned(), ..Occurrence::default() })
        }
        10 => Command::Resolve { key },
        _ => Command::Signal(Occurrence { name: "S0".to_owned(), ..Occurrence::default() }),
    }
}
