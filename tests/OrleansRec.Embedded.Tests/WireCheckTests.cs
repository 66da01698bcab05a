using Orleans;

namespace OrleansRec.Embedded.Tests;

/// <summary>
/// Goal: a forgotten attribute is named, type and member, before the first call. Method: one planted fault for each rule. The faulty types
/// are generic, since the engines of the other tests check every other wire type of this assembly.
/// </summary>
public sealed class WireCheckTests
{
    [Theory]
    [InlineData("NoSerializer`1[System.Int32] has no [GenerateSerializer]", "IFaultyGrain.Plain, parameter value")]
    [InlineData("NoId`1[System.Int32].Forgotten has no [Id].")]
    [InlineData("TwoIds`1[System.Int32].Second has [Id(0)]", "TwoIds`1[System.Int32].First's already")]
    [InlineData("HiddenField`1[System.Int32].hidden has no [Id].")]
    [InlineData("Nested`1[System.Int32] has no [GenerateSerializer]", "Outer`1[System.Int32].Inner")]
    [InlineData("IFaultyGrain.Unnamed has no [Alias].")]
    [InlineData("IFaultyGrain.Second: the alias \"same\"")]
    [InlineData("IFaultyGrain.NotATask returns System.Int32")]
    [InlineData("IFaultyGrain.TokenFirst: one CancellationToken is allowed, and it comes last.")]
    [InlineData("IFaultyGrain.TooMany has 8 parameters; at most 7")]
    public void ErrorsOf_PlantedFault_NamesTypeAndMember(params string[] parts)
    {
        var errors = WireCheck.ErrorsOf([typeof(IFaultyGrain)], requireAliases: true);

        Assert.Contains(errors, error => Array.TrueForAll(parts, part => error.Contains(part, StringComparison.Ordinal)));
    }

    [Fact]
    public void ErrorsOf_AliasesNotRequired_SaysNothingOfThem()
    {
        var errors = WireCheck.ErrorsOf([typeof(IFaultyGrain)], requireAliases: false);

        Assert.DoesNotContain(errors, error => error.Contains("has no [Alias]", StringComparison.Ordinal));
    }

    [Fact]
    public void ErrorsOf_SoundInterface_IsEmpty() => Assert.Empty(WireCheck.ErrorsOf([typeof(IParcelGrain)], requireAliases: true));

    [Alias("test.faulty")]
    public interface IFaultyGrain : IGrainWithStringKey
    {
        [Alias("plain")]
        Task Plain(NoSerializer<int> value);

        [Alias("no-id")]
        Task<NoId<int>[]> NoIdResult();

        [Alias("two-ids")]
        Task TwoIds(List<TwoIds<int>> values);

        [Alias("hidden")]
        Task Hidden(HiddenField<int>? value);

        [Alias("outer")]
        Task Outer(Dictionary<string, Outer<int>> values);

        Task Unnamed();

        [Alias("same")]
        Task First();

        [Alias("same")]
        Task Second();

        [Alias("not-a-task")]
        int NotATask();

        [Alias("token-first")]
        Task TokenFirst(CancellationToken cancellation, int value);

        [Alias("too-many")]
        Task TooMany(int a, int b, int c, int d, int e, int f, int g, int h);
    }

    public sealed class NoSerializer<T>;

    [GenerateSerializer, Alias("test.no-id")]
    public sealed class NoId<T>
    {
        [Id(0)]
        public int Numbered { get; set; }

        public int Forgotten { get; set; }
    }

    [GenerateSerializer, Alias("test.two-ids")]
    public sealed record TwoIds<T>
    {
        [Id(0)]
        public int First { get; init; }

        [Id(0)]
        public int Second { get; init; }
    }

    [GenerateSerializer, Alias("test.hidden")]
    public struct HiddenField<T>(int value)
    {
        private readonly int hidden = value;

        public readonly int Value() => hidden;
    }

    [GenerateSerializer, Alias("test.outer")]
    public sealed record Outer<T>(Nested<T> Inner);

    public sealed record Nested<T>(int Value);
}
