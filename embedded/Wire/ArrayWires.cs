using System.Runtime.InteropServices;

namespace OrleansRec.Embedded;

/// <summary>Arrays, element by element.</summary>
internal sealed class ArrayWire<T>(WireType<T> element) : WireType<T[]?>
{
    public override bool IsImmutable => false;

    public override T[]? Copy(T[]? value)
    {
        if (value is null || value.Length == 0)
            return value;
        return element.IsImmutable ? value.AsSpan().ToArray() : Array.ConvertAll(value, element.Copy);
    }

    public override void Write(WireWriter writer, T[]? value)
    {
        writer.WriteCount(value is null ? 0 : value.Length + 1);
        foreach (var item in value ?? [])
            element.Write(writer, item);
    }

    public override T[]? Read(ref WireReader reader)
    {
        var count = reader.ReadCount() - 1;
        if (count < 0)
            return null;
        var value = new T[count];
        for (var i = 0; i < count; i++)
            value[i] = element.Read(ref reader);
        return value;
    }
}

/// <summary>Arrays of numbers, as one block.</summary>
internal sealed class BlockWire<T> : WireType<T[]?>
    where T : unmanaged
{
    public override bool IsImmutable => false;

    public override T[]? Copy(T[]? value) => value is null || value.Length == 0 ? value : value.AsSpan().ToArray();

    public override void Write(WireWriter writer, T[]? value)
    {
        writer.WriteCount(value is null ? 0 : value.Length + 1);
        writer.WriteBytes(MemoryMarshal.AsBytes<T>(value));
    }

    public override T[]? Read(ref WireReader reader)
    {
        var count = reader.ReadCount() - 1;
        if (count < 0)
            return null;
        var value = new T[count];
        var bytes = MemoryMarshal.AsBytes(value.AsSpan());
        reader.ReadBytes(bytes.Length).CopyTo(bytes);
        return value;
    }
}
