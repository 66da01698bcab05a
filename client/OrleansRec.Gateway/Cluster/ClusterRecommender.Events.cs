using OrleansRec.Api;
using OrleansRec.Contracts;

namespace OrleansRec.Gateway;

public sealed partial class ClusterRecommender
{
    /// <inheritdoc/>
    public async Task<EventsAnswer> RecordEventsAsync(
        IReadOnlyList<EventInput> events, ListOptions? thenRecommend = null, CancellationToken cancellation = default)
    {
        ListRules.CheckCount("events", events.Count, _options.EntriesMax);
        RecommendRequest? list = thenRecommend is null ? null : ListRules.ToRequest(thenRecommend, _options.ListedIdsMax);
        (EventRecord[] records, RejectedEntry[] rejected) = EventIntake.Check(
            events, await TypesOf(events, cancellation).ConfigureAwait(false), random, time.GetUtcNow().ToUnixTimeMilliseconds());
        if (records.Length == 0)
            return new(0, 0, rejected, 0);
        await Admit(_usage.Admit(records, cancellation)).ConfigureAwait(false);
        // Ids that were drawn here are known to nobody else: what a later attempt finds there already, an earlier one has written.
        Func<AppendAnswer, AppendAnswer>? repeated = HasIds(events) ? null : Ours;
        var (recorded, recommended) = list is null
            ? (await Record(records, repeated, cancellation).ConfigureAwait(false), null)
            : await RecordThenRecommend(records, list, repeated, cancellation).ConfigureAwait(false);
        if (recorded.Erased is { Length: > 0 } erased)
            rejected = [.. rejected.Concat(Erased(events, erased)).OrderBy(r => r.Index)];
        var answer = new EventsAnswer(recorded.Accepted, recorded.Duplicates, rejected, recorded.HistoryVersion, recommended, recorded.NotStored);
        statistics.CountEvents(answer.Accepted);
        GatewayMetrics.Count(answer);
        return answer;
    }

    /// <inheritdoc/>
    public async Task<RemovedEventAnswer?> RemoveEventAsync(string userId, string eventId, CancellationToken cancellation = default)
    {
        ListRules.CheckId("userId", userId);
        ListRules.CheckId("eventId", eventId);
        RemoveAnswer answer = await Ask(
            () => User(userId).Remove(EventIntake.KeyOf(eventId), cancellation), cancellation, again => again with { Found = true }).ConfigureAwait(false);
        return answer.Found ? new(answer.HistoryVersion) : null;
    }

    private async Task<AppendAnswer> Record(EventRecord[] records, Func<AppendAnswer, AppendAnswer>? repeated, CancellationToken cancellation)
    {
        if (records.Length == 1)
            return await Ask(() => User(records[0].UserId).Record(records, cancellation), cancellation, repeated).ConfigureAwait(false);
        return records.Length > _options.UserGrainEventsMax
            ? Sum(await AskEach(ByShard(records), (g, stop) => UserShard(g.Shard).Append(g.Events, stop), cancellation, repeated).ConfigureAwait(false))
            : Sum(await AskEach(ByUser(records), (g, stop) => User(g[0].UserId).Record(g, stop), cancellation, repeated).ConfigureAwait(false));
    }

    /// <summary>The last event's user gets the list; the others' events are recorded first, so that the list's popularity knows them where their shards do.</summary>
    private async Task<(AppendAnswer, RecommendationAnswer?)> RecordThenRecommend(
        EventRecord[] records, RecommendRequest list, Func<AppendAnswer, AppendAnswer>? repeated, CancellationToken cancellation)
    {
        string userId = records[^1].UserId;
        EventRecord[] others = records.Length == 1 ? [] : Array.FindAll(records, r => r.UserId != userId);
        AppendAnswer? before = others.Length == 0 ? null : await Record(others, repeated, cancellation).ConfigureAwait(false);
        EventRecord[] own = others.Length == 0 ? records : Array.FindAll(records, r => r.UserId == userId);
        RecordedList recorded = await Ask(
            () => User(userId).RecordThenRecommend(own, list, cancellation), cancellation,
            repeated is null ? null : again => again with { Answer = repeated(again.Answer) }).ConfigureAwait(false);
        return (before is null ? recorded.Answer : Sum([before, recorded.Answer]), recorded.List.ToApi());
    }

    private static bool HasIds(IReadOnlyList<EventInput> events)
    {
        for (int i = 0; i < events.Count; i++)
            if (events[i]?.EventId is not null)
                return true;
        return false;
    }

    /// <summary>Where in the call the events are that their shards refuse because they were erased.</summary>
    private static IEnumerable<RejectedEntry> Erased(IReadOnlyList<EventInput> events, ulong[] keys) =>
        from index in Enumerable.Range(0, events.Count)
        let id = events[index]?.EventId
        where id is not null && keys.Contains(EventIntake.KeyOf(id))
        select new RejectedEntry(index, "eventId", id, "must not be that of an event which was erased with its user");

    /// <summary>One group for each user, in the order of their last events, so that the last group holds the last event.</summary>
    private static EventRecord[][] ByUser(EventRecord[] records) =>
        [.. records.Select((r, index) => (r, index)).GroupBy(p => p.r.UserId).OrderBy(g => g.Last().index).Select(g => g.Select(p => p.r).ToArray())];

    /// <summary>One group for each shard, likewise.</summary>
    private (int Shard, EventRecord[] Events)[] ByShard(EventRecord[] records) =>
        [.. records.Select((r, index) => (r, index)).GroupBy(p => shards.OfUser(p.r.UserId)).OrderBy(g => g.Last().index)
            .Select(g => (g.Key, g.Select(p => p.r).ToArray()))];

    private static AppendAnswer Ours(AppendAnswer again) => again with { Accepted = again.Accepted + again.Duplicates, Duplicates = 0 };

    private static AppendAnswer Sum(AppendAnswer[] answers) => new(
        answers.Sum(a => a.Accepted), answers.Sum(a => a.Duplicates), answers.Sum(a => a.NewPairs), answers[^1].HistoryVersion,
        answers.All(a => a.Erased is null) ? null : [.. answers.SelectMany(a => a.Erased ?? [])], answers.Sum(a => a.NotStored));
}
