//! What passes between the processes and the office: the variables each job type reads and writes.

use crate::domain::invoice::{Invoice, InvoiceNumber};
use crate::domain::money::{Money, exact_number};
use crate::domain::order::{Company, Line};
use crate::domain::scoring::Source;
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// What `score-lead` reads.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Lead {
    /// What they want to spend.
    pub budget: Money,
    /// Where they came from.
    pub source: Source,
}

/// What `score-lead` answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Scored {
    /// From 0 to 100.
    pub score: u8,
}

/// What `price-offer` reads; it answers the totals.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OfferDraft {
    /// What is offered.
    pub lines: Vec<Line>,
    /// The discount on every line.
    #[serde(deserialize_with = "exact_number")]
    pub discount_percent: Decimal,
}

/// What `register-order` answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Registered {
    /// The number of the order.
    pub order_number: String,
}

/// What `check-credit-limit` reads.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CreditRequest {
    /// The customer's tax number, as it was typed.
    pub nip: String,
    /// What they would owe.
    pub gross: Money,
}

/// What `check-credit-limit` answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CreditAnswer {
    /// The order is within the limit.
    pub credit_ok: bool,
}

/// What `book-carrier` answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Booking {
    /// The number that follows the goods.
    pub waybill: String,
    /// When the van comes.
    pub delivery_on: NaiveDate,
}

/// What `check-nip` answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NipAnswer {
    /// The check digit is right.
    pub nip_valid: bool,
    /// What is wrong with it.
    pub nip_finding: Option<String>,
}

/// What `issue-invoice` reads.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InvoiceRequest {
    /// The deal; it has one invoice.
    pub deal_id: String,
    /// Who pays.
    pub buyer: Company,
    /// What for.
    pub lines: Vec<Line>,
    /// The discount on every line.
    #[serde(deserialize_with = "exact_number")]
    pub discount_percent: Decimal,
    /// The day of the invoice.
    pub today: NaiveDate,
}

/// What `issue-invoice` answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Issued {
    /// The number of the invoice.
    pub number: InvoiceNumber,
    /// Its day.
    pub issued_on: NaiveDate,
    /// The sum without tax.
    pub net: Money,
    /// The tax.
    pub vat: Money,
    /// What is to be paid.
    pub gross: Money,
}

/// What `add-up-invoices` answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct MonthTotals {
    /// How many invoices the month has.
    pub invoices: usize,
    /// Their sum without tax.
    pub net: Money,
    /// Their tax.
    pub vat: Money,
}

/// Something that was written to somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// What it must not be sent twice for.
    pub key: String,
    /// Whom it went to.
    pub to: String,
    /// What it says, in a few words.
    pub about: String,
}

impl Issued {
    /// What the process needs to know of an invoice.
    pub fn of(invoice: &Invoice) -> Issued {
        Issued {
            number: invoice.number,
            issued_on: invoice.issued_on,
            net: invoice.totals.net,
            vat: invoice.totals.vat,
            gross: invoice.totals.gross,
        }
    }
}
