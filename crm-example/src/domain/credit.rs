//! How much a customer may owe us.

use super::money::{Money, MoneyError};
use super::nip::Nip;
use std::collections::BTreeMap;

/// The limit of a customer whom nobody has rated yet, in złoty.
const LIMIT_OF_A_NEW_CUSTOMER: i64 = 50_000;

/// The limits by customer.
#[derive(Clone, Debug, Default)]
pub struct CreditLimits {
    limits: BTreeMap<Nip, Money>,
}

impl CreditLimits {
    /// Rates a customer.
    pub fn set(&mut self, customer: Nip, limit: Money) {
        self.limits.insert(customer, limit);
    }

    /// Whether a customer who owes that much may owe more.
    pub fn allow(&self, customer: Nip, owed: Money, more: Money) -> Result<bool, MoneyError> {
        let limit = match self.limits.get(&customer) {
            Some(limit) => *limit,
            None => Money::exact(LIMIT_OF_A_NEW_CUSTOMER.into())?,
        };
        Ok(owed.plus(more)? <= limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_owed_counts_against_the_limit() {
        let money = |amount: i64| Money::exact(amount.into()).unwrap();
        let customer: Nip = "5260250274".parse().unwrap();
        let mut limits = CreditLimits::default();
        assert_eq!(limits.allow(customer, money(30_000), money(20_000)), Ok(true));
        assert_eq!(limits.allow(customer, money(30_000), money(20_001)), Ok(false));
        limits.set(customer, money(100_000));
        assert_eq!(limits.allow(customer, money(30_000), money(70_000)), Ok(true));
        limits.set(customer, Money::ZERO);
        assert_eq!(limits.allow(customer, Money::ZERO, money(1)), Ok(false));
    }
}
