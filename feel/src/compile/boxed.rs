//! Boxed expressions as nodes: each text is a piece of one long source.

use std::sync::Arc;

use super::{Compiler, Program};
use crate::boxed::{Boxed, BoxedError, DecisionTable, IteratorKind};
use crate::env::Scope;
use crate::error::CompileError;
use crate::parser::{Pool, parse_piece, parse_unary_piece};
use crate::syntax::{Id, Iteration, Node, Span, Table, TableRule};
use crate::types::Type;

/// `boxed_depth`: how deep boxed expressions may be nested; they are walked by recursion.
const BOXED_DEPTH: usize = 32;

/// Compiles a boxed expression.
///
/// # Errors
/// Says what is wrong, and in which text of the expression.
pub fn compile_boxed(boxed: &Boxed, scope: &Scope<'_>) -> Result<Program, BoxedError> {
    let pool = Pool::new(scope);
    let mut assembly = Assembly { scope, source: String::new(), pool, path: Vec::new() };
    let root = assembly.node(boxed)?;
    let Assembly { source, pool, .. } = assembly;
    Ok(Compiler::new(&source, scope.names, pool.tree, root).run())
}

struct Assembly<'a> {
    scope: &'a Scope<'a>,
    source: String,
    pool: Pool,
    path: Vec<String>,
}

