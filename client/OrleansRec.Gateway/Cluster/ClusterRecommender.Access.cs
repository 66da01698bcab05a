using System.Globalization;
using OrleansRec.Api;
using OrleansRec.Contracts;

namespace OrleansRec.Gateway;

public sealed partial class ClusterRecommender
{
    /// <inheritdoc/>
    public async Task<AccessPage> ListAccessAsync(
        string? userId = null, string? cursor = null, int count = Paging.CountDefault, CancellationToken cancellation = default)
    {
        if (userId is not null)
            ListRules.CheckId("userId", userId);
        if (count is < 1 or > Paging.CountMax)
            throw ListRules.Broken("count", count.ToString(CultureInfo.InvariantCulture), $"must be between 1 and {Paging.CountMax}");
        AccessEntries page = await Ask(() => _grains.AccessLog.Read(new(userId, PlaceOf(cursor), count), cancellation), cancellation).ConfigureAwait(false);
        return new(
            Array.ConvertAll(page.Entries, e => new AccessLook(DateTimeOffset.FromUnixTimeMilliseconds(e.TimeMs), e.KeyId, e.KeyName, e.Verb, e.User)),
            page.Next is { } next ? string.Create(CultureInfo.InvariantCulture, $"{next.Day}-{next.Sequence}") : null);
    }

    private static AccessPlace? PlaceOf(string? cursor)
    {
        if (cursor is null)
            return null;
        return cursor.Split('-') is [var day, var sequence]
            && int.TryParse(day, NumberStyles.None, CultureInfo.InvariantCulture, out int dayNumber)
            && long.TryParse(sequence, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? new AccessPlace(dayNumber, number)
            : throw ListRules.Broken("cursor", cursor, "must be the next of an earlier page");
    }
}
