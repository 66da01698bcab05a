using System.Globalization;
using OrleansRec.Contracts;
using OrleansRec.Model;

namespace OrleansRec.Grains.Users;

/// <summary>What an append did.</summary>
public enum AppendOutcome
{
    /// <summary>The user's record held an event with this key already.</summary>
    Duplicate,

    /// <summary>A further event of the user with the item.</summary>
    Accepted,

    /// <summary>The user's first event with the item.</summary>
    AcceptedPair,

    /// <summary>It was erased with its user, and is refused.</summary>
    Erased,

    /// <summary>Nothing of its user is to be kept.</summary>
    NotStored,
}

/// <summary>
/// Everything a user shard holds in memory: the records of its users, the tables of texts and what item shards may still need. Plain data,
/// changed by appending, removing and erasing in the order of the log, or by replaying it, with the same result.
/// </summary>
/// <remarks>
/// An erased user leaves keyed hashes and a history version behind (<see cref="ErasedUsers"/>), nothing else, so that a view that remembers an old
/// version is never taken for current when the user comes back, and a late retry of an erased event is known.
/// </remarks>
public sealed class UserShardState
{
    /// <summary>Snapshots of older products have an empty record for each erased user, under this and the hash of the id.</summary>
    private const char Erased = '\0';

    private readonly Func<byte[]> newKey;
    private readonly Func<EventTypeRules> types;
    private readonly ErasedUsers erased;
    private readonly int itemShardCount;
    private readonly Dictionary<string, UserRecord> users;
    private readonly List<int> itemShards = [];
    private readonly List<UserRow> sorted = [];
    private readonly List<UserRow> added = [];
    private readonly Dictionary<string, string> merging;
    private bool isSortedStale;

    // The number of the item that stands for none; −1 before there is an event without an item.
    private int noItem;

    // Whether some event may be one that does not like its item: until then the first event of a pair likes it, and nobody need look.
    private bool mayDislike;
    private UserShardSnapshotWriter? snapshot;

    /// <param name="itemShardCount">Q.</param>
    /// <param name="newKey">Makes the key of the shard's tombstones, at the first erasure; 32 zeros where it is left out.</param>
    /// <param name="types">What the types of events mean; the default ones where it is left out.</param>
    public UserShardState(int itemShardCount, Func<byte[]>? newKey = null, Func<EventTypeRules>? types = null)
        : this(UserShardContent.Empty(), itemShardCount, newKey, types)
    {
    }

    private UserShardState(UserShardContent content, int itemShardCount, Func<byte[]>? newKey, Func<EventTypeRules>? types)
    {
        this.types = types ?? (static () => EventTypeRules.Default);
        this.itemShardCount = itemShardCount;
        this.newKey = newKey ?? (static () => new byte[ErasedUsers.KeyBytes]);
        erased = content.Erased;
        (LastSequence, Texts, users, merging) = (content.LastSequence, content.Texts, content.Users, content.Merging);
        noItem = Texts.Items.Find(EventRules.NoItem);
        Backlogs = Array.ConvertAll(new FeedBacklog[itemShardCount], _ => new FeedBacklog());
        TakeUnkeyedTombstones();
        foreach (var (userId, record) in users)
        {
            added.Add(new(RowKey.Of(userId), record));
            OwnRetentions += record.Settings?.EventAgeMax is null ? 0 : 1;
            if (record.Count == 0)
                continue;
            UserCount++;
            EventCount += record.Count;
            PairCount += CountItems(record);
        }
        // What types the events have is not looked up one by one: a rating among them is enough to look on.
        mayDislike = Enumerable.Range(0, Texts.Types.Count).Any(type => !Likes(Texts.Types[type], float.MinValue));
    }

    /// <summary>Users with a retention of their own.</summary>
    public int OwnRetentions { get; private set; }

    /// <summary>Users whose events are to become another user's: from, into.</summary>
    public IReadOnlyDictionary<string, string> Merging => merging;

    /// <summary>What the numbers in records stand for.</summary>
    public EventTexts Texts { get; }

    /// <summary>Number of the last record, durable or not.</summary>
    public long LastSequence { get; private set; }

