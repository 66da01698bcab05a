using System.IO.Compression;
using System.Text;
using OrleansRec.Model;
using OrleansRec.Silo.Import;

namespace OrleansRec.Silo.Tests.Import;

/// <summary>Writes a text to a file of its own, imports it, and deletes the file.</summary>
internal static class ImportedText
{
    public static Task<ImportReport> Run(
        string text, ImportFormat format, MemorySink? sink = null, string? columns = null, string type = EventTypeRules.Interaction, int listedMax = 100,
        ReadOptions? options = null) =>
        Run(Encoding.UTF8.GetBytes(text), format, sink, columns, type, listedMax, options);

    public static async Task<ImportReport> Run(
        byte[] content, ImportFormat format, MemorySink? sink = null, string? columns = null, string type = EventTypeRules.Interaction, int listedMax = 100,
        ReadOptions? options = null)
    {
        string path = Path.Combine(Path.GetTempPath(), $"import-{Guid.NewGuid():N}");
        await File.WriteAllBytesAsync(path, content);
        try
        {
            var plan = new ImportPlan(path, format, ImportColumns.Parse(columns), format is ImportFormat.Csv or ImportFormat.Tsv or ImportFormat.JsonLines ? type : null, listedMax) { Read = options ?? ReadOptions.Default };
            return await FileImport.Run(plan, sink ?? new(), EventTypeRules.Default, TimeProvider.System);
        }
        finally
        {
            File.Delete(path);
        }
    }

    public static byte[] Gzip(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(Encoding.UTF8.GetBytes(text));
        return packed.ToArray();
    }
}
