using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using OrleansRec.Model.Blobs;

namespace OrleansRec.Model.Sequence.Training;

/// <summary>A training state as bytes, from which a training goes on to the same bits.</summary>
/// <remarks>
/// Little-endian: the four letters "SEQT", format version (1 byte, then three zeros), length of the head (4), the head as JSON (options, items, epoch, step, rung), parameters, first and second moments as floats, and the CRC-32C of all
/// before it (4).
/// </remarks>
public static class SequenceCheckpoint
{
    private const byte FormatVersion = 1;
    private const int FixedBytes = 12, CrcBytes = 4;

    private static ReadOnlySpan<byte> Mark => "SEQT"u8;

    /// <summary>Writes a state.</summary>
    /// <exception cref="ArgumentException">The state is in mid-epoch.</exception>
    public static byte[] Write(SequenceTrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (!state.IsWhole)
            throw new ArgumentException($"A checkpoint is written between epochs; the state is within epoch {state.Epoch + 1}.", nameof(state));
        byte[] head = JsonSerializer.SerializeToUtf8Bytes(
            new CheckpointHead(state.Options, state.Parameters.Layout.ItemCount, state.Epoch, state.Step, state.Rung), CheckpointHeadJson.Default.CheckpointHead);
        int floats = state.Parameters.Values.Length * sizeof(float);
        var bytes = new byte[checked(FixedBytes + head.Length + 3 * floats + CrcBytes)];
        Mark.CopyTo(bytes);
        bytes[4] = FormatVersion;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), head.Length);
        head.CopyTo(bytes.AsSpan(FixedBytes));
        int at = FixedBytes + head.Length;
        foreach (float[] part in new[] { state.Parameters.Values, state.First, state.Second })
        {
            MemoryMarshal.AsBytes<float>(part).CopyTo(bytes.AsSpan(at));
            at += floats;
        }
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), Crc32C.Of(bytes.AsSpan(0, at)));
        return bytes;
    }

    /// <summary>Reads a state.</summary>
    /// <exception cref="CorruptLogException">The bytes are not what <see cref="Write"/> made.</exception>
    /// <exception cref="NewerLogFormatException">A newer product wrote them.</exception>
    public static SequenceTrainingState Read(ReadOnlySpan<byte> bytes)
    {
        CheckpointHead head = ReadHead(bytes, out int at);
        if (SequenceOptionsRules.Check(head.Options) is { } violation)
            throw new CorruptLogException(FixedBytes, violation.ToString());
        var layout = new ParameterLayout(head.Options, head.Items);
        if (bytes.Length - CrcBytes - at != 3L * layout.Length * sizeof(float))
            throw new CorruptLogException(at, $"the options ask for 3 times {layout.Length} floats; got {bytes.Length - CrcBytes - at} bytes");
        var parts = new float[3][];
        for (int part = 0; part < 3; part++, at += layout.Length * sizeof(float))
            parts[part] = MemoryMarshal.Cast<byte, float>(bytes.Slice(at, layout.Length * sizeof(float))).ToArray();
        return new(new(layout, parts[0]), parts[1], parts[2], head.Epoch, head.Step, head.Rung);
    }

    private static CheckpointHead ReadHead(ReadOnlySpan<byte> bytes, out int end)
    {
        if (bytes.Length < FixedBytes + CrcBytes || !bytes.StartsWith(Mark))
            throw new CorruptLogException(0, "a training state begins with SEQT");
        uint crc = BinaryPrimitives.ReadUInt32LittleEndian(bytes[^CrcBytes..]), computed = Crc32C.Of(bytes[..^CrcBytes]);
        if (crc != computed)
            throw new CorruptLogException(bytes.Length - CrcBytes, $"the checksum is {crc:x8}, that of the bytes before it {computed:x8}");
        if (bytes[4] > FormatVersion)
            throw new NewerLogFormatException(bytes[4], FormatVersion);
        int length = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        if (length < 0 || length > bytes.Length - FixedBytes - CrcBytes)
            throw new CorruptLogException(8, $"the head has at most {bytes.Length - FixedBytes - CrcBytes} bytes; got {length}");
        end = FixedBytes + length;
        return JsonSerializer.Deserialize(bytes.Slice(FixedBytes, length), CheckpointHeadJson.Default.CheckpointHead) ?? throw new CorruptLogException(FixedBytes, "the head is null");
    }
}

/// <summary>What a checkpoint says of its floats.</summary>
internal sealed record CheckpointHead(SequenceOptions Options, int Items, int Epoch, long Step, string Rung);

[System.Text.Json.Serialization.JsonSerializable(typeof(CheckpointHead))]
internal sealed partial class CheckpointHeadJson : System.Text.Json.Serialization.JsonSerializerContext;
