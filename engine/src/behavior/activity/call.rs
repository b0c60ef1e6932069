//! Call activity (10.3.6): a process or global task as an instance of its own, its version bound at call time.

use crate::event::{Data, Event, IncidentKind, Stage, Status, WaitKind};
use crate::executor::{Failure, Step};
use crate::expression::Compiled;
use crate::id::{ProcessIx, Timestamp, Which};
use crate::instance::{Role, Slot};
use crate::process::{Call, CallBinding, Io, Process};
use tokenflow_feel::{Context, Value};

/// Starts the called process with the variables that pass in.
pub(crate) fn call(step: &mut Step<'_>, slot: Slot) {
    let plan = step.row(slot).call.as_deref().expect("a call activity has a call");
    let (id, ix) = match target(step, slot, plan) {
        Ok(found) => found,
        Err(failure) => return step.raise_as(slot, Stage::Work, failure),
    };
    let variables = match inputs(step, slot, plan, step.library.process(ix)) {
        Ok(variables) => variables,
        Err(failure) => return step.raise(slot, IncidentKind::InputOutput, Stage::Work, failure, None),
    };
    let key = step.key(slot);
    let data = step.data(Value::string(id));
    step.emit(Event::Waiting { key, which: Which(0), kind: WaitKind::Call, data, due: Timestamp::NEVER });
    let child = step.start_process(ix, key);
    for (name, value) in variables.iter() {
        step.set(child, name, value.clone());
    }
    step.arm_handlers_or_stop(child);
    step.start_level(child);
}

/// The called process instance has ended: its variables pass back and the call activity completes.
pub(crate) fn returned(step: &mut Step<'_>, child: Slot, status: Status) {
    let call = step.instance.elements[child].parent;
    let plan = step.row(call).call.as_deref().expect("a called instance is inside a call activity");
    let result = outputs(step, child, plan);
    let key = step.key(child);
    if status == Status::Completed {
        crate::behavior::compensate::record(step, child);
    }
    step.emit(Event::Ended { key, status, code: Data::NONE });
    match result {
        Ok(result) => step.complete_work(call, result),
        Err(failure) => step.raise(call, IncidentKind::InputOutput, Stage::Outputs, failure, None),
    }
}

fn target(step: &Step<'_>, slot: Slot, plan: &Call) -> Result<(String, ProcessIx), Failure> {
    let fail = |message: String| Failure::new(IncidentKind::CalledElement, message);
    let value = step.eval(&plan.element, slot)?;
    let Some(id) = value.as_str() else {
        return Err(fail(format!("the called element is {value} and not the id of a process")));
    };
    let library = step.library;
    let own = step.process(slot);
    let found = match &plan.binding {
        CallBinding::Latest => library.latest(id),
        CallBinding::Deployment => library.by_hash(id, own.hash()),
        CallBinding::Version(version) => {
            let version = text(step, slot, version)?.parse().ok();
            version.and_then(|version| library.version(id, version))
        }
        CallBinding::VersionTag(tag) => library.tagged(id, &text(step, slot, tag)?),
    };
    let Some(ix) = found else {
        return Err(fail(format!("no process `{id}` is deployed in the version that is called")));
    };
    let process = library.process(ix);
    if !process.is_executable() && !step.executor.allow_non_executable {
        return Err(fail(format!("process `{id}` says isExecutable=\"false\"")));
    }
    if !process.starts_by_name() {
        return Err(fail(format!("process `{id}` has no start event that needs no trigger")));
    }
    if depth(step, slot) >= step.limits().call_depth {
        return Err(Failure::limit("call_depth"));
    }
    Ok((id.to_owned(), ix))
}

fn text(step: &Step<'_>, slot: Slot, expression: &Compiled) -> Result<String, Failure> {
    let value = step.eval(expression, slot)?;
    Ok(value.as_str().map_or_else(|| value.to_string(), str::to_owned))
}

/// How many process instances are around this element.
fn depth(step: &Step<'_>, slot: Slot) -> u32 {
    let up = |slot: &Slot| step.instance.elements[*slot].parent.get();
    let around = std::iter::successors(Some(slot), up);
    around.filter(|slot| step.instance.elements[*slot].role == Role::Process).count() as u32
}

/// The variables that pass in: all of the caller under Zeebe, else what is local to the call activity, with the
/// dialect's mappings. With a specification its inputs become those of the called process, by name, else by place.
fn inputs(step: &Step<'_>, slot: Slot, plan: &Call, called: &Process) -> Result<Context, Failure> {
    if let Some(io) = specification(step, slot) {
        let targets = called.data.io.as_ref().map_or(&[][..], |io| &io.inputs);
        let pairs = io.inputs.iter().enumerate().filter_map(|(place, name)| {
            let value = step.instance.own_variable(slot, name)?.clone();
            let target = targets.iter().find(|target| *target == name).or(targets.get(place)).unwrap_or(name);
            Some((target.to_string(), value))
        });
        return Ok(pairs.collect());
    }
    let mut variables = if plan.all_in { step.visible(slot) } else { step.instance.variables_of(slot) };
    for mapping in &plan.inputs {
        let value = step.map(mapping, slot)?;
        variables.insert(&*mapping.target[0], value);
    }
    Ok(variables)
}

/// The variables that pass back, the same way.
fn outputs(step: &Step<'_>, child: Slot, plan: &Call) -> Result<Context, Failure> {
    let call = step.instance.elements[child].parent;
    if let Some(io) = specification(step, call) {
        let sources = step.process(child).data.io.as_ref().map_or(&[][..], |io| &io.outputs);
        let pairs = io.outputs.iter().enumerate().filter_map(|(place, name)| {
            let source = sources.iter().find(|source| *source == name).or(sources.get(place)).unwrap_or(name);
            Some((name.to_string(), step.instance.own_variable(child, source)?.clone()))
        });
        return Ok(pairs.collect());
    }
    let mut result = if plan.all_out || has_outputs(step, child) {
        step.instance.variables_of(child)
    } else {
        Context::default()
    };
    for mapping in &plan.outputs {
        let value = step.map(mapping, child)?;
        result.insert(&*mapping.target[0], value);
    }
    Ok(result)
}

fn specification<'p>(step: &Step<'p>, call: Slot) -> Option<&'p Io> {
    step.row(call).data.as_deref().and_then(|data| data.io.as_ref())
}

/// Output mappings of the call activity itself read the variables of the called process.
fn has_outputs(step: &Step<'_>, child: Slot) -> bool {
    !step.row(step.instance.elements[child].parent).outputs.is_empty()
}
