//! Collaborations, correlation, lanes, expressions and diagrams (chapters 9, 11 and 12, 8.4.2, 8.4.6, 10.8).

use super::rule;
use crate::diagnostic::Explanation;

pub(super) const TABLE: &[Explanation] = &[
    rule(
        157,
        "a message within one pool",
        "A message flow joins two different participants: pools or what lies in them (9.4). Within a \
         process a sequence flow or a signal does. An error.",
    ),
    rule(
        158,
        "a message to an event sub-process",
        "A message flow leads to the start event of an event sub-process, not to the sub-process (7.6.2). \
         An error.",
    ),
    rule(
        159,
        "a message against its direction",
        "Messages leave pools, activities and events that throw them, and reach pools, activities and \
         events that catch them (Table 7.4); the event has a message definition. An error.",
    ),
    rule(
        160,
        "an impossible number of participants",
        "The minimum of a participant multiplicity is 0 or more, the maximum 1 or more, and the minimum \
         is not above the maximum (9.3). An error.",
    ),
    rule(
        161,
        "a pool without its process",
        "A participant that contains nodes refers to a process (9.3). A file has no other way to put a \
         node into a pool, so nothing is reported.",
    ),
    rule(
        162,
        "a choreography that does not fit",
        "A collaboration and the choreographies that it refers to agree in `isClosed`; choreographies and \
         global conversations refer to none (9.7). An error.",
    ),
    rule(
        163,
        "a global conversation with nodes",
        "A global conversation holds participants, message flows and correlation keys only (9.5). An \
         error.",
    ),
    rule(
        164,
        "a conversation of one",
        "A conversation has at least two participants, and its message flows are those of its \
         collaboration (9.5). An error.",
    ),
    rule(
        165,
        "a link between equals",
        "A conversation link joins a conversation with a participant, activity or event, never two \
         conversations or two participants (9.5). An error.",
    ),
    rule(
        166,
        "a choreography task without partners",
        "A choreography task has two participants, one of which initiates it, and one or two message \
         flows (11.5). An error.",
    ),
    rule(
        167,
        "a message that has no key",
        "For each message of a conversation with a correlation key, each property of the key has a \
         retrieval expression (8.4.2). Otherwise the message belongs to no instance. An error in an \
         executable process, a note elsewhere.",
    ),
    rule(
        168,
        "two ways to read one property",
        "A correlation property has at most one retrieval expression for a message (8.4.2). A warning: \
         only one of them can be used.",
    ),
    rule(
        169,
        "a subscription of another property",
        "A correlation subscription binds properties of its key, each of them once (8.4.2). An error.",
    ),
    rule(
        170,
        "a correlation in words",
        "The expressions of correlation are formal by the schema; `xsi:type` does not make them informal \
         (8.4.2). An error.",
    ),
    rule(
        171,
        "a lane with foreign nodes",
        "A lane refers to nodes of the process or sub-process that it stands in (10.8). A warning.",
    ),
    rule(
        172,
        "a node in two lanes",
        "Within one lane set a node lies in one lane, and in the lanes around that (10.8). A warning: the \
         first lane counts.",
    ),
    rule(
        173,
        "lanes of different kinds",
        "All lanes of a lane set stand for elements of the same kind, if they stand for any (Table \
         10.135). An error.",
    ),
    rule(
        174,
        "a lane with two meanings",
        "A lane has a `partitionElement` or a `partitionElementRef`, not both (10.8). A warning.",
    ),
    rule(
        175,
        "an expression in words",
        "In an executable process completion and activation conditions, timers and the expressions of \
         resources are formal (8.4.6). Text without `xsi:type=\"tFormalExpression\"` is read as formal. A \
         warning.",
    ),
    rule(
        176,
        "an empty expression",
        "A formal expression has a body (8.4.6). An error in an executable process, where text without \
         `xsi:type` is read as formal too; a warning elsewhere.",
    ),
    rule(
        177,
        "a value of the wrong type",
        "A condition yields true or false, a cardinality a whole number (8.4.13, Table 10.29). Known only \
         when it is evaluated: another value is an incident of the instance, and nothing is reported \
         about a file.",
    ),
    rule(
        178,
        "an expression of the wrong type",
        "`evaluatesToTypeRef` fits the use of the expression (8.4.6). Types live in schemas, which are \
         never fetched, so nothing is reported.",
    ),
    rule(
        179,
        "data without a structure",
        "A data type has a structure where data of it move between activities (8.4.10). Data are moved \
         whether their type has one or not, so nothing is reported.",
    ),
    rule(
        180,
        "a shape without bounds",
        "Every shape has bounds and every edge at least two waypoints (12.2). An error.",
    ),
    rule(
        181,
        "an attribute on the wrong shape",
        "Attributes of the diagram stand on the shapes that they are meant for: `isHorizontal` on pools \
         and lanes, `isExpanded` on sub-processes and calls, `isMarkerVisible` on exclusive gateways \
         (12.2.3). Elsewhere they mean nothing. A warning, once for each attribute of a diagram.",
    ),
    rule(
        182,
        "a node drawn as a line",
        "Nodes, pools, lanes and data are drawn as shapes; flows, associations and links as edges (12.3). \
         An error.",
    ),
    rule(
        183,
        "a diagram of something else",
        "A diagram shows a process, sub-process, collaboration, conversation or choreography (12.2.3). An \
         error.",
    ),
    rule(
        184,
        "a flow at an artifact",
        "No sequence flow and no message flow begins or ends at an artifact (8.4.1). Reported as E0010 \
         and E0015.",
    ),
];
