namespace OrleansRec.Conformance.Tests.Hosts;

/// <summary>Gates that hold grains back until a test opens them. An open gate stays open.</summary>
public sealed class Gates
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, TaskCompletionSource> _sources = [];

    /// <summary>Ends when the gate is open.</summary>
    /// <param name="name">The key of the grain that waits, a colon and the name of the gate.</param>
    public Task Wait(string name) => Of(name).Task;

    /// <summary>Opens a gate.</summary>
    public void Open(string name) => Of(name).TrySetResult();

    private TaskCompletionSource Of(string name)
    {
        lock (_gate)
        {
            if (!_sources.TryGetValue(name, out TaskCompletionSource? source))
                _sources[name] = source = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return source;
        }
    }
}
