using System.Globalization;
using System.Text;

namespace OrleansRec.Model;

/// <summary>What an event must hold to be accepted, wherever it comes from.</summary>
/// <remarks>
/// An id is any text that has a UTF-8 form of 1 to 256 bytes, control characters included, with one exception: U+0000, which no URL path
/// can carry, so that such a user could never be asked for or erased.
/// </remarks>
public static class EventRules
{
    /// <summary>The largest magnitude of a value.</summary>
    public const double ValueMax = 1e6;

    /// <summary>The smallest value of a type other than rating; smaller ones are noise that float32 sums would lose.</summary>
    public const double ValueMin = 1e-6;

    /// <summary>An event's time may be this far ahead of the clock: clients' clocks are wrong, by a time zone at most.</summary>
    public const long FutureMsMax = 24L * 60 * 60 * 1000;

    /// <summary>Stands in a history for the item of an event that has none, such as a search. No item has this id.</summary>
    public const string NoItem = "\0";

    /// <summary>The text of an event is at most this long.</summary>
    public const int EventTextCharsMax = 2_000;

    /// <summary>Refuses what is not an id; null where it is one.</summary>
    public static RuleViolation? CheckId(string field, string? id)
    {
        if (string.IsNullOrEmpty(id))
            return RuleViolation.Of(field, id, "must not be empty");
        // Every char takes at least one byte, so a long text is refused without being encoded.
        if (id.Length > IdHash.IdBytesMax || (id.Length > IdHash.IdBytesMax / 3 && Encoding.UTF8.GetByteCount(id) > IdHash.IdBytesMax))
            return RuleViolation.Of(field, id, "must be at most 256 bytes of UTF-8");
        if (id.Contains('\0'))
            return RuleViolation.Of(field, id.Replace('\0', '\uFFFD'), "must not hold the character U+0000");
        return IsUnicode(id) ? null : RuleViolation.Of(field, Repair(id), "must be valid Unicode (it holds half of a surrogate pair)");
    }

    /// <summary>Refuses what is not an id, or looks like a mistake (<see cref="IdTexts"/>), in what is written; an id that is asked for or erased is only <see cref="CheckId">checked</see>.</summary>
    /// <param name="field">The field, as callers name it.</param>
    /// <param name="id">The id.</param>
    /// <param name="kept">What is taken although it looks like a mistake.</param>
    public static RuleViolation? CheckNewId(string field, string? id, IdLeniency kept = IdLeniency.None) => CheckId(field, id) ?? IdTexts.Check(field, id!, kept);

    /// <summary>Refuses an event that breaks a rule, naming the first field that does; null where it is fine.</summary>
    /// <param name="userId">Required id.</param>
    /// <param name="itemId">Required id; a search may have none.</param>
    /// <param name="type">Required; one of <paramref name="types"/>.</param>
    /// <param name="value">Null means 1, except for a rating, which needs one.</param>
    /// <param name="timeMs">Milliseconds since 1970-01-01 UTC; null means now.</param>
    /// <param name="sessionId">Null or an id.</param>
    /// <param name="eventId">Null or an id.</param>
    /// <param name="types">The configured types.</param>
    /// <param name="nowMs">The time now.</param>
    /// <param name="text">Null or a text; a search needs one.</param>
    /// <param name="kept">Ids that are taken although they look like a mistake.</param>
    public static RuleViolation? CheckEvent(
        string? userId, string? itemId, string? type, double? value, long? timeMs, string? sessionId, string? eventId,
        EventTypeRules types, long nowMs, string? text = null, IdLeniency kept = IdLeniency.None) =>
        CheckNewId("userId", userId, kept)
        ?? (itemId is null && type == EventTypeRules.Search ? null : CheckNewId("itemId", itemId, kept))
        ?? CheckType(type, types, out EventTypeRule? rule)
        ?? CheckValue(rule!, value)
        ?? CheckTime(timeMs, nowMs)
        ?? (sessionId is null ? null : CheckNewId("sessionId", sessionId, kept | IdLeniency.NullLike))
        ?? (eventId is null ? null : CheckId("eventId", eventId))
        ?? CheckEventText(type!, text);

    private static RuleViolation? CheckEventText(string type, string? text) => text switch
    {
        null => type == EventTypeRules.Search ? RuleViolation.Of("text", null, "must be given for a search") : null,
        "" => RuleViolation.Of("text", text, "must not be empty"),
        _ => ItemRules.CheckText("text", text, EventTextCharsMax),
    };

    private static RuleViolation? CheckType(string? type, EventTypeRules types, out EventTypeRule? rule)
    {
        rule = null;
        return type is not null && types.TryGet(type, out rule) && !rule.IsRetired ? null : RuleViolation.Of("type", type is null || IsUnicode(type) ? type : Repair(type), $"must be one of {types.KnownTypes}");
    }

    private static RuleViolation? CheckValue(EventTypeRule rule, double? value)
    {
        bool isRating = rule.IsRating;
        if (value is not { } v)
            return isRating ? RuleViolation.Of("value", null, "must be given for a rating") : null;
        if (!double.IsFinite(v))
            return RuleViolation.Of("value", Show(v), "must be a finite number");
        if (Math.Abs(v) > ValueMax)
            return RuleViolation.Of("value", Show(v), "must be between -1000000 and 1000000");
        return isRating || v >= ValueMin ? null : RuleViolation.Of("value", Show(v), "must be at least 0.000001 for every type but rating");
    }

    private static RuleViolation? CheckTime(long? timeMs, long nowMs)
    {
        if (timeMs is not { } t)
            return null;
        if (t < 0)
            return RuleViolation.Of("time", Show(t), "must not be before 1970-01-01");
        return t <= nowMs + FutureMsMax ? null : RuleViolation.Of("time", Show(t), "must not be more than one day ahead of now");
    }

    private static string Show(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);

    internal static bool IsUnicode(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (i + 1 >= text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                return false;
            i++;
        }
        return true;
    }

    /// <summary>The text with U+FFFD for each half pair, so that it can be repeated in an answer.</summary>
    internal static string Repair(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
