using System.Text.Json.Nodes;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace OrleansRec.Silo.Storage;

/// <summary>The keys that protect the dashboard's login, in the store like everything durable: under its checksums, in its backups, read by verify.</summary>
/// <remarks>Whoever can read them can make logins, so the store's files are made their owner's alone before the first one is written.</remarks>
/// <param name="folder">The data folder.</param>
internal sealed class FolderProtectionKeys(DataFolder folder) : IXmlRepository
{
    private const string State = "dashboard-keys", Xml = "xml";
    private const string EarlierFolder = "dashboard-keys";

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        TakeOverEarlier();
        return folder.Readers.Read(connection =>
        {
            var keys = new List<XElement>();
            using var rows = connection.Query("SELECT content FROM grain_state WHERE state = $0 ORDER BY grain", State);
            while (rows.Read())
                keys.Add(XElement.Parse(JsonNode.Parse(rows.GetFieldValue<byte[]>(0))![Xml]!.GetValue<string>()));
            return keys;
        }, default).GetAwaiter().GetResult();
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        KeepToOwner();
        byte[] content = System.Text.Encoding.UTF8.GetBytes(new JsonObject { [Xml] = element.ToString(SaveOptions.DisableFormatting) }.ToJsonString());
        folder.Writer.Write(new GrainStateWrite(State, friendlyName, VersionOf(friendlyName), content)).GetAwaiter().GetResult();
    }

    private long? VersionOf(string name) => folder.Readers.Read(
        connection => connection.Number("SELECT etag FROM grain_state WHERE state = $0 AND grain = $1", State, name), default).GetAwaiter().GetResult();

    /// <summary>Products before kept them as files beside the store, which no backup had.</summary>
    private void TakeOverEarlier()
    {
        string earlier = Path.Combine(folder.Path, EarlierFolder);
        if (!Directory.Exists(earlier))
            return;
        foreach (string file in Directory.EnumerateFiles(earlier, "*.xml").Order(StringComparer.Ordinal))
        {
            StoreElement(XElement.Load(file), Path.GetFileNameWithoutExtension(file));
            File.Delete(file);
        }
        Directory.Delete(earlier, recursive: true);
    }

    private void KeepToOwner()
    {
        if (OperatingSystem.IsWindows())
            return;
        foreach (string file in Directory.EnumerateFiles(folder.Path, DataFolder.DatabaseName + "*"))
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
