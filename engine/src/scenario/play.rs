//! Plays a scenario from top to bottom: statements, standing answers, the clock, and what is expected.

use crate::command::{Command, RejectionCode};
use crate::id::{ElementKey, InstanceId, Timestamp, Which};
use crate::runtime::JobKey;
use crate::scenario::answers::Answers;
use crate::scenario::ask::Failed;
use crate::scenario::checks::Faults;
use crate::scenario::compare::{self, Actual};
use crate::scenario::judge::Evidence;
use crate::scenario::outcome::{Cause, Failure, Refusal};
use crate::scenario::statement::{
    Block, Clock, Expect, Expectation, ExpectedTrace, Setup, Statement, StatementKind,
};
use crate::scenario::world::{Setting, World};
use crate::trace::{Show, TextLine, Topic, fold};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

/// How a scenario is played.
#[derive(Clone, Debug)]
pub(super) struct Manner {
    /// Deployed first.
    pub(super) files: Vec<PathBuf>,
    /// Deployed besides where the scenario names no files.
    pub(super) default_files: Vec<PathBuf>,
    /// Where the files that it names are.
    pub(super) base: PathBuf,
    pub(super) setting: Setting,
    /// The store is closed and opened before each statement.
    pub(super) restarts: bool,
    /// Commands that must be refused are sent after each statement.
    pub(super) probes: bool,
    /// State is compared with its replay after each statement.
    pub(super) checks: bool,
    pub(super) faults: Faults,
}

/// What a block gave in place of the trace expected of it.
#[derive(Clone, Debug)]
pub(super) struct BlockTrace {
    pub(super) lines: Vec<TextLine>,
    pub(super) roots: usize,
}

/// A scenario while it is played.
pub(super) struct Play {
    manner: Manner,
    pub(super) world: Option<World>,
    answers: Answers,
    show: Show,
    pub(super) failures: Vec<Failure>,
    pub(super) refusals: Vec<Refusal>,
    /// Those of the command before that nothing has asked for.
    open_refusals: Vec<Refusal>,
    /// The line of a deployment that was refused and not asked for.
    open_deployment: Option<u32>,
    /// Files named before the first command, which the settings below them concern too; with the first one's line.
    named: Option<(u32, Vec<PathBuf>)>,
    /// For each block that expects a trace, what there was.
    pub(super) traces: Vec<Option<BlockTrace>>,
}

/// Nothing can follow: the failure is noted already.
struct Stop;

type Played = Result<(), Stop>;

impl Play {
    pub(super) fn new(manner: Manner) -> Play {
        Play {
            manner,
            world: None,
            answers: Answers::default(),
            show: Show::default(),
            failures: Vec::new(),
            refusals: Vec::new(),
            open_refusals: Vec::new(),
            open_deployment: None,
            named: None,
            traces: Vec::new(),
        }
    }

    /// Plays all blocks; goes on after a failure where that makes sense.
    pub(super) fn play(&mut self, blocks: &[Block]) {
        for block in blocks {
            if self.block(block).is_err() {
                break;
            }
        }
        self.close_command();
        if self.world.is_none() && self.failures.is_empty() && self.open_world(1).is_ok() {
            self.close_command();
        }
        self.failures.sort_by_key(|failure| failure.line);
    }

    fn block(&mut self, block: &Block) -> Played {
        let before = self.last_seq();
        for statement in &block.statements {
            self.statement(statement)?;
        }
        let trace = block.trace.as_ref().map(|expected| self.compare(expected, before));
        self.traces.push(trace);
        Ok(())
    }

    fn statement(&mut self, statement: &Statement) -> Played {
        let line = statement.line;
        if !matches!(statement.kind, StatementKind::Expect(_)) {
            let is_refused = self.open_deployment.is_some();
            self.close_command();
            if is_refused {
                return Err(Stop);
            }
        }
        if self.manner.restarts && self.world.is_some() {
            self.restart(line)?;
        }
        match &statement.kind {
            StatementKind::Setup(setup) => self.setup(line, setup),
            StatementKind::On(answer) => {
                self.open_world(line)?;
                let delay = match &answer.after {
                    Some(duration) => self.with_world(line, |world| world.length(duration))?,
                    None => Duration::ZERO,
                };
                self.answers.add(line, &statement.text, answer.clone(), delay);
                self.settle(line)
            }
            StatementKind::Ask { idem, ask } => {
                self.open_world(line)?;
                let asked = self.world().ask(idem.as_deref(), ask);
                self.asked(statement, asked)?;
                self.settle(line)?;
                self.check(line)
            }
            StatementKind::Clock(clock) => {
                self.open_world(line)?;
                self.clock(line, clock)?;
                self.check(line)
            }
            StatementKind::Restart => {
                self.open_world(line)?;
                self.restart(line)?;
                self.settle(line)
            }
            StatementKind::Expect(expect) => {
                self.open_world(line)?;
                self.expect(statement, expect);
                Ok(())
            }
        }
    }

