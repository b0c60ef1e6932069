//! Random models: blocks within blocks from all constructs, then a few edits that break the structure.

use crate::random::Random;
use std::collections::BTreeSet;
use std::fmt::Write;

/// A generated file and what is in it.
pub(crate) struct Model {
    pub(crate) files: Vec<String>,
    pub(crate) constructs: BTreeSet<&'static str>,
}

/// Everything that the generator can make.
pub(crate) const CONSTRUCTS: &[&str] = &[
    "task",
    "userTask",
    "serviceTask",
    "sendTask",
    "receiveTask",
    "scriptTask",
    "exclusive",
    "parallel",
    "inclusive",
    "complex",
    "event-based",
    "sub-process",
    "transaction",
    "ad-hoc",
    "event-sub-process",
    "call",
    "loop",
    "multi-parallel",
    "multi-sequential",
    "boundary-timer",
    "boundary-message",
    "boundary-signal",
    "boundary-error",
    "boundary-escalation",
    "boundary-conditional",
    "compensation-boundary",
    "compensation-throw",
    "signal-throw",
    "message-throw",
    "escalation-throw",
    "error-end",
    "terminate-end",
    "cancel-end",
    "link",
    "timer-catch",
    "signal-catch",
    "parallel-multiple",
    "conditional-flows",
    "quantity",
    "unstructured",
];

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 targetNamespace="http://tokenflow.dev/simulation" expressionLanguage="https://www.omg.org/spec/DMN/20191111/FEEL/">
<message id="M0" name="M0"/><message id="M1" name="M1"/><signal id="S0" name="S0"/><signal id="S1" name="S1"/>
<error id="E0" name="E0" errorCode="E0"/><error id="E1" name="E1" errorCode="E1"/>
<escalation id="X0" name="X0" escalationCode="X0"/>
"#;

/// Makes the model of a seed; `size` bounds how deep and wide it gets.
pub(crate) fn generate(seed: u64, size: u32) -> Model {
    let mut build =
        Build { random: Random::new(seed), next: 0, budget: 4 + size * 3, constructs: BTreeSet::new() };
    let mut text = HEAD.to_owned();
    let called = build.random.once_in(3);
    let _ = writeln!(
        text,
        "<process id=\"P\" isExecutable=\"true\">{}</process>",
        build.level(size, called, Inside::Process)
    );
    if called {
        build.budget = 4 + size;
        let _ = writeln!(
            text,
            "<process id=\"Q\" isExecutable=\"true\">{}</process>",
            build.level(size / 2, false, Inside::Process)
        );
    }
    text.push_str("</definitions>\n");
    Model { files: vec![text], constructs: build.constructs }
}

#[derive(Clone, Copy, PartialEq)]
enum Inside {
    Process,
    SubProcess,
    Transaction,
    Handler,
}

struct Build {
    random: Random,
    next: u32,
    budget: u32,
    constructs: BTreeSet<&'static str>,
}

/// One level under construction: its elements, and its flows as (source, target, condition).
#[derive(Default)]
struct Level {
    xml: String,
    flows: Vec<(String, String, Option<String>)>,
    defaults: Vec<String>,
    /// Nodes between which the structure may be broken: they take any number of flows.
    open: Vec<String>,
    ended: Vec<String>,
}

impl Build {
    fn id(&mut self, kind: &str) -> String {
        self.next += 1;
        format!("{kind}_{}", self.next)
    }

    fn note(&mut self, construct: &'static str) {
        self.constructs.insert(construct);
    }

    fn condition(&mut self) -> String {
        let variable = ["a", "b", "c"][self.random.below(3) as usize];
        match self.random.below(4) {
            0 => format!("{variable} = 1"),
            1 => format!("not({variable} = 2)"),
            2 => format!("{variable} in (0, 2)"),
            _ => format!("if {variable} = null then false else {variable} &gt; 0"),
        }
    }

