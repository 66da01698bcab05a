namespace OrleansRec.TestRun.Tests;

/// <summary>A test that has a fault where a parent process of <see cref="WholeRunTests"/> plants one, and passes elsewhere.</summary>
public sealed class PlantedFault
{
    /// <summary>Names the fault in the child's environment.</summary>
    internal const string Variable = "REC_TEST_PLANTED_FAULT";

    [Fact]
    public void Fault_Planted_ActsOnIt()
    {
        string? fault = Environment.GetEnvironmentVariable(Variable);
        if (fault == "crash")
            Environment.FailFast("planted");
        if (fault == "half-pair")
            Assert.Fail("half of a surrogate pair: \uD800");
        Assert.Null(fault);
    }

    [Fact]
    public async Task Fault_Hang_WaitsForEver()
    {
        if (Environment.GetEnvironmentVariable(Variable) == "hang")
            await Task.Delay(Timeout.InfiniteTimeSpan, TestContext.Current.CancellationToken);
    }
}
