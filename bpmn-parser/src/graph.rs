//! One process as an immutable token-flow graph: petgraph for analyses, dense rows in document order for the executor.
//!
//! Only sequence flows are edges. Nodes of all levels lie in one table; a sub-process is a node and the `scope` of
//! the nodes inside it. petgraph hands out edges newest first, which would test an exclusive gateway's conditions
//! backwards, so order always comes from the rows.

mod activity;
mod data;
mod event;
#[cfg(feature = "xml")]
mod lower;
mod node;
mod role;

pub use activity::*;
pub use data::*;
pub use event::*;
#[cfg(feature = "xml")]
pub(crate) use lower::lower;
pub use node::*;
pub use role::*;

use crate::Position;
use crate::property::{Dialect, Properties};
use petgraph::graph::DiGraph;

/// The row of a flow node in its [`ProcessGraph`], in document order over all levels.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Serialize, serde::Deserialize)]
pub struct NodeIx(pub u32);

/// The row of a sequence flow in its [`ProcessGraph`], in document order over all levels.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Serialize, serde::Deserialize)]
pub struct FlowIx(pub u32);

impl NodeIx {
    /// The row as an index.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

impl FlowIx {
    /// The row as an index.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// One `process`, references resolved and structure checked.
#[derive(Clone, Debug)]
pub struct ProcessGraph {
    /// The id of the process.
    pub id: String,
    /// Its name, for people.
    pub name: Option<String>,
    /// Where it stands.
    pub position: Position,
    /// `isExecutable`; absent counts as true, with a warning.
    pub is_executable: Option<bool>,
    /// The vocabulary that the file was written in.
    pub dialect: Dialect,
    /// What the dialect says of the process.
    pub properties: Properties,
    /// The flow nodes of all levels, in document order; a sub-process stands before its content.
    pub nodes: Vec<Node>,
    /// The sequence flows of all levels, in document order.
    pub flows: Vec<Flow>,
    /// The data objects and properties of the process itself.
    pub data: Vec<DataElement>,
    /// The input and output specification of the process as a callable element.
    pub io: Option<IoSpecification>,
    /// The resource roles of the process.
    pub roles: Vec<ResourceRole>,
    /// A global task (10.3.6), lowered to a process with that one task, which has the same id.
    pub is_global_task: bool,
    /// The correlation keys of the conversations it takes part in (8.4.2).
    pub correlation: Vec<CorrelationKey>,
    /// The context-based subscriptions (8.4.2).
    pub subscriptions: Vec<CorrelationSubscription>,
    /// The same nodes and flows for analyses; weights are rows.
    pub graph: DiGraph<NodeIx, FlowIx>,
}

/// Everything executable that one file holds.
#[derive(Clone, Debug, Default)]
pub struct Model {
    /// Its processes and global tasks, in document order.
    pub processes: Vec<ProcessGraph>,
    /// The message flows of its collaborations, as routing.
    pub message_flows: Vec<MessageFlow>,
}

/// One message flow (9.4): where a message thrown at one end is delivered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageFlow {
    /// The id in the file.
    pub id: String,
    /// Where it stands.
    pub position: Position,
    /// Where the message comes from.
    pub source: MessageEnd,
    /// Where it goes.
    pub target: MessageEnd,
    /// The id of the message, where the flow names one.
    pub message: Option<String>,
}

/// One end of a message flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MessageEnd {
    /// A node of a process.
    Node {
        /// The id of the process.
        process: String,
        /// The id of the node.
        node: String,
    },
    /// The border of a pool that has a process.
    Process(String),
    /// A black-box pool, by the id of the participant.
    BlackBox(String),
}

impl ProcessGraph {
    /// The node in that row.
    pub fn node(&self, row: NodeIx) -> &Node {
        &self.nodes[row.index()]
    }

    /// The flow in that row.
    pub fn flow(&self, row: FlowIx) -> &Flow {
        &self.flows[row.index()]
    }

    /// All rows of nodes in document order.
    pub fn node_rows(&self) -> impl Iterator<Item = NodeIx> + use<> {
        (0..self.nodes.len() as u32).map(NodeIx)
    }

    /// The row of the node with that id.
    pub fn find(&self, id: &str) -> Option<NodeIx> {
        self.nodes.iter().position(|node| &*node.id == id).map(|row| NodeIx(row as u32))
    }

    /// The nodes directly inside a sub-process, or those of the process level.
    pub fn children(&self, scope: Option<NodeIx>) -> impl Iterator<Item = NodeIx> + '_ {
        self.node_rows().filter(move |row| self.node(*row).scope == scope)
    }
}
