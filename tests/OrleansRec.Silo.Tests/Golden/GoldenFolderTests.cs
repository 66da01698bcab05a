using System.Text.Json;
using OrleansRec.Silo.Hosting;
using OrleansRec.Silo.Storage;
using OrleansRec.Silo.Tests.Storage;

namespace OrleansRec.Silo.Tests.Golden;

/// <summary>
/// Goal: a folder that an older product wrote goes on with nothing lost. Method: packed folders, one of each format so far, each left behind by
/// a server that was killed after an import, a training, a few events, a removal and an erasure, with the answers that it gave last.
/// </summary>
public sealed class GoldenFolderTests : IDisposable
{
    private readonly ScratchFolder scratch = new();

    public static TheoryData<int> Formats => [.. Enumerable.Range(1, StoreSchema.FormatVersion - 1)];

    public void Dispose() => scratch.Dispose();

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Open_AFolderOfAnOlderFormat_AnswersAsItsOwnProductDid(int format)
    {
        var expected = GoldenFolder.Unpack(format, scratch["data"]);
        using (var folder = DataFolder.Open(scratch.Options()))
            Assert.Equal(StoreSchema.FormatVersion - format, folder.Notes.Count);
        await using var cluster = await LocalCluster.Open(scratch["data"], Model.TenantId.Default, TestContext.Current.CancellationToken);
        foreach (var (user, answers) in expected.Users)
        {
            var export = await cluster.Recommender.ExportUserAsync(user, default);
            Assert.Equal(answers?.Events.Select(e => e.GetRawText()), export?.Events.Select(Golden));
            if (answers is null)
                continue;
            var list = await cluster.Recommender.RecommendAsync(user, new() { K = answers.List.Length }, default);
            Assert.Equal(answers.List, list.Items.Select(item => item.ItemId));
        }
        var items = await cluster.Recommender.ListItemsAsync(null, 100, default);
        Assert.Equal(expected.Items.Select(item => (item[0], item[1])), items.Items.Select(item => (item.ItemId, item.Title!)));
    }

    [Fact]
    public void Open_AFolderOfAnOlderFormat_TakesEveryEventUserAndItem()
    {
        var expected = GoldenFolder.Unpack(1, scratch["data"]);
        Assert.Equal(41, expected.Users.Count);
        Assert.Null(expected.Users["user 5"]);
        Assert.Equal(353, expected.Users.Values.Sum(user => user?.Events.Length ?? 0));
        Assert.Equal(30, expected.Items.Length);
    }

    /// <summary>An event as the packed answers have it: [event id, item, type, value, time, session].</summary>
    private static string Golden(Api.ExportedEvent e) => JsonSerializer.Serialize(
        new object?[] { e.EventId, e.ItemId, e.Type, e.Value, $"{e.Time:yyyy-MM-ddTHH:mm:sszzz}", e.SessionId },
        new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
