using Microsoft.AspNetCore.Http;
using OrleansRec.Api;
using OrleansRec.Contracts;

namespace OrleansRec.Gateway;

/// <summary>A list with reasons names what its user has done: who asks for one looks at personal data, which a key from a page's source may not.</summary>
internal static class ReasonLook
{
    /// <summary>Notes the look, where a list with reasons is asked for.</summary>
    /// <param name="context">The request.</param>
    /// <param name="log">Where it is noted.</param>
    /// <param name="isExplained">Whether reasons are asked for.</param>
    /// <param name="userId">Whose list; null for those of many.</param>
    /// <exception cref="RecommenderException">The key is of scope browser.</exception>
    public static Task Note(HttpContext context, AccessLog log, bool isExplained, string? userId)
    {
        if (!isExplained || context.Features.Get<Caller>() is not { } caller)
            return Task.CompletedTask;
        if (caller.Scope == KeyScope.Browser)
            throw new RecommenderException(ProblemOf.Status(StatusCodes.Status403Forbidden) with
            {
                Detail = "explain must be asked for with a key of scope read: reasons name what a user has done.", Field = "explain", Value = "true", Rule = "must be asked for with a key of scope read",
            });
        return log.Record(caller, "explain", userId, context.RequestAborted);
    }
}
