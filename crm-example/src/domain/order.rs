//! What is offered, ordered and invoiced: lines with quantities and prices, and the sums over them.

use super::money::{Money, MoneyError, exact_number};
use super::nip::Nip;
use super::vat::{Totals, VatRate};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::{Deserialize, Serialize, Serializer};

/// The most lines of one offer.
pub const LINES_MAX: usize = 1_000;

/// A company that buys or sells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Company {
    /// The registered name.
    pub name: String,
    /// The tax number.
    pub nip: Nip,
}

/// One line of an offer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Line {
    /// What is sold.
    pub item: String,
    /// How much of it, in its unit.
    #[serde(deserialize_with = "exact_number", serialize_with = "as_number")]
    pub quantity: Decimal,
    /// The price of one unit, without tax.
    pub unit_price: Money,
    /// The rate of tax.
    pub vat: VatRate,
}

/// Why an offer has no sums.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OrderError {
    /// Nothing is sold.
    #[error("the offer has no lines")]
    NoLines,
    /// More than [`LINES_MAX`].
    #[error("the offer has {0} lines, the limit is {LINES_MAX}")]
    TooManyLines(usize),
    /// A quantity of nothing, or less.
    #[error("the quantity of {item:?} is {quantity}")]
    Quantity {
        /// What is sold.
        item: String,
        /// How much of it.
        quantity: Decimal,
    },
    /// A discount that is none, or gives everything away.
    #[error("a discount of {0} % is not between 0 and 100")]
    Discount(Decimal),
    /// An amount beyond all bounds.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// The sums of these lines after the discount, which every line bears alike and is rounded on each.
pub fn totals(lines: &[Line], discount_percent: Decimal) -> Result<Totals, OrderError> {
    match lines.len() {
        0 => return Err(OrderError::NoLines),
        count if count > LINES_MAX => return Err(OrderError::TooManyLines(count)),
        _ => {}
    }
    if discount_percent < Decimal::ZERO || discount_percent >= Decimal::ONE_HUNDRED {
        return Err(OrderError::Discount(discount_percent));
    }
    let share = (Decimal::ONE_HUNDRED - discount_percent) / Decimal::ONE_HUNDRED;
    let mut nets = Vec::with_capacity(lines.len());
    for line in lines {
        if line.quantity <= Decimal::ZERO {
            return Err(OrderError::Quantity { item: line.item.clone(), quantity: line.quantity });
        }
        let factor = line.quantity.checked_mul(share).ok_or(MoneyError::TooLarge)?;
        nets.push((line.vat, line.unit_price.times(factor)?));
    }
    Ok(Totals::of(nets)?)
}

/// A number where a JSON number keeps every digit, else the digits as text.
fn as_number<S: Serializer>(quantity: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
    let whole = quantity.to_i64().filter(|whole| Decimal::from(*whole) == *quantity);
    if let Some(whole) = whole {
        return serializer.serialize_i64(whole);
    }
    let fraction = quantity.to_f64().filter(|fraction| fraction.to_string().parse() == Ok(*quantity));
    match fraction {
        Some(fraction) => serializer.serialize_f64(fraction),
        None => serializer.collect_str(quantity),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(quantity: &str, unit_price: &str, vat: VatRate) -> Line {
        Line {
            item: "desk".to_owned(),
            quantity: quantity.parse().unwrap(),
            unit_price: Money::exact(unit_price.parse().unwrap()).unwrap(),
            vat,
        }
    }

    fn money(text: &str) -> Money {
        Money::exact(text.parse().unwrap()).unwrap()
    }

    #[test]
    fn a_discount_is_rounded_on_each_line() {
        // 3 × 999.99 × 0.95 = 2849.9715 → 2849.97; 2.5 × 10.01 × 0.95 = 23.77375 → 23.77
        let lines = [line("3", "999.99", VatRate::Standard), line("2.5", "10.01", VatRate::Reduced)];
        let totals = totals(&lines, Decimal::from(5)).unwrap();
        assert_eq!(totals.groups[0].net, money("2849.97"));
        assert_eq!(totals.groups[1].net, money("23.77"));
        // 2849.97 × 0.23 = 655.4931 → 655.49; 23.77 × 0.08 = 1.9016 → 1.90
        assert_eq!((totals.vat, totals.gross), (money("657.39"), money("3531.13")));
    }

    #[test]
    fn senseless_offers_are_refused_by_name() {
        let desk = line("1", "100", VatRate::Standard);
        assert_eq!(totals(&[], Decimal::ZERO), Err(OrderError::NoLines));
        assert_eq!(totals(&vec![desk.clone(); 1_001], Decimal::ZERO), Err(OrderError::TooManyLines(1_001)));
        assert_eq!(
            totals(std::slice::from_ref(&desk), Decimal::ONE_HUNDRED),
            Err(OrderError::Discount(Decimal::ONE_HUNDRED))
        );
        let none = line("0", "100", VatRate::Standard);
        assert!(matches!(totals(&[desk, none], Decimal::ZERO), Err(OrderError::Quantity { .. })));
        let mountain = line("79228162514264337593543950335", "100", VatRate::Standard);
        assert_eq!(totals(&[mountain], Decimal::ZERO), Err(OrderError::Money(MoneyError::TooLarge)));
    }

    #[test]
    fn a_line_survives_json() {
        for quantity in ["12", "2.5", "0.1", "0.1234567890123456789"] {
            let line = line(quantity, "10.01", VatRate::SecondReduced);
            let json = serde_json::to_string(&line).unwrap();
            assert_eq!(serde_json::from_str::<Line>(&json).unwrap(), line, "{json}");
        }
        assert!(
            serde_json::to_string(&line("2.50", "1", VatRate::Zero)).unwrap().contains("\"quantity\":2.5,")
        );
    }
}
