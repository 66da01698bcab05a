using System.Runtime.CompilerServices;
using Orleans.Runtime;

namespace OrleansRec.Simulation.Engine;

/// <summary>
/// Which activation the running thread works for. Orleans keeps this in a class of its own that is internal, and <see cref="Orleans.Grain"/> reads it there when it is
/// made; this file is the only one that reaches past Orleans' public surface.
/// </summary>
internal static class RuntimeContexts
{
    private const string RuntimeContext = "Orleans.Runtime.RuntimeContext, Orleans.Core.Abstractions";

    /// <summary>The activation that the running turn belongs to; null for a client.</summary>
    public static IGrainContext? Current => GetCurrent(null);

    /// <summary>Begins a turn.</summary>
    /// <returns>What <see cref="Leave"/> takes at its end.</returns>
    public static IGrainContext? Enter(IGrainContext context)
    {
        Set(null, context, out IGrainContext? before);
        return before;
    }

    /// <summary>Ends a turn.</summary>
    public static void Leave(IGrainContext? before) => Reset(null, before);

    [UnsafeAccessor(UnsafeAccessorKind.StaticMethod, Name = "get_Current")]
    private static extern IGrainContext? GetCurrent([UnsafeAccessorType(RuntimeContext)] object? type);

    [UnsafeAccessor(UnsafeAccessorKind.StaticMethod, Name = "SetExecutionContext")]
    private static extern void Set([UnsafeAccessorType(RuntimeContext)] object? type, IGrainContext context, out IGrainContext? before);

    [UnsafeAccessor(UnsafeAccessorKind.StaticMethod, Name = "ResetExecutionContext")]
    private static extern void Reset([UnsafeAccessorType(RuntimeContext)] object? type, IGrainContext? before);
}
