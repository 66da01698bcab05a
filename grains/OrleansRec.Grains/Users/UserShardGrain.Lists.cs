using OrleansRec.Contracts;
using OrleansRec.Grains.Serving;
using OrleansRec.Model;

namespace OrleansRec.Grains.Users;

public sealed partial class UserShardGrain
{
    /// <summary>Users of one answer with lists.</summary>
    public const int BatchUsersMax = 1024;

    /// <summary>Events that one answer with lists reads; a user with more gets an answer alone.</summary>
    public const int BatchEventsMax = 200_000;

    /// <summary>Entries of the lists of one answer, which bounds its bytes.</summary>
    public const int BatchEntriesMax = 100_000;

    public async Task<UserListsAnswer> RecommendMany(UserWindow window, RecommendRequest request, CancellationToken cancellation = default)
    {
        RequestRules.Check(request);
        TenantCopies copies = silo.Of(grains.Tenant);
        PublishedModel? model = await copies.Models.Get(GrainFactory, cancellation);
        await copies.Lists.Refresh(GrainFactory, request.Shape, cancellation);
        await copies.Catalogue.RefreshCounts(GrainFactory, model, cancellation);
        int usersMax = Math.Clamp(BatchEntriesMax / request.K, 1, BatchUsersMax);
        var (histories, rely, isEnd) = window.UserIds is { } userIds ? HistoriesOf(userIds, usersMax) : HistoriesAfter(window.AfterUserId, usersMax);
        // As with Load: what others append while this waits is in no history that was read.
        await log.Shown(rely);
        RecommendationList[] lists = await new ListBatch(copies, new(copies.Catalogue, random), pool).Of(model, histories, request, cancellation);
        var answer = new UserList[lists.Length];
        for (int i = 0; i < answer.Length; i++)
            answer[i] = new(histories[i].UserId, lists[i]);
        return new(answer, isEnd);
    }

    private (UserHistory[] Histories, long Rely, bool IsEnd) HistoriesOf(string[] userIds, int usersMax)
    {
        var histories = new List<UserHistory>(Math.Min(userIds.Length, usersMax));
        long rely = 0;
        for (int events = 0; histories.Count < Math.Min(userIds.Length, usersMax) && events < BatchEventsMax; events += histories[^1].Events.Length)
        {
            string userId = userIds[histories.Count];
            CheckOwned(userId);
            UserRecord? record = state.Find(userId);
            histories.Add(HistoryOf(userId, record));
            rely = Math.Max(rely, record is null ? state.LastErasure : DurabilityOf(record));
        }
        return ([.. histories], rely, histories.Count == userIds.Length);
    }

    private (UserHistory[] Histories, long Rely, bool IsEnd) HistoriesAfter(string? afterUserId, int usersMax)
    {
        IReadOnlyList<UserRow> rows = state.Sorted();
        var histories = new List<UserHistory>();
        long rely = state.LastErasure;
        int row = afterUserId is null ? 0 : FirstAfter(rows, RowKey.Of(afterUserId));
        for (int events = 0; row < rows.Count && histories.Count < usersMax && events < BatchEventsMax; row++)
        {
            UserRecord record = rows[row].Record;
            if (record.Count == 0)
                continue;
            histories.Add(HistoryOf(rows[row].Key.Id, record));
            events += record.Count;
            rely = Math.Max(rely, DurabilityOf(record));
        }
        return ([.. histories], rely, row == rows.Count);
    }
}
