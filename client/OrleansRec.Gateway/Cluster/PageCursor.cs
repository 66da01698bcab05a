using System.Buffers.Text;
using System.Globalization;
using System.Text;
using OrleansRec.Api;
using OrleansRec.Model;

namespace OrleansRec.Gateway;

/// <summary>
/// A place in a listing: the id of the last entry before it, in base64url. Its shard follows from the id, so a cursor outlives a change of the number of shards.
/// </summary>
internal static class PageCursor
{
    public static string Of(string lastId) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(lastId));

    /// <summary>Reads a page across shards, in the order of the shards, which is that of the ids' hashes.</summary>
    /// <exception cref="RecommenderException">The cursor or the count breaks a rule.</exception>
    public static async Task<(T[] Entries, string? Next)> Read<T>(
        string? cursor, int count, int shardCount, Func<string, int> shardOf, Func<T, string> idOf, Func<int, string?, int, Task<T[]>> list)
    {
        if (count is < 1 or > Paging.CountMax)
            throw ListRules.Broken("count", count.ToString(CultureInfo.InvariantCulture), $"must be between 1 and {Paging.CountMax}");
        string? after = cursor is null ? null : IdOf(cursor);
        List<T> page = [];
        for (int shard = after is null ? 0 : shardOf(after); shard < shardCount; shard++, after = null)
        {
            // One more than asked for, to know whether there is a next page.
            page.AddRange(await list(shard, after, count + 1 - page.Count).ConfigureAwait(false));
            if (page.Count > count)
                return ([.. page.Take(count)], Of(idOf(page[count - 1])));
        }
        return ([.. page], null);
    }

    private static string IdOf(string cursor)
    {
        try
        {
            string id = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor));
            if (EventRules.CheckId("cursor", id) is null)
                return id;
        }
        catch (FormatException)
        {
        }
        throw ListRules.Broken("cursor", cursor, "must be the next of an earlier page");
    }
}
