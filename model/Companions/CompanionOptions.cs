using OrleansRec.Model.Baskets;
using OrleansRec.Model.Neighbours;

namespace OrleansRec.Model.Companions;

/// <summary>How the models beside a factorisation are built, and their bounds.</summary>
public sealed record CompanionOptions
{
    /// <summary>How item-item neighbours are found; how many are kept follows from <see cref="EntriesMax"/> too.</summary>
    /// <value>Cosine with length power ½ and shrinkage 3, as chosen on both reference splits.</value>
    public NeighbourOptions Neighbours { get; init; } = new() { Shrinkage = 3 };

    /// <summary>How bought-together is found; how many are kept follows from <see cref="EntriesMax"/> too.</summary>
    /// <value>√G², pairs in 3 baskets or more, 100 companions.</value>
    public BasketOptions Together { get; init; } = new();

    /// <summary>Entries of each of the two tables, at most: an item keeps EntriesMax / items, at least 8.</summary>
    /// <value>10 million: 100 neighbours at 100,000 items. 8 bytes each in store, and on each silo.</value>
    public int EntriesMax { get; init; } = 10_000_000;

    /// <summary>Distinct tokens whose weight is kept, the most frequent ones; others weigh as one that no item has.</summary>
    /// <value>1,000,000. 12 bytes each.</value>
    public int TokensMax { get; init; } = 1_000_000;

    /// <summary>λ of the ridge regression from content to factors.</summary>
    /// <value>1 by default; &gt; 0.</value>
    public double RidgeLambda { get; init; } = 1;

    /// <summary>Items that the regression reads, those with the most pairs.</summary>
    /// <value>4,096: the equations take n³/3 operations.</value>
    public int RidgeItemsMax { get; init; } = 4_096;

    /// <summary>After how many days an event counts half in what is trending.</summary>
    /// <value>7 by default; &gt; 0.</value>
    public double TrendingHalfLifeDays { get; init; } = 7;

    /// <summary>Held-out users that blend weights are learned from, at most.</summary>
    /// <value>2,000; fewer where a catalogue is so large that <see cref="ScoresMax"/> does not allow them.</value>
    public int LearnUsersMax { get; init; } = 2_000;

    /// <summary>Users times items that are scored for the learning, at most.</summary>
    /// <value>100 million: about a minute on one core with six parts.</value>
    public long ScoresMax { get; init; } = 100_000_000;

    /// <summary>On fewer held-out users nothing is learned: lists stay those of the factorisation alone.</summary>
    /// <value>50.</value>
    public int LearnUsersMin { get; init; } = 50;

    /// <summary>Events of the users that the learning trains a factorisation and tables of its own on: of a larger shop a sample of users.</summary>
    /// <value>500,000: about half a minute on one core.</value>
    public int LearnEventsMax { get; init; } = 500_000;

    internal int NeighboursOf(int itemCount, int wanted) => (int)Math.Min(wanted, Math.Max(8, EntriesMax / Math.Max(1, (long)itemCount)));
}
