//! What every store must do, whatever it is made of: one suite, run over each backend.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails there")]

mod store {
    mod cases;
    mod make;
    mod model;
    mod random;

    use std::sync::Arc;
    use tokenflow::runtime::store::{MemoryStore, Store};

    /// Opens an empty store.
    type Make = fn() -> Arc<dyn Store>;

    fn backends() -> Vec<(&'static str, Make)> {
        vec![("memory", || Arc::new(MemoryStore::new()))]
    }
}
