using System.Globalization;

namespace OrleansRec.Model.Users;

/// <summary>What the settings of a user must hold to be accepted.</summary>
public static class UserSettingRules
{
    /// <summary>At most this many attributes.</summary>
    public const int AttributesMax = 64;

    /// <summary>The longest retention, days.</summary>
    public const double RetentionDaysMax = 36_500;

    /// <summary>Refuses settings that break a rule, naming the first field that does; null where they are fine.</summary>
    /// <param name="attributes">Null, or names that are distinct and not empty, with their values.</param>
    /// <param name="retentionDays">Null, or above 0 and at most <see cref="RetentionDaysMax"/>.</param>
    public static RuleViolation? Check(IReadOnlyList<KeyValuePair<string?, string?>>? attributes, double? retentionDays)
    {
        if (retentionDays is { } days && !(days > 0 && days <= RetentionDaysMax))
            return RuleViolation.Of("retentionDays", days.ToString(CultureInfo.InvariantCulture), $"must be above 0 and at most {RetentionDaysMax}");
        return ItemRules.CheckAttributes(attributes ?? [], AttributesMax);
    }
}
