using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace OrleansRec.Gateway;

/// <summary>
/// Takes in a body that is too large before it is refused: a server that answers and closes while the body still comes resets the connection, and the
/// caller sees a broken pipe where it should read 413.
/// </summary>
internal static class BodyDrain
{
    /// <summary>Bodies up to so many times the limit are taken in; larger ones are cut off.</summary>
    public const int LimitsMax = 16;

    /// <summary>How long that may take.</summary>
    public static readonly TimeSpan PeriodMax = TimeSpan.FromSeconds(5);

    private const int BufferBytes = 64 << 10;

    /// <summary>Whether the body says of itself that it is too large.</summary>
    public static bool IsTooLarge(HttpContext context) =>
        context.Request.ContentLength > context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize;

    /// <summary>Reads and forgets. A caller that asked whether to send (Expect: 100-continue) has not sent, and is told no.</summary>
    public static async Task Run(HttpContext context)
    {
        var limit = context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>();
        if (limit.IsReadOnly || context.Request.Headers.Expect.Count > 0 || context.Request.ContentLength > limit.MaxRequestBodySize * LimitsMax)
            return;
        long? most = limit.MaxRequestBodySize;
        limit.MaxRequestBodySize = null;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        using var late = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        late.CancelAfter(PeriodMax);
        try
        {
            while (await context.Request.Body.ReadAsync(buffer, late.Token) > 0)
            {
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or BadHttpRequestException)
        {
            // The caller is slow or has gone: the answer may not reach it.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            context.Items[typeof(BodyDrain)] = most;
        }
    }

    /// <summary>The limit that the body was refused for.</summary>
    public static long? LimitOf(HttpContext context) =>
        context.Items.TryGetValue(typeof(BodyDrain), out object? most) ? (long?)most : context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize;
}
