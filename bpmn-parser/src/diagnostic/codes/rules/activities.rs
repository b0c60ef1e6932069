//! Activities, loops and compensation (10.3, 10.7).

use super::rule;
use crate::diagnostic::Explanation;

pub(super) const TABLE: &[Explanation] = &[
    rule(
        99,
        "a quantity below one",
        "`startQuantity` and `completionQuantity` are at least 1 (Table 10.3): an activity that needs no \
         token would start without end. An error.",
    ),
    rule(
        100,
        "an instantiating receive task in the flow",
        "A receive task with `instantiate=\"true\"` creates the instance, so no flow leads to it \
         (10.3.3). An error.",
    ),
    rule(
        101,
        "a script without its language",
        "A script has a `scriptFormat`, a MIME type such as `text/feel` (10.3.3). Without it nobody knows \
         how to run the text: an error. A bare name such as `groovy` in a file without a dialect is a \
         warning.",
    ),
    rule(
        102,
        "an operation with several input sets",
        "A service task with an operation has exactly one input set and at most one output set (10.3.3, \
         10.4.1), because an operation takes one message and gives at most one. An error.",
    ),
    rule(
        103,
        "an input unlike the message of the operation",
        "The data input of a service task has the item of the operation's in message, its data output \
         that of the out message (10.4.1). An error.",
    ),
    rule(
        104,
        "a send task with another input",
        "A send task has at most one input set with one data input, whose item is that of the message \
         (10.3.3). An error.",
    ),
    rule(
        105,
        "a receive task with another output",
        "A receive task has at most one output set with one data output, whose item is that of the \
         message (10.3.3). An error.",
    ),
    rule(
        106,
        "a message of another operation",
        "A task that names a message and an operation names a message of that operation (10.3.3). A \
         warning: the message decides.",
    ),
    rule(
        107,
        "a task on the wrong side of a message",
        "No message flow leads to a send task, none leaves a receive task, and scripts and decisions have \
         none at all (10.3.3). A warning.",
    ),
    rule(
        108,
        "a sub-process with inputs and outputs",
        "An embedded sub-process sees the data around it and has no `ioSpecification` of its own \
         (10.4.1). A warning: the inputs and outputs are filled by their associations all the same.",
    ),
    rule(
        109,
        "a flow at an event sub-process",
        "An event sub-process starts by its event: it has no incoming and no outgoing flows (10.3.5). An \
         error.",
    ),
    rule(
        110,
        "a transaction triggered by an event",
        "`triggeredByEvent` stands on plain sub-processes, not on transactions and ad-hoc sub-processes \
         (10.3.5). A warning: it is ignored.",
    ),
    rule(
        111,
        "an ad-hoc sub-process with a start or an end",
        "An ad-hoc sub-process has at least one activity, and no start or end events: its performer \
         chooses what happens (10.3.5). An error.",
    ),
    rule(
        112,
        "an event that ends an ad-hoc path",
        "An intermediate event in an ad-hoc sub-process has an outgoing flow (13.3.5). An error.",
    ),
    rule(
        113,
        "nothing to cancel",
        "`cancelRemainingInstances` matters only where activities run side by side; with sequential \
         ordering only one runs at a time (Table 10.22). A warning.",
    ),
    rule(
        114,
        "a transaction method that is no address",
        "`method` of a transaction is `##Compensate`, `##Image`, `##Store` or the address of a \
         transaction protocol (10.3.5). A warning in an executable process, a note elsewhere.",
    ),
    rule(
        115,
        "a call with other inputs or outputs",
        "A call activity that has an `ioSpecification` has as many inputs, outputs and sets as the \
         element that it calls (10.3.6): its data are passed on one by one. An error.",
    ),
    rule(
        116,
        "a service without bindings",
        "A process or global task that supports an interface says by an `ioBinding` which operation takes \
         which input set and gives which output set; the operation is one of a supported interface \
         (10.3.6). An error.",
    ),
    rule(
        117,
        "a role with two meanings",
        "A resource role has either a `resourceRef` with its parameter bindings or a \
         `resourceAssignmentExpression` (10.3.1). An error.",
    ),
    rule(
        118,
        "a parameter that is not bound",
        "Every required parameter of a resource is bound where the resource is used (8.4.12). A warning.",
    ),
    rule(
        119,
        "an assignment that yields no people",
        "A resource assignment expression yields users or groups (10.3.1). Whether it does is known only \
         when it is evaluated, so nothing is reported about a file.",
    ),
    rule(
        120,
        "multi-instance without a number",
        "A multi-instance activity has a `loopCardinality` or a `loopDataInputRef`; otherwise the number \
         of instances is not defined (Table 10.29). An error in an executable process; a note elsewhere \
         and where a dialect names the collection.",
    ),
    rule(
        121,
        "a collection that is not there",
        "`loopDataInputRef` and `loopDataOutputRef` name an input or output of the task itself, or a data \
         object that the sub-process sees (Table 10.29). A warning where other visible data or a variable \
         is named, which works; an error for data that cannot be seen from there.",
    ),
    rule(
        122,
        "an item of another type",
        "The item of a multi-instance activity has the element type of its collection (Table 10.29). \
         Types live in schemas, which are never fetched, so nothing is reported.",
    ),
    rule(
        123,
        "behavior without effect",
        "`noneBehaviorEventRef`, `oneBehaviorEventRef` and `complexBehaviorDefinition` each belong to one \
         value of `behavior`, and `Complex` needs a definition (Table 10.29). A warning: what belongs to \
         another value has no effect.",
    ),
    rule(
        124,
        "a loop in words",
        "Loop conditions and cardinalities of an executable process are formal expressions (10.3.8). Text \
         without `xsi:type=\"tFormalExpression\"` is read as formal. A warning.",
    ),
    rule(
        125,
        "compensation without its activity",
        "An association joins a compensation boundary event with exactly one activity that has \
         `isForCompensation=\"true\"` (10.7). Its direction does not matter here, as files do not agree \
         on it. An error: there is nothing that could undo the work.",
    ),
    rule(
        126,
        "a compensation activity in the flow",
        "An activity with `isForCompensation=\"true\"` has no sequence flows and is associated with a \
         compensation boundary event (10.7): it runs only to undo. An error.",
    ),
    rule(
        127,
        "two compensation events at one activity",
        "An activity has one compensation boundary event (10.7). A warning: each of them undoes the work.",
    ),
    rule(
        128,
        "two compensation handlers of one level",
        "A process or sub-process has one compensation event sub-process (10.7). A warning.",
    ),
    rule(
        129,
        "compensation of what cannot be seen",
        "A compensation event names an activity of its own level, or inside an event sub-process one of \
         the level around that (Tables 10.88, 10.89). What lies deeper is compensated by its own \
         sub-process. An error.",
    ),
    rule(
        130,
        "compensation without a handler",
        "An activity that a compensation event names has a compensation boundary event, or is a \
         sub-process or call activity, whose content is compensated (Tables 10.88, 10.89). An error.",
    ),
];