    fn setup(&mut self, line: u32, setup: &Setup) -> Played {
        match setup {
            Setup::Trace(topic) => {
                self.show.add(*topic);
                self.manner.setting.records_decisions |= *topic == Topic::Decisions;
                return Ok(());
            }
            Setup::Deploy(files) => {
                let files = files.iter().map(|file| self.manner.base.join(file));
                if self.world.is_some() {
                    return self.deploy(line, &files.collect::<Vec<PathBuf>>());
                }
                self.named.get_or_insert((line, Vec::new())).1.extend(files);
                return Ok(());
            }
            Setup::Clock(_) | Setup::Zone(_) | Setup::Limit { .. } if self.world.is_some() => {
                self.fail(line, "this must stand before the first command");
                return Err(Stop);
            }
            Setup::Clock(time) => self.manner.setting.clock = Timestamp::from(*time),
            Setup::Zone(zone) => self.manner.setting.zone = *zone,
            Setup::Limit { name, value } => {
                if !self.manner.setting.limits.set(name, *value) {
                    self.fail(line, format!("no limit has the name `{name}`"));
                    return Err(Stop);
                }
            }
        }
        Ok(())
    }

    /// Makes the runtime, and deploys the files that the scenario has named, else those that belong to it.
    fn open_world(&mut self, line: u32) -> Played {
        if self.world.is_some() {
            return Ok(());
        }
        match World::new(self.manner.setting.clone(), self.manner.faults) {
            Ok(world) => self.world = Some(world),
            Err(message) => {
                self.fail(line, message);
                return Err(Stop);
            }
        }
        let (line, named) = self.named.take().unwrap_or_else(|| (line, self.manner.default_files.clone()));
        let files = [self.manner.files.as_slice(), &named].concat();
        self.deploy(line, &files)
    }

    fn deploy(&mut self, line: u32, files: &[PathBuf]) -> Played {
        self.with_world(line, |world| world.deploy(files))?;
        self.open_deployment = self.world().refused.is_some().then_some(line);
        self.settle(line)
    }

    /// Notes how a command was answered; a refused one must have changed nothing.
    fn asked(&mut self, statement: &Statement, asked: Result<(), Failed>) -> Played {
        let line = statement.line;
        match asked {
            Ok(()) => self.with_world(line, |world| world.catch_up().map(drop)),
            Err(Failed::Broken(message)) => {
                self.fail(line, message);
                Err(Stop)
            }
            Err(Failed::Rejected(rejection)) => {
                let refusal = Refusal {
                    line,
                    command: statement.text.clone(),
                    code: rejection.code,
                    message: rejection.message,
                };
                self.refusals.push(refusal.clone());
                self.open_refusals.push(refusal);
                if self.manner.faults.refusal_acts {
                    self.act_after_refusal();
                }
                self.nothing_changed(line)
            }
        }
    }

    fn expect(&mut self, statement: &Statement, expect: &Expect) {
        if let Expectation::Refused { .. } = expect.expectation {
            self.open_deployment = None;
        }
        let mut rejections: Vec<RejectionCode> =
            self.open_refusals.iter().map(|refusal| refusal.code).collect();
        let mut evidence = Evidence { rejections: &mut rejections };
        let verdict = match &self.world {
            Some(world) => world.judge(expect, &mut evidence),
            None => Err("there is no engine".to_owned()),
        };
        self.open_refusals.retain(|refusal| {
            let place = rejections.iter().position(|code| *code == refusal.code);
            place.map(|place| rejections.remove(place)).is_some()
        });
        if let Err(why) = verdict {
            self.fail(statement.line, format!("`{}`: {why}", statement.text));
        }
    }

