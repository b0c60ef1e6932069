//! The models of the workloads, written as BPMN files that every peer can read.
//!
//! The files in `fixtures/benches` are what this module writes; a test keeps them the same.

use crate::workload::Workload;
use std::fmt::Write as _;

/// The model of a workload; conditions are FEEL, or in the language `peer`.
pub fn model(workload: Workload, feel: bool) -> String {
    let mut process = Level::default();
    let mut message = "";
    match workload {
        Workload::Seq10 => process.chain(10),
        Workload::Chain(tasks) => process.chain(tasks),
        Workload::Xor => process.exclusive(feel),
        Workload::Par => process.parallel(),
        Workload::Or => process.inclusive(feel),
        Workload::Nested => process = Level::nested(5),
        Workload::Multi => process.multi(),
        Workload::Message => {
            message = MESSAGE;
            let definition = "<messageEventDefinition id=\"Await\" messageRef=\"Paid\"/>";
            process.line(&[Node::new("intermediateCatchEvent", "Catch").holding(definition)]);
        }
        Workload::Timer | Workload::TimerFire => process.timer(),
    }
    document(message, &process)
}

const MESSAGE: &str = r#"  <message id="Paid" name="paid">
    <extensionElements>
      <zeebe:subscription correlationKey="=key"/>
    </extensionElements>
  </message>
"#;

fn document(message: &str, process: &Level) -> String {
    let content = process.xml(4);
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
             xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" targetNamespace="http://tokenflow.dev/benches"
             expressionLanguage="https://www.omg.org/spec/DMN/20191111/FEEL/">
{message}  <process id="Bench" isExecutable="true">
{content}  </process>
</definitions>
"#
    )
}

/// One flow node.
#[derive(Debug, Default)]
struct Node {
    element: &'static str,
    id: String,
    attributes: String,
    extension: String,
    /// What stands behind the references to its flows.
    content: String,
    inner: Option<Box<Level>>,
}

impl Node {
    fn new(element: &'static str, id: impl Into<String>) -> Node {
        Node { element, id: id.into(), ..Node::default() }
    }

    /// A task whose job the host answers.
    fn work(id: impl Into<String>) -> Node {
        let extension = "<zeebe:taskDefinition type=\"work\"/>".to_owned();
        Node { extension, ..Node::new("serviceTask", id) }
    }

    fn holding(self, content: &str) -> Node {
        Node { content: content.to_owned(), ..self }
    }

    fn with(self, attributes: &str) -> Node {
        Node { attributes: format!(" {attributes}"), ..self }
    }
}

/// One sequence flow.
#[derive(Debug)]
struct Flow {
    id: String,
    source: String,
    target: String,
    condition: String,
}

/// The content of a process or sub-process.
#[derive(Debug, Default)]
struct Level {
    nodes: Vec<Node>,
    flows: Vec<Flow>,
}

impl Level {
    fn node(&mut self, node: Node) {
        self.nodes.push(node);
    }

    fn flow(&mut self, source: &str, target: &str) {
        self.conditional(source, target, "");
    }

    fn conditional(&mut self, source: &str, target: &str, condition: &str) {
        let (source, target) = (source.to_owned(), target.to_owned());
        let id = format!("{source}-{target}");
        self.flows.push(Flow { id, source, target, condition: condition.to_owned() });
    }

    /// The nodes one after another between a start and an end event.
    fn line(&mut self, nodes: &[Node]) {
        let ids: Vec<String> = nodes.iter().map(|node| node.id.clone()).collect();
        self.ends();
        let mut last = "Start";
        for id in &ids {
            self.flow(last, id);
            last = id;
        }
        self.flow(last, "End");
        for node in nodes {
            self.node(Node {
                element: node.element,
                id: node.id.clone(),
                attributes: node.attributes.clone(),
                extension: node.extension.clone(),
                content: node.content.clone(),
                inner: None,
            });
        }
    }

    fn ends(&mut self) {
        self.node(Node::new("startEvent", "Start"));
        self.node(Node::new("endEvent", "End"));
    }

    fn chain(&mut self, tasks: u32) {
        let tasks: Vec<Node> = (1..=tasks).map(|task| Node::work(format!("Task{task}"))).collect();
        self.line(&tasks);
    }

    fn exclusive(&mut self, feel: bool) {
        self.ends();
        self.node(Node::new("exclusiveGateway", "Merge"));
        self.node(Node::work("Count"));
        self.node(Node::new("exclusiveGateway", "Again").with("default=\"Again-End\""));
        self.flow("Start", "Merge");
        self.flow("Merge", "Count");
        self.flow("Count", "Again");
        self.conditional("Again", "Merge", &condition("i < 10", feel));
        self.flow("Again", "End");
    }

    fn parallel(&mut self) {
        self.ends();
        self.node(Node::new("parallelGateway", "Fork"));
        self.node(Node::new("parallelGateway", "Join"));
        self.flow("Start", "Fork");
        for branch in 1..=8 {
            let task = format!("Task{branch}");
            self.flow("Fork", &task);
            self.flow(&task, "Join");
            self.node(Node::work(task));
        }
        self.flow("Join", "End");
    }

    fn inclusive(&mut self, feel: bool) {
        self.ends();
        self.node(Node::new("inclusiveGateway", "Fork").with("default=\"Fork-Task4\""));
        self.node(Node::new("inclusiveGateway", "Join"));
        self.flow("Start", "Fork");
        for branch in 1..=4 {
            let task = format!("Task{branch}");
            let text = format!("x >= {branch}");
            self.conditional("Fork", &task, &if branch < 4 { condition(&text, feel) } else { String::new() });
            self.flow(&task, "Join");
            self.node(Node::work(task));
        }
        self.flow("Join", "End");
    }

