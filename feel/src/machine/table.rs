//! Hit policies, and the record of what a decision table found.

use std::cmp::Ordering;

use super::{Here, Machine};
use crate::boxed::{Aggregation, HitPolicy, Judgement};
use crate::comparison::{equal, member, order};
use crate::error::EvalError;
use crate::program::{Op, TableFacts};
use crate::trace::Fault;
use crate::value::{List, Number, Value};

/// The judgements of an evaluation, and which of them are not complete yet.
#[derive(Default)]
pub(super) struct Record {
    pub(super) judgements: Vec<Judgement>,
    open: Vec<usize>,
}

impl Machine<'_> {
    /// The operations of decision tables that leave a value or a record.
    pub(super) fn judge(&mut self, op: Op, here: Here<'_>, pc: usize) -> Result<(), EvalError> {
        match op {
            Op::TableStart(table, first) => {
                let facts = &here.code.tables[table as usize];
                // Recording must not change which limit is met.
                self.meter.items(facts.inputs + 4)?;
                self.begin_table(facts, first);
            }
            Op::Hit(rule) => {
                if let Some(judgement) = self.judgement() {
                    judgement.rules.push(rule as usize + 1);
                }
            }
            Op::TableEnd => {
                let output = self.acc.clone();
                if let Some(judgement) = self.judgement() {
                    judgement.output = output;
                }
                self.record.open.pop();
            }
            Op::Refuse(table) => {
                let name = &here.code.tables[table as usize].name;
                let fault = Fault::message(format!("an input of the table {name:?} is not allowed"));
                self.record.open.push(usize::MAX);
                self.fail(fault, here, pc, [None, None])?;
            }
            Op::Decide(table) => {
                let default = std::mem::take(&mut self.acc);
                let priorities = self.pop();
                let matched = self.pop();
                let result = self.decide(&here.code.tables[table as usize], matched, &priorities, default);
                self.settle(result, here, pc, [None, None])?;
            }
            _ => debug_assert!(false, "{op:?} belongs to another group"),
        }
        Ok(())
    }

    fn begin_table(&mut self, facts: &TableFacts, first: u32) {
        if !self.records {
            return self.record.open.push(usize::MAX);
        }
        let from = self.data.base + first as usize;
        let inputs = self.data.locals.get(from..from + facts.inputs).unwrap_or_default().to_vec();
        self.record.open.push(self.record.judgements.len());
        self.record.judgements.push(Judgement {
            table: facts.name.clone(),
            inputs,
            rules: Vec::new(),
            output: Value::NULL,
        });
    }

    fn judgement(&mut self) -> Option<&mut Judgement> {
        let index = *self.record.open.last()?;
        self.record.judgements.get_mut(index)
    }

    fn decide(
        &mut self,
        facts: &TableFacts,
        matched: Value,
        priorities: &Value,
        default: Value,
    ) -> Result<Value, Fault> {
        let Value::List(matched) = matched else { return Ok(Value::NULL) };
        let Some(first) = matched.first().cloned() else {
            return if default.is_null() { Err(Fault::text("no rule matches")) } else { Ok(default) };
        };
        match facts.policy {
            HitPolicy::Unique if matched.len() > 1 => {
                let message = format!("{} rules match, but the hit policy is unique", matched.len());
                Err(Fault::message(message))
            }
            HitPolicy::Unique | HitPolicy::First => Ok(first),
            HitPolicy::Any => {
                for other in &matched[1..] {
                    if equal(&first, other, &mut self.meter)? != Some(true) {
                        return Err(Fault::text(
                            "rules with different outputs match, but the hit policy is any",
                        ));
                    }
                }
                Ok(first)
            }
            HitPolicy::Priority => {
                let ordered = self.by_priority(facts, &matched, priorities)?;
                Ok(ordered.into_iter().next().unwrap_or(Value::NULL))
            }
            HitPolicy::OutputOrder => {
                let ordered = self.by_priority(facts, &matched, priorities)?;
                Ok(self.meter.list(ordered)?)
            }
            HitPolicy::RuleOrder | HitPolicy::Collect(None) => Ok(Value::List(matched)),
            HitPolicy::Collect(Some(aggregation)) => aggregate(aggregation, &matched),
        }
    }

    /// The outputs in the order of the allowed values; those that are not among them come last.
    fn by_priority(
        &mut self,
        facts: &TableFacts,
        matched: &List,
        priorities: &Value,
    ) -> Result<Vec<Value>, Fault> {
        let Value::List(priorities) = priorities else { return Ok(matched.to_vec()) };
        let mut ranked = Vec::with_capacity(matched.len());
        for output in matched {
            let mut ranks = Vec::with_capacity(priorities.len());
            for (index, allowed) in priorities.iter().enumerate() {
                let part = match (facts.outputs.as_slice(), output) {
                    ([_, _, ..], Value::Context(context)) => context.entry_at(index).map(|(_, value)| value),
                    _ => Some(output),
                };
                ranks.push(self.rank(part.unwrap_or(&Value::NULL), allowed)?);
            }
            ranked.push((ranks, output.clone()));
        }
        ranked.sort_by(|(left, _), (right, _)| left.cmp(right));
        Ok(ranked.into_iter().map(|(_, output)| output).collect())
    }

    fn rank(&mut self, output: &Value, allowed: &Value) -> Result<usize, Fault> {
        let Value::List(allowed) = allowed else { return Ok(0) };
        for (index, value) in allowed.iter().enumerate() {
            if member(output, value, &mut self.meter)? == Some(true) {
                return Ok(index);
            }
        }
        Ok(allowed.len())
    }
}

fn aggregate(aggregation: Aggregation, matched: &List) -> Result<Value, Fault> {
    let number = |value: &Value| match value {
        Value::Number(number) => Ok(number.clone()),
        other => Err(Fault::message(format!("a {} cannot be added", other.type_name()))),
    };
    let extreme = |wanted: Ordering| {
        let mut best = &matched[0];
        for value in matched {
            match order(value, best) {
                Some(ordering) if ordering == wanted => best = value,
                Some(_) => {}
                None => return Err(Fault::text("the outputs have no order in common")),
            }
        }
        Ok(best.clone())
    };
    match aggregation {
        Aggregation::Count => Ok(Value::from(matched.len() as i64)),
        Aggregation::Min => extreme(Ordering::Less),
        Aggregation::Max => extreme(Ordering::Greater),
        Aggregation::Sum => {
            let mut sum = Number::ZERO;
            for value in matched {
                sum = sum.checked_add(&number(value)?).ok_or(Fault::text("the number is too large"))?;
            }
            Ok(Value::Number(sum))
        }
    }
}