    /// Timers that are due, then standing answers, one at a time, until nothing is due at this moment.
    fn settle(&mut self, line: u32) -> Played {
        let mut rounds: u64 = 0;
        let mut refused: BTreeSet<JobKey> = BTreeSet::new();
        loop {
            let now = self.world().now();
            self.with_world(line, |world| world.advance(now))?;
            let Some((work, index)) = self.world.as_ref().and_then(|world| {
                let open = world.open_work().filter(|work| !refused.contains(&work.at));
                self.answers.due(open, now)
            }) else {
                return Ok(());
            };
            rounds += 1;
            self.restart_between(line, rounds)?;
            if rounds > self.world().limits().moves_at_one_time {
                self.fail(line, "standing answers go on without end: moves_at_one_time is passed");
                return Err(Stop);
            }
            self.answers.spend(index);
            let standing = self.answers.get(index).clone();
            let answered = self.world().reply(None, work.at, None, &standing.answer.reply);
            if matches!(answered, Err(Failed::Rejected(_))) {
                refused.insert(work.at);
            }
            let statement = Statement {
                line: standing.line,
                text: standing.text,
                kind: StatementKind::On(standing.answer),
            };
            self.asked(&statement, answered)?;
        }
    }

    fn clock(&mut self, line: u32, clock: &Clock) -> Played {
        let to = match clock {
            Clock::After(duration) | Clock::Jump(duration) => {
                self.with_world(line, |world| world.later(duration))?
            }
            Clock::At(time) => Timestamp::from(*time),
        };
        if to < self.world().now() {
            self.fail(line, "the clock does not go back");
            return Err(Stop);
        }
        match clock {
            Clock::Jump(_) => {
                self.with_world(line, |world| world.jump(to))?;
                self.settle(line)
            }
            Clock::After(_) | Clock::At(_) => self.advance(line, to),
        }
    }

    /// From due time to due time, of timers and of answers.
    fn advance(&mut self, line: u32, to: Timestamp) -> Played {
        for step in 1.. {
            self.settle(line)?;
            let now = self.world().now();
            if now >= to {
                return Ok(());
            }
            let timer = self.with_world(line, |world| world.next_due())?;
            let answer = self.world.as_ref().and_then(|world| self.answers.next_due(world.open_work(), now));
            // A timer that stays due at a moment gone by, of a suspended instance, must not hold the clock.
            let timer = timer.filter(|due| *due > now);
            let next = timer.into_iter().chain(answer).min().unwrap_or(to).min(to);
            self.restart_between(line, step)?;
            self.with_world(line, |world| world.advance(next))?;
        }
        Ok(())
    }

    /// Opens the store anew between two commands of one statement too, unless there are very many.
    fn restart_between(&mut self, line: u32, round: u64) -> Played {
        const RESTARTS_MAX: u64 = 32;
        if self.manner.restarts && round <= RESTARTS_MAX { self.restart(line) } else { Ok(()) }
    }

    fn restart(&mut self, line: u32) -> Played {
        self.with_world(line, World::restart)
    }

    fn compare(&mut self, expected: &ExpectedTrace, before: u64) -> BlockTrace {
        let Some(world) = &self.world else { return BlockTrace { lines: Vec::new(), roots: 0 } };
        let lines = fold(world.chronicle.lines_after(before), self.show);
        let roots = world.chronicle.tracer.roots().len();
        let wanted = compare::without_comments(&expected.lines);
        let actual = Actual { lines: &lines, roots };
        if !compare::fits(&wanted, &actual) {
            let difference = compare::difference(&wanted, &actual);
            self.failures.push(Failure {
                line: expected.line,
                message: format!("the trace differs (- expected, + actual):\n{difference}"),
                cause: Cause::Trace,
            });
        }
        BlockTrace { lines, roots }
    }

    /// A refusal that nothing expected fails the scenario.
    fn close_command(&mut self) {
        for refusal in std::mem::take(&mut self.open_refusals) {
            let message =
                format!("`{}` was rejected: {}: {}", refusal.command, refusal.code.as_str(), refusal.message);
            self.failures.push(Failure { line: refusal.line, message, cause: Cause::Rejection });
        }
        if let Some(line) = self.open_deployment.take() {
            let listed = self.world.as_ref().and_then(|world| Some(world.refused.as_ref()?.listed()));
            self.fail(line, listed.unwrap_or_default());
        }
    }

