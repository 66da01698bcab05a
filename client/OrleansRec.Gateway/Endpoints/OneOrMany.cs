using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace OrleansRec.Gateway;

/// <summary>Reads a body that is one JSON object, an array of them, or one a line.</summary>
internal static class OneOrMany
{
    private static ReadOnlySpan<byte> WhiteSpace => " \t\r\n"u8;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <exception cref="BadHttpRequestException">The body is not declared as JSON, or is too large.</exception>
    /// <exception cref="JsonException">The body cannot be read.</exception>
    public static async ValueTask<(T[] Entries, bool IsOne, BodyLines Lines)> Read<T>(
        HttpRequest request, JsonTypeInfo<T> one, JsonTypeInfo<T[]> many, CancellationToken cancellation) where T : class
    {
        bool areLines = BodyLines.Are(request);
        if (!areLines && !request.HasJsonContentType())
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
                    return Parse(read.Buffer, one, many, areLines);
                }
                finally
                {
                    reader.AdvanceTo(read.Buffer.End);
                }
            }
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static (T[] Entries, bool IsOne, BodyLines Lines) Parse<T>(ReadOnlySequence<byte> body, JsonTypeInfo<T> one, JsonTypeInfo<T[]> many, bool areLines)
        where T : class
    {
        if (body.IsSingleSegment)
            return Parse(body.FirstSpan, one, many, areLines);
        byte[] whole = ArrayPool<byte>.Shared.Rent((int)body.Length);
        try
        {
            body.CopyTo(whole);
            return Parse(whole.AsSpan(0, (int)body.Length), one, many, areLines);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(whole);
        }
    }

    /// <remarks>From a span and not from a reader: a reader over more than the value is read twice, and its errors have no path.</remarks>
    private static (T[] Entries, bool IsOne, BodyLines Lines) Parse<T>(ReadOnlySpan<byte> body, JsonTypeInfo<T> one, JsonTypeInfo<T[]> many, bool areLines)
        where T : class
    {
        if (body.StartsWith(ByteOrderMark))
            body = body[ByteOrderMark.Length..];
        if (areLines)
        {
            (T[] entries, BodyLines lines) = BodyLines.Read(body, one);
            return (entries, false, lines);
        }
        return body.TrimStart(WhiteSpace) is [(byte)'[', ..]
            ? (JsonSerializer.Deserialize(body, many)!, false, BodyLines.None)
            : ([JsonSerializer.Deserialize(body, one) ?? throw new JsonException("The body is null.", "$", 0, 0)], true, BodyLines.None);
    }
}
