using System.Buffers.Binary;
using System.IO.Compression;

namespace OrleansRec.Cli.Import;

/// <summary>Opens a file to read from start to end, unpacking gzip and zip, which its first bytes tell.</summary>
public static class InteractionFile
{
    private const int BufferBytes = 1 << 16;

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="onRead">Told how many bytes of the file, packed as it is, have been read.</param>
    /// <param name="entry">Which file of a zip archive; null where it holds one, or one with a usual name.</param>
    /// <exception cref="BadInputException">There is no such file, it may not be read, it is named .gz and is not gzip, or it is something that cannot be read, such as a workbook.</exception>
    public static Stream Open(string path, Action<long>? onRead = null, string? entry = null)
    {
        var file = OpenPacked(path);
        try
        {
            var kind = KindOf(file);
            if (kind != FileKind.Gzip && file.Length > 0 && path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
                throw new BadInputException("file", path, "must be gzip, as its name says");
            return kind switch
            {
                FileKind.Gzip => new WholeGzipStream(file, onRead),
                FileKind.Zip => ZippedFile.Open(file, entry, onRead),
                _ => new CountedStream(file, () => onRead?.Invoke(file.Position)),
            };
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Opens a file as it lies on the disk.</summary>
    /// <exception cref="BadInputException">There is no such file, or it may not be read.</exception>
    internal static FileStream OpenPacked(string path)
    {
        try
        {
            return new(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes, FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException("file", path, $"must be a file that can be read ({e.Message})", e);
        }
    }

    /// <summary>The kind of a file by its first bytes; the file is at its start again.</summary>
    internal static FileKind KindOf(FileStream file)
    {
        Span<byte> head = stackalloc byte[FileKinds.HeadBytes];
        int length = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        file.Position = 0;
        return FileKinds.Of(head[..length], file.Name);
    }
}

/// <summary>Unpacks gzip and throws at the end where the end is not the file's own.</summary>
/// <remarks>
/// GZipStream takes the end of a cut file for the end of the data. So the trailer is compared: the last four bytes are the
/// length of the last member modulo 2³². Of a file with one member that is the length of everything; otherwise everything is unpacked once more
/// to compare the checksum of as many bytes at the end as the trailer claims.
/// </remarks>
internal sealed class WholeGzipStream(FileStream file, Action<long>? onRead) : CountedStream(
    new GZipStream(file, CompressionMode.Decompress, leaveOpen: false), () => onRead?.Invoke(file.Position))
{
    private const int TrailerBytes = 8;
    private long _length;

    public override int Read(Span<byte> buffer)
    {
        int count;
        try
        {
            count = base.Read(buffer);
        }
        catch (InvalidDataException e)
        {
            throw Broken(e);
        }
        _length += count;
        if (count == 0 && buffer.Length > 0 && !IsWhole())
            throw Broken(null);
        return count;
    }

    private BadInputException Broken(Exception? inner) =>
        new("file", file.Name, "must be a whole gzip file; it is cut short or damaged", inner);

    private bool IsWhole()
    {
        using var again = new FileStream(file.Name, FileMode.Open, FileAccess.Read, FileShare.Read);
        if (again.Length < TrailerBytes)
            return false;
        again.Seek(-TrailerBytes, SeekOrigin.End);
        Span<byte> trailer = stackalloc byte[TrailerBytes];
        again.ReadExactly(trailer);
        uint sum = BinaryPrimitives.ReadUInt32LittleEndian(trailer);
        uint lastLength = BinaryPrimitives.ReadUInt32LittleEndian(trailer[4..]);
        if (lastLength == (uint)_length)
            return true;
        if (lastLength > _length)
            return false;
        again.Position = 0;
        return SumOfLast(again, lastLength) == sum;
    }

    private uint SumOfLast(FileStream packed, uint lastLength)
    {
        using var unpacked = new GZipStream(packed, CompressionMode.Decompress);
        var buffer = new byte[1 << 16];
        long position = 0, start = _length - lastLength;
        uint sum = 0;
        for (int count; (count = unpacked.Read(buffer)) > 0; position += count)
            if (position + count > start)
                sum = Crc32.Append(sum, buffer.AsSpan((int)Math.Max(0, start - position)..count));
        return sum;
    }
}

/// <summary>A stream to read once, that tells after each read.</summary>
internal class CountedStream(Stream inner, Action afterRead) : Stream
{
    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        int count = inner.Read(buffer);
        afterRead();
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
