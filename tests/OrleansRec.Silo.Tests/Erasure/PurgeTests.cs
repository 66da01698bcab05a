using OrleansRec.Silo.Storage;
using OrleansRec.Silo.Tests.Storage;

namespace OrleansRec.Silo.Tests.Erasure;

/// <summary>
/// Goal: a purge leaves nothing of rows that went, wherever SQLite had put them. Method: batches and snapshots of many lengths, those of one stream full of a mark,
/// until nothing that is kept bears it; then every byte of the folder is searched.
/// </summary>
public sealed class PurgeTests : IDisposable
{
    private const string Marked = "users/1";

    private static readonly string[] streams = ["users/0", Marked, "users/2", "items/0", "items/1"];

    private readonly ScratchFolder scratch = new();

    /// <summary>With free pages filled alone, the first seven leave marks between cells, the eighth one behind the end of a row.</summary>
    public static TheoryData<int> Seeds => [9, 53, 166, 281, 367, 432, 480, 827, .. Enumerable.Range(10, 6)];

    public void Dispose() => scratch.Dispose();

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Purge_AnyHistory_LeavesNothingOfWhatWent(int seed)
    {
        var random = new Random(seed);
        using (var folder = DataFolder.Open(scratch.Options()))
        {
            var log = folder.Log;
            long[] epochs = new long[streams.Length], last = new long[streams.Length];
            for (int s = 0; s < streams.Length; s++)
                epochs[s] = (await log.Open(streams[s])).Epoch;
            int bytesMax = 1 << random.Next(6, 16), writes = random.Next(5, 120);
            for (int n = 0; n < writes; n++)
            {
                int s = random.Next(streams.Length);
                if (random.Next(8) > 0)
                    await log.Append(new(streams[s], epochs[s], ++last[s], 1, Content(streams[s] == Marked, random.Next(bytesMax))));
                else
                    await log.WriteSnapshot(streams[s], epochs[s], last[s], Content(streams[s] == Marked, random.Next(4 * bytesMax)), compact: true);
            }
            await log.WriteSnapshot(Marked, epochs[1], last[1], Content(false, random.Next(4 * bytesMax)), compact: true);
            await log.Purge();
            AssertNoMark();
            for (int s = 0; s < streams.Length; s++)
                Assert.Equal(last[s], (await log.Read(streams[s], 0, int.MaxValue)).LastOrDefault()?.LastSequence ?? (await log.ReadSnapshot(streams[s]))?.ThroughSequence ?? 0);
        }
        AssertNoMark();
    }

    [Theory]
    [InlineData(5_000)]
    [InlineData(20_000)]
    [InlineData(1_100_000)]
    [InlineData(3_000_000)]
    public async Task Purge_StoreTooLargeToBeWrittenAnew_FillsItsFreePagesToTheLastByte(int bytes)
    {
        using var folder = DataFolder.Open(scratch.Options());
        long epoch = (await folder.Log.Open(Marked)).Epoch;
        await folder.Log.WriteSnapshot(Marked, epoch, 0, Content(true, bytes), compact: true);
        await folder.Log.WriteSnapshot(Marked, epoch, 0, Content(false, 100), compact: true);
        await new FreeSpacePurge(folder.Writer, rewriteBytesMax: 0).Run();
        AssertNoMark();
    }

    private void AssertNoMark()
    {
        string[] places = [.. new FolderBytes(scratch["data"]).PlacesOf("planted!"u8.ToArray())];
        Assert.True(places.Length == 0, string.Join("; ", places));
    }

    private static byte[] Content(bool isMarked, int length)
    {
        byte[] content = new byte[length];
        for (int at = 0; at < length; at++)
            content[at] = isMarked ? "planted!"u8[at % 8] : (byte)'.';
        return content;
    }
}
