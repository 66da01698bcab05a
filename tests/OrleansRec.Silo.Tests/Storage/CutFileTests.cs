using OrleansRec.Contracts;
using OrleansRec.Silo.Storage;
using OrleansRec.Silo.Storage.Verification;

namespace OrleansRec.Silo.Tests.Storage;

/// <summary>A file of the folder that was cut short or is gone: what was written is read, or the message says that it is not all there.</summary>
public sealed class CutFileTests : IDisposable
{
    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Open_WithAFileCutShort_ReadsWhatWasWrittenOrSaysWhatIsMissing(bool isKilled)
    {
        var (image, written) = await FolderImage.Plant(scratch, isKilled);
        int refused = 0;
        foreach (string file in image.Keys.Where(file => image[file].Length > 0).ToList())
        {
            foreach (int length in Lengths(image[file].Length))
            {
                var cut = new Dictionary<string, byte[]>(image);
                if (length < 0)
                    cut.Remove(file);
                else
                    cut[file] = image[file][..length];
                string where = length < 0 ? $"{file} gone" : $"{file} cut to {length} of {image[file].Length} bytes";
                FolderImage.Restore(cut, scratch["cut"]);
                bool isClean = FolderVerification.Run(scratch["cut"]).IsClean;
                try
                {
                    using var folder = DataFolder.Open(scratch.Options("cut"));
                    Assert.True(written.SequenceEqual(await FolderImage.Contents(folder)), $"{where}: other content is read without a word");
                }
                catch (CorruptStoreException e)
                {
                    Assert.Contains(scratch["cut"], e.Message);
                    Assert.False(isClean, $"{where}: refused, and verify finds nothing");
                    refused++;
                }
            }
        }
        // The store's file at any length but its own, and the log where it holds what the store's file does not.
        Assert.True(refused >= (isKilled ? 12 : 6), $"{refused} cuts were refused.");
    }

    [Fact]
    public async Task Open_WithoutTheWitness_WhereAnOperatorDeletedIt_GoesOnWithoutWhatIsLost()
    {
        var (image, written) = await FolderImage.Plant(scratch, isKilled: true);
        string log = DataFolder.DatabaseName + "-wal";
        image[log] = image[log][..(image[log].Length * 2 / 3)];
        FolderImage.Restore(image, scratch["cut"]);
        var e = Assert.Throws<CorruptStoreException>(() => DataFolder.Open(scratch.Options("cut")));
        Assert.Matches("[0-9]+ frames of acknowledged commits cannot be read.*delete '.*-commits'", e.Message);
        File.Delete(Path.Combine(scratch["cut"], DataFolder.DatabaseName + "-commits"));
        using var folder = DataFolder.Open(scratch.Options("cut"));
        Assert.True((await FolderImage.Contents(folder)).Count < written.Count);
    }

    /// <summary>Gone, empty, a little, cut inside and between pages or frames, and one byte short.</summary>
    private static IEnumerable<int> Lengths(int length) =>
        new[] { -1, 0, 1, 100, length / 3, length / 2, length / 4096 * 4096 - 4096, 32 + (length - 32) / 4120 / 2 * 4120, length - 1 }.Where(n => n >= -1 && n < length).Distinct();
}
