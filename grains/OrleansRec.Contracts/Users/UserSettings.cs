using Orleans;

namespace OrleansRec.Contracts;

/// <summary>What a shop has said of a user besides events; see <c>UserSettingRules</c> for the bounds.</summary>
[GenerateSerializer, Immutable, Alias("rec.user-settings")]
public sealed record UserSettings
{
    /// <summary>Of a user of whom nothing was said.</summary>
    public static readonly UserSettings None = new();

    /// <summary>Whether lists may follow from the user's history. False: the user gets what a stranger gets.</summary>
    [Id(0)] public bool MayPersonalise { get; init; } = true;

    /// <summary>Whether events of the user are kept. False: they are answered as not stored.</summary>
    [Id(1)] public bool MayStore { get; init; } = true;

    /// <summary>Older events go; null: as the shard's options have it.</summary>
    [Id(2)] public TimeSpan? EventAgeMax { get; init; }

    /// <summary>Whatever the shop knows of the user.</summary>
    [Id(3)] public UserAttribute[] Attributes { get; init; } = [];
}

/// <summary>A name and a value.</summary>
[GenerateSerializer, Immutable, Alias("rec.user-attribute")]
public readonly record struct UserAttribute(string Name, string Value);

/// <summary>The history version after a change of the settings.</summary>
[GenerateSerializer, Immutable, Alias("rec.configure-answer")]
public sealed record ConfigureAnswer(long HistoryVersion);

/// <summary>What a merge has done.</summary>
/// <param name="Events">Events that have become the user's.</param>
/// <param name="Duplicates">Events that the user had already, or that were erased with the user.</param>
/// <param name="NotStored">Events that went because nothing of the user is to be kept.</param>
/// <param name="HistoryVersion">The user's history version after it.</param>
[GenerateSerializer, Immutable, Alias("rec.merge-answer")]
public sealed record MergeAnswer(int Events, int Duplicates, int NotStored, long HistoryVersion);

/// <summary>Some of the events that are to become another user's.</summary>
/// <param name="Events">The oldest to arrive first; empty where none are left, and the merge is over.</param>
[GenerateSerializer, Immutable, Alias("rec.released-events")]
public sealed record ReleasedEvents(HistoryEvent[] Events);
