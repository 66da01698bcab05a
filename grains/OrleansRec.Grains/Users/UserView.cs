using System.Runtime.InteropServices;
using OrleansRec.Contracts;
using OrleansRec.Grains.Serving;
using OrleansRec.Model;

namespace OrleansRec.Grains.Users;

/// <summary>A user's history and what follows from it: items to leave out, and the folded-in vector of one model. Plain data of one activation.</summary>
/// <remarks>What an event means under the model is looked up once, when it comes; an event more costs one look-up and one solve.</remarks>
public sealed class UserView(string userId, EventTypeRules types)
{
    /// <summary>The version of a history that nobody has.</summary>
    public const long NotLoaded = -1;

    private readonly List<HistoryEvent> events = [];
    private readonly List<ModelEvent> modelEvents = [];
    private PublishedModel? model;
    private readonly List<int> seenRows = [];
    private FoldedUser? folded;
    private bool isFolded;

    public long Version { get; private set; } = NotLoaded;

    public IReadOnlyList<HistoryEvent> Events => events;

    /// <summary>Items with an event of a type that excludes, each once.</summary>
    public string[] Seen() => [.. events.Where(e => Excludes(e.Type)).Select(e => e.ItemId).Distinct(StringComparer.Ordinal)];

    /// <summary>The rows of <see cref="Seen"/> under a model, some more than once; valid until the next event.</summary>
    public ReadOnlySpan<int> SeenRows(PublishedModel of)
    {
        Follow(of);
        return CollectionsMarshal.AsSpan(seenRows);
    }

    public UserHistory ToHistory() => new(userId, Version, [.. events]);

    public void Take(UserHistory history)
    {
        Forget();
        events.AddRange(history.Events);
        Version = history.Version;
    }

    /// <summary>Takes what was just appended, where the answer shows that these events are all that is new; else forgets.</summary>
    public void Take(EventRecord[] appended, AppendAnswer answer)
    {
        if (Version != NotLoaded && answer.Accepted == appended.Length && answer.HistoryVersion == Version + appended.Length)
        {
            foreach (EventRecord e in appended)
                events.Add(new(e.ItemId, e.Type, e.Value, e.TimeMs, e.SessionId, e.EventKey));
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
        modelEvents.Clear();
        seenRows.Clear();
        (model, folded, isFolded) = (null, null, false);
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
        foreach (ref readonly ModelEvent e in CollectionsMarshal.AsSpan(modelEvents))
            if (e.Row >= 0)
                pairs.Add(e.Row, e.Value, e.TimeMs);
        pairs.Reduce(under.Options.EffectivePairValue);
        if (under.Options.Objective == Objective.Implicit)
            pairs.DropZeros();
    }

    /// <summary>Looks up what is new under the model; everything where it is another model than before.</summary>
    private void Follow(PublishedModel next)
    {
        if (next == model && modelEvents.Count == events.Count)
            return;
        if (next != model)
        {
            modelEvents.Clear();
            seenRows.Clear();
        }
        (model, folded, isFolded) = (next, null, false);
        for (int i = modelEvents.Count; i < events.Count; i++)
        {
            HistoryEvent e = events[i];
            int row = next.RowOf(e.ItemId);
            modelEvents.Add(new(row, next.WeightOf(e.Type) * e.Value, e.TimeMs));
            if (row >= 0 && Excludes(e.Type))
                seenRows.Add(row);
        }
    }

    private bool Excludes(string type) => types.TryGet(type, out EventTypeRule? rule) && rule.Excludes;

    /// <summary>An event under a model: the item's row or −1, and weight · value.</summary>
    private readonly record struct ModelEvent(int Row, float Value, long TimeMs);
}
