using System.Runtime.InteropServices;
using OrleansRec.Contracts;
using OrleansRec.Grains.Serving;
using OrleansRec.Grains.Shop;
using OrleansRec.Model;
using OrleansRec.Model.Hybrid;
using OrleansRec.Model.Sequence.Serving;
using OrleansRec.Model.Sequence.Training;
using OrleansRec.Model.Users;

namespace OrleansRec.Grains.Users;

/// <summary>A user's history and what follows from it: items to leave out, and the folded-in vector of one model. Plain data of one activation.</summary>
/// <remarks>
/// What an event means under the model is looked up once, when it comes; an event more costs one look-up and one solve. An event takes 56 bytes: its type is the rules' string and its
/// item the model's, not the request's, and the list grows by an eighth.
/// </remarks>
public sealed class UserView(string userId, TenantEventTypes types)
{
    /// <summary>The version of a history that nobody has.</summary>
    public const long NotLoaded = -1;

    private const int ReserveMin = 8;

    private readonly List<HeldEvent> events = [];
    private readonly List<int> seenRows = [];
    private Dictionary<int, string>? texts;
    private PublishedModel? model;

    // So many of the events have been looked up under the model.
    private int followed;
    private FoldedUser? folded;
    private readonly KeptEncoding encoded = new();
    private bool isFolded;
    private PastItem[]? past;

    public long Version { get; private set; } = NotLoaded;

    /// <summary>What the shop has said of the user; null where it has said nothing.</summary>
    public UserSettings? Settings { get; private set; }

    /// <summary>Whether lists may follow from the history.</summary>
    public bool MayPersonalise => Settings?.MayPersonalise != false;

    /// <summary>Whether nothing is known of the user: no event, and no attribute.</summary>
    public bool IsBlank => events.Count == 0 && Settings is not { Attributes.Length: > 0 };

    /// <summary>The events, in order of arrival.</summary>
    public HistoryEvent[] Events()
    {
        var copies = new HistoryEvent[events.Count];
        for (int i = 0; i < copies.Length; i++)
        {
            HeldEvent e = events[i];
            copies[i] = new(e.ItemId, e.Type, e.Value, e.TimeMs, e.SessionId, e.EventKey, texts?.GetValueOrDefault(i));
        }
        return copies;
    }

    /// <summary>Items with an event of a type that excludes, each once.</summary>
    public string[] Seen() => [.. events.Where(e => Excludes(e.Type)).Select(e => e.ItemId).Distinct(StringComparer.Ordinal)];

    /// <summary>The rows of <see cref="Seen"/> under a model, some more than once; valid until the next event.</summary>
    public ReadOnlySpan<int> SeenRows(PublishedModel of)
    {
        Follow(of);
        return CollectionsMarshal.AsSpan(seenRows);
    }

