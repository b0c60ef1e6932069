//! The register of issued invoices: numbers without gaps, and one invoice for one order however often it is asked.

use super::invoice::{Invoice, InvoiceNumber, Period};
use super::order::{Company, Line, OrderError, totals};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// What is to be invoiced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Who pays.
    pub buyer: Company,
    /// What for.
    pub lines: Vec<Line>,
    /// The discount on every line.
    pub discount_percent: Decimal,
}

/// Why no invoice was issued; no number is used up.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RegisterError {
    /// The order has no sums.
    #[error(transparent)]
    Order(#[from] OrderError),
    /// Numbers follow the days: nothing is slipped in before the last invoice.
    #[error("{day} is before {last}, the day of the last invoice")]
    BackDated {
        /// The day asked for.
        day: NaiveDate,
        /// The day of the last invoice.
        last: NaiveDate,
    },
    /// The day has no place in an invoice number.
    #[error("{0} is beyond the calendar of invoice numbers")]
    Day(NaiveDate),
    /// All numbers of the month are used.
    #[error("the month has no invoice numbers left")]
    Full,
}

/// All invoices of the company, in order of their numbers.
#[derive(Clone, Debug, Default)]
pub struct InvoiceRegister {
    invoices: Vec<Invoice>,
    by_request: BTreeMap<String, usize>,
}

impl InvoiceRegister {
    /// Issues the next invoice. `request` names the order: asked again, as after a crash between the work and its
    /// answer, the register gives the invoice that exists. Everything that can fail is checked before a number is
    /// taken, so that there are no gaps.
    pub fn issue(&mut self, request: &str, draft: Draft, day: NaiveDate) -> Result<&Invoice, RegisterError> {
        if let Some(issued) = self.by_request.get(request) {
            return Ok(&self.invoices[*issued]);
        }
        let totals = totals(&draft.lines, draft.discount_percent)?;
        let number = self.next_number(day)?;
        let place = self.invoices.len();
        self.invoices.push(Invoice { number, issued_on: day, buyer: draft.buyer, totals });
        self.by_request.insert(request.to_owned(), place);
        Ok(&self.invoices[place])
    }

    /// All invoices, in order of their numbers.
    pub fn invoices(&self) -> &[Invoice] {
        &self.invoices
    }

    /// The invoice with that number.
    pub fn find(&self, number: InvoiceNumber) -> Option<&Invoice> {
        let place = self.invoices.binary_search_by_key(&number, |invoice| invoice.number).ok()?;
        Some(&self.invoices[place])
    }

    fn next_number(&self, day: NaiveDate) -> Result<InvoiceNumber, RegisterError> {
        let period = Period::of(day).ok_or(RegisterError::Day(day))?;
        let Some(last) = self.invoices.last() else { return Ok(InvoiceNumber { period, sequence: 1 }) };
        if day < last.issued_on {
            return Err(RegisterError::BackDated { day, last: last.issued_on });
        }
        if last.number.period != period {
            return Ok(InvoiceNumber { period, sequence: 1 });
        }
        let sequence = last.number.sequence.checked_add(1).ok_or(RegisterError::Full)?;
        Ok(InvoiceNumber { period, sequence })
    }
}

#[cfg(test)]
mod tests {
    use super::super::money::Money;
    use super::super::vat::VatRate;
    use super::*;

    fn draft(unit_price: i64) -> Draft {
        Draft {
            buyer: Company { name: "Biuro Plus".to_owned(), nip: "5260250274".parse().unwrap() },
            lines: vec![Line {
                item: "desk".to_owned(),
                quantity: Decimal::ONE,
                unit_price: Money::exact(Decimal::from(unit_price)).unwrap(),
                vat: VatRate::Standard,
            }],
            discount_percent: Decimal::ZERO,
        }
    }

    fn day(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, month, day).unwrap()
    }

    fn numbers(register: &InvoiceRegister) -> Vec<String> {
        register.invoices().iter().map(|invoice| invoice.number.to_string()).collect()
    }

    #[test]
    fn every_month_counts_from_one() {
        let mut register = InvoiceRegister::default();
        for (request, on) in [("a", day(11, 2)), ("b", day(11, 2)), ("c", day(11, 30)), ("d", day(12, 1))] {
            register.issue(request, draft(100), on).unwrap();
        }
        assert_eq!(
            numbers(&register),
            ["FV/2026/11/0001", "FV/2026/11/0002", "FV/2026/11/0003", "FV/2026/12/0001"]
        );
        let found = register.find("FV/2026/11/0003".parse().unwrap()).unwrap();
        assert_eq!(found.issued_on, day(11, 30));
        assert_eq!(register.find("FV/2026/11/0004".parse().unwrap()), None);
    }

    #[test]
    fn asked_twice_it_issues_once() {
        let mut register = InvoiceRegister::default();
        let first = register.issue("order 7", draft(100), day(11, 2)).unwrap().clone();
        let again = register.issue("order 7", draft(999), day(12, 5)).unwrap();
        assert_eq!(again, &first);
        assert_eq!(numbers(&register), ["FV/2026/11/0001"]);
    }

    #[test]
    fn a_refusal_leaves_no_gap() {
        let mut register = InvoiceRegister::default();
        register.issue("a", draft(100), day(11, 3)).unwrap();
        let empty = Draft { lines: Vec::new(), ..draft(1) };
        assert_eq!(register.issue("b", empty, day(11, 4)), Err(RegisterError::Order(OrderError::NoLines)));
        let refused = register.issue("c", draft(1), day(11, 2));
        assert_eq!(refused, Err(RegisterError::BackDated { day: day(11, 2), last: day(11, 3) }));
        register.issue("b", draft(100), day(11, 4)).unwrap();
        assert_eq!(numbers(&register), ["FV/2026/11/0001", "FV/2026/11/0002"]);
    }

    #[test]
    fn the_calendar_of_numbers_has_an_end() {
        let mut register = InvoiceRegister::default();
        assert_eq!(register.issue("a", draft(1), NaiveDate::MAX), Err(RegisterError::Day(NaiveDate::MAX)));
        assert!(register.invoices().is_empty());
    }
}
