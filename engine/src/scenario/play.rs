//! Plays a scenario from top to bottom: statements, standing answers, the clock, and what is expected.

mod checks;
mod time;

use crate::command::RejectionCode;
use crate::id::Timestamp;
use crate::scenario::answers::Answers;
use crate::scenario::ask::Failed;
use crate::scenario::checks::Faults;
use crate::scenario::compare::{self, Actual};
use crate::scenario::judge::Evidence;
use crate::scenario::outcome::{Cause, Failure, Refusal};
use crate::scenario::statement::{
    Block, Expect, Expectation, ExpectedTrace, Setup, Statement, StatementKind,
};
use crate::scenario::world::{Setting, World};
use crate::trace::{Show, TextLine, Topic, fold};
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

    /// A play in a world that is there already; nothing is deployed of itself.
    pub(super) fn within(manner: Manner, world: World) -> Play {
        Play { world: Some(world), ..Play::new(manner) }
    }

    /// Plays one block in that world.
    pub(super) fn play_block(&mut self, block: &Block) {
        // What ends a play has noted its failure.
        drop(self.block(block).and_then(|()| self.close_command()));
    }

    /// Plays all blocks; goes on after a failure where that makes sense.
    pub(super) fn play(&mut self, blocks: &[Block]) {
        // What ends a play has noted its failure; refusals of the command before it may be left.
        drop(self.play_through(blocks));
        drop(self.close_command());
        self.failures.sort_by_key(|failure| failure.line);
    }

    fn play_through(&mut self, blocks: &[Block]) -> Played {
        for block in blocks {
            self.block(block)?;
        }
        self.open_world(1)?;
        self.close_command()
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
            self.close_command()?;
        }
        if self.manner.restarts && self.world.is_some() {
            self.restart(line)?;
        }
        match &statement.kind {
            StatementKind::Setup(setup) => self.setup(line, setup),
            StatementKind::On(answer) => {
                self.begin_command(line)?;
                let delay = match &answer.after {
                    Some(duration) => self.with_world(line, |world| world.length(duration))?,
                    None => Duration::ZERO,
                };
                self.answers.add(line, &statement.text, answer.clone(), delay);
                self.settle(line)
            }
            StatementKind::Ask { idem, ask } => {
                self.begin_command(line)?;
                let asked = self.world().ask(idem.as_deref(), ask);
                self.asked(statement, asked)?;
                self.settle(line)?;
                self.check(line)
            }
            StatementKind::Clock(clock) => {
                self.begin_command(line)?;
                self.clock(line, clock)?;
                self.check(line)
            }
            StatementKind::Restart => {
                self.begin_command(line)?;
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

    /// Nothing can be asked of files that were refused.
    fn begin_command(&mut self, line: u32) -> Played {
        self.open_world(line)?;
        self.close_command()
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
                    self.act_unasked();
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

    /// A refusal that nothing expected fails the scenario; that of a deployment ends it.
    fn close_command(&mut self) -> Played {
        for refusal in std::mem::take(&mut self.open_refusals) {
            let message =
                format!("`{}` was rejected: {}: {}", refusal.command, refusal.code.as_str(), refusal.message);
            self.failures.push(Failure { line: refusal.line, message, cause: Cause::Rejection });
        }
        let Some(line) = self.open_deployment.take() else { return Ok(()) };
        let listed = self.world.as_ref().and_then(|world| Some(world.refused.as_ref()?.listed()));
        self.fail(line, listed.unwrap_or_default());
        Err(Stop)
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
