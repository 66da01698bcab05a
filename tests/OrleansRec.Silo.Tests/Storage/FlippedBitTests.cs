using System.Globalization;
using OrleansRec.Contracts;
using OrleansRec.Silo.Storage;
using OrleansRec.Silo.Storage.Verification;
using OrleansRec.Silo.Tests.Golden;

namespace OrleansRec.Silo.Tests.Storage;

/// <summary>
/// Goal: no flipped bit anywhere in a data folder is read as data. Method: a real folder, once as it is after a clean stop and once as a killed process
/// leaves it, with one bit flipped at positions drawn over all of its bytes: verify reports each, and opening it ends in what was written or in a message.
/// The folders have no free pages, so there is no byte of which nothing need be said.
/// </summary>
public sealed class FlippedBitTests : IDisposable
{
    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    [Theory]
    [InlineData(false, 300)]
    [InlineData(true, 1000)]
    public async Task Open_WithAFlippedBit_ReadsWhatWasWrittenOrSaysWhatIsWrong(bool isKilled, int positions)
    {
        var (image, written) = await Plant(isKilled);
        long length = image.Values.Sum(bytes => (long)bytes.Length);
        var random = new Random(isKilled ? 11 : 12);
        int mended = 0;
        var refusals = new List<string>();
        for (int n = 0; n < positions; n++)
        {
            var (file, place, bit) = Place(image, random.NextInt64(length), random.Next(8));
            string where = $"{file} byte {place} bit {bit}";
            image[file][place] ^= (byte)(1 << bit);
            Restore(image, "flipped");
            var report = FolderVerification.Run(scratch["flipped"]);
            Assert.True(report.Findings.Count > 0, $"{where}: not reported");
            try
            {
                using var folder = DataFolder.Open(scratch.Options("flipped"));
                var read = await Contents(folder);
                Assert.True(written.SequenceEqual(read), $"{where}: other content is read without a word");
                mended++;
            }
            catch (Exception e) when (e is CorruptStoreException or DataFolderRefusedException)
            {
                refusals.Add($"{where}: {e.Message}");
            }
            image[file][place] ^= (byte)(1 << bit);
        }
        TestContext.Current.SendDiagnosticMessage($"{positions} flips in {length} bytes: {mended} mended, {refusals.Count} refused with a message.");
        // A single bit is always found again by the sums of its page or frame.
        Assert.Empty(refusals);
        Assert.Equal(positions, mended);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Verify_OfAWholeFolder_IsCleanAndChangesNothing(bool isKilled)
    {
        var (image, _) = await Plant(isKilled);
        Restore(image, "whole");
        var report = FolderVerification.Run(scratch["whole"]);
        Assert.Empty(report.Findings);
        Assert.True(report.Rows > 20, $"{report.Rows} rows were read.");
        Assert.Equal(isKilled, report.LogFrames > 0);
        foreach (var (file, bytes) in image)
            Assert.True(bytes.AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(scratch["whole"], file))), $"verify changed {file}");
    }

    [Fact]
    public async Task Repair_AfterFlippedBits_PutsEveryByteBack()
    {
        var (image, _) = await Plant(isKilled: true);
        var random = new Random(3);
        Restore(image, "flipped");
        foreach (string file in (string[])[DataFolder.DatabaseName, DataFolder.DatabaseName + "-wal"])
        {
            byte[] bytes = [.. image[file]];
            // One in each of three pages or frames: two in one are not told apart.
            foreach (int part in (int[])[0, 1, 2])
                bytes[bytes.Length / 3 * part + random.Next(4000)] ^= 8;
            File.WriteAllBytes(Path.Combine(scratch["flipped"], file), bytes);
        }
        Assert.False(FolderVerification.Run(scratch["flipped"]).IsClean);
        FolderVerification.Run(scratch["flipped"], repair: true);
        Assert.True(FolderVerification.Run(scratch["flipped"]).IsClean);
        Assert.Equal(image[DataFolder.DatabaseName + "-wal"], File.ReadAllBytes(Path.Combine(scratch["flipped"], DataFolder.DatabaseName + "-wal")));
    }

    /// <summary>The bytes of each file of a folder, and what a product reads from it.</summary>
    private async Task<(Dictionary<string, byte[]> Image, List<string> Written)> Plant(bool isKilled)
    {
        GoldenFolder.Unpack(1, scratch["data"]);
        DataFolder.Open(scratch.Options()).Dispose();
        using var folder = DataFolder.Open(scratch.Options());
        var opening = await folder.Log.Open("model/7/0");
        for (int n = 1; n <= 30; n++)
            await folder.Log.Append(new("model/7/0", opening.Epoch, n, 1, new byte[n * 37]));
        var written = await Contents(folder);
        Assert.Equal(0L, await folder.Readers.Read(connection => connection.Number("PRAGMA freelist_count"), default));
        if (!isKilled)
            folder.Dispose();
        var image = Directory.GetFiles(scratch["data"]).Where(path => !path.EndsWith("-shm", StringComparison.Ordinal))
            .ToDictionary(path => Path.GetFileName(path)!, ReadShared);
        Assert.Equal(isKilled, image.ContainsKey(DataFolder.DatabaseName + "-wal"));
        return (image, written);
    }

    private static byte[] ReadShared(string path)
    {
        // The lock file is empty and cannot be opened by a second reader.
        if (new FileInfo(path).Length == 0)
            return [];
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    private static (string File, long Place, int Bit) Place(Dictionary<string, byte[]> image, long place, int bit)
    {
        foreach (var (file, bytes) in image.OrderBy(file => file.Key, StringComparer.Ordinal))
        {
            if (place < bytes.Length)
                return (file, place, bit);
            place -= bytes.Length;
        }
        throw new ArgumentOutOfRangeException(nameof(place));
    }

    private void Restore(Dictionary<string, byte[]> image, string name)
    {
        if (Directory.Exists(scratch[name]))
            Directory.Delete(scratch[name], recursive: true);
        Directory.CreateDirectory(scratch[name]);
        foreach (var (file, bytes) in image)
            File.WriteAllBytes(Path.Combine(scratch[name], file), bytes);
    }

    /// <summary>Everything that grains can ask the folder for.</summary>
    private static async Task<List<string>> Contents(DataFolder folder)
    {
        var contents = new List<string>();
        string[] streams = await folder.Readers.Read(connection => Column(connection, "SELECT name FROM stream ORDER BY name"), default);
        foreach (string stream in streams)
        {
            long after = 0;
            while (await folder.Log.Read(stream, after, 1 << 20) is { Count: > 0 } batches)
            {
                contents.AddRange(batches.Select(b => string.Create(CultureInfo.InvariantCulture, $"{stream} {b.FirstSequence} {b.RecordCount} {Convert.ToHexString(b.Content.Span)}")));
                after = batches[^1].LastSequence;
            }
            if (await folder.Log.ReadSnapshot(stream) is { } snapshot)
                contents.Add(string.Create(CultureInfo.InvariantCulture, $"{stream} through {snapshot.ThroughSequence} {Convert.ToHexString(snapshot.Content.Span)}"));
        }
        contents.AddRange(await folder.Readers.Read(
            connection => Column(connection, "SELECT state || ' ' || grain || ' ' || etag || ' ' || hex(content) FROM grain_state ORDER BY 1"), default));
        contents.Add($"{folder.Shards}");
        return contents;
    }

    private static string[] Column(StoreConnection connection, string sql)
    {
        using var rows = connection.Query(sql);
        var values = new List<string>();
        while (rows.Read())
            values.Add(rows.GetString(0));
        return [.. values];
    }
}
