using System.Globalization;

namespace OrleansRec.Model.Items;

/// <summary>What the details of a catalogue record must hold to be accepted.</summary>
public static class ItemDetailRules
{
    /// <summary>At most this many tags.</summary>
    public const int TagsMax = 64;

    /// <summary>A description is at most this long.</summary>
    public const int TextCharsMax = 20_000;

    /// <summary>A URL is at most this long.</summary>
    public const int UrlCharsMax = 2_048;

    /// <summary>The highest rating.</summary>
    public const double RatingMax = 1_000;

    /// <summary>At most this many vectors on one item.</summary>
    public const int VectorsMax = 8;

    /// <summary>At most this many names of vectors in one tenant.</summary>
    public const int VectorNamesMax = 64;

    /// <summary>A vector has at most this many numbers.</summary>
    public const int VectorLengthMax = 4_096;

    /// <summary>Refuses details that break a rule, naming the first field that does; null where they are fine.</summary>
    /// <param name="details">The details; the kind is not looked at.</param>
    /// <remarks>That a name of vectors has one length within a tenant is checked where the tenant's names are known.</remarks>
    public static RuleViolation? Check(LoggedDetails details) =>
        CheckShort("brand", details.Brand)
        ?? CheckRating(details.Rating)
        ?? CheckTags(details.Tags)
        ?? (details.Group is null ? null : EventRules.CheckId("group", details.Group))
        ?? CheckWindow(details.FromMs, details.UntilMs)
        ?? (details.Text is null ? null : ItemRules.CheckText("text", details.Text, TextCharsMax))
        ?? CheckUrl("url", details.Url)
        ?? CheckUrl("imageUrl", details.ImageUrl)
        ?? CheckVectors(details.Vectors);

    /// <summary>The kind of a name, or why there is none.</summary>
    /// <param name="name">Null means product.</param>
    /// <param name="kind">The kind.</param>
    public static RuleViolation? ReadKind(string? name, out ItemKind kind)
    {
        kind = ItemKinds.Parse(name) ?? ItemKind.Product;
        return ItemKinds.Parse(name) is null
            ? RuleViolation.Of("kind", EventRules.Repair(name!), $"must be one of {string.Join(", ", ItemKinds.Names)}")
            : null;
    }

    private static RuleViolation? CheckShort(string field, string? text) =>
        text is null ? null : text.Length == 0 ? RuleViolation.Of(field, text, "must not be empty") : ItemRules.CheckText(field, text, ItemRules.TextCharsMax);

    private static RuleViolation? CheckRating(double? rating) =>
        rating is not { } r || r is >= 0 and <= RatingMax
            ? null
            : RuleViolation.Of("rating", r.ToString(CultureInfo.InvariantCulture), $"must be a finite number of 0 to {RatingMax}");

    private static RuleViolation? CheckTags(IReadOnlyList<string> tags)
    {
        if (tags.Count > TagsMax)
            return RuleViolation.Of("tags", $"{tags.Count} tags", $"must be at most {TagsMax}");
        var seen = new HashSet<string>(tags.Count);
        foreach (string? tag in tags)
        {
            if (string.IsNullOrEmpty(tag))
                return RuleViolation.Of("tags", tag, "must not hold an empty tag");
            if (ItemRules.CheckText("tags", tag, ItemRules.TextCharsMax) is { } violation)
                return violation;
            if (!seen.Add(tag))
                return RuleViolation.Of("tags", tag, "must not hold a tag twice");
        }
        return null;
    }

    private static RuleViolation? CheckWindow(long? fromMs, long? untilMs)
    {
        if (fromMs < 0)
            return RuleViolation.Of("from", fromMs.Value.ToString(CultureInfo.InvariantCulture), "must not be before 1970-01-01");
        if (untilMs < 0)
            return RuleViolation.Of("until", untilMs.Value.ToString(CultureInfo.InvariantCulture), "must not be before 1970-01-01");
        return fromMs >= untilMs ? RuleViolation.Of("until", untilMs.Value.ToString(CultureInfo.InvariantCulture), "must be after from") : null;
    }

    /// <summary>A page shows what it is given: a scheme such as javascript would run there.</summary>
    private static RuleViolation? CheckUrl(string field, string? url)
    {
        if (url is null)
            return null;
        if (ItemRules.CheckText(field, url, UrlCharsMax) is { } violation)
            return violation;
        bool isUrl = url.StartsWith('/') || url.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || url.StartsWith("http://", StringComparison.OrdinalIgnoreCase);
        return isUrl && !url.AsSpan().ContainsAny(' ', '\r', '\n')
            ? null
            : RuleViolation.Of(field, url, "must begin with https://, http:// or /, and hold no space");
    }

    private static RuleViolation? CheckVectors(IReadOnlyList<LoggedVector> vectors)
    {
        if (vectors.Count > VectorsMax)
            return RuleViolation.Of("vectors", $"{vectors.Count} vectors", $"must be at most {VectorsMax}");
        foreach (var (name, values) in vectors)
        {
            if (EventRules.CheckId("vectors", name) is { } violation)
                return violation;
            if (values is null || values.Length is 0 or > VectorLengthMax)
                return RuleViolation.Of($"vectors.{name}", $"{values?.Length ?? 0} numbers", $"must hold 1 to {VectorLengthMax} numbers");
            foreach (float value in values)
                if (!float.IsFinite(value))
                    return RuleViolation.Of($"vectors.{name}", value.ToString(CultureInfo.InvariantCulture), "must hold finite numbers");
        }
        return null;
    }
}
