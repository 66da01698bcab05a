using OrleansRec.Api;
using OrleansRec.Contracts;

namespace OrleansRec.Gateway;

public sealed partial class ClusterRecommender
{
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
            user.UserId, user.HistoryVersion, user.Events, user.Items, TimeOf(user.FirstTimeMs), TimeOf(user.LastTimeMs), user.ModelVersion, user.Vector);
    }

    /// <inheritdoc/>
    public async Task<UserExport?> ExportUserAsync(string userId, CancellationToken cancellation = default)
    {
        ListRules.CheckId("userId", userId);
        UserHistory history = await Ask(() => User(userId).Export(cancellation), cancellation).ConfigureAwait(false);
        return history.Version == 0 ? null : new(history.UserId, history.Version, Array.ConvertAll(history.Events, ToApi));

        static ExportedEvent ToApi(HistoryEvent e) =>
            new(EventKeys.Format(e.EventKey), e.ItemId, e.Type, e.Value, DateTimeOffset.FromUnixTimeMilliseconds(e.TimeMs), e.SessionId);
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
