using Orleans;

namespace OrleansRec.Embedded.Tests;

/// <summary>Goal: what grains are given is theirs, and everything that is sent survives as bytes. Method: random parcels, compared deeply.</summary>
public sealed class WireTests
{
    [Fact]
    public void Arguments_NotImmutable_AreCopiedAndImmutableOnesShared()
    {
        using var engine = new EngineUnderTest();
        var parcel = RandomParcel(new Random(1), 2);
        int[] copied = [1, 2], shared = [3];
        var stone = new Stone([4]);

        engine.Run(() => engine.Grain<IParcelGrain>().Keep(parcel, copied, shared, stone));

        var kept = ParcelGrain.Kept!;
        Assert.NotSame(parcel, kept[0]);
        Assert.Equal(Text(parcel), Text((Parcel)kept[0]));
        Assert.NotSame(parcel.Shelves, ((Parcel)kept[0]).Shelves);
        Assert.NotSame(copied, kept[1]);
        Assert.Same(shared, kept[2]);
        Assert.Same(stone, kept[3]);
    }

    [Fact]
    public void Echo_RandomParcelsThroughBytes_ComeBackEqual()
    {
        using var engine = new EngineUnderTest(configure: o => o.SerializeArguments = true);
        for (var seed = 0; seed < 200; seed++)
        {
            var parcel = RandomParcel(new Random(seed), 3);

            var back = engine.Run(() => engine.Grain<IParcelGrain>().Echo(parcel));

            Assert.NotSame(parcel, back);
            Assert.True(Text(parcel) == Text(back), $"seed {seed}: {Text(parcel)} came back as {Text(back)}");
        }
    }

    [Theory]
    [InlineData(false), InlineData(true)]
    public void Result_GrainReference_CallsTheSameGrain(bool serialized)
    {
        using var engine = new EngineUnderTest(configure: o => o.SerializeArguments = serialized);

        var self = engine.Run(() => engine.Grain<IParcelGrain>("me").Self(leak: false));

        Assert.Equal("me", self.GetPrimaryKeyString());
        Assert.Equal(engine.Grain<IParcelGrain>("me"), self);
    }

    [Fact]
    public void Result_GrainItself_IsRefused()
    {
        using var engine = new EngineUnderTest();

        var thrown = Assert.Throws<WireTypeException>(() => engine.Run(() => engine.Grain<IParcelGrain>().Self(leak: true)));

        Assert.Contains("AsReference<IParcelGrain>", thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false), InlineData(true)]
    public void Exception_OfAWireType_KeepsItsMembers(bool serialized)
    {
        using var engine = new EngineUnderTest(configure: o => o.SerializeArguments = serialized);

        var thrown = Assert.Throws<ParcelRefusedException>(() => engine.Run(() => engine.Grain<IParcelGrain>().Refuse()));

        Assert.Equal(("too heavy", 42), (thrown.Message, thrown.Code));
    }

    [Theory]
    [InlineData("unsendable"), InlineData("cause")]
    public void Exception_OfATypeThatCannotTravel_IsToldWithinTheSiloOnly(string kind)
    {
        using var inside = new EngineUnderTest();
        using var across = new EngineUnderTest(configure: o => o.SerializeArguments = true);

        var told = Assert.ThrowsAny<Exception>(() => inside.Run(() => inside.Grain<IParcelGrain>().RefuseHow(kind)));
        var refused = Assert.Throws<WireTypeException>(() => across.Run(() => across.Grain<IParcelGrain>().RefuseHow(kind)));

        Assert.IsType<UnsendableException>(told.InnerException ?? told);
        Assert.Contains(nameof(UnsendableException), refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Exception_OfManyCauses_KeepsThemAll()
    {
        using var engine = new EngineUnderTest(configure: o => o.SerializeArguments = true);

        var thrown = Assert.Throws<AggregateException>(() => engine.Run(() => engine.Grain<IParcelGrain>().RefuseHow("many")));

        Assert.Equal("many (first) (second)", thrown.Message);
        Assert.Equal(1, Assert.IsType<ParcelRefusedException>(thrown.InnerExceptions[0]).Code);
        Assert.IsType<TimeoutException>(thrown.InnerExceptions[1]);
    }

    [Fact]
    public void Exception_OfTheRuntime_KeepsTypeAndMessageButNotItsOtherMembers()
    {
        using var engine = new EngineUnderTest(configure: o => o.SerializeArguments = true);

        var thrown = Assert.Throws<ArgumentOutOfRangeException>(() => engine.Run(() => engine.Grain<IParcelGrain>().RefuseHow("argument")));

        Assert.Equal(new ArgumentOutOfRangeException("count", 7, "At most 3.").Message, thrown.Message);
        Assert.Null(thrown.ParamName);
    }

    [Fact]
    public void Copy_GraphWithACycle_ThrowsInsteadOfEndingTheProcess()
    {
        using var engine = new EngineUnderTest();
        var parcel = new Parcel("a", [], []) { Inner = new Parcel[1] };
        parcel.Inner[0] = parcel;

        Assert.Throws<InsufficientExecutionStackException>(() => engine.Run(() => engine.Grain<IParcelGrain>().Echo(parcel)));
    }

    private static Parcel RandomParcel(Random random, int depth)
    {
        var lines = random.Next(4) == 0
            ? null
            : Enumerable.Range(0, random.Next(4)).Select(i => new Line($"i{i}é", random.Next(-5, 5), random.Next(2) == 0 ? null : random.NextDouble()));
        var shelves = Enumerable.Range(0, random.Next(4)).ToDictionary(i => $"s{i}", _ => Enumerable.Range(0, random.Next(3)).Select(_ => random.Next()).ToList());
        var inner = Enumerable.Range(0, depth == 0 ? 0 : random.Next(3)).Select(_ => RandomParcel(random, depth - 1));
        var name = random.Next(3) == 0 ? null : new string('x', random.Next(300));
        var parcel = random.Next(2) == 0 ? new Parcel(name, lines?.ToArray(), shelves) : new Gift(name, lines?.ToArray(), shelves, "me");
        var content = new byte[random.Next(400)];
        random.NextBytes(content);
        return parcel with
        {
            Size = random.Next(2) == 0 ? Size.Small : Size.Large,
            Content = content.Length < 20 ? null : content,
            Inner = [.. inner],
            Tag = random.Next(2) == 0 ? null : (random.NextInt64(), new Guid(random.Next(), 1, 2, new byte[8])),
        };
    }

    private static string Text(Parcel parcel) => $"{parcel.GetType().Name} " + System.Text.Json.JsonSerializer.Serialize(
        parcel, parcel.GetType(), new System.Text.Json.JsonSerializerOptions { IncludeFields = true }) + string.Concat(parcel.Inner.Select(Text));
}
