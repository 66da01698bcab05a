using OrleansRec.Contracts;

namespace OrleansRec.Grains.Users;

/// <summary>The last list of each scenario in a user's visit, of which the next one keeps a share. They are held by the user's grain, so every channel sees the same, and go with it.</summary>
public sealed class SteadyLists(TimeProvider time)
{
    /// <summary>Scenarios whose last list is held; one more takes the place of the one that was used longest ago.</summary>
    public const int ListsMax = 16;

    /// <summary>Without a list of the scenario for this long, a visit has ended. As long as an idle user's grain stays in memory, so that how busy a silo is decides nothing.</summary>
    public static readonly TimeSpan VisitPauseMax = TimeSpan.FromMinutes(10);

    private readonly List<(string Scenario, string[] ItemIds, long At)> _byUse = [];

    /// <summary>Ids of the last list in this visit; null where there is none.</summary>
    public string[]? Last(ListShape? shape) =>
        _byUse.Find(l => l.Scenario == NameOf(shape)) is { ItemIds: { } ids } last && time.GetElapsedTime(last.At) < VisitPauseMax ? ids : null;

    /// <summary>Takes a list that was just shown.</summary>
    public void Keep(ListShape? shape, RecommendationList list)
    {
        Remove(shape);
        _byUse.Insert(0, (NameOf(shape), Array.ConvertAll(list.Items, i => i.ItemId), time.GetTimestamp()));
        if (_byUse.Count > ListsMax)
            _byUse.RemoveAt(ListsMax);
    }

    /// <summary>Ends the visit.</summary>
    public void Forget() => _byUse.Clear();

    private void Remove(ListShape? shape) => _byUse.RemoveAll(l => l.Scenario == NameOf(shape));

    /// <summary>A list without a scenario has a name that no scenario has, because those are not empty.</summary>
    private static string NameOf(ListShape? shape) => shape?.Scenario ?? "";
}
