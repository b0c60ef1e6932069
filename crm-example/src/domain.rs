//! What a Polish company knows without any process engine: money, VAT, tax numbers, invoices, credit and working days.

pub mod calendar;
pub mod credit;
pub mod invoice;
pub mod money;
pub mod nip;
pub mod order;
pub mod register;
pub mod scoring;
pub mod vat;
