using OrleansRec.Api;

namespace OrleansRec.Cluster.Tests.Processes;

/// <summary>What one worker knows of a user that only it writes for: the events acknowledged and the last versions seen. Says what is wrong with an answer.</summary>
internal sealed class KnownUser(string id)
{
    // Lists come in float, explanations in double: sums of rank products of either differ by some units of the last place of the largest term.
    private const double ScoreTolerance = 1e-3;

    private readonly HashSet<string> items = [];
    private readonly HashSet<string> excluded = [];
    private readonly List<string> eventIds = [];
    private long version;

    public string Id => id;

    /// <summary>Event ids that were acknowledged.</summary>
    public IReadOnlyList<string> EventIds => eventIds;

    /// <summary>Events were acknowledged.</summary>
    public IEnumerable<string> Recorded(EventInput[] events, EventsAnswer answer)
    {
        foreach (EventInput e in events)
        {
            items.Add(e.ItemId!);
            eventIds.Add(e.EventId!);
            if (e.Type == "purchase")
                excluded.Add(e.ItemId!);
        }
        if (answer.Rejected.Length > 0 || answer.Accepted + answer.Duplicates != events.Length)
            yield return $"{id}: {events.Length} events sent, {answer.Accepted} accepted, {answer.Duplicates} known, {answer.Rejected.Length} rejected";
        // One writer: each event counts the version up by one, whichever attempt wrote it.
        if (answer.HistoryVersion != version + events.Length)
            yield return $"{id}: history version {answer.HistoryVersion} after {events.Length} events on {version}";
        version = Math.Max(version, answer.HistoryVersion);
        if (answer.Recommendations is { } list)
            foreach (string wrong in Listed(list))
                yield return wrong;
    }

    /// <summary>A list was answered.</summary>
    public IEnumerable<string> Listed(RecommendationAnswer list)
    {
        if (list.HistoryVersion != version)
            yield return $"{id}: a list of history version {list.HistoryVersion}; {version} is acknowledged";
        foreach (ListedItem item in list.Items)
            if (excluded.Contains(item.ItemId))
                yield return $"{id}: {item.ItemId} is listed and was bought";
        if (list.Items.Select(i => i.ItemId).Distinct().Count() != list.Items.Length)
            yield return $"{id}: an item is listed twice";
        for (int i = 1; i < list.Items.Length; i++)
            if (list.Items[i].Score > list.Items[i - 1].Score)
                yield return $"{id}: the list is not in order";
    }

    /// <summary>The score of a listed item was explained: where both say the same versions, they must be of one model and one user.</summary>
    public IEnumerable<string> Explained(RecommendationAnswer list, ListedItem item, ExplanationAnswer? explanation)
    {
        if (explanation is null || explanation.ModelVersion != list.ModelVersion || explanation.HistoryVersion != list.HistoryVersion)
            yield break;
        if (explanation.Contributions.FirstOrDefault(c => !items.Contains(c.ItemId)) is { } other)
            yield return $"{id}: the explanation names {other.ItemId}, which the user never met";
        double scale = Math.Max(1, explanation.Contributions.Sum(c => Math.Abs(c.Amount)));
        if (Math.Abs(explanation.Score - item.Score) > ScoreTolerance * scale)
            yield return $"{id}: {item.ItemId} scores {item.Score} in the list and {explanation.Score} explained, both under model {list.ModelVersion}";
    }

    /// <summary>Everything was exported: the events acknowledged, each once, and no other.</summary>
    public IEnumerable<string> Exported(UserExport? export)
    {
        Dictionary<string, int> held = (export?.Events ?? []).CountBy(e => e.EventId).ToDictionary();
        foreach (string lost in eventIds.Where(e => !held.ContainsKey(KeyOf(e))))
            yield return $"{id}: {lost} was acknowledged and is lost";
        foreach (var doubled in held.Where(e => e.Value > 1))
            yield return $"{id}: event {doubled.Key} is there {doubled.Value} times";
        if (held.Count > eventIds.Count)
            yield return $"{id}: {held.Count} events are there, {eventIds.Count} were sent";
    }

    /// <summary>The server keeps the key of an event id, and exports that.</summary>
    private static string KeyOf(string eventId) => EventKeys.Format(OrleansRec.Model.IdHash.Of(eventId));
}
