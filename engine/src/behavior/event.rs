//! Events (10.5): catching, throwing, links.

pub(crate) mod catch;
pub(crate) mod link;
pub(crate) mod throw;
