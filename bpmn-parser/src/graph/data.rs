//! Data elements, inputs and outputs with their sets, and the associations that move data.

use crate::Position;
use crate::property::Expression;

/// A data object, property, data input or output, or a reference to a data store.
#[derive(Clone, Debug, PartialEq)]
pub struct DataElement {
    /// The id in the file.
    pub id: String,
    /// The variable's name: `name`, else the id.
    pub name: String,
    /// What it is.
    pub kind: DataKind,
    /// `isCollection`.
    pub is_collection: bool,
    /// The data state it names, if any; non-operational.
    pub state: Option<String>,
    /// Where it stands.
    pub position: Position,
}

/// What kind of item-aware element this is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DataKind {
    /// `dataObject`.
    Object,
    /// `property`.
    Property,
    /// `dataInput`.
    Input,
    /// `dataOutput`.
    Output,
    /// `dataStoreReference`: the name of the store.
    Store(String),
}

/// `ioSpecification`, or the direct inputs, outputs and set of an event. References are indices.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct IoSpecification {
    /// In document order.
    pub inputs: Vec<DataElement>,
    /// In document order.
    pub outputs: Vec<DataElement>,
    /// In document order.
    pub input_sets: Vec<DataSet>,
    /// In document order.
    pub output_sets: Vec<DataSet>,
}

/// An input or output set: rows of `inputs` or `outputs`.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct DataSet {
    /// All members.
    pub members: Vec<u32>,
    /// Those that may be unavailable.
    pub optional: Vec<u32>,
    /// The sets of the other side it is paired with.
    pub paired: Vec<u32>,
}

/// `dataInputAssociation` or `dataOutputAssociation`; elements are named by their variables.
#[derive(Clone, Debug, PartialEq)]
pub struct DataAssociation {
    /// The variables of the sources.
    pub sources: Vec<String>,
    /// The variable of the target.
    pub target: String,
    /// Replaces the whole target.
    pub transformation: Option<Expression>,
    /// `from` and `to`, in order.
    pub assignments: Vec<(Expression, Expression)>,
    /// Where it stands.
    pub position: Position,
}
