using Orleans;
using OrleansRec.Model.Items;

namespace OrleansRec.Contracts;

/// <summary>What the shop says of an item beyond title, categories, price and stock; see <see cref="ItemDetailRules"/> for the bounds.</summary>
[GenerateSerializer, Immutable, Alias("rec.item-details")]
public sealed record ItemDetails
{
    /// <summary>A product of which nothing more is said.</summary>
    public static readonly ItemDetails None = new();

    /// <summary>What the item is.</summary>
    [Id(0)] public ItemKind Kind { get; init; }

    /// <summary>Its brand, or null.</summary>
    [Id(1)] public string? Brand { get; init; }

    /// <summary>What buyers think of it, in the shop's scale, ≥ 0, or null.</summary>
    [Id(2)] public double? Rating { get; init; }

    /// <summary>Zero or more.</summary>
    [Id(3)] public string[] Tags { get; init; } = [];

    /// <summary>The product that it is a variant of, or null.</summary>
    [Id(4)] public string? Group { get; init; }

    /// <summary>In lists from this moment on: milliseconds since 1970-01-01 UTC; null has no beginning.</summary>
    [Id(5)] public long? FromMs { get; init; }

    /// <summary>In lists before this moment; null has no end.</summary>
    [Id(6)] public long? UntilMs { get; init; }

    /// <summary>A description, or null.</summary>
    [Id(7)] public string? Text { get; init; }

    /// <summary>The item's page, or null.</summary>
    [Id(8)] public string? Url { get; init; }

    /// <summary>Its picture, or null.</summary>
    [Id(9)] public string? ImageUrl { get; init; }

    /// <summary>Vectors of the shop's, each under a name of its own.</summary>
    [Id(10)] public ItemVector[] Vectors { get; init; } = [];

    /// <summary>Whether the item may be in a list at a moment.</summary>
    public bool IsOpenAt(long nowMs) => (FromMs is not { } from || nowMs >= from) && (UntilMs is not { } until || nowMs < until);

    /// <summary>The next moment after <paramref name="nowMs"/> at which <see cref="IsOpenAt"/> changes; <see cref="long.MaxValue"/> where there is none.</summary>
    public long NextChangeAfter(long nowMs) => FromMs > nowMs ? FromMs.Value : UntilMs > nowMs ? UntilMs.Value : long.MaxValue;
}

/// <summary>A vector of the shop's.</summary>
/// <param name="Name">Such as text or image; 1 … 256 bytes of UTF-8.</param>
/// <param name="Values">Finite, shape (length), as bytes in the order of the machine: floats of 4 bytes, little-endian.</param>
[GenerateSerializer, Immutable, Alias("rec.item-vector")]
public readonly record struct ItemVector(string Name, byte[] Values)
{
    /// <summary>How many numbers it has.</summary>
    public int Length => Values.Length / sizeof(float);

    /// <summary>From numbers.</summary>
    public static ItemVector Of(string name, ReadOnlySpan<float> values) => new(name, System.Runtime.InteropServices.MemoryMarshal.AsBytes(values).ToArray());

    /// <summary>The numbers, shape (<see cref="Length"/>).</summary>
    public float[] ToFloats() => System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(Values).ToArray();
}
