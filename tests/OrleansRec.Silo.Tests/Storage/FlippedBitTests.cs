using OrleansRec.Contracts;
using OrleansRec.Silo.Storage;
using OrleansRec.Silo.Storage.Verification;

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
        var (image, written) = await FolderImage.Plant(scratch, isKilled);
        long length = image.Values.Sum(bytes => (long)bytes.Length);
        var random = new Random(isKilled ? 11 : 12);
        int mended = 0;
        var refusals = new List<string>();
        for (int n = 0; n < positions; n++)
        {
            var (file, place, bit) = Place(image, random.NextInt64(length), random.Next(8));
            string where = $"{file} byte {place} bit {bit}";
            image[file][place] ^= (byte)(1 << bit);
            FolderImage.Restore(image, scratch["flipped"]);
            var report = FolderVerification.Run(scratch["flipped"]);
            Assert.True(report.Findings.Count > 0, $"{where}: not reported");
            try
            {
                using var folder = DataFolder.Open(scratch.Options("flipped"));
                var read = await FolderImage.Contents(folder);
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
        var (image, _) = await FolderImage.Plant(scratch, isKilled);
        FolderImage.Restore(image, scratch["whole"]);
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
        var (image, _) = await FolderImage.Plant(scratch, isKilled: true);
        var random = new Random(3);
        FolderImage.Restore(image, scratch["flipped"]);
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
}
