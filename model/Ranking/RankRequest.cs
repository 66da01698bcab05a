using OrleansRec.Model.Items;
using OrleansRec.Model.Rules;

namespace OrleansRec.Model.Ranking;

/// <summary>What a list is made from, beside its candidates and rules.</summary>
/// <param name="Items">The items; candidates are rows of them.</param>
/// <param name="K">Entries, at most; 1 … 1,000.</param>
/// <param name="Inputs">Time, user and context that expressions read.</param>
/// <exception cref="ArgumentOutOfRangeException">K is out of its range.</exception>
public sealed record RankRequest(ItemColumns Items, int K, RuleInputs Inputs)
{
    /// <summary>Entries of a list, at most.</summary>
    public const int KMax = 1000;

    /// <summary>Entries, at most; 1 … 1,000.</summary>
    public int K { get; } = K is >= 1 and <= KMax ? K : throw new ArgumentOutOfRangeException(nameof(K), K, $"A list has 1 to {KMax} entries.");

    /// <summary>The scenario, which decides what rules apply; null: none.</summary>
    public string? Scenario { get; init; }

    /// <summary>Kinds of items that may appear; an item without one is a "product". Null: all.</summary>
    public IReadOnlyList<string>? Kinds { get; init; }

    /// <summary>One bit a row that must not appear, say because the user has it, shape (⌈n / 64⌉); empty: none.</summary>
    public ReadOnlyMemory<ulong> Excluded { get; init; }

    /// <summary>Rows on the earlier pages of this list, in their order; −1 for an item that is gone.</summary>
    public IReadOnlyList<int> Earlier { get; init; } = [];

    /// <summary>Rows of an earlier list of which a share is kept; null: none.</summary>
    public SteadyRows? Steady { get; init; }

    /// <summary>The row of an item's id, or −1; needed by pins.</summary>
    public Func<string, int>? RowOf { get; init; }

    /// <summary>How often the user was shown the item of a row; needed by fatigue.</summary>
    public Func<int, int>? Impressions { get; init; }

    /// <summary>How alike two rows are, 0 … 1; needed by diversity.</summary>
    public Func<int, int, double>? Similarity { get; init; }

    /// <summary>Decides all chance: the same seed gives the same list.</summary>
    public ulong Seed { get; init; }

    /// <summary>Where bitmaps of rules are kept between requests.</summary>
    public PredicateCache? Cache { get; init; }
}
