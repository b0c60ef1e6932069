//! What the company's own systems do when a process asks: the work behind every job type, safe to be asked twice.
//!
//! A job is done at least once: a crash between the work and its answer brings it again. So everything that must
//! happen once is kept under the deal or letter it is about.

mod paper;

pub use paper::*;

use crate::domain::calendar;
use crate::domain::credit::CreditLimits;
use crate::domain::invoice::{Invoice, InvoiceNumber};
use crate::domain::money::{Money, MoneyError};
use crate::domain::nip::Nip;
use crate::domain::order::{self, OrderError};
use crate::domain::register::{Draft, InvoiceRegister, RegisterError};
use crate::domain::scoring;
use crate::domain::vat::Totals;
use chrono::{Datelike, NaiveDate};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Everything the company has on paper.
#[derive(Debug, Default)]
pub struct Office {
    books: Mutex<Books>,
}

#[derive(Debug, Default)]
struct Books {
    invoices: InvoiceRegister,
    settled: BTreeSet<InvoiceNumber>,
    limits: CreditLimits,
    orders: BTreeMap<String, String>,
    waybills: BTreeMap<String, Booking>,
    letters: Vec<Letter>,
}

/// Why the office could not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OfficeError {
    /// The lines make no offer.
    #[error(transparent)]
    Order(#[from] OrderError),
    /// The register refuses the invoice.
    #[error(transparent)]
    Register(#[from] RegisterError),
    /// An amount beyond all bounds.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// A day after the end of the calendar.
    #[error("{0} has no working day after it")]
    Day(NaiveDate),
}

impl Office {
    /// Rates a customer before the story begins.
    pub fn set_credit_limit(&self, customer: Nip, limit: Money) {
        self.books().limits.set(customer, limit);
    }

    /// `score-lead`.
    pub fn score_lead(&self, lead: &Lead) -> Scored {
        Scored { score: scoring::score(lead.source, lead.budget) }
    }

    /// `price-offer`.
    pub fn price_offer(&self, draft: &OfferDraft) -> Result<Totals, OfficeError> {
        Ok(order::totals(&draft.lines, draft.discount_percent)?)
    }

    /// `register-order`: the number of the order, `ZS/2026/0001`, the same however often it is asked for.
    pub fn register_order(&self, deal_id: &str, today: NaiveDate) -> Registered {
        let mut books = self.books();
        let next = books.orders.len() + 1;
        let number = books
            .orders
            .entry(deal_id.to_owned())
            .or_insert_with(|| format!("ZS/{}/{next:04}", today.year()));
        Registered { order_number: number.clone() }
    }

    /// `check-credit-limit`: a customer without a right tax number has no credit.
    pub fn check_credit(&self, request: &CreditRequest) -> Result<CreditAnswer, OfficeError> {
        let Ok(customer) = request.nip.parse::<Nip>() else { return Ok(CreditAnswer { credit_ok: false }) };
        let books = self.books();
        let credit_ok = books.limits.allow(customer, books.owed(customer)?, request.gross)?;
        Ok(CreditAnswer { credit_ok })
    }

    /// `book-carrier`: the van comes on the next working day.
    pub fn book_carrier(&self, deal_id: &str, today: NaiveDate) -> Result<Booking, OfficeError> {
        let delivery_on = calendar::next_working_day(today).ok_or(OfficeError::Day(today))?;
        let mut books = self.books();
        let next = books.waybills.len() + 7001;
        let booking = Booking { waybill: format!("PL-{next}"), delivery_on };
        Ok(books.waybills.entry(deal_id.to_owned()).or_insert(booking).clone())
    }

    /// `check-nip`.
    pub fn check_nip(&self, nip: &str) -> NipAnswer {
        match nip.parse::<Nip>() {
            Ok(_) => NipAnswer { nip_valid: true, nip_finding: None },
            Err(reason) => NipAnswer { nip_valid: false, nip_finding: Some(reason.to_string()) },
        }
    }

    /// `issue-invoice`: one invoice for a deal; what it asks for is owed until it is settled.
    pub fn issue_invoice(&self, request: InvoiceRequest) -> Result<Issued, OfficeError> {
        let draft =
            Draft { buyer: request.buyer, lines: request.lines, discount_percent: request.discount_percent };
        let mut books = self.books();
        Ok(Issued::of(books.invoices.issue(&request.deal_id, draft, request.today)?))
    }

    /// `close-deal`: the invoice is paid, so the customer does not owe it any more.
    pub fn settle(&self, invoice: InvoiceNumber) {
        self.books().settled.insert(invoice);
    }

    /// `add-up-invoices`: the sums of a month such as `2026-11`.
    pub fn add_up(&self, month: &str) -> Result<MonthTotals, OfficeError> {
        let books = self.books();
        let of_month = |invoice: &&Invoice| invoice.issued_on.format("%Y-%m").to_string() == month;
        let issued: Vec<&Invoice> = books.invoices.invoices().iter().filter(of_month).collect();
        Ok(MonthTotals {
            invoices: issued.len(),
            net: Money::sum(issued.iter().map(|invoice| invoice.totals.net))?,
            vat: Money::sum(issued.iter().map(|invoice| invoice.totals.vat))?,
        })
    }

    /// Every job type that writes to somebody: posts the letter unless this very one has gone out.
    pub fn post(&self, letter: Letter) {
        let mut books = self.books();
        if books.letters.iter().all(|sent| sent.key != letter.key) {
            books.letters.push(letter);
        }
    }

    /// All letters, in the order in which they went out.
    pub fn letters(&self) -> Vec<Letter> {
        self.books().letters.clone()
    }

    /// All invoices, in the order of their numbers.
    pub fn invoices(&self) -> Vec<Invoice> {
        self.books().invoices.invoices().to_vec()
    }

    /// A handler that panicked left the books as they were before or after one whole entry, so they stay usable.
    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Books {
    fn owed(&self, customer: Nip) -> Result<Money, MoneyError> {
        let is_open =
            |invoice: &&Invoice| invoice.buyer.nip == customer && !self.settled.contains(&invoice.number);
        Money::sum(self.invoices.invoices().iter().filter(is_open).map(|invoice| invoice.totals.gross))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::order::{Company, Line};
    use crate::domain::vat::VatRate;
    use rust_decimal::Decimal;

    fn money(amount: i64) -> Money {
        Money::exact(amount.into()).unwrap()
    }

    fn day(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, month, day).unwrap()
    }

    fn request(deal_id: &str) -> InvoiceRequest {
        let buyer = Company { name: "Biuro Plus".to_owned(), nip: "5260250274".parse().unwrap() };
        let line = Line {
            item: "desk".to_owned(),
            quantity: Decimal::from(10),
            unit_price: money(1_000),
            vat: VatRate::Standard,
        };
        let (lines, discount_percent) = (vec![line], Decimal::ZERO);
        InvoiceRequest { deal_id: deal_id.to_owned(), buyer, lines, discount_percent, today: day(11, 12) }
    }

    #[test]
    fn a_job_done_twice_counts_once() {
        let office = Office::default();
        let first = office.issue_invoice(request("D-1")).unwrap();
        assert_eq!(office.issue_invoice(request("D-1")).unwrap(), first);
        assert_eq!(office.invoices().len(), 1);
        assert_eq!(office.register_order("D-1", day(11, 12)), office.register_order("D-1", day(12, 1)));
        assert_eq!(office.book_carrier("D-1", day(11, 12)), office.book_carrier("D-1", day(11, 30)));
        let letter =
            Letter { key: "7".to_owned(), to: "Biuro Plus".to_owned(), about: "the offer".to_owned() };
        office.post(letter.clone());
        office.post(letter);
        assert_eq!(office.letters().len(), 1);
    }

    #[test]
    fn an_open_invoice_uses_up_the_credit() {
        let office = Office::default();
        let asks = |gross| CreditRequest { nip: "5260250274".to_owned(), gross: money(gross) };
        assert_eq!(office.check_credit(&asks(50_000)), Ok(CreditAnswer { credit_ok: true }));
        office.issue_invoice(request("D-1")).unwrap();
        office.issue_invoice(request("D-1")).unwrap();
        // 10 × 1,000 + 23 % = 12,300 is owed once, so 37,700 of 50,000 is left.
        assert_eq!(office.check_credit(&asks(37_700)), Ok(CreditAnswer { credit_ok: true }));
        assert_eq!(office.check_credit(&asks(37_701)), Ok(CreditAnswer { credit_ok: false }));
        office.settle("FV/2026/11/0001".parse().unwrap());
        assert_eq!(office.check_credit(&asks(50_000)), Ok(CreditAnswer { credit_ok: true }));
    }

    #[test]
    fn a_wrong_tax_number_has_no_credit_and_a_reason() {
        let office = Office::default();
        let asks = CreditRequest { nip: "5260250275".to_owned(), gross: money(1) };
        assert_eq!(office.check_credit(&asks), Ok(CreditAnswer { credit_ok: false }));
        let answer = office.check_nip("5260250275");
        assert_eq!(answer.nip_finding.as_deref(), Some("the check digit should be 4"));
        assert!(!answer.nip_valid && office.check_nip("526-025-02-74").nip_valid);
    }

    #[test]
    fn a_month_adds_up_its_own_invoices() {
        let office = Office::default();
        office.issue_invoice(request("D-1")).unwrap();
        office.issue_invoice(request("D-2")).unwrap();
        office.issue_invoice(InvoiceRequest { today: day(12, 1), ..request("D-3") }).unwrap();
        let november = office.add_up("2026-11").unwrap();
        assert_eq!((november.invoices, november.net, november.vat), (2, money(20_000), money(4_600)));
        assert_eq!(office.add_up("2026-10").unwrap().invoices, 0);
    }

    #[test]
    fn the_van_does_not_come_on_independence_day() {
        let booking = Office::default().book_carrier("D-1", day(11, 10)).unwrap();
        assert_eq!(booking.delivery_on, day(11, 12));
    }
}
