using Orleans.Serialization;
using Orleans.Serialization.Serializers;
using OrleansRec.Conformance.Tests.Grains;
using OrleansRec.Conformance.Tests.Hosts;

namespace OrleansRec.Conformance.Tests.Cases;

/// <summary>
/// Goal: what is sent arrives equal, as a copy within a silo and as bytes between two. Method: a grain that echoes, called from its own silo and from another.
/// </summary>
public abstract class SerializationCases(IConformanceHost host) : ConformanceCases(host)
{
    protected override ClusterShape Shape => ClusterShape.TwoSilos;

    [Theory]
    [InlineData(0), InlineData(1)]
    public Task Echo_RandomParcels_ComeBackEqual(int callerSilo) => Run(async story =>
    {
        IParcelGrain grain = Grain(story, callerSilo);
        Parcel[] parcels = [.. Enumerable.Range(0, 50).Select(seed => RandomParcel(new Random(seed), 3))];

        Parcel[] back = await story.Ends(grain.EchoAll(parcels));

        for (int seed = 0; seed < parcels.Length; seed++)
        {
            Assert.NotSame(parcels[seed], back[seed]);
            Assert.True(Text(parcels[seed]) == Text(back[seed]), $"seed {seed}: {Text(parcels[seed])} came back as {Text(back[seed])}");
        }
    });

    [Theory]
    [InlineData(0), InlineData(1)]
    public Task Echo_ADerivedType_ComesBackAsThat(int callerSilo) => Run(async story =>
    {
        Parcel back = await story.Ends(Grain(story, callerSilo).Echo(new Gift("a", null, [], "me")));

        Assert.Equal("me", Assert.IsType<Gift>(back).From);
    });

    [Theory]
    [InlineData(0), InlineData(1)]
    public Task Echo_AGraphWithACycle_ComesBackAsACycle(int callerSilo) => Run(async story =>
    {
        var parcel = new Parcel("a", [], []) { Inner = new Parcel[1] };
        parcel.Inner[0] = parcel;

        Parcel back = await story.Ends(Grain(story, callerSilo).Echo(parcel));

        Assert.NotSame(parcel, back);
        Assert.Same(back, back.Inner[0]);
    });

    [Theory]
    [InlineData(0), InlineData(1)]
    public Task Arguments_TheSameObjectTwice_ArriveAsOne(int callerSilo) => Run(async story =>
    {
        var parcel = new Parcel("a", [], []);

        Assert.True(await story.Ends(Grain(story, callerSilo).AreTheSame(parcel, parcel)));
        Assert.False(await story.Ends(Grain(story, callerSilo).AreTheSame(parcel, parcel with { })));
    });

    [Theory]
    [InlineData(0), InlineData(1)]
    public Task Argument_OfATypeWithoutASerializer_TheCallFails(int callerSilo) => Run(async story =>
    {
        IParcelGrain grain = Grain(story, callerSilo);
        CodecNotFoundException failure = await Failure<CodecNotFoundException>(story, () => grain.Take(new Unsendable()));

        Assert.Contains(nameof(Unsendable), failure.Message, StringComparison.Ordinal);
        await story.Ends(grain.Take("something else"));
    });

    [Theory]
    [InlineData(0), InlineData(1)]
    public Task Result_OfATypeWithoutASerializer_TheCallFails(int callerSilo) => Run(async story =>
    {
        CodecNotFoundException failure = await Failure<CodecNotFoundException>(story, () => Grain(story, callerSilo).GiveUnsendable());

        Assert.Contains(nameof(Unsendable), failure.Message, StringComparison.Ordinal);
    });

    [Theory]
    [InlineData(0), InlineData(1)]
    public Task Exception_MadeToTravel_KeepsItsFields(int callerSilo) => Run(async story =>
    {
        RefusedException refused = await story.Fails<RefusedException>(Grain(story, callerSilo).RefuseHow("refused"));

        Assert.Equal(("too heavy", 42), (refused.Message, refused.Code));
    });

    [Fact]
    public Task Exception_NotMadeToTravel_StaysWhatItIsWithinASilo() => Run(async story =>
    {
        UnsendableException failure = await story.Fails<UnsendableException>(Grain(story, 0).RefuseHow("unsendable"));

        Assert.Equal(42, failure.Code);
    });

    [Fact]
    public Task Exception_NotMadeToTravel_AcrossSilosOnlyItsNameArrives() => Run(async story =>
    {
        CodecNotFoundException failure = await story.Fails<CodecNotFoundException>(Grain(story, 1).RefuseHow("unsendable"));

        Assert.Contains(nameof(UnsendableException), failure.Message, StringComparison.Ordinal);
    });

