//! The script: who does what, and when. What follows from it is up to the processes.

use serde_json::{Value, json};

/// Somebody who works in the company.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Person {
    /// The name, as colleagues use it.
    pub(super) name: &'static str,
    /// The group whose tasks the person may take.
    pub(super) group: &'static str,
}

/// Qualifies leads.
pub(super) const MAREK: Person = Person { name: "Marek", group: "marketing" };
/// Sells.
pub(super) const ANNA: Person = Person { name: "Anna", group: "sales" };
/// Packs and loads.
pub(super) const PIOTR: Person = Person { name: "Piotr", group: "warehouse" };
/// Keeps the books.
pub(super) const EWA: Person = Person { name: "Ewa", group: "accounting" };

/// One thing that comes from outside the processes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Scene {
    /// When, in RFC 3339.
    pub(super) at: &'static str,
    /// What.
    pub(super) deed: Deed,
}

/// What comes from outside.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Deed {
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

/// The whole script, in order of time. All moments have the same offset, so they sort as texts.
pub(super) fn script() -> Vec<Scene> {
    let mut script = [first_calls(), big_offer(), big_delivery(), small_deal(), december()].concat();
    script.sort_by_key(|scene| scene.at);
    script
}

/// Three leads come in; one of them is forgotten on Wednesday.
fn first_calls() -> Vec<Scene> {
    let office = json!({
        "dealId": "D-117",
        "company": { "name": "Biuro Plus", "nip": "586-204-41-58" },
        "need": "40 desks for a new office in Gdańsk", "budget": 60_000, "source": "web-form",
    });
    let law_firm = json!({
        "dealId": "D-118",
        "company": { "name": "Kancelaria Lis", "nip": "584-300-91-24" },
        "need": "a meeting table", "budget": 6_000, "source": "fair",
    });
    let kindergarten = json!({
        "dealId": "D-119",
        "company": { "name": "Przedszkole Słonecznik", "nip": "583-777-11-00" },
        "need": "20 chairs, soon", "budget": 9_000, "source": "recommendation",
    });
    vec![
        message("2026-11-02T09:14:00+01:00", "LeadReceived", None, office),
        look("2026-11-02T11:00:00+01:00", MAREK),
        work("2026-11-02T11:02:00+01:00", MAREK, "Task_QualifyLead", "D-117", json!({ "verdict": "call" })),
        Scene { at: "2026-11-03T10:20:00+01:00", deed: Deed::Note { by: MAREK, variables: law_firm } },
        work("2026-11-03T10:25:00+01:00", MAREK, "Task_QualifyLead", "D-118", json!({ "verdict": "later" })),
        message("2026-11-04T13:10:00+01:00", "LeadReceived", None, kindergarten),
        work("2026-11-04T13:40:00+01:00", MAREK, "Task_QualifyLead", "D-119", json!({ "verdict": "call" })),
        look("2026-11-05T08:30:00+01:00", ANNA),
        work("2026-11-05T09:40:00+01:00", ANNA, "Task_CallCustomer", "D-117", json!({ "interested": true })),
        work("2026-11-05T10:15:00+01:00", ANNA, "Task_CallCustomer", "D-119", json!({ "interested": true })),
    ]
}

/// The offer for the desks is revised and won.
fn big_offer() -> Vec<Scene> {
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

/// Beyond the credit limit, with a slip in the tax number; Wednesday, 11 November, is Independence Day.
fn big_delivery() -> Vec<Scene> {
    let right_number = json!({ "buyer": { "name": "Biuro Plus", "nip": "586-204-41-85" } });
    let transfer = json!({ "amount": 58_100.67 });
    vec![
        look("2026-11-12T08:15:00+01:00", EWA),
        work("2026-11-12T08:40:00+01:00", EWA, "Task_DecideCredit", "D-117", json!({ "creditOk": true })),
        work("2026-11-12T09:05:00+01:00", EWA, "Task_CorrectBuyer", "D-117", right_number),
        work("2026-11-12T13:00:00+01:00", PIOTR, "Task_PickAndPack", "D-117", json!({ "parcels": 44 })),
        message(
            "2026-11-13T11:20:00+01:00",
            "GoodsDelivered",
            Some("D-117"),
            json!({ "signedBy": "J. Wilk" }),
        ),
        // The payment comes six days after the reminder.
        message("2026-12-02T10:15:00+01:00", "PaymentReceived", Some("FV/2026/11/0002"), transfer),
    ]
}

/// The chairs are wanted soon, come late and are paid in parts.
fn small_deal() -> Vec<Scene> {
    let lines = json!([
        { "item": "chair for children", "quantity": 20, "unitPrice": 219, "vat": 23 },
        { "item": "picture book", "quantity": 30, "unitPrice": 24.90, "vat": 5 },
    ]);
    let offer = json!({ "lines": lines, "discountPercent": 0 });
    let number = Some("FV/2026/11/0001");
    vec![
        work("2026-11-05T10:40:00+01:00", ANNA, "Task_DraftOffer", "D-119", offer),
        message("2026-11-06T09:00:00+01:00", "OfferAnswered", Some("D-119"), json!({ "answer": "accepted" })),
        look("2026-11-06T10:00:00+01:00", PIOTR),
        work("2026-11-06T12:00:00+01:00", PIOTR, "Task_PickAndPack", "D-119", json!({ "parcels": 6 })),
        message(
            "2026-11-10T10:00:00+01:00",
            "GoodsDelivered",
            Some("D-119"),
            json!({ "signedBy": "M. Sowa" }),
        ),
        message("2026-11-16T09:20:00+01:00", "PaymentReceived", number, json!({ "amount": 3_000 })),
        message("2026-11-18T09:20:00+01:00", "PaymentReceived", number, json!({ "amount": 3_171.75 })),
    ]
}

/// The postponed lead comes back, and November's taxes are due.
fn december() -> Vec<Scene> {
    vec![
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
