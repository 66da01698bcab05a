using System.Reflection;
using System.Runtime.CompilerServices;
using Orleans;

namespace OrleansRec.Grains.Tests.Wire;

/// <summary>One member of a wire type as the wire knows it: parameters of a record's primary constructor by place, others by [Id].</summary>
/// <param name="Id">As in the list: "p0" or "0".</param>
/// <param name="Property">The member.</param>
internal sealed record WireMember(string Id, PropertyInfo Property)
{
    private const BindingFlags Own = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    /// <summary>All members, in the order of the wire.</summary>
    public static WireMember[] Of(Type type)
    {
        ParameterInfo[] places = PrimaryConstructor(type)?.GetParameters() ?? [];
        var byPlace = places.Select((p, place) => new WireMember($"p{place}", type.GetProperty(p.Name!, Own)!));
        var byId = type.GetProperties(Own).Where(p => IdOf(p) is not null).OrderBy(IdOf).Select(p => new WireMember($"{IdOf(p)}", p));
        return [.. byPlace.Where(m => m.Property is not null), .. byId];
    }

    /// <summary>That of a record with parameters; null for other types.</summary>
    public static ConstructorInfo? PrimaryConstructor(Type type) =>
        type.GetMethod("PrintMembers", Own) is null
            ? null
            : type.GetConstructors().Where(c => c.GetParameters() is [var first, ..] && first.ParameterType != type).MaxBy(c => c.GetParameters().Length);

    /// <summary>A field could be sent too: the rule here is properties only, so that this list cannot overlook one.</summary>
    public static IEnumerable<FieldInfo> SentFields(Type type) =>
        type.GetFields(Own).Where(f => f.IsDefined(typeof(IdAttribute), false) && !f.IsDefined(typeof(CompilerGeneratedAttribute), false));

    private static uint? IdOf(PropertyInfo property) => property.GetCustomAttributes<IdAttribute>(false).FirstOrDefault()?.Id;
}
