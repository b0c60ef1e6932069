//! Events, their definitions and links (8.4.3 to 8.4.5, 10.5).

use super::rule;
use crate::diagnostic::Explanation;

pub(super) const TABLE: &[Explanation] = &[
    rule(
        63,
        "an event definition in the wrong place",
        "Each kind of event has its own list of definitions (Tables 10.84 to 10.93): nobody throws time, \
         waits for an escalation in the middle of the flow, or ends with a condition; and an intermediate \
         catch event without a definition waits for nothing. An error.",
    ),
    rule(
        66,
        "an error that does not interrupt",
        "The start event of an error event sub-process always interrupts (Table 10.86): after an error \
         the scope cannot go on. `isInterrupting` is not false. An error.",
    ),
    rule(
        67,
        "a boundary event that must interrupt",
        "A boundary event for an error or a cancellation always interrupts (Tables 10.90 to 10.92), so \
         `cancelActivity` is not false. An error.",
    ),
    rule(
        68,
        "a boundary event without a definition",
        "A boundary event has at least one event definition (10.5.4): without it nothing ever triggers \
         it. An error.",
    ),
    rule(
        69,
        "a boundary event that leads nowhere",
        "A boundary event has an outgoing flow; only for compensation it has none, but an association to \
         the activity that undoes the work (10.5.4). An error.",
    ),
    rule(
        70,
        "a boundary event away from its activity",
        "A boundary event and its activity stand in the same container (10.5.4): otherwise its flows \
         would leave the scope of the activity. An error in an executable process, a note elsewhere.",
    ),
    rule(
        71,
        "a boundary event of an event sub-process",
        "An event sub-process is not part of the flow and has no boundary events (13.5.4). An error: \
         handle the event inside it, or around it.",
    ),
    rule(
        72,
        "a cancel event away from a transaction",
        "A cancel boundary event is attached to a transaction (10.5.5): only transactions are cancelled. \
         An error.",
    ),
    rule(
        73,
        "a cancel end outside a transaction",
        "A cancel end event lies directly in a transaction (10.5.3, 10.5.5), whose work it takes back. An \
         error.",
    ),
    rule(
        74,
        "an intermediate event beside the flow",
        "An intermediate event has incoming and outgoing flows; links have only one of the two (10.5.4). \
         An error.",
    ),
    rule(
        75,
        "parallel multiple with one definition",
        "`parallelMultiple` says that all of several definitions must occur (10.5.4). With fewer than two \
         it says nothing. A warning.",
    ),
    rule(
        76,
        "a message event without message",
        "A message event of an executable process names its message (Table 10.99); otherwise nobody knows \
         what to wait for or to send. An error in an executable process; a warning where a dialect makes \
         the throw a job of the host; a note elsewhere.",
    ),
    rule(
        77,
        "a message event without operation",
        "A message event of an executable process names the operation of a service (Table 10.99). Hardly \
         any file does; the message alone decides here. One note for the whole file.",
    ),
    rule(
        78,
        "a signal event without signal",
        "A signal event of an executable process names its signal (10.5.5): a signal is caught by its \
         name. An error in an executable process, a note elsewhere.",
    ),
    rule(
        79,
        "an error without a code",
        "The error that an end event throws has an `errorCode` (8.4.3). Without it only a handler that \
         names no error catches it. A warning in an executable process, a note elsewhere.",
    ),
    rule(
        80,
        "an escalation without a code",
        "The escalation that an event throws has an `escalationCode` (8.4.4). Without it only a handler \
         that names no escalation catches it. A warning in an executable process, a note elsewhere.",
    ),
    rule(
        81,
        "a timer without one form",
        "A timer definition has exactly one of `timeDate`, `timeDuration` and `timeCycle` (Table 10.101). \
         An error in an executable process, a note elsewhere.",
    ),
    rule(
        82,
        "a time that is not ISO 8601",
        "A date is written like `2026-11-24T10:00:00Z`, a duration like `PT1H30M` or `P1D`, a cycle like \
         `R3/PT10M` (Table 10.101), and each stands in the child of its kind. An error in an executable \
         process, a note elsewhere.",
    ),
    rule(
        83,
        "an event's condition in words",
        "The condition of a conditional event in an executable process is a formal expression (10.5.5). \
         Text without `xsi:type=\"tFormalExpression\"` is read as formal. A warning.",
    ),
    rule(
        84,
        "a start condition that reads process data",
        "A conditional start event of a process is watched before there is an instance, so its condition \
         refers to no data of the process (Table 10.84). An error.",
    ),
    rule(
        85,
        "a shared definition that is not at the top",
        "A definition that stands inside an event belongs to that event alone; one that several events \
         refer to stands directly under `definitions` (10.5.1). An error.",
    ),
    rule(
        86,
        "event data without a definition",
        "An event has one data input or output for each definition that carries an item, in the same \
         order (10.4.1). Otherwise nobody could say which payload goes where. An error.",
    ),
    rule(
        87,
        "event data of another type",
        "A data input or output of an event has the item definition of its message, error, escalation or \
         signal (10.4.1). An error.",
    ),
    rule(
        88,
        "several message flows at one message event",
        "A message event sends along one message flow, or receives along one (10.5.4). An error: several \
         messages need several events or a multiple event.",
    ),
    rule(
        89,
        "a message flow into another start event",
        "A start event that a message flow leads to has a message definition, and is a multiple event \
         where there are several (10.5.2). An error.",
    ),
    rule(
        90,
        "a message flow out of another end event",
        "An end event that a message flow leaves has a message definition, and is a multiple event where \
         there are several (10.5.3). An error.",
    ),
    rule(
        91,
        "an event that sends and receives",
        "An intermediate event has message flows in one direction only (10.5.4). An error.",
    ),
    rule(
        92,
        "a message flow with another message",
        "The message that is shown on a message flow is that of the event at its end (9.4). A warning.",
    ),
    rule(
        93,
        "a link that leads nowhere",
        "A link event has a name, and a throw is joined with the catch of the same name (10.5.5). An \
         error: the token would have nowhere to go on.",
    ),
    rule(
        94,
        "a link with two ends, or with none",
        "For each name one event of a level catches the link (10.5.1). Two are an error: nobody could say \
         where the token goes on. One that nothing throws is a warning: it never happens.",
    ),
    rule(
        95,
        "a link into another sub-process",
        "Both ends of a link lie in the same process or sub-process (10.5.5); a link is a sequence flow \
         without a line. An error.",
    ),
    rule(
        96,
        "a link with flows on both sides",
        "An event that throws a link has incoming flows only, one that catches it has outgoing flows only \
         (10.5.4). An error.",
    ),
    rule(
        97,
        "links with different names",
        "`source` and `target` of a link, where they are given, lead to links of the same name (10.5.5). \
         A warning: the name decides.",
    ),
    rule(
        98,
        "a link beside other definitions",
        "A link definition is the only one of its event (10.5.5). A warning.",
    ),
];