    /// <summary>Users with at least one event.</summary>
    public long UserCount { get; private set; }

    public long EventCount { get; private set; }

    /// <summary>Distinct (user, item) pairs.</summary>
    public long PairCount { get; private set; }

    /// <summary>Number of the last erasure; 0 where there was none since the start of this state.</summary>
    public long LastErasure { get; private set; }

    /// <summary>What each item shard may still need, shape (Q).</summary>
    public FeedBacklog[] Backlogs { get; }

    public long BacklogCount
    {
        get
        {
            long count = 0;
            foreach (FeedBacklog backlog in Backlogs)
                count += backlog.Count;
            return count;
        }
    }

    /// <summary>Where every change of a history is published in the turn that makes it; null while the log is replayed.</summary>
    public PublishedHistories? Published { get; set; }

    public UserRecord? Find(string userId) => users.GetValueOrDefault(userId);

    /// <summary>Users in the order of (hash, id), those without events included; valid until the next change.</summary>
    public IReadOnlyList<UserRow> Sorted()
    {
        if (isSortedStale)
            sorted.RemoveAll(row => Find(row.Key.Id) != row.Record);
        isSortedStale = false;
        if (added.Count > 0)
        {
            added.RemoveAll(row => Find(row.Key.Id) != row.Record);
            sorted.AddRange(added);
            added.Clear();
            sorted.Sort(static (a, b) => a.Key.CompareTo(b.Key));
        }
        return sorted;
    }

    /// <summary>Whether an older product's tombstones, which show a hash without a key, are to be replaced by the next snapshot.</summary>
    public bool HadUnkeyedTombstones { get; set; }

    /// <summary>Adds an event unless its user's record has its key, or had it when the user was erased.</summary>
    /// <param name="e">The event.</param>
    /// <param name="record">The user's record; null where the event is refused and the user is not there.</param>
    public AppendOutcome Append(in LoggedEvent e, out UserRecord? record)
    {
        record = Find(e.UserId);
        if (record is { Settings.MayStore: false })
            return AppendOutcome.NotStored;
        if (record is not null && record.Contains(e.EventKey, Texts))
            return AppendOutcome.Duplicate;
        if (erased.HasEvents && erased.Has(e.UserId, e.EventKey))
            return AppendOutcome.Erased;
        return Add(record ??= GetOrAdd(e.UserId), e);
    }

    /// <summary>Lets go of the events of users erased before a moment: a retry of them would be taken for new.</summary>
    public void ForgetErasedEventsBefore(long timeMs) => erased.ForgetEventsBefore(timeMs);

    /// <summary>What proves an erasure just made: the hash that stands for the user, and a code over it, the time and the count.</summary>
    public (UInt128 User, string Code) Receipt(string userId, long erasedAtMs, int events)
    {
        UInt128 user = erased.HashOf(IdHash.Of(userId));
        return (user, erased.Sign(user, erasedAtMs, events));
    }

    /// <summary>Takes an event out; false where the user has none with this key.</summary>
    public bool Remove(string userId, ulong eventKey)
    {
        if (Find(userId) is not { } record || !record.Contains(eventKey, Texts))
            return false;
        snapshot?.BeforeChange(record);
        record.Remove(eventKey, out RecordEvent removed, Texts);
        Published?.Publish(record);
        LastSequence++;
        bool wasLast = !record.HasItem(removed.Item);
        EventCount--;
        PairCount -= wasLast && removed.Item != noItem ? 1 : 0;
        UserCount -= record.Count == 0 ? 1 : 0;
        bool takesLike = Likes(Texts.Types[removed.Type], removed.Value) && (wasLast || (mayDislike && !HasLike(record, removed.Item)));
        Feed(userId, removed, wasLast ? -1 : 0, -1, takesLike ? -1 : 0);
        return true;
    }

