//! Parked instances: packed state in one arena, found by the message key that each waits for.

use crate::drive::{Deployed, Driver};
use crate::workload::Workload;
use std::collections::HashMap;
use tokenflow::command::{Command, Occurrence};
use tokenflow::event::{Event, Status, Transition, WaitKind};
use tokenflow::id::{ElementKey, InstanceId, Timestamp, Which};
use tokenflow::instance::Instance;
use tokenflow_feel::{Context, Value};

/// Where a parked instance lies and what it waits with.
#[derive(Clone, Copy, Debug)]
struct Place {
    begin: u64,
    length: u32,
    key: ElementKey,
    which: Which,
}

/// Instances that wait for one message each.
#[derive(Debug)]
pub struct Lot {
    deployed: Deployed,
    driver: Driver,
    states: Vec<u8>,
    by_key: HashMap<Box<str>, Place>,
    message: String,
    /// The memory of the instance before, and of its last step.
    instance: Instance,
    transition: Transition,
}

impl Lot {
    /// Starts that many instances and parks each at its message.
    ///
    /// # Errors
    /// Where one does not wait for a message.
    pub fn fill(deployed: Deployed, count: u32) -> Result<Lot, String> {
        let driver = Driver::new(deployed.clone(), Workload::Message);
        let mut lot = Lot {
            deployed,
            driver,
            states: Vec::new(),
            by_key: HashMap::new(),
            message: String::new(),
            instance: Instance::new(InstanceId(0)),
            transition: Transition::default(),
        };
        for number in 0..count {
            lot.park(number)?;
        }
        Ok(lot)
    }

    fn park(&mut self, number: u32) -> Result<(), String> {
        let Lot { driver, instance, transition, .. } = self;
        instance.reset(InstanceId(u128::from(number)));
        driver.start(instance, transition)?;
        let opened = transition.events.iter().find_map(|event| match *event {
            Event::Waiting { key, which, kind: WaitKind::Message, data, .. } => Some((key, which, data)),
            _ => None,
        });
        let (key, which, data) = opened.ok_or("the instance waits for no message")?;
        let parts = transition.value(data).as_list();
        let part = |place: usize| parts.and_then(|parts| parts.get(place)?.as_str());
        let (Some(name), Some(correlation)) = (part(0), part(1)) else {
            return Err("the subscription has no name or no key".to_owned());
        };
        if self.message.is_empty() {
            self.message = name.to_owned();
        }
        let state = instance.to_bytes();
        let place = Place { begin: self.states.len() as u64, length: state.len() as u32, key, which };
        self.states.extend_from_slice(&state);
        self.by_key.insert(Box::from(correlation), place);
        Ok(())
    }

    /// Sends that many messages, spread over the keys; each instance they find goes on to its end.
    ///
    /// # Errors
    /// Where a message finds nobody or an instance does not end.
    pub fn wake(&mut self, count: u32) -> Result<u32, String> {
        let parked = self.by_key.len() as u64;
        // A stride that shares no factor with the number of keys meets each key once.
        let stride = (1..).map(|more| 7_919 + more).find(|stride| gcd(*stride, parked) == 1).unwrap_or(1);
        let mut number = 0;
        for _ in 0..count {
            let correlation = format!("key-{number}");
            number = (number + stride) % parked;
            let place = self.by_key.remove(correlation.as_str()).ok_or("nobody waits for that key")?;
            let begin = place.begin as usize;
            let state = &self.states[begin..begin + place.length as usize];
            let mut instance = restored(&self.deployed, state)?;
            let message = Occurrence {
                name: self.message.clone(),
                key: Value::string(correlation),
                payload: Context::default(),
            };
            let command = Command::Message { key: place.key, which: place.which, message };
            self.driver.step(&mut instance, command, Timestamp(0), &mut self.transition)?;
            if instance.status() != Status::Completed {
                return Err("an instance did not end with its message".to_owned());
            }
        }
        Ok(count)
    }
}

fn gcd(mut one: u64, mut other: u64) -> u64 {
    while other > 0 {
        (one, other) = (other, one % other);
    }
    one
}

/// An instance of the model as far as it goes by itself, with its packed form.
///
/// # Errors
/// Where the start is rejected or nothing waits.
pub fn waiting(deployed: &Deployed) -> Result<(Instance, Vec<u8>), String> {
    let mut driver = Driver::new(deployed.clone(), Workload::Message);
    let mut instance = Instance::new(InstanceId(1));
    driver.start(&mut instance, &mut Transition::default())?;
    if instance.status() != Status::Active {
        return Err("an instance of this model waits for nothing".to_owned());
    }
    let bytes = instance.to_bytes();
    Ok((instance, bytes))
}

/// The instance that was packed.
///
/// # Errors
/// Where the bytes are damaged.
pub fn restored(deployed: &Deployed, bytes: &[u8]) -> Result<Instance, String> {
    Instance::from_bytes(&deployed.library, bytes).map_err(|error| error.to_string())
}