    [Theory]
    [InlineData(0), InlineData(1)]
    public Task Exception_WithACause_KeepsIt(int callerSilo) => Run(async story =>
    {
        IOException failure = await story.Fails<IOException>(Grain(story, callerSilo).RefuseHow("cause"));

        Assert.Equal("outer", failure.Message);
        Assert.Equal(7, Assert.IsType<RefusedException>(failure.InnerException).Code);
    });

    [Theory]
    [InlineData(0), InlineData(1)]
    public Task Exception_OfManyCauses_KeepsThemAll(int callerSilo) => Run(async story =>
    {
        AggregateException failure = await story.Fails<AggregateException>(Grain(story, callerSilo).RefuseHow("many"));

        Assert.Equal(1, Assert.IsType<RefusedException>(failure.InnerExceptions[0]).Code);
        Assert.Equal("second", Assert.IsType<TimeoutException>(failure.InnerExceptions[1]).Message);
    });

    [Theory]
    [InlineData(0), InlineData(1)]
    public Task Exception_OfTheRuntime_KeepsTypeAndMessage(int callerSilo) => Run(async story =>
    {
        ArgumentOutOfRangeException failure = await story.Fails<ArgumentOutOfRangeException>(Grain(story, callerSilo).RefuseHow("argument"));

        Assert.Contains("At most 3.", failure.Message, StringComparison.Ordinal);
    });

    [Theory]
    [InlineData(0), InlineData(1)]
    public Task Exception_OfACancellation_IsOne(int callerSilo) => Run(async story =>
        Assert.Equal("planted", (await story.Fails<OperationCanceledException>(Grain(story, callerSilo).RefuseHow("cancelled"))).Message));

    /// <summary>A grain on the first silo, called from one of the two.</summary>
    private static IParcelGrain Grain(Story story, int callerSilo)
    {
        IParcelGrain grain = story.Inside<IParcelGrain>("a", callerSilo);
        story.Place(grain, story.Cluster.Silos[0]);
        return grain;
    }

    /// <summary>What cannot be sent may fail in the call or in its task.</summary>
    private static async Task<T> Failure<T>(Story story, Func<Task> call)
        where T : Exception
    {
        Task task;
        try
        {
            task = call();
        }
        catch (Exception atOnce)
        {
            task = Task.FromException(atOnce);
        }
        return await story.Fails<T>(task);
    }

    private static Parcel RandomParcel(Random random, int depth)
    {
        Line[]? lines = random.Next(4) == 0
            ? null
            : [.. Enumerable.Range(0, random.Next(4)).Select(i => new Line($"i{i}é", random.Next(-5, 5), random.Next(2) == 0 ? null : random.NextDouble()))];
        var shelves = Enumerable.Range(0, random.Next(4)).ToDictionary(i => $"s{i}", _ => Enumerable.Range(0, random.Next(3)).Select(_ => random.Next()).ToList());
        Parcel[] inner = [.. Enumerable.Range(0, depth == 0 ? 0 : random.Next(3)).Select(_ => RandomParcel(random, depth - 1))];
        string? name = random.Next(3) == 0 ? null : new string('x', random.Next(300));
        Parcel parcel = random.Next(2) == 0 ? new Parcel(name, lines, shelves) : new Gift(name, lines, shelves, "me");
        byte[] content = new byte[random.Next(400)];
        random.NextBytes(content);
        return parcel with
        {
            Size = random.Next(2) == 0 ? Size.Small : Size.Large,
            Content = content.Length < 20 ? null : content,
            Inner = inner,
            Tag = random.Next(2) == 0 ? null : (random.NextInt64(), new Guid(random.Next(), 1, 2, new byte[8])),
            At = DateTimeOffset.UnixEpoch.AddSeconds(random.Next()),
        };
    }

    private static string Text(Parcel parcel) => $"{parcel.GetType().Name} " + System.Text.Json.JsonSerializer.Serialize(
        parcel, parcel.GetType(), new System.Text.Json.JsonSerializerOptions { IncludeFields = true }) + string.Concat(parcel.Inner.Select(p => Text(p!)));
}

public sealed class SerializationCasesOnOrleans(OrleansHost host) : SerializationCases(host), IClassFixture<OrleansHost>;

public sealed class SerializationCasesOnSimulator() : SerializationCases(new SimulatorHost());
