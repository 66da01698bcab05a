using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace OrleansRec.Gateway;

/// <summary>Reads a body that is one JSON object or an array of them.</summary>
internal static class OneOrMany
{
    private static ReadOnlySpan<byte> WhiteSpace => " \t\r\n"u8;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <exception cref="BadHttpRequestException">The body is not declared as JSON, or is too large.</exception>
    /// <exception cref="JsonException">The body cannot be read.</exception>
    public static async ValueTask<(T[] Entries, bool IsOne)> Read<T>(
        HttpRequest request, JsonTypeInfo<T> one, JsonTypeInfo<T[]> many, CancellationToken cancellation)
    {
        if (!request.HasJsonContentType())
            throw new BadHttpRequestException("The body must be application/json.", StatusCodes.Status415UnsupportedMediaType);
        PipeReader reader = request.BodyReader;
        while (true)
        {
            // What is not consumed stays in the pipe; the size limit of the request bounds it.
            ReadResult read = await reader.ReadAsync(cancellation).ConfigureAwait(false);
            if (read.IsCompleted)
            {
                try
                {
                    return Parse(read.Buffer, one, many);
                }
                finally
                {
                    reader.AdvanceTo(read.Buffer.End);
                }
            }
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static (T[] Entries, bool IsOne) Parse<T>(ReadOnlySequence<byte> body, JsonTypeInfo<T> one, JsonTypeInfo<T[]> many)
    {
        var sequence = new SequenceReader<byte>(body);
        sequence.IsNext(ByteOrderMark, advancePast: true);
        sequence.AdvancePastAny(WhiteSpace);
        bool isMany = sequence.TryPeek(out byte first) && first == (byte)'[';
        var json = new Utf8JsonReader(sequence.UnreadSequence);
        (T[] Entries, bool IsOne) parsed = isMany
            ? (JsonSerializer.Deserialize(ref json, many) ?? [], false)
            : ([JsonSerializer.Deserialize(ref json, one) ?? throw new JsonException("null", "$", 0, 0)], true);
        if (json.Read())
            throw new JsonException("More than one value.", "$", 0, json.BytesConsumed);
        return parsed;
    }
}
