//! Value added tax: the four Polish rates, and the tax of an invoice by rate.

use super::money::{Money, MoneyError, exact_number};
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;

/// A rate of article 41 of the VAT Act, from the highest down, in the order in which an invoice lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VatRate {
    /// 23 %, the rule.
    Standard,
    /// 8 %, the first reduced rate.
    Reduced,
    /// 5 %, the second reduced rate: books, basic food.
    SecondReduced,
    /// 0 %, deliveries inside the Union and exports.
    Zero,
}

/// A percentage that is no rate of the Act.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} % is not a Polish VAT rate (23, 8, 5 or 0)")]
pub struct UnknownRate(pub Decimal);

/// What an invoice shows for one rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VatGroup {
    /// The rate.
    pub rate: VatRate,
    /// The sum of the lines without tax.
    pub net: Money,
    /// The tax on that sum.
    pub vat: Money,
}

/// The sums of an invoice or offer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// One for each rate that occurs, the highest rate first.
    pub groups: Vec<VatGroup>,
    /// Everything without tax.
    pub net: Money,
    /// All tax.
    pub vat: Money,
    /// What the buyer pays.
    pub gross: Money,
}

impl VatRate {
    /// All rates, the highest first.
    pub const ALL: [VatRate; 4] =
        [VatRate::Standard, VatRate::Reduced, VatRate::SecondReduced, VatRate::Zero];

    /// The rate in per cent.
    pub fn percent(self) -> u8 {
        match self {
            VatRate::Standard => 23,
            VatRate::Reduced => 8,
            VatRate::SecondReduced => 5,
            VatRate::Zero => 0,
        }
    }

    /// The tax on a net amount.
    pub fn tax(self, net: Money) -> Result<Money, MoneyError> {
        net.times(Decimal::new(self.percent().into(), 2))
    }
}

impl TryFrom<Decimal> for VatRate {
    type Error = UnknownRate;

    fn try_from(percent: Decimal) -> Result<VatRate, UnknownRate> {
        let known = VatRate::ALL.into_iter().find(|rate| Decimal::from(rate.percent()) == percent);
        known.ok_or(UnknownRate(percent))
    }
}

impl fmt::Display for VatRate {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(&format!("{} %", self.percent()))
    }
}

impl Serialize for VatRate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(self.percent())
    }
}

impl<'de> Deserialize<'de> for VatRate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<VatRate, D::Error> {
        exact_number(deserializer)?.try_into().map_err(de::Error::custom)
    }
}

impl Totals {
    /// Adds up net amounts with their rates. The tax is taken from the sum of each rate (article 106e(1), points 13
    /// and 14), not line by line, so that many small lines do not add up their roundings.
    pub fn of(lines: impl IntoIterator<Item = (VatRate, Money)>) -> Result<Totals, MoneyError> {
        let mut net_by_rate = [None::<Money>; VatRate::ALL.len()];
        for (rate, net) in lines {
            let sum = &mut net_by_rate[rate as usize];
            *sum = Some(sum.unwrap_or_default().plus(net)?);
        }
        let mut totals = Totals::default();
        for (rate, net) in VatRate::ALL.into_iter().zip(net_by_rate) {
            let Some(net) = net else { continue };
            let vat = rate.tax(net)?;
            totals.groups.push(VatGroup { rate, net, vat });
            totals.net = totals.net.plus(net)?;
            totals.vat = totals.vat.plus(vat)?;
        }
        totals.gross = totals.net.plus(totals.vat)?;
        Ok(totals)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(text: &str) -> Money {
        Money::exact(text.parse().unwrap()).unwrap()
    }

    #[test]
    fn tax_is_taken_from_the_sum_of_a_rate() {
        // Three lines of 0.03: line by line 0.0069 → 0.01 each, 0.03 in all; from the sum 0.0207 → 0.02.
        let totals = Totals::of([(VatRate::Standard, money("0.03")); 3]).unwrap();
        assert_eq!((totals.net, totals.vat, totals.gross), (money("0.09"), money("0.02"), money("0.11")));
    }

    #[test]
    fn each_rate_is_rounded_for_itself() {
        // 23 % of 100.50 = 23.115 → 23.12; 8 % of 19.99 = 1.5992 → 1.60; 5 % of 10.10 = 0.505 → 0.51; 0 % of 7.
        let lines = [
            (VatRate::Zero, money("7")),
            (VatRate::Standard, money("100.50")),
            (VatRate::SecondReduced, money("10.10")),
            (VatRate::Reduced, money("19.99")),
        ];
        let totals = Totals::of(lines).unwrap();
        let tax: Vec<_> = totals.groups.iter().map(|group| (group.rate.percent(), group.vat)).collect();
        assert_eq!(tax, [(23, money("23.12")), (8, money("1.60")), (5, money("0.51")), (0, money("0"))]);
        assert_eq!(
            (totals.net, totals.vat, totals.gross),
            (money("137.59"), money("25.23"), money("162.82"))
        );
    }

    #[test]
    fn what_is_paid_is_net_and_tax_at_every_amount() {
        for grosze in (0..20_000).step_by(7) {
            let net = Money::exact(Decimal::new(grosze, 2)).unwrap();
            let totals = Totals::of(VatRate::ALL.map(|rate| (rate, net))).unwrap();
            assert_eq!(totals.gross, totals.net.plus(totals.vat).unwrap());
            for VatGroup { rate, net, vat } in totals.groups {
                // The rounded tax is the nearest whole grosz: at most half a grosz off.
                let exact = net.decimal() * Decimal::new(rate.percent().into(), 2);
                assert!((vat.decimal() - exact).abs() <= Decimal::new(5, 3), "{rate} of {net}");
            }
        }
    }

    #[test]
    fn a_correction_takes_back_the_same_tax() {
        let totals = Totals::of([(VatRate::Standard, money("-100.50"))]).unwrap();
        assert_eq!((totals.vat, totals.gross), (money("-23.12"), money("-123.62")));
    }

    #[test]
    fn nothing_sold_owes_nothing() {
        assert_eq!(Totals::of([]).unwrap(), Totals::default());
    }

    #[test]
    fn only_the_rates_of_the_act_exist() {
        assert_eq!(serde_json::from_str::<VatRate>("8").unwrap(), VatRate::Reduced);
        assert_eq!(serde_json::from_str::<VatRate>("23.0").unwrap(), VatRate::Standard);
        let refused = serde_json::from_str::<VatRate>("22").unwrap_err().to_string();
        assert!(refused.contains("22 % is not a Polish VAT rate"), "{refused}");
        assert_eq!(serde_json::to_string(&VatRate::ALL).unwrap(), "[23,8,5,0]");
    }
}
