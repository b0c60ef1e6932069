//! Several threads on one runtime, and several runtimes on one store: each command has its effect once.

use super::model::{END, START, TASK, WORK, deployed, file, line, status, work};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use tokenflow::command::RejectionCode;
use tokenflow::event::Status;
use tokenflow::runtime::store::MemoryStore;
use tokenflow::runtime::{CommandError, Job, Runtime};

fn shared() -> (Runtime, Runtime) {
    let store = Arc::new(MemoryStore::shared());
    let model = file(&line("P", &[START, TASK, ("Next", "<userTask id=\"Next\"/>"), END]));
    let one = deployed(Runtime::over(store.clone()), &[&model]);
    let two = Runtime::over(store).build().unwrap();
    (one, two)
}

#[test]
fn a_runtime_sees_what_another_one_has_changed() {
    let (one, two) = shared();
    let id = one.start("P").send().unwrap();
    let task = work(&two, id, "Task");
    one.complete(task).send().unwrap();
    let next = work(&two, id, "Next");
    two.complete(next).send().unwrap();
    assert_eq!((status(&one, id), status(&two, id)), ("completed", "completed"));
}

#[test]
fn of_many_completions_of_one_task_exactly_one_succeeds() {
    let (one, two) = shared();
    for _ in 0..20 {
        let id = one.start("P").send().unwrap();
        let task = work(&one, id, "Task");
        let done = AtomicU32::new(0);
        std::thread::scope(|scope| {
            for rt in [&one, &two, &one, &two] {
                let done = &done;
                scope.spawn(move || match rt.complete(task).send() {
                    Ok(()) => {
                        done.fetch_add(1, Ordering::SeqCst);
                    }
                    Err(CommandError::Rejected(rejection)) => {
                        assert_eq!(rejection.code, RejectionCode::JobNotActive)
                    }
                    Err(other) => panic!("{other}"),
                });
            }
        });
        assert_eq!(done.load(Ordering::SeqCst), 1);
        work(&two, id, "Next");
    }
}

#[test]
fn one_key_in_two_runtimes_starts_one_instance() {
    let (one, two) = shared();
    for order in 0..20 {
        let key = format!("order-{order}");
        let ids: Vec<_> = std::thread::scope(|scope| {
            let spawned: Vec<_> =
                [&one, &two].map(|rt| scope.spawn(|| rt.start("P").key(key.clone()).send().unwrap())).into();
            spawned.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(ids[0], ids[1]);
    }
    assert_eq!(one.instances().count().unwrap(), 20);
}

#[test]
fn many_threads_and_workers_lose_and_double_nothing() {
    let done = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&done);
    let builder = Runtime::memory().handle("work", move |_: Job<()>| {
        counted.fetch_add(1, Ordering::SeqCst);
        Ok(())
    });
    let rt = deployed(builder, &[&file(&line("P", &[START, WORK, END]))]);
    let workers: Vec<_> = (0..3).map(|_| rt.spawn_worker()).collect();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..50 {
                    rt.start("P").send().unwrap();
                }
            });
        }
    });
    rt.run_until_idle().unwrap();
    workers.into_iter().for_each(tokenflow::runtime::Worker::stop);
    assert_eq!(done.load(Ordering::SeqCst), 200);
    assert_eq!(rt.instances().status(Status::Completed).count().unwrap(), 200);
}
