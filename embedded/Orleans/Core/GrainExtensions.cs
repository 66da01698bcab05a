using Orleans.Runtime;

namespace Orleans;

/// <summary>What can be asked of a grain and of a reference to one alike.</summary>
public static class GrainExtensions
{
    /// <summary>The grain's id.</summary>
    public static GrainId GetGrainId(this IAddressable grain) => ReferenceOf(grain).GrainId;

    /// <summary>The grain's key.</summary>
    public static string GetPrimaryKeyString(this IAddressable grain) => ReferenceOf(grain).GrainId.Key.ToString();

    /// <summary>A reference to the grain through an interface that its class implements.</summary>
    public static TGrainInterface AsReference<TGrainInterface>(this IAddressable grain) =>
        (TGrainInterface)(object)ReferenceOf(grain).As(typeof(TGrainInterface));

    /// <summary>The same grain through another interface that its class implements.</summary>
    public static TGrainInterface Cast<TGrainInterface>(this IAddressable grain) => grain.AsReference<TGrainInterface>();

    private static GrainReference ReferenceOf(IAddressable grain)
    {
        ArgumentNullException.ThrowIfNull(grain);
        return grain switch
        {
            GrainReference reference => reference,
            IGrainBase { GrainContext: { } context } => context.GrainReference,
            _ => throw new ArgumentException($"{grain.GetType()} is neither a grain of the engine nor a reference to one.", nameof(grain)),
        };
    }
}
