
namespace OrleansRec.Simulation;

/// <summary>
/// What a seed is about: in one half clients mostly buy and look, in the other they change their minds. While something is being taken back, a model
/// cannot be held against the log, so that each half tries what the other cannot.
/// </summary>
/// <param name="RestingMax">How many of a client's users may rest at the same time before something of theirs is taken back.</param>
/// <param name="Aims">Each blow waits for one of these calls to begin; rare ones are there more than once, so that every fault meets every call.</param>
internal sealed record Temper(int RestingMax, string[] Aims)
{
    private static readonly Temper Steady = new(1,
        ["ingest", "train", "publish", "promote", "promote", "recommend", "explain", "explain", "export", "export", "export", "catalogue", "erase", "scale out", "scale in", "scale in"]);

    private static readonly Temper Regretful = new(3,
        ["train", "publish", "promote", "export", "export", "export", "erase", "erase", "erase", "erase", "remove", "remove", "remove", "remove", "remove", "scale in", "scale in"]);

    public static Temper Of(SimulatedRandom random) => random.Chance(0.5) ? Regretful : Steady;

    /// <summary>Whether a client gives a merge up: until it has ended, no model can be held against the log.</summary>
    public bool GivesUpMerges => this == Regretful;

    /// <summary>Whether a user who has rested is merged into another.</summary>
    /// <param name="how">0 … 21.</param>
    public bool Merges(int how) => this == Steady ? how is 4 or 12 : how is 1 or 4 or 7 or 10 or 12 or 15 or 18;

    /// <summary>What becomes of a user who has rested: whether he is erased, and how many of his events are taken back first.</summary>
    /// <param name="how">0 … 21.</param>
    public (bool ToErase, int ToTakeBack) Undoing(int how) => this == Steady ? (how >= 5, how < 5 ? 1 : 0) : (how >= 8, how < 14 ? 1 + how % 3 : 0);
}
