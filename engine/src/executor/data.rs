//! Data: expressions over the variables in scope, mappings in and out, results.

use super::Step;
use crate::event::{Event, IncidentKind};
use crate::expression::{Compiled, Surroundings};
use crate::id::ElementKey;
use crate::instance::{Instance, Role, Slot};
use crate::process::{Mapping, Repeat};
use bpmn_parser::graph::NodeIx;
use std::fmt;
use std::sync::Arc;
use tokenflow_feel::{Context, Text, Value};

/// Why an element cannot go on: the kind of the incident and its message.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Failure {
    pub(crate) kind: IncidentKind,
    pub(crate) message: String,
}

impl Failure {
    pub(crate) fn new(kind: IncidentKind, message: impl fmt::Display) -> Failure {
        Failure { kind, message: message.to_string() }
    }

    pub(crate) fn limit(name: &str) -> Failure {
        Failure::new(IncidentKind::Limit, format!("the limit {name} is reached"))
    }
}

/// The longest text of a value that a message shows, in characters.
const SHOWN: usize = 120;

impl Step<'_> {
    /// The value of an expression as `scope` sees its variables.
    pub(crate) fn eval(&self, expression: &Compiled, scope: Slot) -> Result<Value, Failure> {
        self.eval_with(expression, scope, &[])
    }

    /// The same with some names that mean something else.
    fn eval_with(
        &self,
        expression: &Compiled,
        scope: Slot,
        given: &[(&str, Value)],
    ) -> Result<Value, Failure> {
        if let Some(value) = expression.as_constant() {
            return Ok(value.clone());
        }
        let around = Surroundings {
            now: self.instance.now(),
            zone: self.process(scope).zone(),
            limits: self.limits(),
        };
        let read = |name: &Arc<str>| match given.iter().find(|(known, _)| **known == **name) {
            Some((_, value)) => value.clone(),
            None => read(self.instance, self.library, scope, name),
        };
        let result = match expression.names() {
            [] => expression.eval(&[], around),
            [only] => expression.eval(&[read(only)], around),
            several => expression.eval(&several.iter().map(read).collect::<Vec<_>>(), around),
        };
        result.map_err(|message| {
            let text = expression.text();
            Failure::new(
                IncidentKind::Expression,
                format!("`{text}` failed: {message}{}", self.seen(expression, scope)),
            )
        })
    }

    /// True or false; everything else is a failure that shows what was seen.
    pub(crate) fn holds(&self, condition: &Compiled, scope: Slot) -> Result<bool, Failure> {
        self.holds_with(condition, scope, &[])
    }

    /// The same with some names that mean something else.
    pub(crate) fn holds_with(
        &self,
        condition: &Compiled,
        scope: Slot,
        given: &[(&str, Value)],
    ) -> Result<bool, Failure> {
        let as_condition = |failure: Failure| Failure { kind: IncidentKind::Condition, ..failure };
        let value = self.eval_with(condition, scope, given).map_err(as_condition)?;
        if let Some(holds) = value.as_bool() {
            return Ok(holds);
        }
        let found = match value.null_reason() {
            Some(reason) => format!("null: {reason}"),
            None => format!("{} {}", value.type_name(), shown(&value)),
        };
        let message = format!(
            "`{}` is neither true nor false but {found}{}",
            condition.text(),
            self.seen(condition, scope)
        );
        Err(Failure::new(IncidentKind::Condition, message))
    }

    /// A decision of a gateway or activity: recorded with what it saw, where the deployment asks for that.
    pub(crate) fn decide(
        &mut self,
        by: (ElementKey, NodeIx),
        condition: &Compiled,
        scope: Slot,
        given: &[(&str, Value)],
    ) -> Result<bool, Failure> {
        let holds = self.holds_with(condition, scope, given)?;
        if self.process(scope).records_decisions {
            let values: Context = condition
                .names()
                .iter()
                .map(|name| {
                    let known =
                        given.iter().find(|(known, _)| **known == **name).map(|(_, value)| value.clone());
                    let value = known.unwrap_or_else(|| read(self.instance, self.library, scope, name));
                    (name.to_string(), if value.is_null() { Value::NULL } else { value })
                })
                .collect();
            let parts = [
                ("expression", Value::string(condition.text())),
                ("values", Value::from(values)),
                ("result", Value::from(holds)),
            ];
            let data: Context = parts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
            let data = self.data(Value::from(data));
            self.emit(Event::Decided { key: by.0, node: by.1, data });
        }
        Ok(holds)
    }

    /// The values that an expression saw and the names that are undefined, for people.
    fn seen(&self, expression: &Compiled, scope: Slot) -> String {
        let mut text = String::new();
        for name in expression.names() {
            let known = self.instance.lookup(scope, name).cloned();
            let part = match known.or_else(|| self.instance.loop_attribute(scope, name)) {
                Some(value) => format!("{name} = {}", shown(&value)),
                None => format!("{name} is undefined"),
            };
            text.push_str(if text.is_empty() { " (" } else { ", " });
            text.push_str(&part);
        }
        if !text.is_empty() {
            text.push(')');
        }
        text
    }

    /// Sets a variable in exactly that scope.
    pub(crate) fn set(&mut self, scope: Slot, name: &str, value: Value) {
        self.set_named(scope, Text::from(name), value);
    }

    /// The same with a name that is shared already.
    pub(crate) fn set_named(&mut self, scope: Slot, name: Text, value: Value) {
        let scope = self.key(scope);
        let (name, value) = (self.data(Value::String(name)), self.data(value));
        self.emit(Event::VariableSet { scope, name, value });
    }

    /// Sets a variable where it is or is declared, seen from `from`, or else in the process instance.
    pub(crate) fn propagate(&mut self, from: Slot, name: &str, value: Value) {
        let mut target = from;
        loop {
            if let Some(shared) = self.instance.shared_name(target, name) {
                return self.set_named(target, shared, value);
            }
            if self.instance.elements[target].role == Role::Process || self.declares(target, name) {
                return self.set(target, name, value);
            }
            target = self.instance.elements[target].parent;
        }
    }

    /// True where a data object or property of that name lives with the element.
    fn declares(&self, slot: Slot, name: &str) -> bool {
        let data = self.node(slot).and_then(|node| self.process(slot).row(node).data.as_deref());
        data.is_some_and(|data| data.declared.iter().any(|declared| **declared == *name))
    }

    /// Input mappings run in order, each seeing earlier targets, into the activity's scope.
    pub(crate) fn map_inputs(&mut self, slot: Slot, mappings: &[Mapping]) -> Result<(), Failure> {
        for mapping in mappings {
            let value = self.map(mapping, slot)?;
            let [name, path @ ..] = &*mapping.target else { continue };
            let known = self.instance.own_variable(slot, name).cloned().unwrap_or(Value::NULL);
            self.set(slot, name, placed(known, path, value));
        }
        Ok(())
    }

    /// A result without output mappings goes, key by key, to the nearest scope that has the key. With them,
    /// the outputs go out; the result itself stays local under Zeebe and goes out first elsewhere.
    pub(crate) fn map_outputs(&mut self, slot: Slot, result: &Context) -> Result<(), Failure> {
        let row = self.row(slot);
        let is_body = self.instance.elements[slot].role == Role::Body;
        if let Some(data) = row.data.as_deref().filter(|data| !is_body && data.has_outputs()) {
            return self.write_outputs(slot, data, result);
        }
        if row.outputs.is_empty() || is_body {
            self.take_result(slot, result);
            return Ok(());
        }
        if self.process(slot).data.results_stay_local {
            for (name, value) in result.iter() {
                self.set(slot, name, value.clone());
            }
        } else {
            self.take_result(slot, result);
        }
        let outer = self.instance.elements[slot].parent;
        for mapping in &row.outputs {
            let value = self.map(mapping, slot)?;
            let [name, path @ ..] = &*mapping.target else { continue };
            let known = self.instance.lookup(outer, name).cloned().unwrap_or(Value::NULL);
            self.propagate(outer, name, placed(known, path, value));
        }
        Ok(())
    }

    fn take_result(&mut self, slot: Slot, result: &Context) {
        for (name, value) in result.iter() {
            self.propagate(slot, name, value.clone());
        }
    }

    /// The value of a mapping's source; what cannot be kept in a variable is a failure.
    pub(crate) fn map(&self, mapping: &Mapping, scope: Slot) -> Result<Value, Failure> {
        let value = self.eval(&mapping.source, scope);
        let value = value.map_err(|failure| Failure { kind: IncidentKind::InputOutput, ..failure })?;
        self.keepable(&mapping.target.join("."), value)
    }

    /// A value as it is kept in a variable: no range or function, no reason of a null, of a bounded size.
    pub(crate) fn keepable(&self, name: &str, value: Value) -> Result<Value, Failure> {
        if !value.is_storable() {
            let message = format!("`{name}` would hold a {}, which no variable can", value.type_name());
            return Err(Failure::new(IncidentKind::InputOutput, message));
        }
        if value.bytes() > self.limits().variable_bytes {
            return Err(Failure::limit("variable_bytes"));
        }
        if self.instance.variables_bytes.saturating_add(value.bytes()) > self.limits().variables_bytes {
            return Err(Failure::limit("variables_bytes"));
        }
        Ok(if value.is_null() { Value::NULL } else { value })
    }
}

