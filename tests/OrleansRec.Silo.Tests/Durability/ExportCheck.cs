using System.Net;
using System.Net.Http.Json;
using OrleansRec.Api;
using OrleansRec.Model;

namespace OrleansRec.Silo.Tests.Durability;

/// <summary>Compares what the server exports with what it acknowledged.</summary>
internal static class ExportCheck
{
    /// <summary>Every acknowledged event that is not there exactly once, as text; empty is good.</summary>
    /// <param name="server">Where the server is.</param>
    /// <param name="acknowledged">Taken before the call: events may go on arriving.</param>
    /// <param name="isQuiet">Nobody writes, so there must be nothing else either.</param>
    public static async Task<List<string>> Violations(Uri server, Dictionary<string, string[]> acknowledged, bool isQuiet)
    {
        var violations = new List<string>();
        using var http = new HttpClient { BaseAddress = server };
        foreach (var (user, eventIds) in acknowledged)
        {
            var exported = await Export(http, user);
            var times = exported.CountBy(id => id).ToDictionary();
            violations.AddRange(times.Where(id => id.Value > 1).Select(id => $"{user}: {id.Key} is there {id.Value} times"));
            violations.AddRange(eventIds.Where(id => !times.ContainsKey(NameOf(id))).Select(id => $"{user}: {id} was acknowledged and is lost"));
            if (isQuiet && exported.Length != eventIds.Length)
                violations.Add($"{user}: {exported.Length} events are there, {eventIds.Length} were sent");
        }
        return violations;
    }

    private static async Task<string[]> Export(HttpClient http, string user)
    {
        using var answer = await http.GetAsync($"/v1/users/{Uri.EscapeDataString(user)}/export");
        if (answer.StatusCode == HttpStatusCode.NotFound)
            return [];
        answer.EnsureSuccessStatusCode();
        var export = await answer.Content.ReadFromJsonAsync<ExportEvents>();
        return [.. export!.Events.Select(e => e.EventId)];
    }

    /// <summary>The server keeps the key of an event id, and exports that.</summary>
    private static string NameOf(string eventId) => EventKeys.Format(IdHash.Of(eventId));

    private sealed record ExportEvents(ExportedId[] Events);

    private sealed record ExportedId(string EventId);
}
