//! What each element of BPMN does: one file an element, under the section of the standard that it implements.

pub(crate) mod activity;
pub(crate) mod compensate;
pub(crate) mod event;
pub(crate) mod gateway;
pub(crate) mod repeat;
