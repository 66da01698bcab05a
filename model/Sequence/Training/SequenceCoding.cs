using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansRec.Model.Blobs;

namespace OrleansRec.Model.Sequence.Training;

/// <summary>A sequence model as bytes: a blob of kind 'S', format 1, with checksum and length as every blob has.</summary>
/// <remarks>
/// In order: version, attempt, options as JSON text, epoch, step, rung, number of items and their ids, 1 where moments follow and 0 where not, the parameters and, where they follow, first and second moments as floats.
/// </remarks>
public static class SequenceCoding
{
    private const int FloatsAtOnce = 16 * 1024;

    /// <summary>Writes a model piece by piece, so that it is not in memory a second time.</summary>
    /// <returns>Pieces of about 64 KB; each is valid until the next is asked for.</returns>
    public static IEnumerable<ReadOnlyMemory<byte>> Pieces(SequenceBlob model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var blob = new BlobWriter(BlobKind.Sequence);
        var piece = new ArrayBufferWriter<byte>();
        WriteHead(blob, model);
        foreach (string id in model.ItemIds)
            blob.Text(id);
        blob.Byte(model.Moments is null ? (byte)0 : (byte)1);
        float[][] parts = model.Moments is var (first, second) ? [model.Parameters.Values, first, second] : [model.Parameters.Values];
        foreach (float[] part in parts)
            for (int at = 0; at < part.Length; at += FloatsAtOnce)
            {
                blob.Singles(part.AsSpan(at, Math.Min(FloatsAtOnce, part.Length - at)));
                blob.FlushTo(piece, always: true);
                yield return piece.WrittenMemory;
                piece.ResetWrittenCount();
            }
        blob.SealTo(piece);
        yield return piece.WrittenMemory;
    }

    /// <summary>Reads a model.</summary>
    /// <exception cref="CorruptLogException">It is not what was written.</exception>
    /// <exception cref="NewerLogFormatException">It was written by a newer version.</exception>
    public static SequenceBlob Read(ReadOnlySpan<byte> bytes)
    {
        var blob = new BlobReader(bytes, BlobKind.Sequence);
        long version = (long)blob.Varint();
        int attempt = blob.Int32("attempt");
        SequenceOptions options = OptionsOf(ref blob);
        int epoch = blob.Int32("epoch");
        long step = (long)blob.Varint();
        string rung = blob.Text();
        int items = blob.Count(1 + sizeof(float) * options.Width, "items");
        if (items < 2)
            throw new CorruptLogException(blob.Position, $"a sequence model has at least 2 items; got {items}");
        string[] ids = new string[items];
        for (int row = 0; row < items; row++)
            ids[row] = blob.Text();
        bool hasMoments = blob.Byte() != 0;
        var layout = new ParameterLayout(options, items);
        SequenceParameters parameters = new(layout, blob.Singles(layout.Length));
        (float[], float[])? moments = hasMoments ? (blob.Singles(layout.Length), blob.Singles(layout.Length)) : null;
        blob.End();
        return new(version, attempt, ids, parameters, epoch, step, rung, moments);
    }

    private static void WriteHead(BlobWriter blob, SequenceBlob model)
    {
        blob.Varint((ulong)model.Version);
        blob.Varint((ulong)model.Attempt);
        blob.Text(JsonSerializer.Serialize(model.Parameters.Layout.Options, SequenceOptionsJson.Default.SequenceOptions));
        blob.Varint((ulong)model.Epoch);
        blob.Varint((ulong)model.Step);
        blob.Text(model.Rung);
        blob.Varint((ulong)model.ItemIds.Length);
    }

    private static SequenceOptions OptionsOf(ref BlobReader blob)
    {
        int at = blob.Position;
        try
        {
            SequenceOptions options = JsonSerializer.Deserialize(blob.Text(), SequenceOptionsJson.Default.SequenceOptions) ?? throw new CorruptLogException(at, "the options are null");
            return SequenceOptionsRules.Check(options) is { } violation ? throw new CorruptLogException(at, violation.ToString()) : options;
        }
        catch (JsonException reason)
        {
            throw new CorruptLogException(at, reason.Message);
        }
    }
}

[JsonSerializable(typeof(SequenceOptions))]
internal sealed partial class SequenceOptionsJson : JsonSerializerContext;
