namespace OrleansRec.Simulation;

/// <summary>How badly the storage behaves. All chances are 0 … 1 and for each access.</summary>
public sealed record StorageFaults
{
    /// <summary>A storage without faults.</summary>
    public static readonly StorageFaults None = new();

    /// <summary>That an access takes up to <see cref="SlowMax"/>.</summary>
    public double Slow { get; init; }

    /// <summary>That an access fails; of a write, nobody is told whether it was done.</summary>
    public double Failed { get; init; }

    /// <summary>That the silo dies in the middle of a write, of which a part is there.</summary>
    public double Torn { get; init; }

    /// <summary>That a read misses the last write.</summary>
    public double Stale { get; init; }

    /// <summary>The longest that an access takes.</summary>
    public TimeSpan SlowMax { get; init; } = TimeSpan.FromMilliseconds(800);
}
