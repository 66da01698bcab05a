using Orleans;
using OrleansRec.Conformance.Tests.Hosts;

namespace OrleansRec.Conformance.Tests.Grains;

/// <summary>Passes calls on to another grain.</summary>
[Alias("conformance.relay")]
public interface IRelayGrain : IGrainWithStringKey
{
    [Alias("call-as")]
    Task<int> CallAs(object number);

    [Alias("fail-at")]
    Task FailAt(string other, int code);

    [Alias("arrive-many")]
    Task ArriveMany(string other, int count);
}

public sealed class RelayGrain(Stage stage) : StoryGrain(stage), IRelayGrain
{
    public Task<int> CallAs(object number) => Task.FromResult((int)number);

    public Task FailAt(string other, int code) => Other<ICallGrain>(other).Fail("refused", code);

    public Task ArriveMany(string other, int count) => Task.WhenAll(Enumerable.Range(1, count).Select(Other<ICallGrain>(other).Arrive));
}

[Alias("conformance.nobody")]
public interface INobodysGrain : IGrainWithStringKey;
