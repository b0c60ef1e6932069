//! Sequence flows, default flows, and how a level begins and ends (8.4.13, 10.5.2, 10.5.3).

use super::rule;
use crate::diagnostic::Explanation;

pub(super) const TABLE: &[Explanation] = &[
    rule(
        34,
        "a flow without an end",
        "A sequence flow has one source and one target (8.4.13). Drawing tools leave loose flows behind; \
         a token would have nowhere to go. An error.",
    ),
    rule(
        35,
        "a flow into another process",
        "Source and target of a sequence flow lie in the same process (7.6.1, 9.3). Between processes \
         messages are sent, along message flows. An error.",
    ),
    rule(
        36,
        "a flow over the border of a sub-process",
        "Source and target of a sequence flow lie in the same sub-process or directly in the process \
         (7.6.1). A flow leads to a sub-process as a whole; its start event takes over inside. An error.",
    ),
    rule(
        37,
        "a flow in the wrong place",
        "A sequence flow stands in the container of its ends (8.4.8). It runs wherever it stands, but \
         readers and tools look for it there. A warning.",
    ),
    rule(
        38,
        "`incoming` or `outgoing` disagree",
        "The `incoming` and `outgoing` children of a node, where it has any, name the flows that really \
         end or begin there (8.4.7). The flows decide; the children decide only the order of the \
         branches. A warning.",
    ),
    rule(
        39,
        "a flow into a start or boundary event",
        "Start events and boundary events are where something begins; no sequence flow leads into them \
         (10.5.2, 10.5.4). An error.",
    ),
    rule(
        40,
        "a flow out of an end event",
        "No sequence flow leaves an end event (10.5.3). An error: use an intermediate throw event where \
         the path goes on.",
    ),
    rule(
        41,
        "a condition that is ignored",
        "Conditions stand on flows out of activities and of exclusive, inclusive and complex gateways \
         (8.4.13). A flow out of an event, a parallel or an event-based gateway is always taken. A \
         warning: the condition is ignored.",
    ),
    rule(
        42,
        "the only flow has a condition",
        "An activity with a conditional flow has another flow as well (8.4.13); otherwise there is no way \
         on where the condition is false, and the instance stops there with an incident. A warning.",
    ),
    rule(
        43,
        "`isImmediate` is false",
        "In an executable process nothing happens between two nodes that the file does not show, so \
         `isImmediate` is not false (8.4.13). An error in an executable process, a note elsewhere.",
    ),
    rule(
        44,
        "a condition in words",
        "The condition of a flow in an executable process is a formal expression: \
         `xsi:type=\"tFormalExpression\"` (8.4.13). Text without it is read as formal. A warning.",
    ),
    rule(
        45,
        "two flows between the same nodes",
        "Two sequence flows may have the same source and the same target; each carries tokens of its own \
         (8.4.13). This rule allows something, so nothing is reported.",
    ),
    rule(
        46,
        "a flow back to its own node",
        "A sequence flow may lead back to the node that it leaves, which makes a loop (7.6.1). This rule \
         allows something, so nothing is reported.",
    ),
    rule(
        47,
        "the default flow leaves another node",
        "`default` names one of the flows that leave the very element it stands on (10.3, 10.6). An \
         error.",
    ),
    rule(
        48,
        "a condition on the default flow",
        "The default flow is taken when no other one is, whatever its own condition says (10.6.2). A \
         warning: the condition is ignored.",
    ),
    rule(
        49,
        "a default where there is no choice",
        "Only activities and exclusive, inclusive and complex gateways have a default flow (8.4.13). The \
         schema has the attribute nowhere else, so it is reported as E0001.",
    ),
    rule(
        50,
        "a default beside flows without condition",
        "A default flow beside flows that are always taken has no meaning that the standard defines \
         (8.4.13): there is no condition that could fail. A warning; as no condition is true, the default \
         is taken too.",
    ),
    rule(
        51,
        "a way without a condition",
        "Every flow out of a gateway that decides, but the default, has a condition (10.6.2, 10.6.3). A \
         flow without one counts as true, and of an exclusive gateway hides all flows after it. A warning \
         in an executable process, a note elsewhere.",
    ),
    rule(
        52,
        "an end without a start",
        "A level with an end event has a start event, or a receive task or event-based gateway that \
         creates instances (10.5.2). A warning: every node without incoming flow starts.",
    ),
    rule(
        53,
        "a start without an end",
        "A level with a start event has an end event (10.5.3). A warning: each path ends where no flow \
         goes on.",
    ),
    rule(
        54,
        "an activity that is never reached",
        "Where a level has a start event, every other node has an incoming flow, except those that \
         something else starts: boundary events, event sub-processes, compensation activities (10.5.2). A \
         warning: no token will ever get there.",
    ),
    rule(
        55,
        "a path that stops before an end",
        "Where a level has an end event, every other node has an outgoing flow (10.5.3). A warning: the \
         path ends here, as at an end event without result.",
    ),
    rule(
        56,
        "a start event that leads nowhere",
        "A start event has an outgoing flow (10.5.2). An error: an instance would begin and do nothing.",
    ),
    rule(
        57,
        "an end event that is never reached",
        "An end event has an incoming flow (10.5.3). A warning: where the level has a start event it \
         never happens, otherwise it starts by itself and ends at once.",
    ),
    rule(
        58,
        "a start that sends, an end that receives",
        "A start event sends no message, an end event receives none: no message flow leaves the one or \
         leads to the other (10.5.2, 10.5.3). An error.",
    ),
    rule(
        59,
        "a choreography activity in a process",
        "Choreography activities stand in choreographies, not in processes or sub-processes (10.2). An \
         error.",
    ),
    rule(
        60,
        "a public process that is executable",
        "A public process shows what others see of a private one; it lacks what execution needs, so \
         `isExecutable` is not true (Table 10.1). An error.",
    ),
    rule(
        61,
        "a called process that waits for a trigger",
        "A process that is called has a start event without a trigger, or no start event at all (10.3.6). \
         The call would start nothing. An error at the call.",
    ),
    rule(
        62,
        "two handlers of one event",
        "At most one interrupting event sub-process of a level, and one interrupting boundary event of an \
         activity, handles the same message, signal, error, escalation or cancellation (10.5.6). Two \
         errors are the same if their codes are. An error: nobody could say which of the two takes it.",
    ),
    rule(
        64,
        "a sub-process that waits for a trigger",
        "An embedded sub-process is started by a token: it has at most one start event, and that has no \
         trigger (10.5.2, 13.3.4). What starts by an event is an event sub-process. An error.",
    ),
    rule(
        65,
        "an event sub-process without its trigger",
        "An event sub-process has exactly one start event, with an event definition (10.3.5). Without it \
         nothing would ever start it. An error.",
    ),
];
