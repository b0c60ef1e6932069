//! How a variable that a step has set reads in the timeline; most need no words.

use crate::domain::money::Money;
use chrono::NaiveDate;
use tokenflow::trace::Line;

/// The words for the variable that a line of the journal is about; none where the step's name and the choices after
/// it say enough.
pub(super) fn phrase(line: &Line) -> Option<String> {
    let detail = |name| line.details.iter().find(|detail| detail.name == name).map(|detail| &detail.value);
    let (name, value) = (detail("name")?.as_str()?, detail("value")?);
    let text = || value.as_str().map(str::to_owned);
    let number = || value.as_number().map(ToString::to_string);
    match name {
        "company" | "buyer" => value.as_context()?.get("name")?.as_str().map(str::to_owned),
        "need" | "orderNumber" | "waybill" | "invoiceNumber" | "receipt" | "nipFinding" => text(),
        "remarks" => Some(format!("“{}”", text()?)),
        "signedBy" => Some(format!("signed by {}", text()?)),
        "score" => Some(format!("score {}", number()?)),
        "parcels" => Some(format!("{} parcels", number()?)),
        "invoices" => Some(format!("invoices: {}", number()?)),
        "offer" => {
            Some(format!("{} to pay", amount(&value.as_context()?.get("gross")?.as_number()?.to_string())?))
        }
        "amount" => amount(&number()?),
        "vat" => Some(format!("VAT {}", amount(&number()?)?)),
        "deliveryOn" => Some(format!("comes on {}", day(&text()?)?)),
        "dueOn" => Some(format!("due on {}", day(&text()?)?)),
        _ => None,
    }
}

fn amount(number: &str) -> Option<String> {
    Some(Money::exact(number.parse().ok()?).ok()?.to_string())
}

fn day(date: &str) -> Option<String> {
    let day: NaiveDate = date.parse().ok()?;
    Some(day.format("%A, %-d %B").to_string())
}
