namespace OrleansRec.Embedded.Tests;

/// <summary>Goal: calls of one activation interleave exactly where that is marked. Method: a counter that loses counts when they do.</summary>
public sealed class InterleavingTests
{
    private const int Calls = 20;

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3)]
    public void Add_ManyCallsAtOnce_LosesNone(ulong seed)
    {
        using var engine = new EngineUnderTest(seed);
        var counter = engine.Grain<ICounterGrain>();

        var results = engine.Run(() => Task.WhenAll(Enumerable.Range(0, Calls).Select(_ => counter.Add())));

        Assert.Equal(Enumerable.Range(1, Calls), results);
    }

    [Fact]
    public void Add_MarkedAlwaysInterleave_AllReadBeforeAnyWrites()
    {
        using var engine = new EngineUnderTest();
        var counter = engine.Grain<ICounterGrain>();

        var results = engine.Run(() => Task.WhenAll(Enumerable.Range(0, Calls).Select(_ => counter.AddInterleaved())));

        Assert.All(results, result => Assert.Equal(1, result));
    }

    [Fact]
    public void Add_ReentrantClass_AllReadBeforeAnyWrites()
    {
        using var engine = new EngineUnderTest();
        var counter = engine.Grain<IReentrantCounterGrain>();

        var results = engine.Run(() => Task.WhenAll(Enumerable.Range(0, Calls).Select(_ => counter.Add())));

        Assert.All(results, result => Assert.Equal(1, result));
    }

    [Fact]
    public void GetGrain_TwoInterfacesOfOneClass_ReachOneActivation()
    {
        using var engine = new EngineUnderTest();

        var read = engine.Run(async () =>
        {
            await engine.Grain<ICounterGrain>().Add();
            return await engine.Grain<ICounterReader>().Read() + await engine.Grain<ICounterGrain>().Get();
        });

        Assert.Equal(2, read);
    }
}