    /// <summary>Replaces what the shop has said of a user, who need not have events.</summary>
    public UserRecord Configure(string userId, LoggedSettings settings)
    {
        UserRecord record = GetOrAdd(userId);
        snapshot?.BeforeChange(record);
        OwnRetentions += (settings.EventAgeMax is null ? 0 : 1) - (record.Settings?.EventAgeMax is null ? 0 : 1);
        record.Configure(settings);
        Published?.Publish(record);
        LastSequence++;
        return record;
    }

    /// <summary>Notes that a user's events are to become another user's; that is known after a crash too.</summary>
    public void BeginMerge(string from, string into)
    {
        merging[from] = into;
        LastSequence++;
    }

    /// <summary>Nothing of a merge is left to do.</summary>
    public void EndMerge(string from)
    {
        merging.Remove(from);
        LastSequence++;
    }

    /// <summary>Takes a user out with all events; answers how many those were, −1 for a user not known.</summary>
    /// <param name="userId">The user.</param>
    /// <param name="nowMs">When: milliseconds since 1970-01-01 UTC.</param>
    public int Erase(string userId, long nowMs = 0)
    {
        if (!users.Remove(userId, out UserRecord? record))
            return -1;
        snapshot?.BeforeChange(record);
        Published?.End(userId);
        merging.Remove(userId);
        OwnRetentions -= record.Settings?.EventAgeMax is null ? 0 : 1;
        LastErasure = ++LastSequence;
        var left = new Dictionary<int, int>();
        foreach (RecordEvent e in record)
            left[e.Item] = left.GetValueOrDefault(e.Item) + 1;
        PairCount -= left.Count - (left.ContainsKey(noItem) ? 1 : 0);
        EventCount -= record.Count;
        UserCount -= record.Count > 0 ? 1 : 0;
        var liked = new HashSet<int>();
        foreach (RecordEvent e in record)
        {
            // The first event that likes its item takes back that its user does.
            bool takesLike = Likes(Texts.Types[e.Type], e.Value) && liked.Add(e.Item);
            Feed(userId, e, --left[e.Item] == 0 ? -1 : 0, -1, takesLike ? -1 : 0);
        }
        erased.UseKey(newKey);
        var keys = new List<ulong>(record.Count);
        foreach (RecordEvent e in record)
            keys.Add(Texts.KeyOf(userId, e));
        erased.Add(IdHash.Of(userId), record.Version, nowMs, keys);
        isSortedStale = true;
        return record.Count;
    }

    /// <summary>Does again what a batch did; its records that the state has already are passed over.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="nowMs">Erasures count as made now: their window for late retries begins again.</param>
    public void Replay(LogBatch batch, long nowMs = 0)
    {
        if (batch.FirstSequence > LastSequence + 1)
            throw new InvalidOperationException($"Stream {batch.Stream} goes on with record {batch.FirstSequence}; {LastSequence + 1} was expected.");
        var reader = new UserLogReader(batch.Content.Span);
        for (long sequence = batch.FirstSequence; reader.TryRead(out UserLogRecord logged); sequence++)
        {
            if (sequence <= LastSequence)
                continue;
            switch (logged.Operation)
            {
                case UserLogOperation.Append:
                    Add(GetOrAdd(logged.Event.UserId), logged.Event);
                    break;
                case UserLogOperation.Remove:
                    Remove(logged.Event.UserId, logged.Event.EventKey);
                    break;
                case UserLogOperation.Erase:
                    Erase(logged.Event.UserId, nowMs);
                    break;
                case UserLogOperation.Configure:
                    Configure(logged.Event.UserId, logged.Settings!);
                    break;
                case UserLogOperation.BeginMerge:
                    BeginMerge(logged.Event.UserId, logged.Into!);
                    break;
                case UserLogOperation.EndMerge:
                    EndMerge(logged.Event.UserId);
                    break;
            }
            if (LastSequence != sequence)
                throw new InvalidOperationException($"Record {sequence} of stream {batch.Stream} changes nothing: the log and the state do not belong together.");
        }
    }

    /// <summary>Begins a snapshot of the state as it is now; it stays that while the state goes on. An earlier one that was not ended is given up.</summary>
    public UserShardSnapshotWriter BeginSnapshot() => snapshot = new(new(LastSequence, Texts, users) { Erased = erased, Merging = merging });

