using OrleansRec.Api;
using OrleansRec.Cli.Import;

namespace OrleansRec.Cli.Export;

/// <summary>Writes the lists of all users, or of the users in a file, to a file: one row for each entry of a list.</summary>
public static class ListExport
{
    /// <summary>Users of the file that are asked for in one request.</summary>
    private const int UsersTogetherMax = 1000;

    private static readonly ExportColumn[] Columns =
    [
        new("userId", ExportKind.Text), new("rank", ExportKind.Whole), new("itemId", ExportKind.Text), new("score", ExportKind.Number), new("source", ExportKind.Text),
        new("modelVersion", ExportKind.Whole), new("historyVersion", ExportKind.Whole),
    ];

    /// <summary>Writes the lists, and returns the number of users and of rows.</summary>
    /// <param name="recommender">Whose.</param>
    /// <param name="options">What each list is to be.</param>
    /// <param name="usersPath">A file of one user id a line; null: all users with events.</param>
    /// <param name="path">The file to write; it must not exist.</param>
    /// <param name="format">jsonl, csv or parquet; null: as the name ends.</param>
    /// <param name="cancellationToken">Gives up; nothing is left.</param>
    /// <exception cref="BadInputException">A file cannot be read or made.</exception>
    public static async Task<(long Users, long Rows)> Run(
        IRecommender recommender, ListOptions options, string? usersPath, string path, string? format, CancellationToken cancellationToken)
    {
        if (usersPath is not null && !File.Exists(usersPath))
            throw new BadInputException("users", usersPath, "must be a file that exists");
        await using var file = await ExportFile.Begin(path, format, Columns, cancellationToken);
        long users = 0;
        foreach (string[]? together in Together(usersPath))
            await foreach (var user in recommender.RecommendManyAsync(QueryOf(options, together), cancellationToken))
            {
                users++;
                foreach (var item in user.List.Items)
                    await file.Write(
                        [user.UserId, (long)item.Rank, item.ItemId, (double)item.Score, item.Source, user.List.ModelVersion, user.List.HistoryVersion], cancellationToken);
            }
        await file.Finish(cancellationToken);
        return (users, file.Rows);
    }

    /// <summary>The users of each request; null stands for all.</summary>
    private static IEnumerable<string[]?> Together(string? usersPath)
    {
        if (usersPath is null)
        {
            yield return null;
            yield break;
        }
        foreach (string[] together in File.ReadLines(usersPath).Where(id => id.Length > 0).Chunk(UsersTogetherMax))
            yield return together;
    }

    private static ManyListsQuery QueryOf(ListOptions options, string[]? userIds) => new()
    {
        UserIds = userIds, K = options.K, Candidates = options.Candidates, Exclude = options.Exclude, IncludeSeen = options.IncludeSeen, Filter = options.Filter,
    };
}
