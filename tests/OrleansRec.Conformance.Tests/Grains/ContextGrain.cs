using Orleans;
using Orleans.Runtime;
using OrleansRec.Conformance.Tests.Hosts;

namespace OrleansRec.Conformance.Tests.Grains;

/// <summary>Reads and sets what travels with a call beside its arguments.</summary>
[Alias("conformance.context")]
public interface IContextGrain : IGrainWithStringKey
{
    [Alias("read")]
    Task<string?> Read();

    [Alias("read-down")]
    Task<string[]> ReadDown(string colour, string other);

    [Alias("change")]
    Task Change(string colour);

    [Alias("set-then-call")]
    Task<string?> SetThenCallOneThatChanges(string colour, string other);
}

public sealed class ContextGrain(Stage stage) : StoryGrain(stage), IContextGrain
{
    private const string ColourKey = "colour";

    public Task<string?> Read() => Task.FromResult((string?)RequestContext.Get(ColourKey));

    public async Task<string[]> ReadDown(string colour, string other)
    {
        RequestContext.Set(ColourKey, colour);
        string? seen = await Other<IContextGrain>(other).Read();
        return [$"{Name} sees {RequestContext.Get(ColourKey)}", $"{other} sees {seen}"];
    }

    public Task Change(string colour)
    {
        RequestContext.Set(ColourKey, colour);
        return Task.CompletedTask;
    }

    public async Task<string?> SetThenCallOneThatChanges(string colour, string other)
    {
        RequestContext.Set(ColourKey, colour);
        await Other<IContextGrain>(other).Change("red");
        return (string?)RequestContext.Get(ColourKey);
    }
}
