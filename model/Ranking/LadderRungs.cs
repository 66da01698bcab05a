namespace OrleansRec.Model.Ranking;

/// <summary>Names of the rungs that fill a list where its parts leave it short.</summary>
public static class LadderRungs
{
    /// <summary>Items alike the page's item or the basket.</summary>
    public const string Context = "context";

    /// <summary>Items alike the user's first few items.</summary>
    public const string FirstEvent = "first-event";

    /// <summary>Items liked by most users of the user's segment, by what the version has counted.</summary>
    public const string Segment = "segment";

    /// <summary>Items asked for most, lately, by what the version has counted.</summary>
    public const string Trending = "trending";

    /// <summary>Items liked by most users.</summary>
    public const string Popular = "popular";

    /// <summary>Items that nobody has an event with, the latest first.</summary>
    public const string New = "new";

    /// <summary>Every other item that may appear, by id.</summary>
    public const string Any = "any";

    /// <summary>All rungs, in their usual order.</summary>
    public static IReadOnlyList<string> All { get; } = [Context, FirstEvent, Segment, Trending, Popular, New, Any];

    /// <summary>The rungs of a list without a scenario: a stranger gets what is popular.</summary>
    public static IReadOnlyList<string> Plain { get; } = [Context, FirstEvent, Segment, Popular, New, Any];
}
