using Microsoft.AspNetCore.Http;
using OrleansRec.Model.Reasons;

namespace OrleansRec.Gateway;

/// <summary>The language of an answer's sentences.</summary>
internal static class AcceptedLanguage
{
    /// <summary>The language that is asked for; else, where sentences are, the one that the Accept-Language header prefers of those that there are.</summary>
    /// <param name="request">The request.</param>
    /// <param name="isNeeded">Whether the answer has sentences.</param>
    /// <param name="asked">What the request itself says.</param>
    public static string? Of(HttpRequest request, bool isNeeded, string? asked) => asked is not null || !isNeeded ? asked
        : Sentences.LanguageOf(request.GetTypedHeaders().AcceptLanguage.Where(l => l.Quality is not 0).OrderByDescending(l => l.Quality ?? 1).Select(l => l.Value.ToString()));
}
