using System.Globalization;
using OrleansRec.Silo.Storage;
using OrleansRec.Silo.Tests.Golden;

namespace OrleansRec.Silo.Tests.Storage;

/// <summary>A real data folder as bytes, to be damaged and written out again and again.</summary>
internal static class FolderImage
{
    /// <summary>The bytes of each file of a folder, and what a product reads from it.</summary>
    public static async Task<(Dictionary<string, byte[]> Image, List<string> Written)> Plant(ScratchFolder scratch, bool isKilled)
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

    /// <summary>Writes the files into a folder in place of what is there.</summary>
    public static void Restore(Dictionary<string, byte[]> image, string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        foreach (var (file, bytes) in image)
            File.WriteAllBytes(Path.Combine(folder, file), bytes);
    }

    /// <summary>Everything that grains can ask the folder for.</summary>
    public static async Task<List<string>> Contents(DataFolder folder)
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
