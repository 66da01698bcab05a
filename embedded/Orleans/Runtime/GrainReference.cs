namespace Orleans.Runtime;

/// <summary>Stands for a grain wherever it is. Equal where the grain is the same.</summary>
public abstract class GrainReference : IAddressable, IEquatable<GrainReference>
{
    private protected GrainReference()
    {
    }

    /// <summary>The grain's id.</summary>
    public abstract GrainId GrainId { get; }

    /// <summary>The same grain through another interface that its class implements.</summary>
    internal abstract GrainReference As(Type grainInterface);

    /// <inheritdoc/>
    public bool Equals(GrainReference? other) => other is not null && other.GrainId == GrainId;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as GrainReference);

    /// <inheritdoc/>
    public override int GetHashCode() => GrainId.GetHashCode();

    /// <inheritdoc/>
    public override string ToString() => GrainId.ToString();
}