    fn check(&mut self, line: u32) -> Played {
        if self.manner.probes {
            self.probe(line)?;
        }
        if !self.manner.checks {
            return Ok(());
        }
        let touched = self.world().twins.take_touched();
        self.compare_states(line, touched)
    }

    fn compare_states(&mut self, line: u32, instances: BTreeSet<InstanceId>) -> Played {
        for id in instances {
            let world = self.world();
            let checked = world.with_instance(id, |library, instance| {
                world.twins.check_replay(instance)?;
                world.twins.check_load(library, instance)
            });
            if let Some(Err(why)) = checked {
                let label = self.world().label(id);
                self.fail(line, format!("instance {label}: {why}"));
                return Err(Stop);
            }
        }
        Ok(())
    }

    fn nothing_changed(&mut self, line: u32) -> Played {
        if !self.manner.checks && !self.manner.probes {
            return Ok(());
        }
        let news = self.with_world(line, World::catch_up)?;
        if news > 0 {
            self.fail(line, format!("a rejected command was committed: {news} records"));
            return Err(Stop);
        }
        let all = self.world().twins.all().collect();
        self.compare_states(line, all)
    }

    /// Commands that no instance can carry out: keys that were never given.
    fn probe(&mut self, line: u32) -> Played {
        const PROBED_MAX: usize = 4;
        let roots: Vec<InstanceId> =
            self.world().chronicle.tracer.roots().iter().copied().take(PROBED_MAX).collect();
        let key = ElementKey(u32::MAX - 1);
        for root in roots {
            let forged = [
                Command::Complete { key, by: None, variables: Default::default() },
                Command::Due { key, which: Which(0) },
                Command::Message { key, which: Which(0), message: Default::default() },
                Command::Resolve { key },
            ];
            for command in forged {
                let name = format!("{command:?}");
                if !self.with_world(line, |world| world.probe(root, command))? {
                    self.fail(line, format!("a forged command was carried out: {name}"));
                    return Err(Stop);
                }
            }
        }
        self.nothing_changed(line)
    }

    fn act_after_refusal(&mut self) {
        let world = self.world();
        if let Some(root) = world.chronicle.tracer.roots().first().copied() {
            let variables = [("planted".to_owned(), tokenflow_feel::Value::from(true))].into_iter().collect();
            drop(world.probe(root, Command::Set { scope: ElementKey::ROOT, variables }));
        }
    }

    fn last_seq(&self) -> u64 {
        self.world.as_ref().map_or(0, |world| world.chronicle.last_seq())
    }

    fn world(&mut self) -> &mut World {
        self.world.as_mut().expect("a statement that needs the world has opened it")
    }

    fn with_world<R>(
        &mut self,
        line: u32,
        act: impl FnOnce(&mut World) -> Result<R, String>,
    ) -> Result<R, Stop> {
        match act(self.world()) {
            Ok(result) => Ok(result),
            Err(message) => {
                self.fail(line, message);
                Err(Stop)
            }
        }
    }

    fn fail(&mut self, line: u32, message: impl Into<String>) {
        self.failures.push(Failure::new(line, message));
    }
}

impl Play {
    /// Where another play of the same scenario parts from this one: the line, and what is different.
    pub(super) fn difference(&self, other: &Play) -> Option<(u32, String)> {
        if let Some(failure) = other.failures.iter().find(|failure| !self.failures.contains(failure)) {
            return Some((failure.line, failure.message.clone()));
        }
        let (Some(one), Some(two)) = (&self.world, &other.world) else { return None };
        let place = one.twins.first_difference(&two.twins)?;
        let lines = one.chronicle.journal.iter().zip(two.chronicle.journal.iter());
        let parting = lines.into_iter().find(|(one, two)| one != two);
        let shown = parting.map_or(String::new(), |(one, two)| {
            format!(
                " (`{} {}` at {}, `{} {}` at {})",
                one.word, one.element, one.at, two.word, two.element, two.at
            )
        });
        Some((1, format!("transition {place} of {} differs{shown}", one.twins.len())))
    }
}
