using System.Reflection;
using System.Runtime.ExceptionServices;

namespace OrleansRec.Embedded;

/// <summary>The one exception of the runtime whose causes are its content.</summary>
internal sealed class AggregateExceptionWire(WireTypes types) : WireType<AggregateException?>
{
    // The property adds the messages of the causes to it.
    private static readonly FieldInfo s_message = typeof(Exception).GetField("_message", BindingFlags.Instance | BindingFlags.NonPublic)!;

    public override bool IsImmutable => true;

    public override AggregateException? Copy(AggregateException? value) => value;

    public override void Write(WireWriter writer, AggregateException? value)
    {
        if (value is null)
        {
            writer.WriteCount(0);
            return;
        }
        writer.WriteCount(types.NumberOf(typeof(AggregateException)) + 1);
        writer.WriteText((string?)s_message.GetValue(value) ?? "");
        writer.WriteText(value.StackTrace ?? "");
        writer.WriteCount(value.InnerExceptions.Count);
        foreach (var cause in value.InnerExceptions)
            types.Of<Exception>().Write(writer, cause);
    }

    public override AggregateException? Read(ref WireReader reader)
    {
        if (reader.ReadCount() == 0)
            return null;
        var message = reader.ReadText();
        var stack = reader.ReadText();
        var causes = new Exception[reader.ReadCount()];
        for (var i = 0; i < causes.Length; i++)
            causes[i] = types.Of<Exception>().Read(ref reader);
        var value = new AggregateException(message, causes);
        if (stack.Length > 0)
            ExceptionDispatchInfo.SetRemoteStackTrace(value, stack);
        return value;
    }
}
