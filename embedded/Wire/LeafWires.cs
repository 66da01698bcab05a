using Orleans.Runtime;

namespace OrleansRec.Embedded;

/// <summary>Numbers, enums and other values without references: their bytes as they are.</summary>
internal sealed class RawWire<T> : WireType<T>
    where T : unmanaged
{
    public override bool IsImmutable => true;

    public override T Copy(T value) => value;

    public override void Write(WireWriter writer, T value) => writer.WriteRaw(value);

    public override T Read(ref WireReader reader) => reader.ReadRaw<T>();
}

/// <summary>Text in UTF-8.</summary>
internal sealed class TextWire : WireType<string?>
{
    public override bool IsImmutable => true;

    public override string? Copy(string? value) => value;

    public override void Write(WireWriter writer, string? value)
    {
        writer.WriteByte(value is null ? (byte)0 : (byte)1);
        if (value is not null)
            writer.WriteText(value);
    }

    public override string? Read(ref WireReader reader) => reader.ReadByte() == 0 ? null : reader.ReadText();
}

/// <summary>A value or none.</summary>
internal sealed class NullableWire<T>(WireType<T> value) : WireType<T?>
    where T : struct
{
    public override bool IsImmutable => value.IsImmutable;

    public override T? Copy(T? original) => original is { } present ? value.Copy(present) : null;

    public override void Write(WireWriter writer, T? original)
    {
        writer.WriteByte(original is null ? (byte)0 : (byte)1);
        if (original is { } present)
            value.Write(writer, present);
    }

    public override T? Read(ref WireReader reader) => reader.ReadByte() == 0 ? null : value.Read(ref reader);
}

/// <summary>A reference to a grain. A grain itself cannot travel.</summary>
internal sealed class ReferenceWire<T>(EmbeddedEngine? engine) : WireType<T>
{
    // Not shared unseen: each value is looked at, so that a grain that gives itself away is found.
    public override bool IsImmutable => false;

    public override T Copy(T value)
    {
        _ = Checked(value);
        return value;
    }

    public override void Write(WireWriter writer, T value)
    {
        var reference = Checked(value);
        writer.WriteByte(reference is null ? (byte)0 : (byte)1);
        if (reference is null)
            return;
        writer.WriteText(reference.GrainId.Type.Value);
        writer.WriteText(reference.GrainId.Key.Value);
    }

    public override T Read(ref WireReader reader)
    {
        if (reader.ReadByte() == 0)
            return default!;
        var id = GrainId.Create(reader.ReadText(), reader.ReadText());
        var owner = engine ?? throw new WireTypeException($"{id} cannot be read here: references belong to an engine.");
        return (T)(object)owner.Reference(typeof(T), id);
    }

    private static GrainReference? Checked(T value) => value switch
    {
        null => null,
        GrainReference reference => reference,
        _ => throw new WireTypeException($"{value.GetType()} is a grain, not a reference to one: send this.AsReference<{typeof(T).Name}>()."),
    };
}