    /// The content of a process or sub-process.
    fn level(&mut self, depth: u32, calls: bool, inside: Inside) -> String {
        let mut level = Level::default();
        let start = self.id("Start");
        let definition = if inside == Inside::Handler { self.handler_trigger() } else { String::new() };
        let _ = write!(level.xml, "<startEvent id=\"{start}\"{definition}");
        let last = self.sequence(&mut level, depth, calls, inside, start);
        self.end(&mut level, inside, last);
        if depth > 2 && inside != Inside::Handler && self.random.once_in(3) {
            self.event_sub_process(&mut level, depth);
        }
        if self.random.once_in(4) {
            self.break_structure(&mut level);
        }
        self.finish(level)
    }

    fn handler_trigger(&mut self) -> String {
        let interrupting = self.random.once_in(2);
        let (definition, must_interrupt) = match self.random.below(5) {
            0 => ("<messageEventDefinition messageRef=\"M1\"/>", false),
            1 => ("<signalEventDefinition signalRef=\"S1\"/>", false),
            2 => ("<timerEventDefinition><timeDuration>PT5M</timeDuration></timerEventDefinition>", false),
            3 => ("<escalationEventDefinition escalationRef=\"X0\"/>", false),
            _ => ("<errorEventDefinition errorRef=\"E1\"/>", true),
        };
        format!(" isInterrupting=\"{}\">{definition}</startEvent>", interrupting || must_interrupt)
    }

    /// A sequence of blocks from `from`; gives the node that the path goes on from.
    fn sequence(
        &mut self,
        level: &mut Level,
        depth: u32,
        calls: bool,
        inside: Inside,
        from: String,
    ) -> String {
        if from.starts_with("Start") && inside != Inside::Handler {
            level.xml.push_str("/>");
        }
        let mut last = from;
        for _ in 0..1 + self.random.below(3) {
            if self.budget == 0 {
                break;
            }
            self.budget -= 1;
            last = self.block(level, depth, calls, inside, last);
        }
        last
    }

    fn flow(&mut self, level: &mut Level, from: &str, to: &str) {
        level.flows.push((from.to_owned(), to.to_owned(), None));
    }

    fn block(&mut self, level: &mut Level, depth: u32, calls: bool, inside: Inside, from: String) -> String {
        let kinds = if depth == 0 { 8 } else { 24 };
        match self.random.below(kinds) {
            0 => self.simple(level, from, "task"),
            1 | 2 => self.activity(level, from),
            3 => self.catch(level, from),
            4 => self.throw(level, from),
            5 => self.simple_task(level, from),
            6 => self.links(level, from),
            7 | 8 => self.activity(level, from),
            9 | 10 => self.branches(level, depth, calls, inside, from, "exclusive"),
            11 | 12 => self.branches(level, depth, calls, inside, from, "parallel"),
            13 | 14 => self.branches(level, depth, calls, inside, from, "inclusive"),
            15 => self.branches(level, depth, calls, inside, from, "complex"),
            16 => self.event_based(level, from),
            17 | 18 => self.sub_process(level, depth, calls, from),
            19 => self.transaction(level, depth, calls, from),
            20 => self.ad_hoc(level, from),
            21 if calls => self.call(level, from),
            22 => self.conditional_flows(level, depth, calls, inside, from),
            _ => self.compensable(level, from),
        }
    }

    fn simple(&mut self, level: &mut Level, from: String, element: &'static str) -> String {
        self.note(element);
        let id = self.id("T");
        let quantity = if self.random.once_in(12) {
            self.note("quantity");
            " startQuantity=\"2\" completionQuantity=\"2\""
        } else {
            ""
        };
        let _ = write!(level.xml, "<{element} id=\"{id}\"{quantity}/>");
        self.flow(level, &from, &id);
        level.open.push(id.clone());
        id
    }

