using Orleans;
using OrleansRec.Conformance.Tests.Hosts;

namespace OrleansRec.Conformance.Tests.Grains;

/// <summary>A grain that notes down what happens to it and waits at gates that the test opens.</summary>
public abstract class StoryGrain(Stage stage) : Grain
{
    protected string Key => this.GetPrimaryKeyString();

    /// <summary>The part of the key after the slash.</summary>
    protected string Name => Key[(Key.IndexOf('/', StringComparison.Ordinal) + 1)..];

    protected void Note(string what) => stage.Journal.Note(Key, what);

    /// <summary>Waits at a gate of this grain.</summary>
    protected Task Wait(string gate) => stage.Gates.Wait($"{Key}:{gate}");

    /// <summary>Notes a beginning, waits at a gate, notes an end.</summary>
    protected async Task Hold(string verb, string gate)
    {
        Note($"{verb} {gate} begins");
        await Wait(gate);
        Note($"{verb} {gate} ends");
    }

    /// <summary>Another grain of the same story.</summary>
    protected T Other<T>(string name)
        where T : IGrainWithStringKey => GrainFactory.GetGrain<T>($"{Key[..Key.IndexOf('/', StringComparison.Ordinal)]}/{name}");
}
