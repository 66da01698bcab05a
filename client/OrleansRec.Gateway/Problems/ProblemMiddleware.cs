using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OrleansRec.Api;

namespace OrleansRec.Gateway;

/// <summary>Turns what an endpoint throws, and the bare refusals of routing, into problem details. Only for our own paths: pages have their own errors.</summary>
internal sealed partial class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (!GatewayPaths.IsOurs(context.Request.Path))
        {
            await next(context);
            return;
        }
        try
        {
            await next(context);
            if (context.Response.StatusCode >= 400 && !context.Response.HasStarted && context.Response.ContentType is null)
                await ProblemResults.Write(context, Refusal(context, context.Response.StatusCode));
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            await Answer(context, e);
        }
    }

    private Task Answer(HttpContext context, Exception exception)
    {
        if (exception is OperationCanceledException && context.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone; the status is for our own counters (nginx's convention).
            context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return Task.CompletedTask;
        }
        if (exception is BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge or StatusCodes.Status415UnsupportedMediaType } refused)
            return ProblemResults.Write(context, Refusal(context, refused.StatusCode));
        if (ProblemOf.Exception(exception) is { } known)
            return ProblemResults.Write(context, known);
        Unexpected(context.Request.Method, context.GetEndpoint()?.DisplayName, exception);
        ApiProblem problem = ProblemOf.Status(StatusCodes.Status500InternalServerError) with { Detail = $"The log has it under {context.TraceIdentifier}." };
        return ProblemResults.Write(context, problem);
    }

    private static ApiProblem Refusal(HttpContext context, int status) =>
        ProblemOf.Refusal(status, context.Request, BodyDrain.LimitOf(context));

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Endpoint} failed")]
    private partial void Unexpected(string method, string? endpoint, Exception exception);
}
