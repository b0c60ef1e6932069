//! Events of random models: catches, throws, links and races.

use super::{Build, Inside, Level};
use std::fmt::Write;

impl Build {
    pub(super) fn catch(&mut self, level: &mut Level, from: String) -> String {
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

    pub(super) fn throw(&mut self, level: &mut Level, from: String) -> String {
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

    pub(super) fn links(&mut self, level: &mut Level, from: String) -> String {
        self.note("link");
        let (throw, catch) = (self.id("L"), self.id("L"));
        let _ = write!(
            level.xml,
            "<intermediateThrowEvent id=\"{throw}\"><linkEventDefinition name=\"{throw}\"/></intermediateThrowEvent><intermediateCatchEvent id=\"{catch}\"><linkEventDefinition name=\"{throw}\"/></intermediateCatchEvent>"
        );
        self.flow(level, &from, &throw);
        catch
    }

    pub(super) fn event_based(&mut self, level: &mut Level, from: String) -> String {
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

    pub(super) fn handler_trigger(&mut self) -> String {
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

    pub(super) fn event_sub_process(&mut self, level: &mut Level, depth: u32) {
        self.note("event-sub-process");
        let id = self.id("S");
        let content = self.level(depth.min(2) - 1, false, Inside::Handler);
        let _ = write!(level.xml, "<subProcess id=\"{id}\" triggeredByEvent=\"true\">{content}</subProcess>");
    }
}
