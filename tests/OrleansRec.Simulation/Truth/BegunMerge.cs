using OrleansRec.Contracts;

namespace OrleansRec.Simulation;

/// <summary>A merge that was asked for.</summary>
/// <param name="From">The visitor.</param>
/// <param name="Into">The user.</param>
/// <param name="Before">The visitor's events when it was asked for.</param>
internal sealed record BegunMerge(string From, string Into, IReadOnlyList<HistoryEvent> Before)
{
    /// <summary>Whether it was answered.</summary>
    public bool IsAnswered { get; set; }

    public override string ToString() => $"{From} into {Into}";
}
