//! Gateways and data (10.4, 10.6).

use super::rule;
use crate::diagnostic::Explanation;

pub(super) const TABLE: &[Explanation] = &[
    rule(
        131,
        "a gateway that does nothing",
        "A gateway has several incoming or several outgoing flows (10.6). A warning: with one of each it \
         only passes tokens on.",
    ),
    rule(
        132,
        "a direction that is not true",
        "`gatewayDirection` agrees with the flows: Converging has at most one outgoing, Diverging at most \
         one incoming, Mixed several of both (10.6, Table 8.46). A warning: the flows decide.",
    ),
    rule(
        133,
        "an event-based gateway with one way",
        "An event-based gateway has two or more outgoing flows (10.6.6). A warning: with one it waits for \
         one event.",
    ),
    rule(
        134,
        "an event-based gateway before something else",
        "Behind an event-based gateway stand intermediate events that catch a message, signal, timer or \
         condition, and receive tasks (10.6.6): the first that occurs decides. Nothing else waits. An \
         error at the target.",
    ),
    rule(
        135,
        "message events beside receive tasks",
        "Behind one event-based gateway messages are received either by events or by receive tasks \
         (10.6.6). A warning: both work.",
    ),
    rule(
        136,
        "another way to a target of an event-based gateway",
        "What stands behind an event-based gateway has no other incoming flow, and its receive tasks have \
         no boundary events (10.6.6). An error: it could be active without the gateway.",
    ),
    rule(
        137,
        "an instantiating gateway in the flow",
        "An event-based gateway with `instantiate=\"true\"` has no incoming flow. A parallel one creates \
         instances, and waits for messages only (10.6.6). An error.",
    ),
    rule(
        138,
        "a gateway that is never reached",
        "A gateway has an incoming flow, unless it creates instances or the level has no start event at \
         all (13.2). An error.",
    ),
    rule(
        139,
        "a complex join without condition",
        "A complex gateway that joins flows has an `activationCondition` (10.6.5). Without one the first \
         token activates it. A warning in an executable process, a note elsewhere.",
    ),
    rule(
        140,
        "activation counts in other expressions",
        "The activation counts of a complex gateway are meant to be added up and compared with a number \
         (10.6.5). Every formal expression over them is run, so nothing is reported.",
    ),
    rule(141, "a message flow at a gateway", "Gateways neither send nor receive messages (7.6.2). An error."),
    rule(
        142,
        "a data object outside a process",
        "Data objects and the references to data stand in processes and sub-processes (10.4.1). An error.",
    ),
    rule(
        143,
        "a state that the label does not show",
        "A data object reference with a state is labelled `name [state]` (10.4.1), so that a drawing \
         shows the state. A warning.",
    ),
    rule(
        144,
        "a specification without sets",
        "An `ioSpecification` has at least one input set and one output set, empty ones if nothing goes \
         in or out (10.4.1). The sets say when an activity may start and may end. An error.",
    ),
    rule(
        145,
        "an input in no set",
        "Every data input is in an input set and every data output in an output set (10.4.1); otherwise \
         nothing would ever ask for it. An error.",
    ),
    rule(
        146,
        "an optional input outside its set",
        "`optionalInputRefs`, `whileExecutingInputRefs` and their like for outputs name members of the \
         set (Tables 10.61, 10.62). An error.",
    ),
    rule(
        147,
        "sets that do not name each other",
        "An input set and an output set that belong together name each other (Tables 10.61, 10.62). An \
         error.",
    ),
    rule(
        148,
        "a collection that is none",
        "`isCollection` of data, where it is written, says the same as the item definition that the data \
         refer to (10.4.1). An error.",
    ),
    rule(
        149,
        "an association with several sources",
        "A data association has exactly one source, unless a transformation or assignments say what to do \
         with several (10.4.1, 10.4.2). Several are an error: nobody could say which is copied. None at \
         all is a warning: nothing is moved.",
    ),
    rule(
        150,
        "an association between types",
        "Source and target of a data association have the same item definition, or a transformation turns \
         one into the other (10.4.1). An error.",
    ),
    rule(
        151,
        "an association that ends elsewhere",
        "A data input association ends at a data input of its own activity or event, a data output \
         association begins at a data output of its own (10.4.1). The start event of a process may also \
         write its inputs, an end event read its outputs. An error; a warning where a property of the \
         element stands in, as some tools write: nothing is moved then.",
    ),
    rule(
        152,
        "data out of scope",
        "The outer end of a data association is data of the element itself or of a process or sub-process \
         around it (10.4.1). What lies inside another sub-process cannot be seen. An error.",
    ),
    rule(
        153,
        "data of the process at its start and end",
        "A start event may write data inputs of its process and an end event may read its data outputs \
         (10.4.2). This rule allows something, so nothing is reported.",
    ),
    rule(
        154,
        "an assignment in words",
        "The expressions of an assignment in an executable process are formal (10.4.1). Text without \
         `xsi:type=\"tFormalExpression\"` is read as formal. A warning.",
    ),
    rule(
        155,
        "a property elsewhere",
        "Properties stand in processes, activities and events (10.4.1). The schema has them nowhere else, \
         so one is reported as E0001.",
    ),
    rule(
        156,
        "a capacity that means nothing",
        "`capacity` of a data store means nothing where `isUnlimited` is true (Table 10.55). A warning.",
    ),
];
