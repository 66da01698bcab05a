using System.Runtime.CompilerServices;
using Orleans;

namespace OrleansRec.Embedded;

/// <summary>To which of the kinds of wire types a type belongs.</summary>
internal static class WireShape
{
    private static readonly HashSet<Type> s_raw =
    [
        typeof(decimal), typeof(Guid), typeof(DateTime), typeof(DateTimeOffset), typeof(TimeSpan), typeof(DateOnly), typeof(TimeOnly),
        typeof(Int128), typeof(UInt128), typeof(Half),
    ];

    private static readonly string[] s_runtimeNamespaces = ["System", "Microsoft", "Azure"];

    /// <summary>Values that are their own bytes.</summary>
    public static bool IsRaw(Type type) => (type.IsPrimitive && type != typeof(IntPtr) && type != typeof(UIntPtr)) || type.IsEnum || s_raw.Contains(type);

    public static bool IsReference(Type type) => typeof(IAddressable).IsAssignableFrom(type);

    /// <summary>Types of which there are no values of just this type.</summary>
    public static bool IsOpen(Type type) => type.IsInterface || type.IsAbstract || type == typeof(object);

    public static bool HasMembers(Type type) => type.IsDefined(typeof(GenerateSerializerAttribute), false) || IsTuple(type);

    public static bool IsTuple(Type type) =>
        type == typeof(ValueTuple)
        || (type.IsGenericType && (typeof(ITuple).IsAssignableFrom(type) || type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>)));

    /// <summary>Exceptions of the runtime and its libraries, which travel without [GenerateSerializer]: their message, stack and cause do, their other members do not.</summary>
    public static bool IsRuntimeException(Type type) =>
        Array.Exists(s_runtimeNamespaces, prefix => type.Namespace?.StartsWith(prefix, StringComparison.Ordinal) == true);

    public static bool IsMarkedImmutable(Type type) => type.IsDefined(typeof(ImmutableAttribute), false);
}
