using System.Reflection;
using OrleansRec.Contracts;

namespace OrleansRec.Grains.Tests.Wire;

/// <summary>A value of any wire type in which every member is set, and no two numbers are the same.</summary>
internal sealed class WireSample
{
    private int last;

    public static object Of(Type type) => new WireSample().Make(type)!;

    private object? Make(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } value)
            return Make(value);
        if (type.IsArray)
            return MakeArray(type.GetElementType()!);
        if (type == typeof(string))
            return $"text {++last}";
        if (type == typeof(bool))
            return true;
        if (type.IsEnum)
            return Enum.GetValues(type).GetValue(++last % Enum.GetValues(type).Length);
        if (type.IsPrimitive)
            return Convert.ChangeType(++last % 100, type);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(List<>))
            return Activator.CreateInstance(type, MakeArray(type.GetGenericArguments()[0]));
        return MakeOwn(type);
    }

    private Array MakeArray(Type element)
    {
        var array = Array.CreateInstance(element, 2);
        for (int i = 0; i < array.Length; i++)
            array.SetValue(Make(element), i);
        return array;
    }

    private object MakeOwn(Type type)
    {
        ConstructorInfo? constructor = WireMember.PrimaryConstructor(type) ?? type.GetConstructors().MaxBy(c => c.GetParameters().Length);
        object made = constructor is null
            ? Activator.CreateInstance(type)!
            : constructor.Invoke([.. constructor.GetParameters().Select(p => p.ParameterType == typeof(Exception) ? null : Make(p.ParameterType))]);
        foreach (WireMember member in WireMember.Of(type).Where(m => m.Id[0] != 'p'))
            member.Property.SetValue(made, Make(member.Property.PropertyType));
        return made;
    }
}
