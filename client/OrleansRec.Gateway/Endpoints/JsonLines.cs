using System.Buffers;
using System.Reflection;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace OrleansRec.Gateway;

/// <summary>A 200 of one JSON object a line, written as the objects come. At most one buffer waits for a slow reader.</summary>
/// <remarks>What fails before the first object is a problem with its own status; what fails later breaks the connection off, so that nobody takes a part for the whole.</remarks>
internal sealed class JsonLines<T>(IAsyncEnumerable<T> objects, JsonTypeInfo<T> type) : IResult, IEndpointMetadataProvider, IStatusCodeHttpResult
{
    private const string ContentType = "application/x-ndjson";
    private const int FlushBytes = 64 << 10;

    public int? StatusCode => StatusCodes.Status200OK;

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(T), [ContentType]));

    public async Task ExecuteAsync(HttpContext context)
    {
        CancellationToken aborted = context.RequestAborted;
        await using IAsyncEnumerator<T> each = objects.GetAsyncEnumerator(aborted);
        bool isAny = await each.MoveNextAsync();
        context.Response.ContentType = ContentType;
        await context.Response.StartAsync(aborted);
        try
        {
            for (; isAny; isAny = await each.MoveNextAsync())
            {
                Write(context.Response.BodyWriter, each.Current);
                if (context.Response.BodyWriter.UnflushedBytes >= FlushBytes)
                    await context.Response.BodyWriter.FlushAsync(aborted);
            }
        }
        catch
        {
            context.Abort();
            throw;
        }
    }

    private void Write(IBufferWriter<byte> body, T value)
    {
        AnswerBuffer buffer = AnswerBuffer.OfThisThread();
        body.Write(buffer.Write(value, type));
        body.Write("\n"u8);
        buffer.Trim();
    }
}
