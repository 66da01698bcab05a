using System.Collections.Frozen;

namespace OrleansRec.Model.Reasons;

/// <summary>Sentences that tell a shop's customer why an item is in a list, from one file of templates a language.</summary>
/// <remarks>A template names one item at most, as {0}. Every language has a template of every kind.</remarks>
public static class Sentences
{
    /// <summary>The language where none is asked for.</summary>
    public const string LanguageDefault = "en";

    /// <summary>What is said where nothing better is known of a personal entry.</summary>
    public const string Personal = "personal";

    /// <summary>What is said of an event of a type without a template of its own.</summary>
    public const string Event = "event";

    /// <summary>What is said of an item in the basket.</summary>
    public const string Basket = "basket";

    /// <summary>What is said of the item whose page shows the list.</summary>
    public const string Page = "page";

    private const string Item = "{0}";

    private static readonly Dictionary<string, FrozenDictionary<string, string>> _byLanguage = new(StringComparer.Ordinal)
    {
        [LanguageDefault] = EnglishSentences.Templates, ["de"] = GermanSentences.Templates, ["zh"] = ChineseSentences.Templates,
    };

    /// <summary>The languages, as ISO 639-1 codes.</summary>
    public static IReadOnlyList<string> Languages { get; } = [.. _byLanguage.Keys];

    /// <summary>Kinds of a user's deeds, which name an item: event types, basket and page.</summary>
    public static IReadOnlySet<string> Deeds { get; } = FrozenSet.ToFrozenSet(["purchase", "cart", "like", "rating", "review", "view", "click", Basket, Page, Event]);

    /// <summary>All kinds: deeds, parts of a score and sources of entries.</summary>
    public static IReadOnlySet<string> Kinds { get; } = EnglishSentences.Templates.Keys.ToFrozenSet();

    /// <summary>Whether the templates of a kind name an item.</summary>
    public static bool NamesItem(string kind) => EnglishSentences.Templates.TryGetValue(kind, out string? template) && template.Contains(Item, StringComparison.Ordinal);

    /// <summary>The language that is spoken of those that a caller prefers, the most preferred first: the first that is known, by its part before the hyphen; else the default.</summary>
    /// <param name="preferred">Tags such as de-AT or zh-Hans; not null.</param>
    public static string LanguageOf(IEnumerable<string> preferred)
    {
        ArgumentNullException.ThrowIfNull(preferred);
        foreach (string tag in preferred)
            if (_byLanguage.ContainsKey(tag.Split('-')[0].ToLowerInvariant()))
                return tag.Split('-')[0].ToLowerInvariant();
        return LanguageDefault;
    }

    /// <summary>The sentence of a statement.</summary>
    /// <param name="language">One of <see cref="Languages"/>.</param>
    /// <param name="said">What to say.</param>
    /// <param name="titleOf">Title of an item; null or empty: its id stands for it.</param>
    /// <exception cref="ArgumentException">The language or the kind has no templates.</exception>
    public static string Of(string language, Statement said, Func<string, string?> titleOf)
    {
        ArgumentNullException.ThrowIfNull(titleOf);
        if (!_byLanguage.TryGetValue(language, out FrozenDictionary<string, string>? templates))
            throw new ArgumentException($"Sentences are in {string.Join(", ", Languages)}; got {language}.", nameof(language));
        if (!templates.TryGetValue(said.Kind, out string? template))
            throw new ArgumentException($"There are sentences of {string.Join(", ", Kinds.Order(StringComparer.Ordinal))}; got {said.Kind}.", nameof(said));
        return said.ItemId is { } item ? template.Replace(Item, titleOf(item) is { Length: > 0 } title ? title : item, StringComparison.Ordinal) : template;
    }
}
