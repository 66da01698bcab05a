using OrleansRec.Model.Content;
using OrleansRec.Model.Hybrid;
using OrleansRec.Model.Neighbours;
using OrleansRec.Model.Popularity;
using OrleansRec.Model.Sequence.Serving;

namespace OrleansRec.Model.Companions;

/// <summary>How well the blend did beside the factorisation alone, on users whom its weights were not learned from.</summary>
/// <param name="Users">Users.</param>
/// <param name="Hybrid">Mean NDCG@10 of the blend.</param>
/// <param name="Factors">Mean NDCG@10 of the factorisation alone.</param>
public sealed record BlendQuality(int Users, double Hybrid, double Factors)
{
    /// <summary>Whether the blend may take the place of the factorisation alone.</summary>
    public bool IsBetter => Hybrid > Factors;
}

/// <summary>The models beside the factorisation of one version, and how they are blended: built at its training, kept and let go with it.</summary>
/// <remarks>
/// Everything is by row of the version, by token of the catalogue, or by segment of at least <see cref="SegmentRanks.UsersMin"/> users: no user is in it, so the erasure of a user has nothing to look for here. Built from the same histories, catalogue and factors it is the same to the last byte
/// (<see cref="CompanionBuilder"/>); <see cref="CompanionCoding"/> is its form in store, <see cref="CompanionParts"/> makes parts of a score of it.
/// </remarks>
public sealed record ModelCompanion
{
    /// <summary>The name of the factorisation among the parts.</summary>
    public const string Factors = "als";

    /// <summary>The name of the item-item neighbours among the parts.</summary>
    public const string ItemItem = "item-item";

    /// <summary>The name of what is bought together among the parts.</summary>
    public const string BoughtTogether = "bought-together";

    /// <summary>Weights with which a blend is the factorisation alone, score by score.</summary>
    public static BlendWeights FactorsAlone { get; } = new(new Dictionary<string, double> { [Factors] = 1 }, IsScaled: false);

    /// <summary>Weights with which a blend is the sequence model alone.</summary>
    public static BlendWeights SequenceAlone { get; } = new(new Dictionary<string, double> { [SequencePart.PartName] = 1 }, IsScaled: false);

    /// <summary>The weights where nothing was learned, or nothing better.</summary>
    public static BlendWeights DefaultOf(CompanionSequence? sequence) => sequence is { IsAlone: true } ? SequenceAlone : FactorsAlone;

    /// <summary>The version.</summary>
    public required long Version { get; init; }

    /// <summary>The attempt at the training that built it.</summary>
    public required int Attempt { get; init; }

    /// <summary>Rows of the version.</summary>
    public required int ItemCount { get; init; }

    /// <summary>See <see cref="HashOf"/>: of the ids of the version's rows.</summary>
    public required ulong ItemsHash { get; init; }

    /// <summary>Users whose histories were read, and their share of the shop's.</summary>
    public required (int Users, double Share) Read { get; init; }

    /// <summary>Item-item neighbours, row by row.</summary>
    public required NeighbourTable Neighbours { get; init; }

    /// <summary>What is bought together, row by row.</summary>
    public required NeighbourTable Together { get; init; }

    /// <summary>Users who like each item, shape (items).</summary>
    public required int[] Likers { get; init; }

    /// <summary>Events that count as popular, day by day.</summary>
    public required DailyCounts Days { get; init; }

    /// <summary>What users of each segment like most; none where users have no attributes.</summary>
    public SegmentRanks Segments { get; init; } = SegmentRanks.None;

    /// <summary>After how many days an event counts half in what is trending.</summary>
    public required double TrendingHalfLifeDays { get; init; }

    /// <summary>How much each token of the catalogue says.</summary>
    public required TermWeights Terms { get; init; }

    /// <summary>From content to factors, for an item without any event; null where nothing is known of the items.</summary>
    public required ContentFactors? Ridge { get; init; }

    /// <summary>How each part that reads a past weighs it; a part that is not named weighs all of it alike.</summary>
    public required IReadOnlyDictionary<string, HistoryReading> Readings { get; init; }

    /// <summary>How the parts are blended where nothing else is asked for; <see cref="FactorsAlone"/> where nothing was learned, or nothing better.</summary>
    public required BlendWeights Weights { get; init; }

    /// <summary>Turns a score under <see cref="Weights"/> into the probability that an entry is taken; null where nothing was learned.</summary>
    public required Sigmoid? Sigmoid { get; init; }

    /// <summary>What decided on <see cref="Weights"/>; null where nothing was learned.</summary>
    public required BlendQuality? Quality { get; init; }

    /// <summary>How a part reads a past.</summary>
    public HistoryReading ReadingOf(string part) => Readings.TryGetValue(part, out var reading) ? reading : new();

    /// <summary>A hash of ids in their order: what says that a companion belongs to the rows of a version.</summary>
    public static ulong HashOf(ReadOnlySpan<string> itemIds)
    {
        ulong hash = (ulong)itemIds.Length;
        foreach (string id in itemIds)
            hash = IdHash.Mix(hash ^ IdHash.Of(id)) + 1;
        return hash;
    }
}
