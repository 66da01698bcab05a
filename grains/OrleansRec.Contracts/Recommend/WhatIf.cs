using Orleans;

namespace OrleansRec.Contracts;

/// <summary>Asks for the list that a user would get with other events, another request or other rules. Nothing of it is stored.</summary>
[GenerateSerializer, Immutable, Alias("rec.what-if")]
public sealed record WhatIf
{
    /// <summary>Events added, at most; and events and items removed, at most.</summary>
    public const int ChangesMax = 1_000;

    /// <summary>Events that come after those of the history, in their order; one whose key the history has adds nothing.</summary>
    [Id(0)] public EventRecord[] Added { get; init; } = [];

    /// <summary>Items whose events are left out.</summary>
    [Id(1)] public string[] RemovedItems { get; init; } = [];

    /// <summary>Keys of events that are left out.</summary>
    [Id(2)] public ulong[] RemovedEvents { get; init; } = [];

    /// <summary>What the real list is asked to be.</summary>
    [Id(3)] public RecommendRequest Request { get; init; } = new();

    /// <summary>What the other list is asked to be; null: the same.</summary>
    [Id(4)] public RecommendRequest? Instead { get; init; }

    /// <summary>Rules of the other list, in the place of the tenant's; null: the tenant's.</summary>
    [Id(5)] public NamedJson[]? Rules { get; init; }
}

/// <summary>The list that a user would get, and the one that the user gets. Both are of one model and one state of the catalogue, unless these change all the time.</summary>
/// <param name="List">What the user would get.</param>
/// <param name="Real">What the user gets.</param>
/// <param name="Added">Events that were new to the history.</param>
/// <param name="Removed">Events of the history that were left out.</param>
[GenerateSerializer, Immutable, Alias("rec.what-if-answer")]
public sealed record WhatIfAnswer(RecommendationList List, RecommendationList Real, int Added, int Removed);
