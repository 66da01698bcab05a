using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using OrleansRec.Api;

namespace OrleansRec.Gateway;

/// <summary>Writes problems.</summary>
internal static class ProblemResults
{
    public const string ContentType = "application/problem+json";

    /// <summary>How long a caller that was refused for load should wait.</summary>
    public const string RetryAfterSeconds = "1";

    /// <summary>The problem as the result of an endpoint.</summary>
    public static ProblemHttpResult ToResult(this ApiProblem problem)
    {
        var details = new ProblemDetails { Type = problem.Type, Title = problem.Title, Status = problem.Status, Detail = problem.Detail };
        Add("field", problem.Field);
        Add("value", problem.Value);
        Add("rule", problem.Rule);
        Add("version", problem.Version);
        return TypedResults.Problem(details);

        void Add(string name, object? value)
        {
            if (value is not null)
                details.Extensions[name] = value;
        }
    }

    /// <summary>Writes the problem where no endpoint has answered.</summary>
    public static Task Write(HttpContext context, ApiProblem problem, string retryAfter = RetryAfterSeconds)
    {
        HttpResponse response = context.Response;
        response.StatusCode = problem.Status;
        if (problem.Status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
            response.Headers.RetryAfter = retryAfter;
        return response.WriteAsJsonAsync(problem, ApiJson.Default.ApiProblem, ContentType, CancellationToken.None);
    }
}
