using System.IO.Compression;

namespace OrleansRec.Cli.Import;

/// <summary>Reads one file of a zip archive as it unpacks, and checks its length and checksum at the end.</summary>
internal static class ZippedFile
{
    // Names that data sets give to the file with the interactions, in archives that hold others beside it.
    private static readonly string[] UsualNames = ["ratings.csv", "ratings.dat", "u.data", "events.csv", "UserBehavior.csv", "BX-Book-Ratings.csv", "Ratings.csv"];

    /// <summary>Opens the entry that is asked for, or the only one that can be meant.</summary>
    /// <exception cref="BadInputException">It is no zip archive, holds no such entry, or several of which none is asked for.</exception>
    public static Stream Open(FileStream file, string? entryName, Action<long>? onRead)
    {
        var archive = OpenArchive(file);
        try
        {
            FileKinds.RefuseOffice(archive, file.Name);
            var entry = Choose(archive, entryName, file.Name);
            if (entry.IsEncrypted)
                throw new BadInputException("file", file.Name, $"must not be encrypted: unpack {entry.FullName} first");
            return new EntryStream(archive, entry, file, onRead);
        }
        catch
        {
            archive.Dispose();
            throw;
        }
    }

    private static ZipArchive OpenArchive(FileStream file)
    {
        try
        {
            return new(file, ZipArchiveMode.Read, leaveOpen: false);
        }
        catch (InvalidDataException e)
        {
            throw new BadInputException("file", file.Name, "must be a whole zip archive; it is cut short or damaged", e);
        }
    }

    private static ZipArchiveEntry Choose(ZipArchive archive, string? name, string path)
    {
        ZipArchiveEntry[] files;
        try
        {
            files = [.. archive.Entries.Where(e => e.Name.Length > 0 && e.Name[0] != '.' && !e.FullName.StartsWith("__MACOSX/", StringComparison.Ordinal))];
        }
        catch (InvalidDataException e)
        {
            throw new BadInputException("file", path, "must be a whole zip archive; it is cut short or damaged", e);
        }
        var chosen = name is not null ? [.. files.Where(e => e.FullName == name || e.Name == name)]
            : files.Length == 1 ? files
            : files.Where(e => UsualNames.Contains(e.Name)).ToArray();
        if (chosen.Length == 1)
            return chosen[0];
        string list = string.Join(", ", files.Take(20).Select(e => e.FullName));
        throw new BadInputException("entry", name ?? "", files.Length == 0 ? $"cannot be chosen: {path} holds no file" : $"must name one file of the archive, which holds {list}");
    }

    private sealed class EntryStream(ZipArchive archive, ZipArchiveEntry entry, FileStream file, Action<long>? onRead) : CountedStream(OpenEntry(entry, file.Name), () => onRead?.Invoke(file.Position))
    {
        private long _length;
        private uint _sum;

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
            _sum = Crc32.Append(_sum, buffer[..count]);
            _length += count;
            if (_length > entry.Length || (count == 0 && buffer.Length > 0 && (_length != entry.Length || _sum != entry.Crc32)))
                throw Broken(null);
            return count;
        }

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            if (disposing)
                archive.Dispose();
        }

        private BadInputException Broken(Exception? inner) => new("file", file.Name, "must be a whole zip archive; it is cut short or damaged", inner);

        private static Stream OpenEntry(ZipArchiveEntry entry, string path)
        {
            try
            {
                return entry.Open();
            }
            catch (Exception e) when (e is InvalidDataException or NotSupportedException)
            {
                throw new BadInputException("file", path, "must be a zip archive that .NET can unpack (deflate, no encryption)", e);
            }
        }
    }
}
