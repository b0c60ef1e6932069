//! Activities of random models: tasks, loops around them, events attached to them, sub-processes.

use super::{Build, Inside, Level};
use std::fmt::Write;

impl Build {
    pub(super) fn simple(&mut self, level: &mut Level, from: String, element: &'static str) -> String {
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

    pub(super) fn simple_task(&mut self, level: &mut Level, from: String) -> String {
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
    pub(super) fn activity(&mut self, level: &mut Level, from: String) -> String {
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

    pub(super) fn boundaries(&mut self, level: &mut Level, host: &str) {
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

    pub(super) fn sub_process(&mut self, level: &mut Level, depth: u32, calls: bool, from: String) -> String {
        self.note("sub-process");
        let id = self.id("S");
        let content = self.level(depth - 1, calls, Inside::SubProcess);
        let repeat = self.repeat();
        let _ = write!(level.xml, "<subProcess id=\"{id}\">{repeat}{content}</subProcess>");
        self.flow(level, &from, &id);
        self.boundaries(level, &id);
        id
    }

    pub(super) fn transaction(&mut self, level: &mut Level, depth: u32, calls: bool, from: String) -> String {
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

    pub(super) fn ad_hoc(&mut self, level: &mut Level, from: String) -> String {
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

    pub(super) fn call(&mut self, level: &mut Level, from: String) -> String {
        self.note("call");
        let id = self.id("K");
        let _ = write!(level.xml, "<callActivity id=\"{id}\" calledElement=\"Q\"/>");
        self.flow(level, &from, &id);
        self.boundaries(level, &id);
        id
    }

    /// A task with a compensation handler.
    pub(super) fn compensable(&mut self, level: &mut Level, from: String) -> String {
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
}