impl Assembly<'_> {
    /// Recursion passes through here, so that the arms are functions and this frame stays small.
    fn node(&mut self, boxed: &Boxed) -> Result<Id, BoxedError> {
        if self.path.len() >= BOXED_DEPTH {
            return self.refuse(&format!("boxed_depth {BOXED_DEPTH} exceeded"));
        }
        let start = self.source.len();
        let node = match boxed {
            Boxed::Literal(text) => return self.literal(text),
            Boxed::Context { entries, result } => return self.context(entries, result.as_deref()),
            Boxed::Typed(inner, named) => self.typed(inner, named),
            Boxed::List(items) => self.list(items),
            Boxed::Relation { columns, rows } => self.relation(columns, rows),
            Boxed::Function { parameters, body } => self.function(parameters, body),
            Boxed::Invocation { function, bindings } => self.invocation(function, bindings),
            Boxed::Conditional(condition, then, otherwise) => self.conditional(condition, then, otherwise),
            Boxed::Filter(list, condition) => self.filter(list, condition),
            Boxed::Iterator { kind, variable, list, body } => self.iterator(*kind, variable, list, body),
            Boxed::DecisionTable(table) => self.table(table),
        };
        Ok(self.add(node?, start))
    }

    fn typed(&mut self, inner: &Boxed, named: &Type) -> Result<Node, BoxedError> {
        Ok(Node::Convert(self.within("", inner)?, named.clone()))
    }

    fn list(&mut self, items: &[Boxed]) -> Result<Node, BoxedError> {
        let mut ids = Vec::new();
        for (index, item) in items.iter().enumerate() {
            ids.push(self.within(&format!("item {}", index + 1), item)?);
        }
        Ok(Node::List(ids))
    }

    fn function(&mut self, parameters: &[(String, Option<Type>)], body: &Boxed) -> Result<Node, BoxedError> {
        let names: Vec<Arc<str>> = parameters.iter().map(|(name, _)| Arc::from(name.as_str())).collect();
        let body = self.with_names(&names, "body", body)?;
        let types = parameters.iter().map(|(name, declared)| {
            declared.as_ref().map(|declared| (declared.clone(), Arc::from(name.as_str())))
        });
        Ok(Node::Function { parameters: names.iter().cloned().zip(types).collect(), body })
    }

    fn invocation(&mut self, function: &Boxed, bindings: &[(String, Boxed)]) -> Result<Node, BoxedError> {
        let callee = self.within("function", function)?;
        let mut arguments = Vec::new();
        for (name, argument) in bindings {
            arguments.push((Arc::from(name.as_str()), self.within(name, argument)?));
        }
        Ok(Node::CallNamed(callee, arguments))
    }

    fn conditional(
        &mut self,
        condition: &Boxed,
        then: &Boxed,
        otherwise: &Boxed,
    ) -> Result<Node, BoxedError> {
        let condition = self.within("if", condition)?;
        Ok(Node::If(condition, self.within("then", then)?, self.within("else", otherwise)?))
    }

    fn filter(&mut self, list: &Boxed, condition: &Boxed) -> Result<Node, BoxedError> {
        let list = self.within("list", list)?;
        self.pool.filters += 1;
        let condition = self.with_names(&[Arc::from("item")], "filter", condition)?;
        self.pool.filters -= 1;
        Ok(Node::Filter(list, condition))
    }

    fn iterator(
        &mut self,
        kind: IteratorKind,
        variable: &str,
        list: &Boxed,
        body: &Boxed,
    ) -> Result<Node, BoxedError> {
        let domain = self.within("in", list)?;
        let name: Arc<str> = Arc::from(variable);
        let names = [name.clone(), Arc::from("partial")];
        let count = if kind == IteratorKind::For { 2 } else { 1 };
        let body = self.with_names(&names[..count], "body", body)?;
        let iterations = vec![Iteration { name, domain, end: None }];
        Ok(match kind {
            IteratorKind::For => Node::For(iterations, body),
            IteratorKind::Some => Node::Quantified { every: false, iterations, body },
            IteratorKind::Every => Node::Quantified { every: true, iterations, body },
        })
    }

    fn add(&mut self, node: Node, start: usize) -> Id {
        let span = Span { start: start as u32, end: self.source.trim_end().len().max(start) as u32 };
        self.pool.tree.add(node, span)
    }

    fn within(&mut self, step: &str, boxed: &Boxed) -> Result<Id, BoxedError> {
        self.path.push(step.to_owned());
        let id = self.node(boxed)?;
        self.path.pop();
        Ok(id)
    }

    /// Reads an inner box with names in scope.
    fn with_names(&mut self, names: &[Arc<str>], step: &str, boxed: &Boxed) -> Result<Id, BoxedError> {
        for name in names {
            self.pool.names.declare(name);
        }
        let id = self.within(step, boxed)?;
        for name in names {
            self.pool.names.withdraw(name);
        }
        Ok(id)
    }

    /// Appends a text to the source, and reads it there.
    fn literal(&mut self, text: &str) -> Result<Id, BoxedError> {
        let origin = self.source.len();
        self.source.push_str(text);
        let read = parse_piece(&self.source, origin, &mut self.pool, self.scope);
        self.source.push('\n');
        read.map_err(|error| self.error(error))
    }

    fn unary(&mut self, text: &str) -> Result<Id, BoxedError> {
        let origin = self.source.len();
        self.source.push_str(text);
        let read = parse_unary_piece(&self.source, origin, &mut self.pool, self.scope);
        self.source.push('\n');
        read.map_err(|error| self.error(error))
    }

    fn at<T>(
        &mut self,
        step: String,
        read: impl FnOnce(&mut Self) -> Result<T, BoxedError>,
    ) -> Result<T, BoxedError> {
        self.path.push(step);
        let made = read(self)?;
        self.path.pop();
        Ok(made)
    }

    fn error(&self, error: CompileError) -> BoxedError {
        let steps: Vec<&str> = self.path.iter().map(String::as_str).filter(|step| !step.is_empty()).collect();
        BoxedError { path: steps.join(" / "), error }
    }

    fn refuse<T>(&self, message: &str) -> Result<T, BoxedError> {
        Err(self.error(CompileError::at("", 0, message)))
    }

    fn context(&mut self, entries: &[(String, Boxed)], result: Option<&Boxed>) -> Result<Id, BoxedError> {
        let start = self.source.len();
        let mut made: Vec<(Arc<str>, Id)> = Vec::new();
        let mut known = std::collections::HashSet::new();
        let result = result.map(|boxed| ("result", boxed));
        let named = entries.iter().map(|(name, boxed)| (name.as_str(), boxed));
        for (name, boxed) in named.chain(result) {
            let is_result = result.is_some() && made.len() == entries.len();
            if !is_result && !known.insert(name) {
                return self.refuse(&format!("the entry {name:?} occurs twice"));
            }
            let name: Arc<str> = Arc::from(name);
            // A function may invoke itself by its name.
            let recursive = matches!(boxed, Boxed::Function { .. });
            let own = if recursive { std::slice::from_ref(&name) } else { &[] };
            let id = self.with_names(own, &name, boxed)?;
            self.pool.names.declare(&name);
            made.push((name, id));
        }
        for (name, _) in &made {
            self.pool.names.withdraw(name);
        }
        let Some((name, _)) = made.last().cloned().filter(|_| result.is_some()) else {
            return Ok(self.add(Node::Context(made), start));
        };
        let context = self.add(Node::Context(made), start);
        Ok(self.add(Node::Path(context, name), start))
    }

    fn relation(&mut self, columns: &[String], rows: &[Vec<Boxed>]) -> Result<Node, BoxedError> {
        let mut items = Vec::new();
        for (index, row) in rows.iter().enumerate() {
            let start = self.source.len();
            let mut entries = Vec::new();
            for (column, cell) in columns.iter().zip(row) {
                let step = format!("row {}, {column}", index + 1);
                entries.push((Arc::from(column.as_str()), self.within(&step, cell)?));
            }
            items.push(self.add(Node::Context(entries), start));
        }
        Ok(Node::List(items))
    }

    fn table(&mut self, table: &DecisionTable) -> Result<Node, BoxedError> {
        self.path.push(table.name.clone());
        let mut inputs = Vec::new();
        for (index, clause) in table.inputs.iter().enumerate() {
            let step = format!("input {}", index + 1);
            let expression = self.at(step.clone(), |assembly| assembly.literal(&clause.expression))?;
            let allowed = match &clause.allowed {
                Some(text) => Some(self.at(step, |assembly| assembly.unary(text))?),
                None => None,
            };
            inputs.push((expression, allowed));
        }
        let mut rules = Vec::new();
        for (index, rule) in table.rules.iter().enumerate() {
            let step = format!("rule {}", index + 1);
            if rule.inputs.len() != table.inputs.len() || rule.outputs.len() != table.outputs.len() {
                self.path.push(step);
                return self.refuse("the rule has another number of cells than the table has clauses");
            }
            let mut tests = Vec::new();
            for (cell, text) in rule.inputs.iter().enumerate() {
                let is_dash = matches!(text.trim(), "" | "-");
                let step = format!("{step}, input {}", cell + 1);
                tests.push(if is_dash {
                    None
                } else {
                    Some(self.at(step, |assembly| assembly.unary(text))?)
                });
            }
            let mut outputs = Vec::new();
            for (cell, text) in rule.outputs.iter().enumerate() {
                let step = format!("{step}, output {}", cell + 1);
                outputs.push(self.at(step, |assembly| assembly.literal(text))?);
            }
            rules.push(TableRule { tests, outputs });
        }
        let (mut priorities, mut defaults) = (Vec::new(), Vec::new());
        for (index, clause) in table.outputs.iter().enumerate() {
            let step = format!("output {}", index + 1);
            let allowed = match &clause.allowed {
                Some(text) => Some(self.at(step.clone(), |assembly| assembly.unary(text))?),
                None => None,
            };
            priorities.push(allowed);
            if let Some(text) = &clause.default {
                defaults.push((index, self.at(step, |assembly| assembly.literal(text))?));
            }
        }
        self.path.pop();
        Ok(Node::Table(Box::new(Table {
            name: Arc::from(table.name.as_str()),
            inputs,
            outputs: table.outputs.iter().map(|clause| Arc::from(clause.name.as_str())).collect(),
            priorities,
            defaults,
            rules,
            policy: table.policy,
        })))
    }
}
