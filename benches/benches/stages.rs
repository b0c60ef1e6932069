//! The stages of the pipeline, each in a group of its own; `execute/` tells the time of one flow node.

use benches::drive::{Driver, deployed};
use benches::model::model;
use benches::park;
use benches::workload::{FILES, Workload};
use bpmn_parser::graph::Model;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use std::time::{Duration, Instant};

/// The chains that are generated, with their names.
const CHAINS: [(&str, Workload); 4] = [
    ("chain10", Workload::Chain(10)),
    ("chain100", Workload::Chain(100)),
    ("chain1k", Workload::Chain(1_000)),
    ("chain10k", Workload::Chain(10_000)),
];

fn models() -> impl Iterator<Item = (&'static str, Workload, String)> {
    let all = FILES.into_iter().chain(CHAINS);
    all.map(|(stem, workload)| (stem, workload, model(workload, stem.ends_with("-feel"))))
}

fn parse(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("parse");
    for (stem, _, text) in models().filter(|(stem, ..)| ["seq10", "nested", "chain10k"].contains(stem)) {
        let parsed = bpmn_parser::parse(text.as_bytes()).expect("the model is well formed");
        assert!(parsed.diagnostics.is_empty(), "the model is read without a finding");
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(stem, |bencher| bencher.iter(|| bpmn_parser::parse(black_box(text.as_bytes()))));
    }
    group.finish();
}

fn lower(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("lower");
    for (stem, workload, text) in models().filter(|(stem, ..)| ["seq10", "nested", "chain10k"].contains(stem))
    {
        let parsed = bpmn_parser::parse(text.as_bytes()).expect("the model is well formed");
        let (lowered, findings) = Model::lower(&parsed.definitions);
        assert!(
            findings.is_empty() && lowered.processes.len() == 1,
            "the model is lowered without a finding"
        );
        group.throughput(Throughput::Elements(u64::from(workload.nodes())));
        group.bench_function(stem, |bencher| bencher.iter(|| Model::lower(black_box(&parsed.definitions))));
    }
    group.finish();
}

fn deploy(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("deploy");
    for (stem, workload, text) in models() {
        if let Err(error) = deployed(text.as_bytes()) {
            panic!("{stem}: {error}");
        }
        group.throughput(Throughput::Elements(u64::from(workload.nodes())));
        group.bench_function(stem, |bencher| bencher.iter(|| deployed(black_box(text.as_bytes()))));
    }
    group.finish();
}

/// One iteration is one flow node: what is printed is the time of a node, the start and end of its instance shared
/// among all nodes.
fn execute(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("execute");
    for (stem, workload, text) in models() {
        let deployed = deployed(text.as_bytes()).unwrap_or_else(|error| panic!("{stem}: {error}"));
        let mut driver = Driver::new(deployed, workload);
        if let Err(error) = driver.run_checked() {
            panic!("{stem}: {error}");
        }
        group.bench_function(stem, |bencher| {
            bencher.iter_custom(|nodes| {
                let each = u64::from(workload.nodes());
                let instances = nodes.div_ceil(each);
                let begun = Instant::now();
                for _ in 0..instances {
                    driver.run().expect("the workload was checked");
                }
                begun.elapsed().mul_f64(nodes as f64 / (instances * each) as f64)
            });
        });
    }
    group.finish();
}

fn persist(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("persist");
    for (stem, _, text) in models().filter(|(stem, ..)| ["msg", "timer"].contains(stem)) {
        let deployed = deployed(text.as_bytes()).unwrap_or_else(|error| panic!("{stem}: {error}"));
        let (instance, bytes) = park::waiting(&deployed).unwrap_or_else(|error| panic!("{stem}: {error}"));
        let restored = park::restored(&deployed, &bytes).map(|instance| instance.to_bytes());
        assert_eq!(restored.as_ref(), Ok(&bytes), "what was restored is the same");
        group.bench_function(format!("save/{stem}"), |bencher| {
            bencher.iter(|| black_box(&instance).to_bytes())
        });
        group.bench_function(format!("load/{stem}"), |bencher| {
            bencher.iter(|| park::restored(&deployed, black_box(&bytes)));
        });
    }
    group.finish();
}

fn configured() -> Criterion {
    let criterion = Criterion::default().sample_size(20).without_plots();
    criterion.warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(1))
}

criterion_group! {
    name = stages;
    config = configured();
    targets = parse, lower, deploy, execute, persist
}
criterion_main!(stages);
