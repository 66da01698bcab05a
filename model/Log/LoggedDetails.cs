using OrleansRec.Model.Items;

namespace OrleansRec.Model;

/// <summary>What a catalogue record says beyond title, categories, price and stock. An item without any of it has none, which costs nothing.</summary>
/// <param name="Kind">What the item is.</param>
/// <param name="Brand">Its brand, or null.</param>
/// <param name="Rating">What buyers think of it, in the shop's scale, or null.</param>
/// <param name="Tags">Zero or more.</param>
/// <param name="Group">The product that it is a variant of, or null.</param>
/// <param name="FromMs">In lists from this moment on: milliseconds since 1970-01-01 UTC; null has no beginning.</param>
/// <param name="UntilMs">In lists before this moment; null has no end.</param>
/// <param name="Text">A description, or null.</param>
/// <param name="Url">The item's page, or null.</param>
/// <param name="ImageUrl">Its picture, or null.</param>
/// <param name="Vectors">Vectors of the caller's, each under a name of its own.</param>
public sealed record LoggedDetails(
    ItemKind Kind, string? Brand, double? Rating, string[] Tags, string? Group, long? FromMs, long? UntilMs, string? Text, string? Url, string? ImageUrl,
    LoggedVector[] Vectors)
{
    /// <summary>Nothing but a kind.</summary>
    public static LoggedDetails Of(ItemKind kind) => new(kind, null, null, [], null, null, null, null, null, null, []);
}

/// <summary>A vector of the caller's.</summary>
/// <param name="Name">Such as text or image.</param>
/// <param name="Values">Finite, shape (length); one length for a name within a tenant.</param>
public readonly record struct LoggedVector(string Name, float[] Values);