    /// <summary>Of <see cref="Seen"/> what is no row of a model.</summary>
    public string[] SeenBeside(PublishedModel of)
    {
        Follow(of);
        return [.. events.Where(e => e.Row < 0 && Excludes(e.Type)).Select(e => e.ItemId).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>What lists may follow from. Without consent the history decides nothing, not even what is left out.</summary>
    public ListInput InputOf(PublishedModel? under)
    {
        if (!MayPersonalise)
            return new(under, null, [], [], Version);
        return new(under, under is null ? null : Fold(under), under is null ? Liked() : Past(under), Seen(), Version)
        {
            Sequence = under?.Sequence is { } sequence ? past => Encode(under, sequence, past) : null,
            UserId = userId, Purchases = Purchases(), Impressions = Impressions(), DeedOf = DeedOf,
            Attributes = (Settings?.Attributes ?? []).DistinctBy(a => a.Name).ToDictionary(a => a.Name, a => a.Value, StringComparer.Ordinal),
        };
    }

    /// <summary>A past where no model says what types of events are worth: each item that the user likes, and the time of its newest event.</summary>
    private PastItem[] Liked()
    {
        var times = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (ref readonly HeldEvent e in CollectionsMarshal.AsSpan(events))
            if (e.ItemId != EventRules.NoItem && types.Current.Likes(e.Type, e.Value))
                times[e.ItemId] = Math.Max(e.TimeMs, times.GetValueOrDefault(e.ItemId, long.MinValue));
        return [.. times.Select(t => new PastItem(t.Key, 1, t.Value))];
    }

    /// <summary>Items that the user has bought, with the moment of every purchase.</summary>
    private (string ItemId, long[] TimesMs)[] Purchases()
    {
        var times = new Dictionary<string, List<long>>(StringComparer.Ordinal);
        foreach (ref readonly HeldEvent e in CollectionsMarshal.AsSpan(events))
        {
            if (e.Type != UserFacts.Purchase || e.ItemId == EventRules.NoItem)
                continue;
            if (!times.TryGetValue(e.ItemId, out List<long>? own))
                times.Add(e.ItemId, own = []);
            own.Add(e.TimeMs);
        }
        return [.. times.Select(t => (t.Key, t.Value.ToArray()))];
    }

    /// <summary>What parts of a score read: each item with its value under a model, and the time of its newest event.</summary>
    public PastItem[] Past(PublishedModel of)
    {
        Follow(of);
        return past ??= PastOf(of);
    }

    private PastItem[] PastOf(PublishedModel of)
    {
        var rows = new Dictionary<string, int>(StringComparer.Ordinal);
        var times = new Dictionary<int, long>();
        var ids = new Dictionary<int, string>();
        var pairs = new PairValues();
        foreach (ref readonly HeldEvent e in CollectionsMarshal.AsSpan(events))
        {
            if (float.IsNaN(e.Amount) || e.ItemId == EventRules.NoItem)
                continue;
            int row = e.Row;
            if (row < 0 && !rows.TryGetValue(e.ItemId, out row))
                rows.Add(e.ItemId, row = of.ItemCount + rows.Count);
            pairs.Add(row, e.Amount, e.TimeMs);
            times[row] = Math.Max(e.TimeMs, times.GetValueOrDefault(row));
            ids[row] = e.ItemId;
        }
        pairs.Reduce(of.Options.EffectivePairValue);
        var items = new PastItem[pairs.Count];
        for (int n = 0; n < items.Length; n++)
            items[n] = new(ids[pairs.Items[n]], pairs.Values[n], times[pairs.Items[n]]);
        Array.Sort(items, UserSignals.InOrder);
        return items;
    }

    /// <summary>The history as the sequence model of a version reads it.</summary>
    private SequenceQuery Encode(PublishedModel of, SequencePart sequence, PastItem[] past)
    {
        Follow(of);
        var chosen = new List<(int, long)>(events.Count);
        foreach (ref readonly HeldEvent e in CollectionsMarshal.AsSpan(events))
            if (e.Row >= 0 && e.Amount > 0)
                chosen.Add((e.Row, e.TimeMs));
        int[] items = [.. SequenceCorpus.InOrder(chosen)];
        return sequence.Query(items, encoded.StateOf(sequence, items), past);
    }

    /// <summary>The type of the event with an item that says most under the model, of equal ones the latest; null where none says anything.</summary>
    private string? DeedOf(string itemId)
    {
        (string? type, float most) = (null, 0);
        foreach (ref readonly HeldEvent e in CollectionsMarshal.AsSpan(events))
            if (e.ItemId == itemId && Math.Abs(e.Amount) >= most)
                (type, most) = (e.Type, Math.Abs(e.Amount));
        return type;
    }

    /// <summary>How often each item was shown, as the shop has told by events.</summary>
    public Dictionary<string, int> Impressions()
    {
        var shown = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (ref readonly HeldEvent e in CollectionsMarshal.AsSpan(events))
            if (e.Type == EventTypeRules.Impression)
                shown[e.ItemId] = shown.GetValueOrDefault(e.ItemId) + 1;
        return shown;
    }

    /// <summary>A view of a history that is nobody's: these events without some, and others behind them; with the same version and settings.</summary>
    /// <param name="question">What is other.</param>
    /// <param name="added">Events that were new.</param>
    /// <param name="removed">Events that were left out.</param>
    public UserView Fork(WhatIf question, out int added, out int removed)
    {
        HashSet<string> items = new(question.RemovedItems, StringComparer.Ordinal);
        HashSet<ulong> keys = [.. question.RemovedEvents];
        List<HistoryEvent> held = [.. Events().Where(e => !items.Contains(e.ItemId) && !keys.Contains(e.EventKey))];
        int left = held.Count;
        HashSet<ulong> known = [.. held.Select(e => e.EventKey)];
        held.AddRange(question.Added.Where(e => known.Add(e.EventKey)).Select(e => new HistoryEvent(e.ItemId, e.Type, e.Value, e.TimeMs, e.SessionId, e.EventKey, e.Text)));
        (added, removed) = (held.Count - left, events.Count - left);
        var fork = new UserView(userId, types);
        fork.Take(new UserHistory(userId, Version, [.. held], Settings));
        return fork;
    }

    public UserHistory ToHistory() => new(userId, Version, Events(), Settings);

    public void Take(UserHistory history)
    {
        Forget();
        Reserve(history.Events.Length);
        foreach (HistoryEvent e in history.Events)
            Hold(e.ItemId, e.Type, e.Value, e.TimeMs, e.SessionId, e.EventKey, e.Text);
        (Version, Settings) = (history.Version, history.Settings);
    }

    /// <summary>Takes what was just appended, where the answer shows that these events are all that is new; else forgets.</summary>
    public void Take(EventRecord[] appended, AppendAnswer answer)
    {
        if (Version != NotLoaded && answer.Accepted == appended.Length && answer.HistoryVersion == Version + appended.Length)
        {
            Reserve(appended.Length);
            foreach (EventRecord e in appended)
                Hold(e.ItemId, e.Type, e.Value, e.TimeMs, e.SessionId, e.EventKey, e.Text);
            Version = answer.HistoryVersion;
        }
        else if (answer.HistoryVersion != Version)
        {
            Forget();
        }
    }

    public void Forget()
    {
        events.Clear();
        seenRows.Clear();
        (model, followed, folded, isFolded, past, texts, Settings) = (null, 0, null, false, null, null, null);
        Version = NotLoaded;
    }

    /// <summary>The user under a model; null where no item of the history has factors.</summary>
    public FoldedUser? Fold(PublishedModel under)
    {
        Follow(under);
        if (isFolded)
            return folded;
        FoldScratch scratch = under.TakeScratch();
        AddPairs(under, scratch.Pairs);
        try
        {
            folded = FoldedUser.Of(under, scratch);
        }
        catch (ArithmeticException)
        {
            // λ is near the rounding of double beside this user's weights, so the user has no vector under this model and gets the popular items.
            folded = null;
        }
        isFolded = true;
        under.Return(scratch);
        return folded;
    }

    /// <summary>The user's pairs under a model, by row.</summary>
    public void AddPairs(PublishedModel under, PairValues pairs)
    {
        Follow(under);
        foreach (ref readonly HeldEvent e in CollectionsMarshal.AsSpan(events))
            if (e.Row >= 0 && !float.IsNaN(e.Amount))
                pairs.Add(e.Row, e.Amount, e.TimeMs);
        pairs.Reduce(under.Options.EffectivePairValue);
        if (under.Options.Objective == Objective.Implicit)
            pairs.DropZeros();
    }

    /// <summary>Looks up what is new under the model; everything where it is another model than before.</summary>
    private void Follow(PublishedModel next)
    {
        if (next == model && followed == events.Count)
            return;
        if (next != model)
        {
            followed = 0;
            seenRows.Clear();
        }
        (model, folded, isFolded, past) = (next, null, false, null);
        foreach (ref HeldEvent e in CollectionsMarshal.AsSpan(events)[followed..])
        {
            e.Row = next.RowOf(e.ItemId);
            e.Amount = next.AmountOf(e.Type, e.Value, e.TimeMs);
            if (e.Row < 0)
                continue;
            e.ItemId = next.Ids[e.Row];
            if (Excludes(e.Type))
                seenRows.Add(e.Row);
        }
        followed = events.Count;
    }

    private void Reserve(int more)
    {
        int needed = events.Count + more;
        if (needed > events.Capacity)
            events.Capacity = Math.Max(needed, events.Capacity + Math.Max(ReserveMin, events.Capacity / 8));
    }

    private void Hold(string itemId, string type, float value, long timeMs, string? sessionId, ulong eventKey, string? text)
    {
        if (text is not null)
            (texts ??= [])[events.Count] = text;
        if (types.Current.TryGet(type, out EventTypeRule? rule))
            type = rule.Type;
        if (events.Count > 0 && events[^1].SessionId == sessionId)
            sessionId = events[^1].SessionId;
        events.Add(new() { ItemId = itemId, Type = type, SessionId = sessionId, EventKey = eventKey, TimeMs = timeMs, Value = value });
    }

    private bool Excludes(string type) => types.Current.TryGet(type, out EventTypeRule? rule) && rule.Excludes;

    /// <summary>An event, and what it is under the model: the item's row or −1, and weight · value, which is NaN where the type says nothing of a taste.</summary>
    private struct HeldEvent
    {
        public string ItemId, Type;
        public string? SessionId;
        public ulong EventKey;
        public long TimeMs;
        public float Value, Amount;
        public int Row;
    }
}
