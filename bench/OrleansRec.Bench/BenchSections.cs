using OrleansRec.Bench.Baseline;
using OrleansRec.Bench.Cluster;
using OrleansRec.Bench.Http;
using OrleansRec.Bench.Ingest;
using OrleansRec.Bench.Kernels;
using OrleansRec.Bench.Lists;
using OrleansRec.Bench.Memory;
using OrleansRec.Bench.Peers;
using OrleansRec.Bench.Quality;
using OrleansRec.Bench.Restart;
using OrleansRec.Bench.Rules;
using OrleansRec.Bench.Scale;
using OrleansRec.Bench.Sequences;
using OrleansRec.Bench.Sweeps;
using OrleansRec.Bench.TopKs;

namespace OrleansRec.Bench;

/// <summary>Every section, in the order in which they run: what needs a cool and empty process comes first.</summary>
internal static class BenchSections
{
    public static readonly IReadOnlyList<IBenchSection> All =
    [
        new KernelBench(),
        new TopKBench(),
        new RuleBench(),
        new ExactSweepBench(),
        new SweepBench(),
        new ImplicitBench(),
        new QualityBench(),
        new SequenceBench(),
        new HttpBench(),
        new RuleListBench(),
        new BatchListBench(),
        new BaselineBench(),
        new AllocationBench(),
        new IngestBench(),
        new RestartBench(),
        new MemoryBench(),
        new ScaleBench(),
        new ClusterBench(),
    ];
}
