//! Random models: blocks within blocks from all constructs, then a few edits that break the structure.

mod activity;
mod event;

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
            let before = split.clone();
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
