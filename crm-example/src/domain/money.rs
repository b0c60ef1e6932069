//! Amounts in złoty: exact decimals that hold whole grosze, never a binary fraction.

use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use std::fmt;

/// The largest amount, in złoty, on either side of zero. Below it a JSON number still shows every grosz.
pub const MONEY_MAX: i64 = 10_000_000_000_000;

/// Decimal places of a grosz.
const PLACES: u32 = 2;

/// An amount in złoty, exact to the grosz.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money(Decimal);

/// Why a number is not an amount of money.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Beyond [`MONEY_MAX`].
    #[error("the amount is beyond {MONEY_MAX} zł")]
    TooLarge,
    /// A price with parts of a grosz, which nobody can pay.
    #[error("{0} zł is not a whole number of grosze")]
    PartOfGrosz(Decimal),
    /// Not a number at all.
    #[error("{0:?} is not an amount")]
    NotANumber(String),
}

impl Money {
    /// Nothing.
    pub const ZERO: Money = Money(Decimal::ZERO);

    /// Rounds to the grosz; half a grosz and more counts up, as article 106e(11) of the VAT Act says.
    pub fn rounded(value: Decimal) -> Result<Money, MoneyError> {
        let grosze = value.round_dp_with_strategy(PLACES, RoundingStrategy::MidpointAwayFromZero);
        within_limit(grosze)
    }

    /// Takes a value that is an amount already.
    pub fn exact(value: Decimal) -> Result<Money, MoneyError> {
        if value.normalize().scale() > PLACES {
            return Err(MoneyError::PartOfGrosz(value));
        }
        within_limit(value)
    }

    /// The value in złoty.
    pub fn decimal(self) -> Decimal {
        self.0
    }

    /// The sum, unless it is too large.
    pub fn plus(self, other: Money) -> Result<Money, MoneyError> {
        within_limit(self.0 + other.0)
    }

    /// The product, rounded to the grosz.
    pub fn times(self, factor: Decimal) -> Result<Money, MoneyError> {
        Money::rounded(self.0.checked_mul(factor).ok_or(MoneyError::TooLarge)?)
    }

    /// The sum of many.
    pub fn sum(amounts: impl IntoIterator<Item = Money>) -> Result<Money, MoneyError> {
        amounts.into_iter().try_fold(Money::ZERO, Money::plus)
    }
}

/// Two amounts within the limit are far from the end of `Decimal`, so their sum cannot overflow before this check.
fn within_limit(value: Decimal) -> Result<Money, MoneyError> {
    if value.abs() > Decimal::from(MONEY_MAX) {
        return Err(MoneyError::TooLarge);
    }
    Ok(Money(value))
}

/// As Polish readers write it: `59 040,00 zł`.
impl fmt::Display for Money {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!("{:.2}", self.0.abs());
        let (whole, grosze) = text.split_once('.').expect("two decimal places were asked for");
        let mut grouped = String::new();
        for (place, digit) in whole.chars().enumerate() {
            if place > 0 && (whole.len() - place) % 3 == 0 {
                grouped.push(' ');
            }
            grouped.push(digit);
        }
        let sign = if self.0.is_sign_negative() && !self.0.is_zero() { "-" } else { "" };
        out.pad(&format!("{sign}{grouped},{grosze} zł"))
    }
}

/// A number, so that the conditions of a process can compare it. Up to [`MONEY_MAX`] the nearest binary fraction
/// prints as the same decimal, so nothing is lost on the way.
impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.normalize() {
            whole if whole.scale() == 0 => {
                serializer.serialize_i64(whole.to_i64().expect("within the limit it fits into 64 bits"))
            }
            fraction => {
                serializer.serialize_f64(fraction.to_f64().expect("every decimal has a nearest fraction"))
            }
        }
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Money, D::Error> {
        let value = deserializer.deserialize_any(NumberVisitor)?;
        Money::exact(value).map_err(de::Error::custom)
    }
}

