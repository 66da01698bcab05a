using OrleansRec.Model.Tests.TopKs;
using OrleansRec.Tests.Shared;

namespace OrleansRec.Model.Tests.Als;

/// <summary>The tests of kernels, solvers and scans pass again in a child process in which full collections run beside them (<see cref="CollectorBeside"/>).</summary>
/// <remarks>A block that died while a kernel had a pointer into it once ended a run inside the collector.</remarks>
public sealed class CollectorTests
{
    private static readonly TimeSpan ChildLimit = TimeSpan.FromMinutes(8);

    private static bool IsFull => Environment.GetEnvironmentVariable("REC_TEST_FULL") == "1";

    [Fact]
    public async Task ChildProcess_FullCollectionsBeside_PassesTheKernelTests()
    {
        Assert.SkipWhen(KernelChild.IsThis, "This is the child.");
        // Every rung takes its pointers in the same places.
        var start = KernelChild.Of(IsFull ? null : KernelRung.Single.Name, hasCollector: true);
        foreach (Type tests in new[] { typeof(CollectorTests), typeof(TopKTests) })
        {
            start.ArgumentList.Add("-namespace");
            start.ArgumentList.Add(tests.Namespace!);
        }
        ProgramEnd child = await ProgramEnd.Of(start, ChildLimit);
        Assert.True(child.Code == 0, $"Code {child.Code}:\n{child.Output}\n{child.Errors}");
        Assert.Contains(CollectorBeside.Report, child.Output);
    }
}
