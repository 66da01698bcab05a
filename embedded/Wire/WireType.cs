namespace OrleansRec.Embedded;

/// <summary>How values of one type are copied and how they travel as bytes.</summary>
internal abstract class WireType(Type type)
{
    public Type Type { get; } = type;

    /// <summary>Whether a value can be shared between two grains.</summary>
    public abstract bool IsImmutable { get; }

    public abstract object CopyObject(object value);

    public abstract void WriteObject(WireWriter writer, object value);

    public abstract object ReadObject(ref WireReader reader);
}

/// <summary>How values of one type are copied and how they travel as bytes.</summary>
internal abstract class WireType<T>() : WireType(typeof(T))
{
    public abstract T Copy(T value);

    public abstract void Write(WireWriter writer, T value);

    public abstract T Read(ref WireReader reader);

    public byte[] ToBytes(T value)
    {
        var writer = new WireWriter();
        Write(writer, value);
        return writer.ToArray();
    }

    public T FromBytes(byte[] content)
    {
        var reader = new WireReader(content);
        var value = Read(ref reader);
        if (!reader.IsAtEnd)
            throw new InvalidOperationException($"{Type}: bytes are left over after reading.");
        return value;
    }

    public T PassThroughBytes(T value) => FromBytes(ToBytes(value));

    public override object CopyObject(object value) => Copy((T)value)!;

    public override void WriteObject(WireWriter writer, object value) => Write(writer, (T)value);

    public override object ReadObject(ref WireReader reader) => Read(ref reader)!;
}

/// <summary>A type that cannot leave its grain, and where it was met.</summary>
public sealed class WireTypeException(string message) : Exception(message);
