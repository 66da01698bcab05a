using System.Reflection;
using System.Runtime.CompilerServices;
using Orleans;

namespace OrleansRec.Embedded;

/// <summary>Structs, member by member.</summary>
internal sealed class StructWire<T>(WireMember<T>[] members, bool isMarkedImmutable) : WireType<T>
    where T : struct
{
    public override bool IsImmutable => isMarkedImmutable || Array.TrueForAll(members, m => m.IsImmutable);

    public override T Copy(T value)
    {
        if (isMarkedImmutable)
            return value;
        var copy = value;
        foreach (var member in members)
        {
            if (!member.IsImmutable)
                member.Copy(ref value, ref copy);
        }
        return copy;
    }

    public override void Write(WireWriter writer, T value)
    {
        foreach (var member in members)
            member.Write(writer, ref value);
    }

    public override T Read(ref WireReader reader)
    {
        var value = default(T);
        foreach (var member in members)
            member.Read(ref reader, ref value);
        return value;
    }
}

/// <summary>
/// Objects, member by member. An object whose type derives from the declared one is treated by its own type, whose number precedes it in bytes.
/// </summary>
/// <remarks>A graph with a cycle or one that is too deep throws <see cref="InsufficientExecutionStackException"/>; nothing keeps aliases.</remarks>
internal sealed class ObjectWire<T>(WireTypes types, WireMember<T>[] members, bool isMarkedImmutable) : WireType<T?>
    where T : class
{
    private static readonly Func<object, object> s_clone = typeof(object)
        .GetMethod("MemberwiseClone", BindingFlags.Instance | BindingFlags.NonPublic)!.CreateDelegate<Func<object, object>>();

    public override bool IsImmutable => isMarkedImmutable && typeof(T).IsSealed;

    public override T? Copy(T? value)
    {
        if (value is null)
            return null;
        if (value.GetType() != typeof(T))
            return (T)types.Of(value.GetType()).CopyObject(value);
        if (isMarkedImmutable)
            return value;
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var copy = (T)s_clone(value);
        foreach (var member in members)
        {
            if (!member.IsImmutable)
                member.Copy(ref value, ref copy);
        }
        return copy;
    }

    public override void Write(WireWriter writer, T? value)
    {
        if (value is null)
        {
            writer.WriteCount(0);
            return;
        }
        RuntimeHelpers.EnsureSufficientExecutionStack();
        writer.WriteCount(types.NumberOf(value.GetType()) + 1);
        if (value.GetType() != typeof(T))
        {
            types.Of(value.GetType()).WriteObject(writer, value);
            return;
        }
        foreach (var member in members)
            member.Write(writer, ref value);
    }

    public override T? Read(ref WireReader reader)
    {
        var number = reader.ReadCount() - 1;
        if (number < 0)
            return null;
        var type = types.ByNumber(number);
        if (type != typeof(T))
            return (T)types.Of(type).ReadObject(ref reader);
        var value = (T)RuntimeHelpers.GetUninitializedObject(typeof(T));
        foreach (var member in members)
            member.Read(ref reader, ref value);
        return value;
    }
}

/// <summary>Interfaces and abstract types: the value's own type decides.</summary>
internal sealed class OpenWire<T>(WireTypes types) : WireType<T?>
    where T : class
{
    public override bool IsImmutable => false;

    public override T? Copy(T? value) => value is null ? null : (T)types.Of(value.GetType()).CopyObject(value);

    public override void Write(WireWriter writer, T? value)
    {
        writer.WriteCount(value is null ? 0 : types.NumberOf(value.GetType()) + 1);
        if (value is not null)
            types.Of(value.GetType()).WriteObject(writer, value);
    }

    public override T? Read(ref WireReader reader)
    {
        var number = reader.ReadCount() - 1;
        return number < 0 ? null : (T)types.Of(types.ByNumber(number)).ReadObject(ref reader);
    }
}
