using System.Buffers.Binary;

namespace OrleansRec.Silo.Tests.Erasure;

/// <summary>The bytes of every file of a data folder, in use or not.</summary>
internal sealed class FolderBytes
{
    private const int PageBytes = 4096, TableLeaf = 13, CellsBeginPlace = 5;

    private readonly List<(string Name, byte[] Bytes)> files;

    public FolderBytes(string folder) => files = [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
        .Where(file => new FileInfo(file).Length > 0).Select(file => (Path.GetRelativePath(folder, file), Read(file)))];

    /// <summary>Where in each file a mark is first found, with what is known of the page.</summary>
    public IEnumerable<string> PlacesOf(byte[] mark) =>
        from file in files let at = file.Bytes.AsSpan().IndexOf(mark) where at >= 0 select $"{file.Name}, byte {at}{PageAround(file.Name, file.Bytes, at)}";

    private static string PageAround(string name, byte[] bytes, int at)
    {
        if (!name.EndsWith(".db", StringComparison.Ordinal))
            return "";
        var page = bytes.AsSpan(at / PageBytes * PageBytes, PageBytes);
        string kind = page[0] == TableLeaf ? $", a leaf whose cells begin at {BinaryPrimitives.ReadUInt16BigEndian(page[CellsBeginPlace..])}" : "";
        return $" (byte {at % PageBytes} of page {at / PageBytes + 1}{kind})";
    }

    private static byte[] Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}
