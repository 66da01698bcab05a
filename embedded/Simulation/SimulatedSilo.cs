namespace OrleansRec.Embedded;

/// <summary>One virtual process of a simulated cluster: its activations and a container of its own.</summary>
public sealed class SimulatedSilo
{
    internal SimulatedSilo(int number, TimeProvider clock) => (Number, Clock) = (number, new SiloClock(clock));

    /// <summary>Counts silos from 1, in the order in which they started; never given twice.</summary>
    public int Number { get; }

    /// <summary>The wall clock of this silo.</summary>
    public SiloClock Clock { get; }

    /// <summary>Where it stands.</summary>
    public SiloState State { get; internal set; }

    /// <summary>Its container.</summary>
    public IServiceProvider Services { get; internal set; } = null!;

    /// <summary>Whether nothing of it runs any more.</summary>
    public bool IsDead => State == SiloState.Dead;

    internal Silo Silo { get; set; } = null!;

    /// <inheritdoc/>
    public override string ToString() => $"silo {Number}";
}

/// <summary>Where a simulated silo stands.</summary>
public enum SiloState
{
    /// <summary>It serves.</summary>
    Active,
    /// <summary>It ends in order: no new activations.</summary>
    Draining,
    /// <summary>The others take it for dead, and no message reaches or leaves it, but it runs and reaches the storage.</summary>
    CutOff,
    /// <summary>Nothing of it runs.</summary>
    Dead,
}
