using System.Reflection;
using Orleans;

namespace OrleansRec.Embedded;

/// <summary>One field of a type that travels.</summary>
internal abstract class WireMember<TOwner>
{
    public abstract bool IsImmutable { get; }

    public abstract void Copy(ref TOwner from, ref TOwner to);

    public abstract void Write(WireWriter writer, ref TOwner owner);

    public abstract void Read(ref WireReader reader, ref TOwner owner);
}

internal sealed class WireMember<TOwner, TField>(WireTypes types, FieldInfo field, bool isMarkedImmutable) : WireMember<TOwner>
{
    private readonly FieldGetter<TOwner, TField> _get = FieldAccess.Getter<TOwner, TField>(field);
    private readonly FieldSetter<TOwner, TField> _set = FieldAccess.Setter<TOwner, TField>(field);

    // Not before it is needed: a type may hold itself, by way of an array or a list.
    private WireType<TField>? _type;

    public override bool IsImmutable => isMarkedImmutable || FieldType.IsImmutable;

    private WireType<TField> FieldType => _type ??= types.Of<TField>();

    public override void Copy(ref TOwner from, ref TOwner to) => _set(ref to, FieldType.Copy(_get(ref from)));

    public override void Write(WireWriter writer, ref TOwner owner) => FieldType.Write(writer, _get(ref owner));

    public override void Read(ref WireReader reader, ref TOwner owner) => _set(ref owner, FieldType.Read(ref reader));
}

/// <summary>Which fields of a type travel.</summary>
internal static class WireMembers
{
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>The fields of a type and of its bases, base first; those of Exception and of types of the runtime are not among them.</summary>
    public static IEnumerable<FieldInfo> FieldsOf(Type type)
    {
        var levels = new Stack<Type>();
        for (var t = type; t is not null && t != typeof(object) && t != typeof(ValueType) && t != typeof(Exception); t = t.BaseType)
            levels.Push(t);
        return levels.SelectMany(t => t.GetFields(Declared).OrderBy(f => f.MetadataToken)).Where(f => !f.IsDefined(typeof(NonSerializedAttribute), false));
    }

    /// <summary>The name in code: of the property where the field is one's storage.</summary>
    public static string NameOf(FieldInfo field) =>
        field.Name[0] == '<' ? field.Name[1..field.Name.IndexOf('>', StringComparison.Ordinal)] : field.Name;

    /// <summary>The property whose storage a field is, or null.</summary>
    public static PropertyInfo? PropertyOf(FieldInfo field) =>
        field.Name.EndsWith("k__BackingField", StringComparison.Ordinal) ? field.DeclaringType!.GetProperty(NameOf(field), Declared) : null;

    public static bool IsMarkedImmutable(FieldInfo field) =>
        field.IsDefined(typeof(ImmutableAttribute)) || PropertyOf(field)?.IsDefined(typeof(ImmutableAttribute)) == true;

    /// <summary>The number of a member, or null.</summary>
    public static uint? IdOf(FieldInfo field) =>
        (field.GetCustomAttribute<IdAttribute>() ?? PropertyOf(field)?.GetCustomAttribute<IdAttribute>())?.Id;

    /// <summary>Whether a field holds a primary-constructor parameter that travels without a number.</summary>
    public static bool IsPrimaryParameter(FieldInfo field)
    {
        var owner = field.DeclaringType!;
        if (!IsRecord(owner) && owner.GetCustomAttribute<GenerateSerializerAttribute>() is not { IncludePrimaryConstructorParameters: true })
            return false;
        var name = NameOf(field);
        return owner.GetConstructors(Declared).Any(c =>
            c.GetParameters() is { Length: > 0 } parameters
            && Array.Exists(parameters, p => p.Name == name && p.ParameterType == field.FieldType)
            && (!IsRecord(owner) || Array.TrueForAll(parameters, p => owner.GetProperty(p.Name!, Declared & ~BindingFlags.DeclaredOnly) is not null)));
    }

    private static bool IsRecord(Type type) =>
        type.GetMethod("<Clone>$", Declared) is not null || (type.IsValueType && type.GetMethod("PrintMembers", Declared) is not null);
}
