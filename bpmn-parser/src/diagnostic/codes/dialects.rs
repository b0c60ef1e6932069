//! `E05xx`: what a vendor's vocabulary says that has no effect, or another than there; and `E06xx` of the parser.

use super::Explanation;

pub(super) const TABLE: &[Explanation] = &[
    Explanation {
        code: 501,
        title: "of another dialect",
        text: "A file is read in one dialect: the one that `modeler:executionPlatform` names, else the vocabulary that \
               it uses most. What it says in the namespace of another dialect is kept in the file and has no effect.",
    },
    Explanation {
        code: 502,
        title: "behaviour that is not run",
        text: "The dialect attaches behaviour to the element that the engine does not run itself: listeners, field \
               injections, connectors, scripts in other languages. The element runs without it; what it does must be \
               done by the host.",
    },
    Explanation {
        code: 503,
        title: "an expression without `=`",
        text: "In a Camunda 8 file an expression begins with `=`; without it the text is static. Where only an \
               expression makes sense, such as in a condition, the text is read as FEEL all the same. Add the `=`.",
    },
    Explanation {
        code: 504,
        title: "an expression that cannot be translated",
        text: "Of `${…}` and `#{…}` the simple part is translated to FEEL: comparisons, `&&`, `||`, `!`, `empty`, \
               arithmetic, property paths and literals. Calls of methods and functions, the `?` operator and others \
               are not. An element that needs the value is refused at deployment; rewrite it in FEEL with \
               `language=\"https://www.omg.org/spec/DMN/20191111/FEEL/\"`.",
    },
    Explanation {
        code: 505,
        title: "not known in this dialect",
        text: "An attribute or element stands in the namespace of the file's dialect but is not part of its known \
               vocabulary. It is kept in the file and has no effect. It may be a slip of the pen.",
    },
    Explanation {
        code: 506,
        title: "without effect",
        text: "The dialect says something that makes no difference to the engine: what it does always, such as the save \
               points of `asyncBefore` (every step is durable here), and what only a form or worklist reads.",
    },
    Explanation {
        code: 507,
        title: "a code that is an expression",
        text: "Camunda 8 allows an expression as `errorCode` or `escalationCode` of what is thrown. Here a code is static \
               text, so that one can see in the model who catches it; throw one of several errors instead.",
    },
    Explanation {
        code: 602,
        title: "`isExecutable` is absent",
        text: "The standard gives `isExecutable` no default for private processes. A process that does not say is taken \
               as executable. Write `isExecutable=\"true\"`, or `false` for one that is only a drawing.",
    },
];
