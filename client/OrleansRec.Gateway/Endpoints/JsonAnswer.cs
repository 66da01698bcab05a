using System.Buffers;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace OrleansRec.Gateway;

/// <summary>A 200 whose body is written at once, for the busiest endpoints.</summary>
/// <remarks>
/// The framework's own result writes by an asynchronous serializer, which makes its state anew for each answer and asks a scope of services for a logger and for options. An answer of
/// these endpoints is a few kilobytes, bounded by <see cref="Api.ListOptions.KMax"/>, and fits a buffer that its thread keeps.
/// </remarks>
internal sealed class JsonAnswer<T>(T value, JsonTypeInfo<T> type) : IResult, IEndpointMetadataProvider, IStatusCodeHttpResult, IValueHttpResult<T>
{
    public int? StatusCode => StatusCodes.Status200OK;

    public T? Value => value;

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(T), ["application/json"]));

    public Task ExecuteAsync(HttpContext context)
    {
        HttpResponse response = context.Response;
        response.ContentType = "application/json; charset=utf-8";
        AnswerBuffer buffer = AnswerBuffer.OfThisThread();
        ReadOnlySpan<byte> body = buffer.Write(value, type);
        response.ContentLength = body.Length;
        response.BodyWriter.Write(body);
        buffer.Trim();
        return response.BodyWriter.FlushAsync(context.RequestAborted) is { IsCompletedSuccessfully: false } flush ? flush.AsTask() : Task.CompletedTask;
    }
}

/// <summary>The buffer and the writer of one thread.</summary>
internal sealed class AnswerBuffer
{
    /// <summary>A thread keeps no larger buffer than this.</summary>
    private const int BytesKeptMax = 64 << 10;

    [ThreadStatic]
    private static AnswerBuffer? t_own;

    private readonly Utf8JsonWriter _writer;
    private ArrayBufferWriter<byte> _bytes = new(4 << 10);

    private AnswerBuffer() => _writer = new(_bytes);

    public static AnswerBuffer OfThisThread() => t_own ??= new();

    /// <summary>The value as JSON; valid until the next call of the thread.</summary>
    public ReadOnlySpan<byte> Write<T>(T value, JsonTypeInfo<T> type)
    {
        _bytes.ResetWrittenCount();
        _writer.Reset(_bytes);
        JsonSerializer.Serialize(_writer, value, type);
        return _bytes.WrittenSpan;
    }

    /// <summary>Lets go of a buffer that one large answer made large.</summary>
    public void Trim()
    {
        if (_bytes.Capacity > BytesKeptMax)
            _bytes = new(4 << 10);
    }
}
