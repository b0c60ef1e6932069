//! The README's program: an order above 10,000 is approved by a person, then invoiced by a handler.
#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use serde::{Deserialize, Serialize};
use tokenflow::runtime::{Job, JobError, Runtime};

#[derive(Deserialize)]
struct Order {
    amount: i64,
}

#[derive(Serialize)]
struct Invoice {
    invoice: String,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let rt = Runtime::memory()
        .handle("send-invoice", |job: Job<Order>| match job.input.amount {
            0 => Err(JobError::bpmn("EMPTY_ORDER")),
            amount => Ok(Invoice { invoice: format!("FV/2026/11/{amount}") }),
        })
        .build()?;
    rt.deploy(include_bytes!("order.bpmn"))?;

    let order = rt
        .start("Order")
        .variables(serde_json::json!({ "amount": 12000 }))?
        .reference("deal", "42")
        .send()?;
    rt.run_until_idle()?;
    for task in rt.tasks().group("sales").list()? {
        rt.complete(task.key).by("anna").with(&serde_json::json!({ "approved": true }))?.send()?;
    }
    rt.run_until_idle()?;
    println!("{}", rt.instance(order)?);
    Ok(())
}
