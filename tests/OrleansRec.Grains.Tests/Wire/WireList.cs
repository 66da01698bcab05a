using System.Reflection;
using System.Text;
using Orleans;
using OrleansRec.Contracts;
using OrleansRec.Grains.Users;

namespace OrleansRec.Grains.Tests.Wire;

/// <summary>Everything that silos of two versions must agree on, as text: aliases, ids and types of members, methods and their parameters, names of grain types.</summary>
internal static class WireList
{
    private static readonly Assembly[] assemblies = [typeof(EventRecord).Assembly, typeof(UserGrain).Assembly];

    /// <summary>All types that are sent or kept as state.</summary>
    public static Type[] Types =>
        [.. assemblies.SelectMany(a => a.GetTypes()).Where(t => t.IsDefined(typeof(GenerateSerializerAttribute), false)).OrderBy(AliasOf, StringComparer.Ordinal)];

    public static Type[] Interfaces =>
        [.. assemblies.SelectMany(a => a.GetTypes()).Where(t => t.IsInterface && t.IsAssignableTo(typeof(IGrain))).OrderBy(AliasOf, StringComparer.Ordinal)];

    public static string? AliasOf(MemberInfo member) => member.GetCustomAttributes<AliasAttribute>(false).FirstOrDefault()?.Alias;

    public static string Write()
    {
        var text = new StringBuilder();
        foreach (Type type in Types)
            Write(text, type);
        foreach (Type grain in Interfaces)
        {
            text.Append($"grain {AliasOf(grain)}\n");
            foreach (MethodInfo method in grain.GetMethods().OrderBy(AliasOf, StringComparer.Ordinal))
                text.Append($"    {AliasOf(method)}({string.Join(", ", method.GetParameters().Select(p => NameOf(p.ParameterType)))}) -> {NameOf(method.ReturnType)}\n");
        }
        return text.ToString();
    }

    /// <summary>A type by its alias, or as C# writes it.</summary>
    public static string NameOf(Type type)
    {
        if (type.IsArray)
            return NameOf(type.GetElementType()!) + "[]";
        if (Nullable.GetUnderlyingType(type) is { } value)
            return NameOf(value) + "?";
        if (type.IsGenericType)
            return $"{type.Name[..type.Name.IndexOf('`')]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>";
        return AliasOf(type) ?? (type.IsEnum ? $"{type.Name} ({Values(type)})" : type.Name);
    }

    private static void Write(StringBuilder text, Type type)
    {
        text.Append($"{(type.IsEnum ? "enum" : type.IsValueType ? "struct" : "class")} {AliasOf(type)}\n");
        if (type.IsEnum)
            text.Append($"    {Values(type)}\n");
        else
            foreach (WireMember member in WireMember.Of(type))
                text.Append($"    {member.Id} {member.Property.Name}: {NameOf(member.Property.PropertyType)}\n");
    }

    // Enums travel as numbers.
    private static string Values(Type type) => string.Join(", ", Enum.GetValues(type).Cast<object>().Select(v => $"{v} = {Convert.ToInt64(v)}"));
}
