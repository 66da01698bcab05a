using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace OrleansRec.Embedded;

/// <summary>Exceptions of one type: message, cause, stack and the members that the type adds.</summary>
internal sealed class ExceptionWire<T>(WireTypes types, WireMember<T>[] members) : WireType<T?>
    where T : Exception
{
    private const BindingFlags Inner = BindingFlags.Instance | BindingFlags.NonPublic;

    private static readonly FieldInfo s_message = typeof(Exception).GetField("_message", Inner)!;
    private static readonly FieldInfo s_cause = typeof(Exception).GetField("_innerException", Inner)!;

    private static readonly bool s_hasConstructor = typeof(T).GetConstructor(Type.EmptyTypes) is not null;

    // What a grain throws is thrown once, so caller and callee may share it.
    public override bool IsImmutable => true;

    public override T? Copy(T? value) => value;

    public override void Write(WireWriter writer, T? value)
    {
        if (value is null)
        {
            writer.WriteCount(0);
            return;
        }
        writer.WriteCount(types.NumberOf(value.GetType()) + 1);
        if (value.GetType() != typeof(T))
        {
            types.Of(value.GetType()).WriteObject(writer, value);
            return;
        }
        writer.WriteText(value.Message);
        writer.WriteText(value.StackTrace ?? "");
        types.Of<Exception>().Write(writer, value.InnerException!);
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
        // A constructor sets what the runtime's types need to answer for themselves; what it says is then replaced.
        var value = (T)(s_hasConstructor ? Activator.CreateInstance(typeof(T))! : RuntimeHelpers.GetUninitializedObject(typeof(T)));
        s_message.SetValue(value, reader.ReadText());
        var stack = reader.ReadText();
        if (stack.Length > 0)
            ExceptionDispatchInfo.SetRemoteStackTrace(value, stack);
        s_cause.SetValue(value, types.Of<Exception>().Read(ref reader));
        foreach (var member in members)
            member.Read(ref reader, ref value);
        return value;
    }
}
