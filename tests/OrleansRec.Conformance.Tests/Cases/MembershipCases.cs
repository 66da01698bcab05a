using Orleans.Runtime;
using OrleansRec.Conformance.Tests.Grains;
using OrleansRec.Conformance.Tests.Hosts;

namespace OrleansRec.Conformance.Tests.Cases;

/// <summary>Goal: what callers see when a silo is killed, stops or joins. Method: clusters of two silos, of which each case ends or adds one.</summary>
public abstract class MembershipCases(IConformanceHost host) : ConformanceCases(host)
{
    [Fact]
    public Task Kill_ItsGrainIsCalledAgain_ComesUpElsewhereWithWhatWasStored() => RunAlone(ClusterShape.TwoSilos, async story =>
    {
        SiloAddress killed = story.Cluster.Silos[1];
        IBasketGrain grain = story.Inside<IBasketGrain>();
        story.Place(grain, killed);
        await grain.Put("apple");
        await grain.PutOnlyHere("pear");

        await story.Cluster.Kill(killed);

        Assert.Equal(["apple"], await story.Ends(grain.Items()));
        Assert.Equal("2", await story.Ends(grain.Put("plum")));
        // TestingHost lets the grains of a killed silo say goodbye, which no killed process does: what they say does not count.
        Assert.Equal(["a activates with ", "a activates with apple"], story.Lines.Where(l => l.StartsWith("a activates", StringComparison.Ordinal)));
    });

    [Fact]
    public Task Kill_CallsAreUnderWay_FailWithSiloUnavailable() => RunAlone(ClusterShape.TwoSilos, async story =>
    {
        SiloAddress killed = story.Cluster.Silos[1];
        story.Place(story.Inside<IPlacedGrain>("b"), killed);
        story.Place(story.Inside<IPlacedGrain>("c"), killed);
        Task call = story.Inside<IPlacedGrain>("b").HoldAt("gate");
        Task<string> callOfAGrain = story.Inside<IPlacedGrain>().HoldAtOther("c", "gate");
        await story.Sees("b hold gate begins");
        await story.Sees("c hold gate begins");

        await story.Cluster.Kill(killed);

        await story.Fails<SiloUnavailableException>(call);
        Assert.Equal("silo unavailable", await story.Ends(callOfAGrain));
    });

    [Fact]
    public Task Stop_ItsGrains_EndInOrderAndComeUpElsewhere() => RunAlone(ClusterShape.TwoSilos, async story =>
    {
        SiloAddress stopped = story.Cluster.Silos[1];
        IPlacedGrain grain = story.Inside<IPlacedGrain>();
        story.Place(grain, stopped);
        Assert.Equal(stopped, await grain.Silo());

        await story.Cluster.Stop(stopped);

        Assert.Equal(story.Cluster.Silos[0], await story.Ends(grain.Silo()));
        Assert.Equal(["a activates", "a ends: ShuttingDown", "a activates"], story.Lines);
    });

    [Fact]
    public Task Stop_ItsTimers_TickNoMore() => RunAlone(ClusterShape.TwoSilos, async story =>
    {
        SiloAddress stopped = story.Cluster.Silos[1];
        ITimerGrain grain = story.Inside<ITimerGrain>();
        story.Place(grain, stopped);
        await grain.Start(TickKind.Note, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), interleave: false);

        await story.Cluster.Stop(stopped);
        await story.Cluster.Pass(TimeSpan.FromSeconds(10));
        await story.Ends(grain.Touch());

        Assert.Equal(["a ends: ShuttingDown", "a touched"], story.Lines);
    });

    [Fact]
    public Task Join_AGrainHasItsHomeThere_MovesThereWhenTold() => RunAlone(ClusterShape.OneSilo, async story =>
    {
        IPlacedGrain grain = story.Inside<IPlacedGrain>();
        await grain.Count();
        SiloAddress joined = await story.Cluster.Join();
        Assert.Equal(2, await story.Ends(grain.Count()));
        story.Place(grain, joined);
        await grain.Move();
        await story.Sees("a activates", 2);

        Assert.Equal(joined, await story.Ends(grain.Silo()));
        IPlacedGrain other = story.Inside<IPlacedGrain>("b", 1);
        story.Place(other, joined);
        Assert.Equal(joined, await story.Ends(other.Silo()));
    });
}

public sealed class MembershipCasesOnOrleans(OrleansHost host) : MembershipCases(host), IClassFixture<OrleansHost>;

public sealed class MembershipCasesOnSimulator() : MembershipCases(new SimulatorHost());