/// Reads a decimal exactly as it was written, whatever form the number comes in.
struct NumberVisitor;

impl Visitor<'_> for NumberVisitor {
    type Value = Decimal;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a number")
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Decimal, E> {
        Ok(Decimal::from(value))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Decimal, E> {
        Ok(Decimal::from(value))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Decimal, E> {
        self.visit_str(&value.to_string())
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Decimal, E> {
        value.parse().map_err(|_| E::custom(MoneyError::NotANumber(value.to_owned())))
    }
}

/// Any exact number that is not money: quantities and percentages.
pub(crate) fn exact_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
    deserializer.deserialize_any(NumberVisitor)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(text: &str) -> Money {
        Money::exact(text.parse().unwrap()).unwrap()
    }

    #[test]
    fn half_a_grosz_counts_up() {
        assert_eq!(Money::rounded("1.005".parse().unwrap()).unwrap(), money("1.01"));
        assert_eq!(Money::rounded("1.0049999".parse().unwrap()).unwrap(), money("1.00"));
        assert_eq!(Money::rounded("2.675".parse().unwrap()).unwrap(), money("2.68"));
        assert_eq!(Money::rounded("-1.005".parse().unwrap()).unwrap(), money("-1.01"));
    }

    #[test]
    fn a_price_has_no_parts_of_a_grosz() {
        let price: Decimal = "19.999".parse().unwrap();
        assert_eq!(Money::exact(price), Err(MoneyError::PartOfGrosz(price)));
        assert_eq!(Money::exact("19.990".parse().unwrap()).unwrap(), money("19.99"));
    }

    #[test]
    fn the_limit_holds_for_sums_and_products() {
        let most = Money::exact(Decimal::from(MONEY_MAX)).unwrap();
        assert_eq!(most.plus(money("0.01")), Err(MoneyError::TooLarge));
        assert_eq!(most.times(Decimal::MAX), Err(MoneyError::TooLarge));
        assert_eq!(Money::sum([most, money("-1")]).unwrap(), money("9999999999999"));
    }

    #[test]
    fn it_reads_as_polish_readers_write() {
        assert_eq!(money("59040").to_string(), "59 040,00 zł");
        assert_eq!(money("1234567.8").to_string(), "1 234 567,80 zł");
        assert_eq!(money("-0.5").to_string(), "-0,50 zł");
        assert_eq!(Money::ZERO.to_string(), "0,00 zł");
    }

    #[test]
    fn json_keeps_amounts_of_every_size() {
        let largest = MONEY_MAX * 100;
        // Steps that share no factor with the powers of ten meet all endings.
        for grosze in (0..1_000).map(|step| (step * 7_919_777_777_777) % largest).chain(0..1_000) {
            for grosze in [grosze, -grosze, largest - grosze] {
                let amount = Money::exact(Decimal::new(grosze, 2)).unwrap();
                let json = serde_json::to_string(&amount).unwrap();
                assert_eq!(serde_json::from_str::<Money>(&json).unwrap(), amount, "{json}");
            }
        }
    }

    #[test]
    fn json_keeps_every_grosz_up_to_the_limit() {
        for text in ["0", "0.01", "0.1", "59040", "12345.67", "9999999999999.99", "-9999999999999.99", "0.29"]
        {
            let json = serde_json::to_string(&money(text)).unwrap();
            assert_eq!(serde_json::from_str::<Money>(&json).unwrap(), money(text), "{json}");
        }
        assert_eq!(serde_json::to_string(&money("59040.00")).unwrap(), "59040");
        assert_eq!(serde_json::to_string(&money("0.29")).unwrap(), "0.29");
        assert_eq!(serde_json::from_str::<Money>("\"12.50\"").unwrap(), money("12.5"));
        assert!(serde_json::from_str::<Money>("1.001").is_err());
        assert!(serde_json::from_str::<Money>("\"a lot\"").is_err());
    }
}
