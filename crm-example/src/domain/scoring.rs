//! How promising a lead is, from 0 to 100: what marketing sees before it decides.

use super::money::Money;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// Where a lead came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// An existing customer sent them.
    Recommendation,
    /// They filled in the web form.
    WebForm,
    /// We met at a fair.
    Fair,
    /// A bought address.
    Address,
}

/// A score from 0 to 100: half for the budget, half for where the lead came from.
pub fn score(source: Source, budget: Money) -> u8 {
    let by_source = match source {
        Source::Recommendation => 50,
        Source::WebForm => 35,
        Source::Fair => 20,
        Source::Address => 0,
    };
    let thousands = (budget.decimal() / Decimal::ONE_THOUSAND).trunc();
    let by_budget = thousands.clamp(Decimal::ZERO, Decimal::from(50)).to_u8().expect("0 to 50 fits");
    by_source + by_budget
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn budget_and_source_count_half_each() {
        let budget = |amount: i64| Money::exact(amount.into()).unwrap();
        assert_eq!(score(Source::Recommendation, budget(50_000)), 100);
        assert_eq!(score(Source::WebForm, budget(37_900)), 72);
        assert_eq!(score(Source::Fair, budget(1_000_000)), 70);
        assert_eq!(score(Source::Address, budget(999)), 0);
        assert_eq!(score(Source::Address, budget(-5_000)), 0);
    }
}