/// What a name means in a scope: a variable, an attribute of a loop, or null with the reason.
pub(crate) fn read(instance: &Instance, library: &crate::process::Library, scope: Slot, name: &str) -> Value {
    if let Some(value) = instance.lookup(scope, name) {
        return value.clone();
    }
    instance
        .loop_attribute(scope, name)
        .or_else(|| collected(instance, library, scope, name))
        .unwrap_or_else(|| Value::null_because(format!("`{name}` is undefined")))
}

/// The results so far, under the name of the output collection of a body around `scope`.
fn collected(
    instance: &Instance,
    library: &crate::process::Library,
    mut scope: Slot,
    name: &str,
) -> Option<Value> {
    while instance.elements[scope].role != Role::Process {
        let element = &instance.elements[scope];
        if element.role == Role::Body {
            let row = instance.process_of(library, scope).row(element.node);
            if let Some(Repeat::MultiInstance(multi)) = row.repeat.as_deref()
                && multi.output_collection.as_deref() == Some(name)
            {
                return Some(instance.multis[element.multi].results.iter().cloned().collect());
            }
        }
        scope = element.parent;
    }
    None
}

/// The value with `part` at the path inside it; what is no context on the way becomes one.
pub(super) fn placed(whole: Value, path: &[Arc<str>], part: Value) -> Value {
    let mut parents = Vec::with_capacity(path.len());
    let mut inner = whole;
    for step in path {
        let context = inner.as_context().cloned().unwrap_or_default();
        inner = context.get(step).cloned().unwrap_or(Value::NULL);
        parents.push((context, step));
    }
    parents.into_iter().rev().fold(part, |value, (mut context, step)| {
        context.insert(&**step, value);
        Value::from(context)
    })
}

/// A value's text, cut where it is long.
pub(crate) fn shown(value: &Value) -> String {
    let text = match value.as_str() {
        Some(text) => format!("\"{text}\""),
        None => value.to_string(),
    };
    if text.chars().count() <= SHOWN {
        return text;
    }
    text.chars().take(SHOWN).chain(std::iter::once('…')).collect()
}