    fn simple_task(&mut self, level: &mut Level, from: String) -> String {
        match self.random.below(3) {
            0 => {
                self.note("scriptTask");
                let id = self.id("T");
                let _ = write!(
                    level.xml,
                    "<scriptTask id=\"{id}\" scriptFormat=\"feel\"><script>{{ a: 1 }}</script></scriptTask>"
                );
                self.flow(level, &from, &id);
                id
            }
            1 => {
                self.note("sendTask");
                let id = self.id("T");
                let _ = write!(level.xml, "<sendTask id=\"{id}\" messageRef=\"M0\"/>");
                self.flow(level, &from, &id);
                id
            }
            _ => {
                self.note("receiveTask");
                let id = self.id("T");
                let _ = write!(level.xml, "<receiveTask id=\"{id}\" messageRef=\"M0\"/>");
                self.flow(level, &from, &id);
                id
            }
        }
    }

    /// A user or service task, perhaps repeated, perhaps with boundary events.
    fn activity(&mut self, level: &mut Level, from: String) -> String {
        let element = ["userTask", "serviceTask"][self.random.below(2) as usize];
        self.note(element);
        let id = self.id("T");
        let repeat = self.repeat();
        let _ = write!(level.xml, "<{element} id=\"{id}\">{repeat}</{element}>");
        self.flow(level, &from, &id);
        level.open.push(id.clone());
        self.boundaries(level, &id);
        id
    }

    fn repeat(&mut self) -> String {
        let formal = "xsi:type=\"tFormalExpression\"";
        match self.random.below(9) {
            0 => {
                self.note("loop");
                format!(
                    "<standardLoopCharacteristics testBefore=\"{}\" loopMaximum=\"3\"><loopCondition {formal}>a = 1</loopCondition></standardLoopCharacteristics>",
                    self.random.once_in(2)
                )
            }
            1 | 2 => {
                let sequential = self.random.once_in(2);
                self.note(if sequential { "multi-sequential" } else { "multi-parallel" });
                let done = if self.random.once_in(2) {
                    format!(
                        "<completionCondition {formal}>numberOfCompletedInstances &gt;= 2</completionCondition>"
                    )
                } else {
                    String::new()
                };
                format!(
                    "<multiInstanceLoopCharacteristics isSequential=\"{sequential}\"><loopCardinality {formal}>{}</loopCardinality>{done}</multiInstanceLoopCharacteristics>",
                    self.random.below(4)
                )
            }
            _ => String::new(),
        }
    }

