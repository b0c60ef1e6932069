//! The script: who does what, and when. What follows from it is up to the processes.

use serde_json::{Value, json};

/// Somebody who works in the company.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Person {
    /// The name, as colleagues use it.
    pub name: &'static str,
    /// The group whose tasks the person may take.
    pub group: &'static str,
}

/// Qualifies leads.
pub const MAREK: Person = Person { name: "Marek", group: "marketing" };
/// Sells.
pub const ANNA: Person = Person { name: "Anna", group: "sales" };
/// Packs and loads.
pub const PIOTR: Person = Person { name: "Piotr", group: "warehouse" };
/// Keeps the books.
pub const EWA: Person = Person { name: "Ewa", group: "accounting" };

/// One thing that comes from outside the processes.
#[derive(Clone, Debug, PartialEq)]
pub struct Scene {
    /// When, in RFC 3339.
    pub at: &'static str,
    /// What.
    pub deed: Deed,
}

/// What comes from outside.
#[derive(Clone, Debug, PartialEq)]
pub enum Deed {
    /// Somebody notes a new lead by hand.
    Note {
        /// Who.
        by: Person,
        /// What is known of it.
        variables: Value,
    },
    /// A message from a customer, a carrier or an office.
    Message {
        /// Its name in the models.
        name: &'static str,
        /// Which deal or invoice it is about, where it begins nothing new.
        key: Option<&'static str>,
        /// What it says.
        variables: Value,
    },
    /// Somebody opens the worklist.
    Look(Person),
    /// Somebody takes a task of a deal and does it.
    Work {
        /// Who.
        by: Person,
        /// Which task, by its id in the model.
        task: &'static str,
        /// The deal.
        deal: &'static str,
        /// The result.
        variables: Value,
    },
}

/// The whole script, in order of time.
pub fn script() -> Vec<Scene> {
    [first_call(), offer(), delivery(), payment()].concat()
}

fn first_call() -> Vec<Scene> {
    let office_plus = json!({
        "dealId": "D-117",
        "company": { "name": "Biuro Plus", "nip": "586-204-41-58" },
        "need": "40 desks for a new office in Gdańsk", "budget": 60_000, "source": "web-form",
    });
    let law_firm = json!({
        "dealId": "D-118",
        "company": { "name": "Kancelaria Lis", "nip": "526-025-02-74" },
        "need": "a meeting table", "budget": 6_000, "source": "fair",
    });
    vec![
        message("2026-11-02T09:14:00+01:00", "LeadReceived", None, office_plus),
        look("2026-11-02T11:00:00+01:00", MAREK),
        work("2026-11-02T11:02:00+01:00", MAREK, "Task_QualifyLead", "D-117", json!({ "verdict": "call" })),
        Scene { at: "2026-11-03T10:20:00+01:00", deed: Deed::Note { by: MAREK, variables: law_firm } },
        work("2026-11-03T10:25:00+01:00", MAREK, "Task_QualifyLead", "D-118", json!({ "verdict": "later" })),
        // Wednesday passes, and nobody calls.
        look("2026-11-05T08:30:00+01:00", ANNA),
        work("2026-11-05T09:40:00+01:00", ANNA, "Task_CallCustomer", "D-117", json!({ "interested": true })),
    ]
}

fn offer() -> Vec<Scene> {
    let lines = json!([
        { "item": "height-adjustable desk", "quantity": 40, "unitPrice": 1149, "vat": 23 },
        { "item": "handbook of healthy sitting", "quantity": 40, "unitPrice": 39.90, "vat": 5 },
        { "item": "assembly", "quantity": 1, "unitPrice": 2400, "vat": 23 },
    ]);
    let list_price = json!({ "lines": lines, "discountPercent": 0 });
    let reduced = json!({ "lines": lines, "discountPercent": 5 });
    let changes = json!({ "answer": "changes", "remarks": "5 % less, and it is ours" });
    vec![
        work("2026-11-05T14:30:00+01:00", ANNA, "Task_DraftOffer", "D-117", list_price),
        message("2026-11-09T10:05:00+01:00", "OfferAnswered", Some("D-117"), changes),
        work("2026-11-09T12:10:00+01:00", ANNA, "Task_DraftOffer", "D-117", reduced),
        message("2026-11-10T15:30:00+01:00", "OfferAnswered", Some("D-117"), json!({ "answer": "accepted" })),
    ]
}

fn delivery() -> Vec<Scene> {
    let right_number = json!({ "buyer": { "name": "Biuro Plus", "nip": "586-204-41-85" } });
    vec![
        // Wednesday, 11 November, is Independence Day.
        look("2026-11-12T08:15:00+01:00", EWA),
        work("2026-11-12T08:40:00+01:00", EWA, "Task_DecideCredit", "D-117", json!({ "creditOk": true })),
        work("2026-11-12T09:05:00+01:00", EWA, "Task_CorrectBuyer", "D-117", right_number),
        look("2026-11-12T10:00:00+01:00", PIOTR),
        work("2026-11-12T13:00:00+01:00", PIOTR, "Task_PickAndPack", "D-117", json!({ "parcels": 44 })),
        message(
            "2026-11-13T11:20:00+01:00",
            "GoodsDelivered",
            Some("D-117"),
            json!({ "signedBy": "J. Wilk" }),
        ),
    ]
}

fn payment() -> Vec<Scene> {
    let transfer = json!({ "amount": 58_100.67 });
    vec![
        message("2026-12-02T10:15:00+01:00", "PaymentReceived", Some("FV/2026/11/0001"), transfer),
        look("2026-12-03T11:00:00+01:00", MAREK),
        work("2026-12-03T11:05:00+01:00", MAREK, "Task_QualifyLead", "D-118", json!({ "verdict": "no" })),
        look("2026-12-07T09:00:00+01:00", EWA),
        work("2026-12-07T09:30:00+01:00", EWA, "Task_CheckRegister", "2026-11", json!({})),
        message(
            "2026-12-08T12:00:00+01:00",
            "TaxReceipt",
            Some("2026-11"),
            json!({ "receipt": "UPO-88121" }),
        ),
    ]
}

fn message(at: &'static str, name: &'static str, key: Option<&'static str>, variables: Value) -> Scene {
    Scene { at, deed: Deed::Message { name, key, variables } }
}

fn look(at: &'static str, person: Person) -> Scene {
    Scene { at, deed: Deed::Look(person) }
}

fn work(at: &'static str, by: Person, task: &'static str, deal: &'static str, variables: Value) -> Scene {
    Scene { at, deed: Deed::Work { by, task, deal, variables } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    #[test]
    fn the_script_is_in_order_of_time() {
        let times: Vec<_> =
            script().iter().map(|scene| DateTime::parse_from_rfc3339(scene.at).unwrap()).collect();
        assert!(times.is_sorted());
    }
}
