using OrleansRec.Contracts;
using OrleansRec.Model;

namespace OrleansRec.Grains.Log;

/// <summary>
/// What the model layer says of a blob that it cannot read, as an exception that another silo can be told of: the model layer's own types cannot travel.
/// </summary>
public static class UnreadableLog
{
    /// <summary>The exception to throw instead, or null where the reason is another one.</summary>
    public static Exception? Of(string stream, Exception reason) => reason switch
    {
        CorruptLogException => new CorruptStoreException($"Stream {stream}: {reason.Message}"),
        NewerLogFormatException => new NotSupportedException($"Stream {stream}: {reason.Message}"),
        _ => null,
    };
}
