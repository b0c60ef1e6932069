//! Which work stands behind which job type: a plain function for each, typed by what it reads and answers.

use crate::domain::invoice::InvoiceNumber;
use crate::domain::money::Money;
use crate::domain::vat::Totals;
use crate::office::{
    Booking, CreditAnswer, CreditRequest, InvoiceRequest, Issued, Lead, Letter, MonthTotals, NipAnswer,
    OfferDraft, Office, OfficeError, Registered, Scored,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use tokenflow::runtime::{Job, JobError, RuntimeBuilder};

/// Whether the office's answers reach the runtime.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answers {
    /// They do.
    Arrive,
    /// The first answer to each job is lost after the work is done, as in a crash, so that everything is done twice.
    GetLostOnce,
}

/// Gives a runtime the office's work.
pub fn register(builder: RuntimeBuilder, office: &Arc<Office>, answers: Answers) -> RuntimeBuilder {
    let desk = &Desk { office: Arc::clone(office), answers };
    builder
        .handle("score-lead", by(desk, score_lead))
        .handle("remind-salesperson", by(desk, remind_salesperson))
        .handle("price-offer", by(desk, price_offer))
        .handle("send-offer", by(desk, send_offer))
        .handle("register-order", by(desk, register_order))
        .handle("check-credit-limit", by(desk, check_credit))
        .handle("book-carrier", by(desk, book_carrier))
        .handle("chase-carrier", by(desk, chase_carrier))
        .handle("close-deal", by(desk, close_deal))
        .handle("check-nip", by(desk, check_nip))
        .handle("issue-invoice", by(desk, issue_invoice))
        .handle("send-invoice", by(desk, send_invoice))
        .handle("send-reminder", by(desk, send_reminder))
        .handle("add-up-invoices", by(desk, add_up_invoices))
        .handle("remind-accountant", by(desk, remind_accountant))
        .handle("file-vat-return", by(desk, file_vat_return))
}

type Done<T> = Result<T, OfficeError>;

struct Desk {
    office: Arc<Office>,
    answers: Answers,
}

/// A handler that does its work at the office.
fn by<In, Out>(
    desk: &Desk,
    work: fn(&Office, Job<In>) -> Done<Out>,
) -> impl Fn(Job<In>) -> Result<Out, JobError> + Send + Sync + use<In, Out>
where
    Out: Serialize,
{
    let (office, answers) = (Arc::clone(&desk.office), desk.answers);
    move |job| {
        let is_first = job.attempt == 1;
        let done = work(&office, job)?;
        if answers == Answers::GetLostOnce && is_first {
            return Err(JobError::fail("the answer got lost"));
        }
        Ok(done)
    }
}

#[derive(Deserialize)]
struct Name {
    name: String,
}

#[derive(Deserialize)]
struct AboutCustomer {
    company: Name,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PaidDeal {
    invoice_number: InvoiceNumber,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DealToday {
    deal_id: String,
    today: NaiveDate,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AboutDelivery {
    waybill: String,
    delivery_on: NaiveDate,
}

#[derive(Deserialize)]
struct Offer {
    revision: u32,
    gross: Money,
}

#[derive(Deserialize)]
struct AboutOffer {
    company: Name,
    offer: Offer,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AboutInvoice {
    buyer: Name,
    invoice_number: InvoiceNumber,
    open_amount: Money,
    due_on: NaiveDate,
}

#[derive(Deserialize)]
struct TypedNip {
    nip: String,
}

#[derive(Deserialize)]
struct Month {
    month: String,
}

#[derive(Deserialize)]
struct AboutMonth {
    month: String,
    vat: Money,
}

fn score_lead(office: &Office, job: Job<Lead>) -> Done<Scored> {
    Ok(office.score_lead(&job.input))
}

fn price_offer(office: &Office, job: Job<OfferDraft>) -> Done<Totals> {
    office.price_offer(&job.input)
}

fn register_order(office: &Office, job: Job<DealToday>) -> Done<Registered> {
    Ok(office.register_order(&job.input.deal_id, job.input.today))
}

fn check_credit(office: &Office, job: Job<CreditRequest>) -> Done<CreditAnswer> {
    office.check_credit(&job.input)
}

fn book_carrier(office: &Office, job: Job<DealToday>) -> Done<Booking> {
    office.book_carrier(&job.input.deal_id, job.input.today)
}

fn chase_carrier(office: &Office, job: Job<AboutDelivery>) -> Done<()> {
    let AboutDelivery { waybill, delivery_on } = &job.input;
    post(office, &job, "the carrier", format!("where is {waybill}, due on {}?", delivery_on.format("%-d %B")))
}

fn close_deal(office: &Office, job: Job<PaidDeal>) -> Done<()> {
    office.settle(job.input.invoice_number);
    Ok(())
}

fn check_nip(office: &Office, job: Job<TypedNip>) -> Done<NipAnswer> {
    Ok(office.check_nip(&job.input.nip))
}

fn issue_invoice(office: &Office, job: Job<InvoiceRequest>) -> Done<Issued> {
    office.issue_invoice(job.input)
}

fn add_up_invoices(office: &Office, job: Job<Month>) -> Done<MonthTotals> {
    office.add_up(&job.input.month)
}

fn remind_salesperson(office: &Office, job: Job<AboutCustomer>) -> Done<()> {
    post(office, &job, "Anna", format!("{} is still waiting for a call", job.input.company.name))
}

fn send_offer(office: &Office, job: Job<AboutOffer>) -> Done<()> {
    let Offer { revision, gross } = job.input.offer;
    post(office, &job, &job.input.company.name, format!("offer no. {revision}, {gross}"))
}

fn send_invoice(office: &Office, job: Job<AboutInvoice>) -> Done<()> {
    let AboutInvoice { buyer, invoice_number, open_amount, due_on } = &job.input;
    post(office, &job, &buyer.name, format!("{invoice_number}, {open_amount} by {}", due_on.format("%-d %B")))
}

fn send_reminder(office: &Office, job: Job<AboutInvoice>) -> Done<()> {
    let AboutInvoice { buyer, invoice_number, due_on, .. } = &job.input;
    post(office, &job, &buyer.name, format!("{invoice_number} was due on {}", due_on.format("%-d %B")))
}

fn remind_accountant(office: &Office, job: Job<Month>) -> Done<()> {
    post(office, &job, "Ewa", format!("the VAT register of {} is not checked", job.input.month))
}

fn file_vat_return(office: &Office, job: Job<AboutMonth>) -> Done<()> {
    let AboutMonth { month, vat } = &job.input;
    post(office, &job, "the tax office", format!("VAT return of {month}, {vat}"))
}

/// The job's key names the letter, so that a job done twice sends it once.
fn post<In>(office: &Office, job: &Job<In>, to: &str, about: String) -> Done<()> {
    office.post(Letter { key: job.key.to_string(), to: to.to_owned(), about });
    Ok(())
}
