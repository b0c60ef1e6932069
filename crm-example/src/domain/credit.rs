//! How much a customer may owe us: a limit for each, and what is open.

use super::money::{Money, MoneyError};
use super::nip::Nip;
use std::collections::BTreeMap;

/// The limit of a customer whom nobody has rated yet, in złoty.
const LIMIT_OF_A_NEW_CUSTOMER: i64 = 50_000;

/// Limits and open amounts by customer.
#[derive(Clone, Debug, Default)]
pub struct CreditBook {
    limits: BTreeMap<Nip, Money>,
    owed: BTreeMap<Nip, Money>,
}

impl CreditBook {
    /// Rates a customer.
    pub fn set_limit(&mut self, customer: Nip, limit: Money) {
        self.limits.insert(customer, limit);
    }

    /// Whether the customer may owe that much more.
    pub fn allows(&self, customer: Nip, more: Money) -> Result<bool, MoneyError> {
        let limit = match self.limits.get(&customer) {
            Some(limit) => *limit,
            None => Money::exact(LIMIT_OF_A_NEW_CUSTOMER.into())?,
        };
        Ok(self.owed(customer).plus(more)? <= limit)
    }

    /// Notes that the customer owes more, or less when the amount is negative.
    pub fn book(&mut self, customer: Nip, amount: Money) -> Result<(), MoneyError> {
        let owed = self.owed(customer).plus(amount)?;
        self.owed.insert(customer, owed);
        Ok(())
    }

    /// What the customer owes.
    pub fn owed(&self, customer: Nip) -> Money {
        self.owed.get(&customer).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(amount: i64) -> Money {
        Money::exact(amount.into()).unwrap()
    }

    #[test]
    fn what_is_open_counts_against_the_limit() {
        let customer: Nip = "5260250274".parse().unwrap();
        let mut book = CreditBook::default();
        assert_eq!(book.allows(customer, money(50_000)), Ok(true));
        assert_eq!(book.allows(customer, money(50_001)), Ok(false));
        book.book(customer, money(30_000)).unwrap();
        assert_eq!(book.allows(customer, money(20_001)), Ok(false));
        book.set_limit(customer, money(100_000));
        assert_eq!(book.allows(customer, money(70_000)), Ok(true));
        book.book(customer, money(-30_000)).unwrap();
        assert_eq!(book.owed(customer), Money::ZERO);
    }
}
