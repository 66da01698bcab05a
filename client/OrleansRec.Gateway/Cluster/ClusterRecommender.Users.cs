using System.Globalization;
using OrleansRec.Api;
using OrleansRec.Contracts;
using OrleansRec.Model;
using OrleansRec.Model.Users;

namespace OrleansRec.Gateway;

public sealed partial class ClusterRecommender
{
    /// <inheritdoc/>
    public async Task<SimilarUsersAnswer?> SimilarUsersAsync(string userId, int k = 10, CancellationToken cancellation = default)
    {
        ListRules.CheckId("userId", userId);
        if (k is < 1 or > SimilarUsersMax)
            throw ListRules.Broken("k", k.ToString(CultureInfo.InvariantCulture), $"must be a whole number between 1 and {SimilarUsersMax}");
        return await Ask(() => User(userId).SimilarUsers(k, cancellation), cancellation).ConfigureAwait(false) is { } users
            ? new(userId, Array.ConvertAll(users, u => new SimilarUserEntry(u.UserId, u.Similarity, u.SharedItems)))
            : null;
    }

    private const int SimilarUsersMax = 100;

    /// <inheritdoc/>
    public async Task<UserPage> ListUsersAsync(string? cursor = null, int count = Paging.CountDefault, CancellationToken cancellation = default)
    {
        (UserSummary[] users, string? next) = await PageCursor.Read(
            cursor, count, shards.UserShards, shards.OfUser, u => u.UserId,
            (shard, after, most) => Ask(() => UserShard(shard).List(after, most, cancellation), cancellation)).ConfigureAwait(false);
        return new([.. users.Select(u => new UserEntry(u.UserId, u.HistoryVersion, u.Events, u.Items, TimeOf(u.LastTimeMs)))], next);
    }

    /// <inheritdoc/>
    public async Task<UserInfo?> GetUserAsync(string userId, CancellationToken cancellation = default)
    {
        ListRules.CheckId("userId", userId);
        UserProfile? user = await Ask(() => User(userId).GetProfile(cancellation), cancellation).ConfigureAwait(false);
        return user is null ? null : new(
            user.UserId, user.HistoryVersion, user.Events, user.Items, TimeOf(user.FirstTimeMs), TimeOf(user.LastTimeMs), user.ModelVersion, user.Vector,
            AttributesOf(user.Settings), ConsentOf(user.Settings), user.Settings?.EventAgeMax?.TotalDays, user.Portrait?.ToApi());
    }

    /// <inheritdoc/>
    public async Task<PutUserAnswer> PutUserAsync(string userId, UserInput user, CancellationToken cancellation = default)
    {
        ListRules.CheckId("userId", userId);
        KeyValuePair<string?, string?>[]? attributes = user.Attributes?.Select(a => KeyValuePair.Create<string?, string?>(a.Key, a.Value)).ToArray();
        if (UserSettingRules.Check(attributes, user.RetentionDays) is { } violation)
            throw new RecommenderException(ProblemOf.Violation(violation));
        var settings = new UserSettings
        {
            MayPersonalise = user.Consent?.Personalise ?? true, MayStore = user.Consent?.Store ?? true,
            EventAgeMax = user.RetentionDays is { } days ? TimeSpan.FromDays(days) : null,
            Attributes = [.. (user.Attributes ?? []).Select(a => new UserAttribute(a.Key, a.Value))],
        };
        return new((await Ask(() => User(userId).Configure(settings, cancellation), cancellation).ConfigureAwait(false)).HistoryVersion);
    }

    /// <inheritdoc/>
    public async Task<MergedUserAnswer> MergeUserAsync(string userId, string from, CancellationToken cancellation = default)
    {
        ListRules.CheckId("userId", userId);
        ListRules.CheckId("from", from);
        if (from == userId)
            throw ListRules.Broken("from", from, "must be another id than the user's");
        MergeAnswer merged = await Ask(() => User(userId).Merge(from, cancellation), cancellation).ConfigureAwait(false);
        return new(merged.Events, merged.Duplicates, merged.NotStored, merged.HistoryVersion);
    }

    private static Dictionary<string, string> AttributesOf(UserSettings? settings) => (settings?.Attributes ?? []).ToDictionary(a => a.Name, a => a.Value);

    private static ConsentInfo ConsentOf(UserSettings? settings) =>
        settings is null ? new() : new() { Personalise = settings.MayPersonalise, Store = settings.MayStore };

    /// <inheritdoc/>
    public async Task<UserExport?> ExportUserAsync(string userId, CancellationToken cancellation = default)
    {
        ListRules.CheckId("userId", userId);
        UserHistory history = await Ask(() => User(userId).Export(cancellation), cancellation).ConfigureAwait(false);
        return history.Version == 0 ? null : new(history.UserId, history.Version, Array.ConvertAll(history.Events, ToApi),
            AttributesOf(history.Settings), ConsentOf(history.Settings), history.Settings?.EventAgeMax?.TotalDays);

        static ExportedEvent ToApi(HistoryEvent e) =>
            new(
            EventKeys.Format(e.EventKey), e.ItemId == EventRules.NoItem ? null : e.ItemId, e.Type, e.Value, DateTimeOffset.FromUnixTimeMilliseconds(e.TimeMs), e.SessionId,
            e.Text);
    }

    /// <inheritdoc/>
    public async Task<ErasedUserAnswer?> DeleteUserAsync(string userId, CancellationToken cancellation = default)
    {
        ListRules.CheckId("userId", userId);
        EraseAnswer answer = await AskOnce(User(userId).Erase(cancellation), cancellation).ConfigureAwait(false);
        // Also where the user is not found: an erasure that was cut off here is made whole by asking again.
        await Ask(() => _grains.AccessLog.Forget(userId, cancellation), cancellation).ConfigureAwait(false);
        return answer is { Found: true, Receipt: { } receipt }
            ? new(answer.Events, new(receipt.Code, receipt.User, DateTimeOffset.FromUnixTimeMilliseconds(receipt.ErasedAtMs), receipt.Events, DateTimeOffset.FromUnixTimeMilliseconds(receipt.PurgeDueMs)))
            : null;
    }
}