    fn boundaries(&mut self, level: &mut Level, host: &str) {
        if !self.random.once_in(3) {
            return;
        }
        let kinds: [(&'static str, &str, bool); 6] = [
            (
                "boundary-timer",
                "<timerEventDefinition><timeDuration>PT1M</timeDuration></timerEventDefinition>",
                false,
            ),
            ("boundary-message", "<messageEventDefinition messageRef=\"M0\"/>", false),
            ("boundary-signal", "<signalEventDefinition signalRef=\"S0\"/>", false),
            ("boundary-error", "<errorEventDefinition errorRef=\"E0\"/>", true),
            ("boundary-escalation", "<escalationEventDefinition escalationRef=\"X0\"/>", false),
            (
                "boundary-conditional",
                "<conditionalEventDefinition><condition xsi:type=\"tFormalExpression\">b = 2</condition></conditionalEventDefinition>",
                false,
            ),
        ];
        let (kind, definition, must_interrupt) = kinds[self.random.below(6) as usize];
        self.note(kind);
        let (id, end) = (self.id("B"), self.id("End"));
        let cancels = must_interrupt || self.random.once_in(2);
        let _ = write!(
            level.xml,
            "<boundaryEvent id=\"{id}\" attachedToRef=\"{host}\" cancelActivity=\"{cancels}\">{definition}</boundaryEvent><endEvent id=\"{end}\"/>"
        );
        self.flow(level, &id, &end);
    }

    fn catch(&mut self, level: &mut Level, from: String) -> String {
        let id = self.id("C");
        let (definition, attribute) = match self.random.below(3) {
            0 => {
                self.note("timer-catch");
                ("<timerEventDefinition><timeDuration>PT2M</timeDuration></timerEventDefinition>", "")
            }
            1 => {
                self.note("signal-catch");
                ("<signalEventDefinition signalRef=\"S0\"/>", "")
            }
            _ => {
                self.note("parallel-multiple");
                (
                    "<messageEventDefinition messageRef=\"M0\"/><signalEventDefinition signalRef=\"S1\"/>",
                    " parallelMultiple=\"true\"",
                )
            }
        };
        let _ = write!(
            level.xml,
            "<intermediateCatchEvent id=\"{id}\"{attribute}>{definition}</intermediateCatchEvent>"
        );
        self.flow(level, &from, &id);
        id
    }

    fn throw(&mut self, level: &mut Level, from: String) -> String {
        let id = self.id("H");
        let definition = match self.random.below(4) {
            0 => {
                self.note("signal-throw");
                "<signalEventDefinition signalRef=\"S0\"/>"
            }
            1 => {
                self.note("message-throw");
                "<messageEventDefinition messageRef=\"M0\"/>"
            }
            2 => {
                self.note("escalation-throw");
                "<escalationEventDefinition escalationRef=\"X0\"/>"
            }
            _ => {
                self.note("compensation-throw");
                "<compensateEventDefinition/>"
            }
        };
        let _ =
            write!(level.xml, "<intermediateThrowEvent id=\"{id}\">{definition}</intermediateThrowEvent>");
        self.flow(level, &from, &id);
        id
    }

    fn links(&mut self, level: &mut Level, from: String) -> String {
        self.note("link");
        let (throw, catch) = (self.id("L"), self.id("L"));
        let _ = write!(
            level.xml,
            "<intermediateThrowEvent id=\"{throw}\"><linkEventDefinition name=\"{throw}\"/></intermediateThrowEvent><intermediateCatchEvent id=\"{catch}\"><linkEventDefinition name=\"{throw}\"/></intermediateCatchEvent>"
        );
        self.flow(level, &from, &throw);
        catch
    }

    /// A split, its branches and the join of the same kind, or now and then of another.
    fn branches(
        &mut self,
        level: &mut Level,
        depth: u32,
        calls: bool,
        inside: Inside,
        from: String,
        kind: &'static str,
    ) -> String {
        self.note(kind);
        let gateway = |kind: &str, id: &str, default: &str| {
            let condition = "<activationCondition xsi:type=\"tFormalExpression\">activationCount &gt;= 1</activationCondition>";
            let body = if kind == "complex" && default.is_empty() { condition } else { "" };
            format!("<{kind}Gateway id=\"{id}\"{default}>{body}</{kind}Gateway>")
        };
        let (split, join) = (self.id("G"), self.id("G"));
        let splits = if kind == "complex" { "inclusive" } else { kind };
        let joins = match (kind, self.random.below(6)) {
            ("exclusive", _) => "exclusive",
            ("parallel", 0) => "inclusive",
            ("inclusive", 0) => "exclusive",
            (other, _) => other,
        };
        let count = 2 + self.random.below(2);
        let mut default = String::new();
        for branch in 0..count {
            let place = level.flows.len();
            let before = format!("{split}");
            let first_is_direct = self.random.once_in(5);
            let last = if first_is_direct {
                before.clone()
            } else {
                self.sequence_from(level, depth - 1, calls, inside, before.clone())
            };
            self.flow(level, &last, &join);
            let is_default = branch + 1 == count && splits != "parallel";
            let condition = self.condition();
            if let Some(flow) = level.flows[place..].iter_mut().find(|flow| flow.0 == split) {
                if is_default {
                    default = format!("{}>{}", flow.0, flow.1);
                } else if splits != "parallel" {
                    flow.2 = Some(condition);
                }
            }
        }
        let marker =
            if default.is_empty() { String::new() } else { format!(" default=\"{}\"", flow_id(&default)) };
        let split_xml = format!("<{splits}Gateway id=\"{split}\"{marker}/>");
        level.xml.push_str(&split_xml);
        level.xml.push_str(&gateway(joins, &join, ""));
        if !default.is_empty() {
            level.defaults.push(default);
        }
        self.flow(level, &from, &split);
        join
    }

    fn sequence_from(
        &mut self,
        level: &mut Level,
        depth: u32,
        calls: bool,
        inside: Inside,
        from: String,
    ) -> String {
        let mut last = from;
        for _ in 0..1 + self.random.below(2) {
            if self.budget == 0 {
                break;
            }
            self.budget -= 1;
            last = self.block(level, depth, calls, inside, last);
        }
        last
    }

    fn event_based(&mut self, level: &mut Level, from: String) -> String {
        self.note("event-based");
        let (gateway, join) = (self.id("G"), self.id("G"));
        let _ = write!(level.xml, "<eventBasedGateway id=\"{gateway}\"/><exclusiveGateway id=\"{join}\"/>");
        self.flow(level, &from, &gateway);
        for definition in [
            "<messageEventDefinition messageRef=\"M1\"/>",
            "<timerEventDefinition><timeDuration>PT3M</timeDuration></timerEventDefinition>",
            "<signalEventDefinition signalRef=\"S0\"/>",
        ] {
            let id = self.id("C");
            let _ = write!(
                level.xml,
                "<intermediateCatchEvent id=\"{id}\">{definition}</intermediateCatchEvent>"
            );
            self.flow(level, &gateway, &id);
            self.flow(level, &id, &join);
        }
        join
    }

    fn sub_process(&mut self, level: &mut Level, depth: u32, calls: bool, from: String) -> String {
        self.note("sub-process");
        let id = self.id("S");
        let content = self.level(depth - 1, calls, Inside::SubProcess);
        let repeat = self.repeat();
        let _ = write!(level.xml, "<subProcess id=\"{id}\">{repeat}{content}</subProcess>");
        self.flow(level, &from, &id);
        self.boundaries(level, &id);
        id
    }

    fn transaction(&mut self, level: &mut Level, depth: u32, calls: bool, from: String) -> String {
        self.note("transaction");
        let (id, boundary, end) = (self.id("S"), self.id("B"), self.id("End"));
        let content = self.level(depth - 1, calls, Inside::Transaction);
        let _ = write!(
            level.xml,
            "<transaction id=\"{id}\">{content}</transaction><boundaryEvent id=\"{boundary}\" attachedToRef=\"{id}\"><cancelEventDefinition/></boundaryEvent><endEvent id=\"{end}\"/>"
        );
        self.flow(level, &from, &id);
        self.flow(level, &boundary, &end);
        id
    }

    fn ad_hoc(&mut self, level: &mut Level, from: String) -> String {
        self.note("ad-hoc");
        let (id, one, two) = (self.id("S"), self.id("T"), self.id("T"));
        let ordering = ["Parallel", "Sequential"][self.random.below(2) as usize];
        let condition = if self.random.once_in(2) {
            "<completionCondition xsi:type=\"tFormalExpression\">a = 1</completionCondition>"
        } else {
            ""
        };
        let _ = write!(
            level.xml,
            "<adHocSubProcess id=\"{id}\" ordering=\"{ordering}\" cancelRemainingInstances=\"{}\"><userTask id=\"{one}\"/><task id=\"{two}\"/>{condition}</adHocSubProcess>",
            self.random.once_in(2)
        );
        self.flow(level, &from, &id);
        id
    }

    fn call(&mut self, level: &mut Level, from: String) -> String {
        self.note("call");
        let id = self.id("K");
        let _ = write!(level.xml, "<callActivity id=\"{id}\" calledElement=\"Q\"/>");
        self.flow(level, &from, &id);
        self.boundaries(level, &id);
        id
    }

    /// An activity whose flows have conditions, with a merge.
    fn conditional_flows(
        &mut self,
        level: &mut Level,
        depth: u32,
        calls: bool,
        inside: Inside,
        from: String,
    ) -> String {
        self.note("conditional-flows");
        let host = self.simple(level, from, "task");
        let join = self.id("G");
        let _ = write!(level.xml, "<exclusiveGateway id=\"{join}\"/>");
        for _ in 0..2 {
            let place = level.flows.len();
            let last = self.sequence_from(level, depth - 1, calls, inside, host.clone());
            self.flow(level, &last, &join);
            let condition = self.condition();
            if let Some(flow) = level.flows[place..].iter_mut().find(|flow| flow.0 == host)
                && self.random.once_in(2)
            {
                flow.2 = Some(condition);
            }
        }
        join
    }

    /// A task with a compensation handler.
    fn compensable(&mut self, level: &mut Level, from: String) -> String {
        self.note("compensation-boundary");
        let (id, boundary, undo) = (self.id("T"), self.id("B"), self.id("U"));
        let element = ["task", "userTask"][self.random.below(2) as usize];
        let handler = ["task", "userTask"][self.random.below(2) as usize];
        let _ = write!(
            level.xml,
            "<{element} id=\"{id}\"/><boundaryEvent id=\"{boundary}\" attachedToRef=\"{id}\"><compensateEventDefinition/></boundaryEvent><{handler} id=\"{undo}\" isForCompensation=\"true\"/>"
        );
        level.ended.push(format!("<association id=\"A{boundary}\" sourceRef=\"{boundary}\" targetRef=\"{undo}\" associationDirection=\"One\"/>"));
        self.flow(level, &from, &id);
        id
    }

    fn event_sub_process(&mut self, level: &mut Level, depth: u32) {
        self.note("event-sub-process");
        let id = self.id("S");
        let content = self.level(depth.min(2) - 1, false, Inside::Handler);
        let _ = write!(level.xml, "<subProcess id=\"{id}\" triggeredByEvent=\"true\">{content}</subProcess>");
    }

    fn end(&mut self, level: &mut Level, inside: Inside, last: String) {
        let id = self.id("End");
        let definition = match self.random.below(12) {
            0 => {
                self.note("terminate-end");
                "<terminateEventDefinition/>"
            }
            1 => {
                self.note("error-end");
                "<errorEventDefinition errorRef=\"E0\"/>"
            }
            2 | 3 if inside == Inside::Transaction => {
                self.note("cancel-end");
                "<cancelEventDefinition/>"
            }
            4 => "<signalEventDefinition signalRef=\"S1\"/>",
            _ => "",
        };
        let _ = write!(level.xml, "<endEvent id=\"{id}\">{definition}</endEvent>");
        self.flow(level, &last, &id);
    }

    /// A few flows where no block would have them.
    fn break_structure(&mut self, level: &mut Level) {
        for _ in 0..1 + self.random.below(2) {
            let (Some(from), Some(to)) =
                (self.random.pick(&level.open).cloned(), self.random.pick(&level.open).cloned())
            else {
                return;
            };
            let known = level.flows.iter().any(|flow| flow.0 == from && flow.1 == to);
            if !known {
                self.note("unstructured");
                let condition = self.condition();
                level.flows.push((from, to, Some(condition)));
            }
        }
    }

    fn finish(&mut self, level: Level) -> String {
        let mut xml = level.xml;
        let mut seen = BTreeSet::new();
        for (from, to, condition) in level.flows {
            let id = flow_id(&format!("{from}>{to}"));
            if !seen.insert(id.clone()) {
                continue;
            }
            let is_default = level.defaults.contains(&format!("{from}>{to}"));
            let condition = condition.filter(|_| !is_default).map_or(String::new(), |condition| {
                format!(
                    "<conditionExpression xsi:type=\"tFormalExpression\">{condition}</conditionExpression>"
                )
            });
            let _ = write!(
                xml,
                "<sequenceFlow id=\"{id}\" sourceRef=\"{from}\" targetRef=\"{to}\">{condition}</sequenceFlow>"
            );
        }
        level.ended.iter().for_each(|association| xml.push_str(association));
        xml.push('\n');
        xml
    }
}

fn flow_id(ends: &str) -> String {
    format!("F_{}", ends.replace('>', "_to_"))
}
