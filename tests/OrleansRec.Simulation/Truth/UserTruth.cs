using OrleansRec.Contracts;
using OrleansRec.Model;

namespace OrleansRec.Simulation;

/// <summary>Every user's history at every version, from the durable log alone, under the rules that the product states for versions.</summary>
internal sealed class UserTruth(int userShards)
{
    private readonly Dictionary<string, User> _users = new(StringComparer.Ordinal);
    private readonly long[] _sequences = new long[userShards];

    /// <summary>Called when the log holds an event twice.</summary>
    public Action<string> Doubled { get; set; } = _ => { };

    /// <summary>Called when the log holds an event of a user who had not agreed to it.</summary>
    public Action<string> NotAgreed { get; set; } = _ => { };

    public IEnumerable<string> Users => _users.Keys;

    /// <summary>All changes of a shard's log, in order.</summary>
    public List<(long Sequence, UserLogRecord Record)>[] Logs { get; } = Array.ConvertAll(new object[userShards], _ => new List<(long, UserLogRecord)>());

    public void Take(int shard, LogBatch batch)
    {
        var reader = new UserLogReader(batch.Content.Span);
        for (var sequence = batch.FirstSequence; reader.TryRead(out var record); sequence++)
        {
            Logs[shard].Add((sequence, record));
            Apply(record);
        }
        _sequences[shard] = batch.LastSequence;
    }

    public long VersionOf(string userId) => _users.TryGetValue(userId, out var user) ? user.Version : 0;

    /// <summary>The history at a version, or null where there never was one.</summary>
    public IReadOnlyList<HistoryEvent>? At(string userId, long version) =>
        version == 0 ? [] : _users.TryGetValue(userId, out var user) ? user.Versions.GetValueOrDefault(version) : null;

    public IReadOnlyList<HistoryEvent> Now(string userId) => _users.TryGetValue(userId, out var user) ? user.Events : [];

    /// <summary>Whether the user has ever said that nothing is to be kept.</summary>
    public bool HasRefused(string userId) => _users.TryGetValue(userId, out var user) && user.HasRefused;

    /// <summary>Whether the user has a retention now. Every event of the shop is too old for any.</summary>
    public bool HasRetention(string userId) => _users.TryGetValue(userId, out var user) && user.Settings is { EventAgeMax: not null };

    /// <summary>Whether the user has ever had one.</summary>
    public bool HasHadRetention(string userId) => _users.TryGetValue(userId, out var user) && user.HasHadRetention;

    public bool Has(string userId, ulong key) => Now(userId).Any(e => e.EventKey == key);

    /// <summary>Whether an event is there, by what no other event has.</summary>
    public bool HasAt(string userId, string itemId, long timeMs) => Now(userId).Any(e => e.ItemId == itemId && e.TimeMs == timeMs);

    /// <summary>Whether an event was there and was erased with its user.</summary>
    public bool IsErased(string userId, ulong key) => _users.TryGetValue(userId, out var user) && user.Erased.Contains(key);

    private void Apply(in UserLogRecord record)
    {
        var e = record.Event;
        if (!_users.TryGetValue(e.UserId, out var user))
            _users.Add(e.UserId, user = new());
        switch (record.Operation)
        {
            case UserLogOperation.Append:
                if (user.Settings is { MayStore: false })
                    NotAgreed($"The log of user {e.UserId} holds the event of item {e.ItemId} at {e.TimeMs}; nothing was to be kept.");
                if (user.Events.Any(h => h.EventKey == e.EventKey || (h.TimeMs == e.TimeMs && h.ItemId == e.ItemId)))
                    Doubled($"The log of user {e.UserId} holds the event of item {e.ItemId} at {e.TimeMs} twice.");
                user.Change([.. user.Events, new(e.ItemId, e.Type, e.Value, e.TimeMs, e.SessionId, e.EventKey)], user.Version + 1);
                break;
            case UserLogOperation.Remove:
                user.Change([.. user.Events.Where(h => h.EventKey != e.EventKey)], user.Version + 1);
                break;
            case UserLogOperation.Erase:
                user.Erased.UnionWith(user.Events.Select(h => h.EventKey));
                user.Settings = null;
                user.Change([], user.Version);
                break;
            case UserLogOperation.Configure:
                user.Settings = record.Settings;
                user.HasRefused |= record.Settings is { MayStore: false };
                user.HasHadRetention |= record.Settings is { EventAgeMax: not null };
                user.Change(user.Events, user.Version + 1);
                break;
        }
    }

    private sealed class User
    {
        public readonly Dictionary<long, IReadOnlyList<HistoryEvent>> Versions = [];
        public readonly HashSet<ulong> Erased = [];
        public IReadOnlyList<HistoryEvent> Events = [];
        public LoggedSettings? Settings;
        public bool HasRefused, HasHadRetention;
        public long Version;

        public void Change(IReadOnlyList<HistoryEvent> events, long version)
        {
            (Events, Version) = (events, version);
            Versions[version] = events;
        }
    }
}
