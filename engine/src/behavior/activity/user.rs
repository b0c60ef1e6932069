//! User task (10.3.3, 10.3.4): offered to people until one of them has done it.

use crate::event::{Event, IncidentKind, Stage, WaitKind};
use crate::executor::{Failure, Step};
use crate::expression::Compiled;
use crate::id::{Timestamp, Which};
use crate::instance::Slot;
use crate::process::{People, Role};
use tokenflow_feel::{Context, Value};

/// Evaluates who may do the task and by when, then waits.
pub(crate) fn open(step: &mut Step<'_>, slot: Slot) {
    let work = step.row(slot).work.as_deref();
    let people = work.and_then(|work| work.people.as_deref());
    let people = match people.map(|people| evaluate(step, slot, people)).transpose() {
        Ok(people) => people.unwrap_or_default(),
        Err(failure) => return step.raise_as(slot, Stage::Work, failure),
    };
    let data = if people.is_empty() { Value::NULL } else { Value::from(people) };
    let (key, data) = (step.key(slot), step.data(data));
    step.emit(Event::Waiting { key, which: Which(0), kind: WaitKind::UserTask, data, due: Timestamp::NEVER });
}

/// What a task says about its people: the name under which it is kept, its expression, and whether a value fits.
type Field<'a> = (&'a str, &'a Option<Compiled>, &'a dyn Fn(&Value) -> bool);

fn evaluate(step: &Step<'_>, slot: Slot, people: &People) -> Result<Context, Failure> {
    let mut known = Context::default();
    let text = |value: &Value| value.as_str().is_some();
    let texts = |value: &Value| value.as_list().is_some_and(|list| list.iter().all(text));
    let fields: [Field<'_>; 7] = [
        ("assignee", &people.assignee, &text),
        ("candidateUsers", &people.candidate_users, &texts),
        ("candidateGroups", &people.candidate_groups, &texts),
        ("dueDate", &people.due_date, &|_| true),
        ("followUpDate", &people.follow_up_date, &|_| true),
        ("priority", &people.priority, &|_| true),
        ("form", &people.form, &|_| true),
    ];
    for (name, expression, fits) in fields {
        let Some(expression) = expression else { continue };
        let value = step.eval(expression, slot)?;
        if value.is_null() {
            continue;
        }
        if !fits(&value) {
            let message = format!("`{}` gives {value} ({}) for {name}", expression.text(), value.type_name());
            return Err(Failure::new(IncidentKind::Expression, message));
        }
        known.insert(name, step.keepable(name, value)?);
    }
    match caller(step, slot) {
        Some((call, roles)) => {
            for role in roles {
                add_role(step, call, role, &mut known)?;
            }
        }
        None => {
            for role in &people.roles {
                add_role(step, slot, role, &mut known)?;
            }
        }
    }
    if let Some(lane) = &people.lane {
        known.insert("lane", Value::string(&**lane));
    }
    Ok(known)
}

/// The roles of the call activity replace those of a global task that it calls (10.3.6).
fn caller<'p>(step: &Step<'p>, slot: Slot) -> Option<(Slot, &'p [Role])> {
    let process = step.instance.process_instance(slot);
    let call = step.instance.elements[process].parent.get()?;
    if !step.process(process).graph().is_global_task {
        return None;
    }
    let roles = &step.row(call).call.as_deref()?.roles;
    (!roles.is_empty()).then_some((call, roles))
}

/// One person that performs is assigned directly; everybody else that a role gives may claim.
fn add_role(step: &Step<'_>, slot: Slot, role: &Role, known: &mut Context) -> Result<(), Failure> {
    if let Some(group) = &role.group {
        add(known, "candidateGroups", [Value::string(&**group)]);
    }
    let Some(expression) = &role.users else {
        return Ok(());
    };
    let value = step.eval(expression, slot)?;
    let users: Vec<Value> = match (value.as_str(), value.as_list()) {
        (Some(_), _) => vec![value.clone()],
        (None, Some(list)) if list.iter().all(|user| user.as_str().is_some()) => {
            list.iter().cloned().collect()
        }
        (None, _) => {
            let message =
                format!("`{}` gives {value} ({}) and no users", expression.text(), value.type_name());
            return Err(Failure::new(IncidentKind::Expression, message));
        }
    };
    match users.as_slice() {
        [only] if role.performs && known.get("assignee").is_none() => {
            known.insert("assignee", only.clone());
        }
        _ => add(known, "candidateUsers", users),
    }
    Ok(())
}

fn add(known: &mut Context, name: &str, more: impl IntoIterator<Item = Value>) {
    let before =
        known.get(name).and_then(Value::as_list).map(|list| list.iter().cloned().collect::<Vec<_>>());
    known.insert(name, before.unwrap_or_default().into_iter().chain(more).collect::<Value>());
}