    fn nested(depth: u32) -> Level {
        let mut inner = Level::default();
        inner.line(&[Node::work("Task")]);
        inner.rename(depth);
        for level in (0..depth).rev() {
            let mut outer = Level::default();
            let id = format!("Sub{}", level + 1);
            outer.line(&[Node::new("subProcess", id)]);
            outer.nodes[2].inner = Some(Box::new(inner));
            outer.rename(level);
            inner = outer;
        }
        inner
    }

    /// Ids are unique in the file: those of a level carry its depth.
    fn rename(&mut self, depth: u32) {
        if depth == 0 {
            return;
        }
        let renamed = |id: &str| match id {
            "Start" | "End" => format!("{id}{depth}"),
            other => other.to_owned(),
        };
        for node in &mut self.nodes {
            node.id = renamed(&node.id);
        }
        for flow in &mut self.flows {
            flow.source = renamed(&flow.source);
            flow.target = renamed(&flow.target);
            flow.id = format!("{}-{}", flow.source, flow.target);
        }
    }

    fn multi(&mut self) {
        let loops = "<multiInstanceLoopCharacteristics>\
                     <extensionElements><zeebe:loopCharacteristics inputCollection=\"=items\" \
                     inputElement=\"item\"/></extensionElements></multiInstanceLoopCharacteristics>";
        self.line(&[Node::work("Task").holding(loops)]);
    }

    fn timer(&mut self) {
        self.line(&[Node::new("userTask", "Task")]);
        let timer = "<timerEventDefinition id=\"Hour\"><timeDuration xsi:type=\"tFormalExpression\">PT1H\
                     </timeDuration></timerEventDefinition>";
        self.node(Node::new("boundaryEvent", "Late").with("attachedToRef=\"Task\"").holding(timer));
        self.node(Node::new("endEvent", "Escalated"));
        self.flow("Late", "Escalated");
    }

    fn xml(&self, indent: usize) -> String {
        let mut text = String::new();
        let pad = " ".repeat(indent);
        for node in &self.nodes {
            let Node { element, id, attributes, extension, content, inner } = node;
            let mut body = String::new();
            if !extension.is_empty() {
                body += &format!("{pad}  <extensionElements>{extension}</extensionElements>\n");
            }
            for flow in self.flows.iter().filter(|flow| flow.target == *id) {
                body += &format!("{pad}  <incoming>{}</incoming>\n", flow.id);
            }
            for flow in self.flows.iter().filter(|flow| flow.source == *id) {
                body += &format!("{pad}  <outgoing>{}</outgoing>\n", flow.id);
            }
            if !content.is_empty() {
                body += &format!("{pad}  {content}\n");
            }
            if let Some(inner) = inner {
                body += &inner.xml(indent + 2);
            }
            let written = write!(text, "{pad}<{element} id=\"{id}\"{attributes}>\n{body}{pad}</{element}>\n");
            written.expect("writing into a string cannot fail");
        }
        for Flow { id, source, target, condition } in &self.flows {
            let ends = format!("id=\"{id}\" name=\"{id}\" sourceRef=\"{source}\" targetRef=\"{target}\"");
            text += &match condition.is_empty() {
                true => format!("{pad}<sequenceFlow {ends}/>\n"),
                false => format!("{pad}<sequenceFlow {ends}>\n{pad}  {condition}\n{pad}</sequenceFlow>\n"),
            };
        }
        text
    }
}

fn condition(text: &str, feel: bool) -> String {
    let text = text.replace('<', "&lt;").replace('>', "&gt;");
    let (language, mark) = if feel { ("", "=") } else { (" language=\"peer\"", "") };
    format!(
        "<conditionExpression xsi:type=\"tFormalExpression\"{language}>{mark}{text}</conditionExpression>"
    )
}

#[cfg(test)]
mod tests {
    use crate::drive::{Driver, deployed};
    use crate::workload::{FILES, Workload};
    use std::path::Path;

    /// `UPDATE_FIXTURES=1` writes the files anew.
    #[test]
    fn the_files_are_what_is_written() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/benches");
        for (stem, workload) in FILES {
            let path = folder.join(stem).with_extension("bpmn");
            let model = super::model(workload, stem.ends_with("-feel"));
            if std::env::var_os("UPDATE_FIXTURES").is_some() {
                std::fs::write(&path, &model).expect("the fixture can be written");
            }
            let file = std::fs::read_to_string(&path).expect("the fixture is there");
            assert!(file == model, "{} differs", path.display());
        }
    }

    #[test]
    fn each_workload_does_its_work() {
        let chains = [("chain10", Workload::Chain(10)), ("chain1k", Workload::Chain(1_000))];
        for (stem, workload) in FILES.into_iter().chain(chains) {
            assert_eq!(stem.parse::<Workload>().expect("the name is known"), workload);
            let model = super::model(workload, stem.ends_with("-feel"));
            let mut driver = match deployed(model.as_bytes()) {
                Ok(deployed) => Driver::new(deployed, workload),
                Err(error) => panic!("{stem}: {error}"),
            };
            for _ in 0..3 {
                if let Err(error) = driver.run_checked() {
                    panic!("{stem}: {error}");
                }
            }
        }
    }
}
