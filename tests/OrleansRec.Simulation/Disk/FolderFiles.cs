namespace OrleansRec.Simulation;

/// <summary>
/// The files of a data folder as bytes, by name: what a disk holds of it. Without those that mean nothing after a crash: the lock, its holder, and SQLite's shared memory.
/// </summary>
internal sealed class FolderFiles
{
    private static readonly string[] s_leftOut = [".lock", "-shm", ".pid"];
    private readonly SortedDictionary<string, byte[]> _files = new(StringComparer.Ordinal);

    public IEnumerable<string> Names => _files.Keys;

    /// <summary>What a file holds; empty where it is missing.</summary>
    public byte[] this[string name]
    {
        get => _files.GetValueOrDefault(name) ?? [];
        set => _files[name] = value;
    }

    public static FolderFiles Read(string folder)
    {
        var files = new FolderFiles();
        foreach (var path in Directory.EnumerateFiles(folder).Where(p => !Array.Exists(s_leftOut, end => p.EndsWith(end, StringComparison.Ordinal))))
        {
            // Others have it open, to read and to write.
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            files[Path.GetFileName(path)] = bytes;
        }
        return files;
    }

    /// <summary>Makes a folder of them.</summary>
    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var (name, bytes) in _files)
            File.WriteAllBytes(Path.Combine(folder, name), bytes);
    }
}
