using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansRec.Model.Ranking;

/// <summary>What a rule does to a list.</summary>
[JsonConverter(typeof(CamelCaseConverter<RuleKind>))]
public enum RuleKind
{
    /// <summary>Keeps only the items for which <see cref="ListRule.When"/> holds.</summary>
    Filter,

    /// <summary>Lets at most <see cref="ListRule.Most"/> items of one value of <see cref="ListRule.Field"/> into a list.</summary>
    Cap,

    /// <summary>Puts <see cref="ListRule.Item"/> at <see cref="ListRule.Position"/>.</summary>
    Pin,

    /// <summary>Raises scores by <see cref="ListRule.Factor"/> or <see cref="ListRule.Addend"/>.</summary>
    Boost,

    /// <summary>Lowers scores by <see cref="ListRule.Factor"/> or <see cref="ListRule.Addend"/>.</summary>
    Bury,

    /// <summary>Lowers scores by <see cref="ListRule.PerImpression"/> for every time that the user was shown the item.</summary>
    Fatigue,

    /// <summary>Gives the items for which <see cref="ListRule.When"/> holds a <see cref="ListRule.Share"/> of the places.</summary>
    Promote,

    /// <summary>Gives the items for which <see cref="ListRule.When"/> holds a <see cref="ListRule.Share"/> of the attention, which falls with the position.</summary>
    Floor,

    /// <summary>Fills <see cref="ListRule.Positions"/>, with <see cref="ListRule.Probability"/>, by chance.</summary>
    Exploration,

    /// <summary>Trades score for being unlike the items before, by <see cref="ListRule.Lambda"/>.</summary>
    Diversity,
}

/// <summary>What a cap counts.</summary>
[JsonConverter(typeof(CamelCaseConverter<CapScope>))]
public enum CapScope
{
    /// <summary>The items of one page.</summary>
    Page,

    /// <summary>The items of all pages of a list so far.</summary>
    List,
}

/// <summary>Names of an enumeration as JSON has names: "filter", never a number.</summary>
/// <typeparam name="T">The enumeration.</typeparam>
public sealed class CamelCaseConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where T : struct, Enum;