    /// <summary>The snapshot that was begun is written, or given up.</summary>
    public void EndSnapshot() => snapshot = null;

    public static UserShardState Read(ReadOnlySpan<byte> snapshot, int itemShardCount, Func<byte[]>? newKey = null, Func<EventTypeRules>? types = null) =>
        new(UserShardSnapshot.Read(snapshot), itemShardCount, newKey, types);

    private void TakeUnkeyedTombstones()
    {
        foreach (string key in users.Keys.Where(key => key[0] == Erased).ToList())
        {
            erased.UseKey(newKey);
            erased.Add(ulong.Parse(key.AsSpan(1), NumberStyles.HexNumber, CultureInfo.InvariantCulture), users[key].Version, 0, []);
            users.Remove(key);
            HadUnkeyedTombstones = true;
        }
    }

    private AppendOutcome Add(UserRecord record, in LoggedEvent e)
    {
        snapshot?.BeforeChange(record);
        int item = Texts.Items.GetOrAdd(e.ItemId);
        bool hasContentKey = e.EventKey == ContentKey.Of(e.UserId, e.ItemId, e.Type, e.SessionId, e.TimeMs, e.Value);
        var entry = new RecordEvent(
            ++LastSequence, item, Texts.Types.GetOrAdd(e.Type), e.SessionId is null ? -1 : Texts.Sessions.GetOrAdd(e.SessionId), e.Value, e.TimeMs,
            e.EventKey, hasContentKey);
        if (e.ItemId == EventRules.NoItem)
            noItem = item;
        bool isFirst = item != noItem && !record.HasItem(item);
        UserCount += record.Count == 0 ? 1 : 0;
        EventCount++;
        PairCount += isFirst ? 1 : 0;
        bool likes = Likes(e.Type, e.Value);
        int likeDelta = likes && (isFirst || (mayDislike && !HasLike(record, item))) ? 1 : 0;
        mayDislike |= !likes;
        record.Append(entry, e.Text);
        Published?.Publish(record);
        Feed(record.UserId, entry, isFirst ? 1 : 0, 1, likeDelta);
        return isFirst ? AppendOutcome.AcceptedPair : AppendOutcome.Accepted;
    }

    private UserRecord GetOrAdd(string userId)
    {
        if (users.TryGetValue(userId, out UserRecord? record))
            return record;
        record = new(erased.Find(userId)?.Version ?? 0, userId);
        users.Add(userId, record);
        added.Add(new(RowKey.Of(userId), record));
        return record;
    }

    /// <summary>Whether some event is of a type that these rules do not have.</summary>
    public bool HasTypesBeside(EventTypeRules rules)
    {
        for (int type = 0; type < Texts.Types.Count; type++)
            if (!rules.TryGet(Texts.Types[type], out _))
                return true;
        return false;
    }

    /// <summary>Distinct items of a user.</summary>
    public int CountItems(UserRecord record) => record.CountItems() - (noItem >= 0 && record.HasItem(noItem) ? 1 : 0);

    private bool Likes(string type, float value) => types().Likes(type, value);

    /// <summary>Whether some event of a user likes an item. O(events of the user).</summary>
    private bool HasLike(UserRecord record, int item)
    {
        foreach (RecordEvent e in record)
            if (e.Item == item && Likes(Texts.Types[e.Type], e.Value))
                return true;
        return false;
    }

    private void Feed(string userId, in RecordEvent e, int userDelta, int eventDelta, int likeDelta)
    {
        if (e.Item == noItem)
            return;
        while (itemShards.Count <= e.Item)
            itemShards.Add(Texts.Items[itemShards.Count] is { Length: > 0 } item ? Buckets.ShardOf(item, itemShardCount) : 0);
        Backlogs[itemShards[e.Item]].Add(new(LastSequence, userId, e.Item, e.Type, e.Value, e.TimeMs, (sbyte)userDelta, (sbyte)eventDelta, (sbyte)likeDelta));
    }
}

/// <summary>One user with the key that rows are ordered by.</summary>
public readonly record struct UserRow(RowKey Key, UserRecord Record);
