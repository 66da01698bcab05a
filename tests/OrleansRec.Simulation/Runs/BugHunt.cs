namespace OrleansRec.Simulation;

/// <summary>How many seeds find a planted bug, and by which check.</summary>
public sealed class BugHunt
{
    private readonly SortedDictionary<string, int> _others = new(StringComparer.Ordinal);
    private readonly List<ulong> _foundBy = [];
    private readonly SeedRange _range = new();

    /// <param name="bug">What is planted.</param>
    public BugHunt(PlantedBug bug) => Bug = bug;

    /// <summary>What is planted.</summary>
    public PlantedBug Bug { get; }

    /// <summary>Seeds run, from 1.</summary>
    public int Seeds => _range.Done;

    /// <summary>Seeds that failed by the bug's own check, in order.</summary>
    public IReadOnlyList<ulong> FoundBy => _foundBy;

    /// <summary>How many seeds failed by each of the other checks.</summary>
    public IReadOnlyDictionary<string, int> Others => _others;

    /// <summary>Runs seeds in order until the bug's own check has found it often enough.</summary>
    /// <param name="seedsMax">How many seeds at most.</param>
    /// <param name="finds">How many finds are enough.</param>
    /// <param name="threads">How many seeds at once.</param>
    /// <param name="cancellation">Gives up.</param>
    public BugHunt Run(int seedsMax, int finds, int threads, CancellationToken cancellation = default)
    {
        _range.Run(1, seedsMax, threads, Bug, result =>
        {
            cancellation.ThrowIfCancellationRequested();
            if (result.Violation?.Check == Bug.Check)
                _foundBy.Add(result.Seed);
            else if (result.Violation is { } other)
                _others[other.Check] = _others.GetValueOrDefault(other.Check) + 1;
            return _foundBy.Count < finds;
        });
        return this;
    }
}
