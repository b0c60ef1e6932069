//! The document, its ids, and what references lead to (chapters 8 and 15).

use super::rule;
use crate::diagnostic::Explanation;

pub(super) const TABLE: &[Explanation] = &[
    rule(
        1,
        "not as the schema has it",
        "Every element and attribute of the BPMN namespaces stands where the schema allows it, has the \
         values that it allows, and what the schema demands is there (chapter 15). Nobody can say what \
         anything else would mean. An error; a warning where only the order of children is wrong, where a \
         letter has the wrong case, where foreign elements stand outside `extensionElements`, and where \
         `definitions` has no `targetNamespace`.",
    ),
    rule(
        2,
        "an id twice, or not a name",
        "An `id` is unique in the whole file, diagrams included, and is an XML name: it begins with a \
         letter or `_` and has no colon and no space (8.3.1). Every reference, every trace and every \
         stored instance relies on it. An error.",
    ),
    rule(
        3,
        "no id",
        "What is referred to has an `id` (8.3.1). A process without one cannot be started or called: an \
         error. A flow node or sequence flow without one runs, under a name made of its place in the \
         file, but nothing can speak of it: a warning.",
    ),
    rule(
        4,
        "an import",
        "The file imports another document (8.2.2). Imports are named, never fetched: what is needed from \
         the other document must be deployed itself. A note.",
    ),
    rule(
        5,
        "`textFormat` is not a MIME type",
        "`textFormat` of a documentation or text annotation is a MIME type such as `text/plain` or \
         `text/html` (8.3.2, 8.4.1). An error.",
    ),
    rule(
        6,
        "an extension that must be understood",
        "An `extension` with `mustUnderstand=\"true\"` says that the file means something else to those \
         who do not know it, and this engine does not (8.3.3). An error: take the extension out, or say \
         that it need not be understood.",
    ),
    rule(
        7,
        "BPMN in `extensionElements`",
        "`extensionElements` hold elements of other namespaces only (8.3.3). An element of BPMN has no \
         effect there, which is hardly what its author meant. An error.",
    ),
    rule(
        8,
        "a reference into an imported document",
        "The reference has the prefix of an imported namespace, and nothing in this file has that id. \
         Imports are never fetched (8.2). A note where the reference only describes, such as the type of \
         data; where it would be executed, the rule of that reference reports an error.",
    ),
    rule(
        9,
        "a relationship without an end",
        "A `relationship` has a `type`, at least one `source` and at least one `target` (8.3.4). An \
         error.",
    ),
    rule(
        10,
        "not a flow node",
        "`sourceRef` and `targetRef` of a sequence flow and `flowNodeRef` of a lane name an activity, \
         event or gateway of this file (8.4.13, 10.8). Data, pools and artifacts are not in the flow. An \
         error.",
    ),
    rule(
        11,
        "not a sequence flow",
        "`default`, `incoming` and `outgoing` name a sequence flow (8.4.7, 10.6). An error for `default`; \
         a warning for the others, as the flows themselves say where they lead.",
    ),
    rule(
        12,
        "not an activity",
        "`attachedToRef` of a boundary event and `activityRef` of a compensation event name an activity \
         of the same process (10.5.4, 10.7). An error.",
    ),
    rule(
        13,
        "not something that can be called",
        "`calledElement` names a process or a global task (10.3.6). The file has none with that id. A \
         warning, because what is called is looked up at the call and may be deployed in another file.",
    ),
    rule(
        14,
        "not a process",
        "`processRef` of a participant and `supports` of a process name a process of this file (9.3, \
         10.2). An error.",
    ),
    rule(
        15,
        "not an end of a message flow",
        "A message flow joins pools, activities and events (9.4). Data, lanes and artifacts neither send \
         nor receive. An error.",
    ),
    rule(
        16,
        "not a message",
        "`messageRef`, `inMessageRef` and `outMessageRef` name a `message` of this file (8.4.11). An \
         error.",
    ),
    rule(
        17,
        "not an operation",
        "`operationRef` names an `operation` of an `interface` in this file (8.4.9). An error.",
    ),
    rule(
        18,
        "not an error, escalation or signal",
        "`errorRef`, `escalationRef` and `signalRef` name an element of just that kind (10.5.5). An \
         error.",
    ),
    rule(
        19,
        "not an event definition",
        "`eventDefinitionRef`, `oneBehaviorEventRef` and `noneBehaviorEventRef` name an event definition \
         that stands at the top level of the file (10.5.1, 10.3.8). An error.",
    ),
    rule(
        20,
        "not an item definition",
        "The type of data, of a message, error, escalation, signal, property or expression is an \
         `itemDefinition` (8.4.10). A type of XML Schema cannot be named directly: an item definition \
         names it. An error.",
    ),
    rule(
        21,
        "not a data object or data store",
        "`dataObjectRef` names a data object and `dataStoreRef` a data store (10.4.1). An error.",
    ),
    rule(
        22,
        "not an input or output of this specification",
        "The references of an input set name data inputs, those of an output set data outputs, of the \
         specification or event that the set belongs to (10.4.1). An error.",
    ),
    rule(
        23,
        "not a set of this specification",
        "`outputSetRefs` and `inputSetRefs` name sets of the same specification, `inputDataRef` and \
         `outputDataRef` of a binding an input and an output set (10.4.1). An error.",
    ),
    rule(
        24,
        "not data",
        "The ends of a data association and the collection of a multi-instance activity are data: \
         objects, references, stores, properties, inputs or outputs (10.4.2, 10.3.8). An error.",
    ),
    rule(
        25,
        "not an interface or end point",
        "`interfaceRef` and `supportedInterfaceRef` name an `interface`, `endPointRef` an `endPoint` \
         (8.4.9, 9.3). An error.",
    ),
    rule(
        26,
        "not a resource or a parameter of it",
        "`resourceRef` names a `resource`, and `parameterRef` a parameter of that very resource (8.4.12, \
         10.3.1). An error.",
    ),
    rule(
        27,
        "not a correlation key or property",
        "`correlationKeyRef` names a correlation key and `correlationPropertyRef` a correlation property \
         (8.4.2). An error.",
    ),
    rule(28, "not a participant", "`participantRef` and the like name a participant (9.3). An error."),
    rule(
        29,
        "not a category value",
        "`categoryValueRef` names a `categoryValue`, not the category around it (8.4.1). An error.",
    ),
    rule(
        30,
        "not a collaboration or choreography",
        "`definitionalCollaborationRef` and `calledCollaborationRef` name a collaboration, \
         `choreographyRef` and `calledChoreographyRef` a choreography (9.7, 10.2). An error.",
    ),
    rule(
        31,
        "an association to nowhere",
        "`sourceRef` and `targetRef` of an association and `partitionElementRef` of a lane name an \
         element of this file (8.4.1, 10.8). An error.",
    ),
    rule(
        32,
        "not a link",
        "`source` and `target` of a link event definition name another link event definition, not the \
         event around it (10.5.5). They may be left out: the name joins the two ends. An error.",
    ),
    rule(
        33,
        "a diagram of what is not there",
        "`bpmnElement` names an element of the model; `sourceElement`, `targetElement` and `labelStyle` \
         name elements of the diagram (12.2.3). The model and its drawing have been changed apart from \
         each other. An error.",
    ),
];
