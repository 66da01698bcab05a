using System.Net.Http.Json;

namespace OrleansRec.Silo.Tests.Durability;

/// <summary>One event of one user, posted alone.</summary>
internal static class SingleEvent
{
    public const string User = "ann";

    public static Task<HttpResponseMessage> Post(HttpClient http, string eventId) =>
        http.PostAsJsonAsync("/v1/events", new { eventId, userId = User, itemId = "tea", type = "view" });
}
