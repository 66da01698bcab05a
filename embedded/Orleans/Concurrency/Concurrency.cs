using Orleans.Placement;

namespace Orleans.Concurrency;

/// <summary>The method changes nothing: calls of such methods may interleave with each other.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ReadOnlyAttribute : Attribute;

/// <summary>Calls of this grain class may interleave at every await.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ReentrantAttribute : Attribute;

/// <summary>Calls of the method interleave with every other call, and every other call with them.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AlwaysInterleaveAttribute : Attribute;

/// <summary>The caller does not wait for an answer and never learns of a failure.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OneWayAttribute : Attribute;

/// <summary>A grain without an identity of its own: a silo may run several activations under one key, and uses its own.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class StatelessWorkerAttribute : PlacementAttribute
{
    /// <summary>As many activations as the engine's options say.</summary>
    public StatelessWorkerAttribute() => MaxLocalWorkers = null;

    /// <summary>At most <paramref name="maxLocalWorkers"/> activations in a silo.</summary>
    public StatelessWorkerAttribute(int maxLocalWorkers) => MaxLocalWorkers = maxLocalWorkers;

    internal int? MaxLocalWorkers { get; }
}
