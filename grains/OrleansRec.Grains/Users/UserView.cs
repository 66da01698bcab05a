using OrleansRec.Contracts;
using OrleansRec.Grains.Serving;
using OrleansRec.Model;

namespace OrleansRec.Grains.Users;

/// <summary>A user's history and what follows from it: items to leave out, and the folded-in vector of one model. Plain data of one activation.</summary>
public sealed class UserView(string userId, EventTypeRules types)
{
    /// <summary>The version of a history that nobody has.</summary>
    public const long NotLoaded = -1;

    private readonly List<HistoryEvent> events = [];
    private readonly PairValues pairs = new();
    private string[]? seen;
    private FoldedUser? folded;

    public long Version { get; private set; } = NotLoaded;

    public IReadOnlyList<HistoryEvent> Events => events;

    /// <summary>Items with an event of a type that excludes, each once.</summary>
    public string[] Seen => seen ??= [.. events
        .Where(e => types.TryGet(e.Type, out EventTypeRule? rule) && rule.Excludes)
        .Select(e => e.ItemId)
        .Distinct(StringComparer.Ordinal)];

    public UserHistory ToHistory() => new(userId, Version, [.. events]);

    public void Take(UserHistory history)
    {
        events.Clear();
        events.AddRange(history.Events);
        Changed(history.Version);
    }

    /// <summary>Takes what was just appended, where the answer shows that these events are all that is new; else forgets.</summary>
    public void Take(EventRecord[] appended, AppendAnswer answer)
    {
        if (Version != NotLoaded && answer.Accepted == appended.Length && answer.HistoryVersion == Version + appended.Length)
        {
            foreach (EventRecord e in appended)
                events.Add(new(e.ItemId, e.Type, e.Value, e.TimeMs, e.SessionId, e.EventKey));
            Changed(answer.HistoryVersion);
        }
        else if (answer.HistoryVersion != Version)
        {
            Forget();
        }
    }

    public void Forget()
    {
        events.Clear();
        Changed(NotLoaded);
    }

    /// <summary>The user under a model; null where no item of the history has factors.</summary>
    public FoldedUser? Fold(PublishedModel model)
    {
        if (folded?.Model == model)
            return folded.Rows.Length == 0 ? null : folded;
        pairs.Clear();
        foreach (HistoryEvent e in events)
            if (model.RowOf(e.ItemId) is >= 0 and int row)
                pairs.Add(row, model.WeightOf(e.Type) * e.Value, e.TimeMs);
        pairs.Reduce(model.Options.EffectivePairValue);
        if (model.Options.Objective == Objective.Implicit)
            pairs.DropZeros();
        folded = FoldedUser.Of(model, pairs);
        return folded.Rows.Length == 0 ? null : folded;
    }

    private void Changed(long version)
    {
        Version = version;
        seen = null;
        folded = null;
    }
}
