using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Orleans.Runtime;
using Orleans.Storage;
using OrleansRec.Api;
using OrleansRec.Contracts;
using OrleansRec.Model;

namespace OrleansRec.Gateway;

/// <summary>The problem details (RFC 9457) of everything that can go wrong. Said here and nowhere else.</summary>
internal static class ProblemOf
{
    public static ApiProblem Violation(RuleViolation violation) => Violation(violation.Field, violation.Value, violation.Rule);

    public static ApiProblem Violation(string field, string? value, string rule) =>
        Refusal(StatusCodes.Status400BadRequest, field, value, rule) with { Title = "The request breaks a rule." };

    public static ApiProblem NotFound(string field, string value, string rule) => Refusal(StatusCodes.Status404NotFound, field, value, rule);

    /// <summary>The refusals of the server below the endpoints that a caller can mend.</summary>
    /// <param name="status">As it was set.</param>
    /// <param name="request">The request refused.</param>
    /// <param name="bodyBytesMax">The limit of its body.</param>
    public static ApiProblem Refusal(int status, HttpRequest request, long? bodyBytesMax) => status switch
    {
        StatusCodes.Status413PayloadTooLarge when bodyBytesMax is { } most => Refusal(
            status, "body", request.ContentLength is { } length ? $"{length} bytes" : "of unknown length", $"must be at most {most} bytes"),
        StatusCodes.Status415UnsupportedMediaType when request.Headers.ContentEncoding.Count > 0 => Refusal(
            status, "Content-Encoding", request.Headers.ContentEncoding, $"must be absent or one of {BodyEncoding.Known}"),
        StatusCodes.Status415UnsupportedMediaType => Refusal(status, "Content-Type", request.ContentType, "must be application/json, in UTF-8; for events and items also application/x-ndjson"),
        _ => Status(status),
    };

    private static ApiProblem Refusal(int status, string field, string? value, string rule)
    {
        RuleViolation shown = RuleViolation.Of(field, value, rule);
        return Status(status) with { Detail = $"{shown.Field} {shown.Rule}.", Field = shown.Field, Value = shown.Value, Rule = shown.Rule };
    }

    /// <summary>What operation brings; null for a fault of ours, which is not shown to the caller.</summary>
    public static ApiProblem? Exception(Exception exception) => exception switch
    {
        RecommenderException e => e.Problem,
        ListRefusedException e => Violation(e.Field, e.Value, e.Rule),
        OverloadedException or LimitExceededException => Status(StatusCodes.Status429TooManyRequests) with { Detail = exception.Message },
        StoreUnavailableException => Status(StatusCodes.Status503ServiceUnavailable) with { Detail = exception.Message },
        FencedException or InconsistentStateException => Status(StatusCodes.Status503ServiceUnavailable) with { Detail = "Another writer took over; try again." },
        VersionGoneException => Status(StatusCodes.Status503ServiceUnavailable) with { Detail = "The model changed during the request; try again." },
        OrleansException => Status(StatusCodes.Status503ServiceUnavailable) with { Detail = "A part of the cluster did not answer; try again." },
        TimeoutException => Status(StatusCodes.Status503ServiceUnavailable) with { Detail = "A part of the cluster did not answer in time; try again." },
        TrainingFailedException => Status(StatusCodes.Status409Conflict) with { Detail = exception.Message },
        BadHttpRequestException e => Unreadable(e),
        JsonException e => Json(e),
        InvalidDataException => Refusal(StatusCodes.Status400BadRequest, "body", null, "must be packed as Content-Encoding says") with { Title = "The body cannot be read." },
        _ => null,
    };

    public static ApiProblem Status(int status) => new()
    {
        Type = status == 429 ? "https://www.rfc-editor.org/rfc/rfc6585#section-4" : $"https://www.rfc-editor.org/rfc/rfc9110#status.{status}",
        Title = TitleOf(status), Status = status,
    };

    private static ApiProblem Unreadable(BadHttpRequestException e) => e.InnerException switch
    {
        JsonException json => Json(json),
        InvalidDataException packed => Exception(packed)!,
        _ => Status(e.StatusCode) with { Detail = e.Message },
    };

    /// <summary>The path begins with $ and names the place in the body, such as $[3].value.</summary>
    private static ApiProblem Json(JsonException e)
    {
        string path = string.IsNullOrEmpty(e.Path) ? "$" : e.Path;
        string place = $"line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}";
        return Status(StatusCodes.Status400BadRequest) with
        {
            Title = "The body cannot be read.", Detail = $"{path}: {JsonRule(e)} ({place}).", Field = path, Value = place, Rule = JsonRule(e),
        };
    }

    /// <summary>The serializer's messages name .NET types; these name what a caller knows.</summary>
    private static string JsonRule(JsonException e) => e.Message switch
    {
        var m when m.Contains("could not be mapped to any .NET member", StringComparison.Ordinal) => "must be a known field",
        var m when m.StartsWith("Duplicate property", StringComparison.Ordinal) => "must be given once",
        var m when m.StartsWith("The JSON value could not be converted", StringComparison.Ordinal) => "must have the field's type",
        var m when m.StartsWith("A time is", StringComparison.Ordinal) => "must be ISO 8601 text, or seconds (9 to 11 digits), milliseconds (12 to 14) or microseconds (15 to 17) since 1970-01-01 UTC",
        _ => "must be valid JSON",
    };

    private static string TitleOf(int status) => status switch
    {
        400 => "The request cannot be understood.",
        401 => "A valid API key is needed.",
        403 => "The API key does not allow this.",
        404 => "There is no such thing.",
        405 => "The path does not have this method.",
        408 => "The request came too slowly.",
        409 => "Something else is under way.",
        413 => "The body is too large.",
        415 => "The body must be application/json, in UTF-8.",
        429 => "Too much at once; try again a little later.",
        503 => "Not available now; try again a little later.",
        _ => status >= 500 ? "The server failed." : "The request was refused.",
    };
}
