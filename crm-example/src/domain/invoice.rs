//! The invoice and its number: `FV/2026/11/0001`, counted from one in every month.

use super::order::Company;
use super::vat::Totals;
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// The mark of a VAT invoice (*faktura VAT*) in front of its number.
const MARK: &str = "FV";

/// The month that a number is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    /// The year, with four digits.
    pub year: u16,
    /// 1 to 12.
    pub month: u8,
}

/// The number of an invoice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct InvoiceNumber {
    /// The month it was issued in.
    pub period: Period,
    /// From 1, without gaps.
    pub sequence: u32,
}

/// A text that is no number of ours.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an invoice number such as FV/2026/11/0001")]
pub struct NotANumber(pub String);

/// An issued invoice, which nothing changes any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invoice {
    /// Its number.
    pub number: InvoiceNumber,
    /// The day it was issued.
    pub issued_on: NaiveDate,
    /// Who pays.
    pub buyer: Company,
    /// What is paid.
    pub totals: Totals,
}

impl Period {
    /// The month of a day; none before the year 0 or after 9999.
    pub fn of(day: NaiveDate) -> Option<Period> {
        let year = u16::try_from(day.year()).ok().filter(|year| *year <= 9_999)?;
        Some(Period { year, month: day.month() as u8 })
    }
}

impl fmt::Display for InvoiceNumber {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Period { year, month } = self.period;
        out.pad(&format!("{MARK}/{year:04}/{month:02}/{:04}", self.sequence))
    }
}

impl FromStr for InvoiceNumber {
    type Err = NotANumber;

    fn from_str(text: &str) -> Result<InvoiceNumber, NotANumber> {
        let refused = || NotANumber(text.to_owned());
        let parts: Vec<&str> = text.split('/').collect();
        let [MARK, year, month, sequence] = parts[..] else { return Err(refused()) };
        let number = InvoiceNumber {
            period: Period {
                year: year.parse().map_err(|_| refused())?,
                month: month.parse().map_err(|_| refused())?,
            },
            sequence: sequence.parse().map_err(|_| refused())?,
        };
        // Only the one spelling that we print is a number; `FV/2026/11/1` or `FV/2026/13/0001` is a slip.
        let is_ours =
            number.sequence > 0 && (1..=12).contains(&number.period.month) && number.to_string() == text;
        if is_ours { Ok(number) } else { Err(refused()) }
    }
}

impl TryFrom<String> for InvoiceNumber {
    type Error = NotANumber;

    fn try_from(text: String) -> Result<InvoiceNumber, NotANumber> {
        text.parse()
    }
}

impl From<InvoiceNumber> for String {
    fn from(number: InvoiceNumber) -> String {
        number.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_reads_as_it_prints() {
        let number: InvoiceNumber = "FV/2026/11/0042".parse().unwrap();
        assert_eq!(number, InvoiceNumber { period: Period { year: 2026, month: 11 }, sequence: 42 });
        assert_eq!(number.to_string(), "FV/2026/11/0042");
        assert_eq!("FV/2026/11/12345".parse::<InvoiceNumber>().unwrap().sequence, 12_345);
    }

    #[test]
    fn other_spellings_are_slips() {
        for slip in [
            "",
            "FV/2026/11",
            "FV/2026/11/1",
            "FV/2026/11/0000",
            "FV/2026/13/0001",
            "FV/2026/00/0001",
            "FA/2026/11/0001",
            "FV/26/11/0001",
            "FV/2026/11/00001",
            "FV/2026/11/+001",
            "FV/2026/11/0001/",
            "FV/2026/11/99999999999",
        ] {
            assert_eq!(slip.parse::<InvoiceNumber>(), Err(NotANumber(slip.to_owned())));
        }
    }

    #[test]
    fn numbers_sort_by_month_then_sequence() {
        let sorted = ["FV/2025/12/0009", "FV/2026/01/0001", "FV/2026/11/0001", "FV/2026/11/10000"];
        let numbers: Vec<InvoiceNumber> = sorted.iter().map(|text| text.parse().unwrap()).collect();
        assert!(numbers.is_sorted());
    }
}
