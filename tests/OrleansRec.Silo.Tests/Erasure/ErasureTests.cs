using OrleansRec.Api;
using OrleansRec.Model;
using OrleansRec.Silo.Hosting;
using OrleansRec.Silo.Storage;
using OrleansRec.Silo.Storage.Verification;
using OrleansRec.Silo.Tests.Storage;

namespace OrleansRec.Silo.Tests.Erasure;

/// <summary>
/// Goal: an erased user is in no byte of the data folder. Method: a user with marks in id, event id, session, item and attribute among others whose rows move
/// and go as well; every file of the folder is searched for each mark in every form that is kept or could be: before, after, and in a backup.
/// </summary>
public sealed class ErasureTests : IDisposable
{
    private const string User = "planted-user-5d0c", Event = "planted-event-88e1", Session = "planted-session-41fa", Item = "planted-item-c7b3", Attribute = "planted-attribute-9a62";

    /// <summary>In the catalogue until the shop deletes it, which is remembered by its id; <see cref="Item"/> is known from the user's events alone.</summary>
    private const string Goods = "goods-17";

    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public async Task Erase_AndPurge_LeavesNoMarkInAnyByteOfTheFolder()
    {
        var none = TestContext.Current.CancellationToken;
        await using (var cluster = await LocalCluster.Open(scratch["data"], TenantId.Default, none))
        {
            await Plant(cluster, none);
            // Its events are in batches, then in a snapshot, then in pages that both have left.
            await Snapshot(cluster);
            await cluster.Recommender.RecordEventsAsync([Planted(3)], null, none);
            Assert.Equal(Marks().Keys, Found("data"));

            await cluster.Recommender.DeleteItemAsync(Goods, none);
            var erased = await cluster.Recommender.DeleteUserAsync(User, none);
            Assert.Equal((21, 21), (erased!.Events, erased.Receipt.Events));
            Assert.Equal(32, erased.Receipt.Code.Length);
            await Snapshot(cluster);
            AssertNoMark("data");

            var late = await cluster.Recommender.RecordEventsAsync([Planted(3), Other("ann", 1000)], null, none);
            Assert.Equal((1, 0, 0), (late.Accepted, late.Duplicates, late.Rejected[0].Index));
            Assert.Null(await cluster.Recommender.ExportUserAsync(User, none));
        }
        AssertNoMark("data");
        DataFolder.Restore(scratch["data"], scratch["backup"]);
        AssertNoMark("backup");
        Assert.True(FolderVerification.Run(scratch["data"]).IsClean);
    }

    [Fact]
    public async Task Erase_ThenRestart_StillRefusesTheRetryAndTakesANewEvent()
    {
        var none = TestContext.Current.CancellationToken;
        await using (var cluster = await LocalCluster.Open(scratch["data"], TenantId.Default, none))
        {
            await Plant(cluster, none);
            await cluster.Recommender.DeleteUserAsync(User, none);
            await Snapshot(cluster);
        }
        await using var again = await LocalCluster.Open(scratch["data"], TenantId.Default, none);
        var late = await again.Recommender.RecordEventsAsync([Planted(7), Planted(100)], null, none);
        Assert.Equal((1, 0), (late.Accepted, late.Rejected[0].Index));
        Assert.Equal("eventId", late.Rejected[0].Field);
        Assert.Single((await again.Recommender.ExportUserAsync(User, none))!.Events);
    }

    private static async Task Plant(LocalCluster cluster, CancellationToken none)
    {
        await cluster.Recommender.PutItemAsync(Goods, new() { Title = "Of one user", Attributes = new() { ["note"] = Attribute } }, none);
        for (int n = 0; n < 20; n++)
        {
            // Alone in its batch, and between others.
            await cluster.Recommender.RecordEventsAsync([Planted(n)], null, none);
            await cluster.Recommender.RecordEventsAsync([.. Enumerable.Range(0, 50).Select(m => Other($"user {m}", n))], null, none);
        }
        await cluster.Recommender.RecordEventsAsync([Planted(50)], null, none);
    }

    private static EventInput Planted(int n) => new() { EventId = $"{Event}-{n}", UserId = User, ItemId = Item, Type = "view", SessionId = Session };

    private static EventInput Other(string user, int n) => new() { EventId = $"{user} {n}", UserId = user, ItemId = $"item {n % 30}", Type = "view", SessionId = $"of {user}" };

    private static async Task Snapshot(LocalCluster cluster)
    {
        for (int shard = 0; shard < cluster.Shards.UserShards; shard++)
            await cluster.Grains.UserShard(shard).Snapshot();
    }

    /// <summary>Each mark with the byte strings that would show it.</summary>
    private static Dictionary<string, byte[][]> Marks() => new()
    {
        ["user"] = Forms(User),
        // Of an event id the folder keeps the key that it hashes to.
        ["event"] = [.. Forms($"{Event}-3"), .. Key(IdHash.Of($"{Event}-3")), .. Forms(EventKeys.Format(IdHash.Of($"{Event}-3")))],
        ["session"] = Forms(Session),
        ["item"] = Forms(Item),
        ["attribute"] = Forms(Attribute),
    };

    private static byte[][] Forms(string text)
    {
        byte[] utf8 = System.Text.Encoding.UTF8.GetBytes(text);
        string[] encoded = [text, Convert.ToHexString(utf8), Convert.ToHexStringLower(utf8), .. Enumerable.Range(0, 3).Select(n => Base64(utf8, n))];
        return [.. encoded.Select(System.Text.Encoding.ASCII.GetBytes), System.Text.Encoding.Unicode.GetBytes(text), System.Text.Encoding.BigEndianUnicode.GetBytes(text), .. Key(IdHash.Of(text))];
    }

    private static byte[][] Key(ulong key)
    {
        byte[] bytes = BitConverter.GetBytes(key), swapped = [.. bytes.Reverse()];
        return [bytes, swapped, System.Text.Encoding.ASCII.GetBytes($"{key:x16}"), System.Text.Encoding.ASCII.GetBytes($"{key:X16}")];
    }

    /// <summary>The middle of its Base64, begun at any of three places in a longer text.</summary>
    private static string Base64(byte[] utf8, int before)
    {
        string whole = Convert.ToBase64String([.. new byte[before], .. utf8]);
        return whole[4..^4];
    }

    private List<string> Found(string name)
    {
        var folder = new FolderBytes(scratch[name]);
        return [.. Marks().Where(mark => mark.Value.Any(form => folder.PlacesOf(form).Any())).Select(mark => mark.Key)];
    }

    private void AssertNoMark(string name)
    {
        var folder = new FolderBytes(scratch[name]);
        string[] places = [.. from mark in Marks() from form in mark.Value from place in folder.PlacesOf(form) select $"{mark.Key} in {place}"];
        Assert.True(places.Length == 0, string.Join("; ", places));
    }
}
