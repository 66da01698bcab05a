using System.Xml.Linq;
using OrleansRec.Silo.Storage;
using OrleansRec.Silo.Storage.Verification;

namespace OrleansRec.Silo.Tests.Storage;

/// <summary>Goal: logins outlive a restore. Method: keys stored, read by another opening, from a backup, and from the files of a product before.</summary>
public sealed class FolderProtectionKeysTests : IDisposable
{
    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public async Task StoreElement_ThenBackup_IsInBothAndVerified()
    {
        using (DataFolder folder = Open("data"))
        {
            var keys = new FolderProtectionKeys(folder);
            Assert.Empty(keys.GetAllElements());
            keys.StoreElement(new XElement("key", "first"), "key-1");
            keys.StoreElement(new XElement("key", "second"), "key-2");
            keys.StoreElement(new XElement("key", "first again"), "key-1");
            await folder.Backup(scratch["backup"], TestContext.Current.CancellationToken);
        }
        Assert.Equal(["first again", "second"], Keys("data"));
        Assert.Equal(["first again", "second"], Keys("backup"));
        Assert.True(FolderVerification.Run(scratch["backup"]).IsClean);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(scratch["data"], DataFolder.DatabaseName)));
    }

    [Fact]
    public void GetAllElements_FilesOfAProductBefore_AreTakenOverOnce()
    {
        Directory.CreateDirectory(Path.Combine(scratch["data"], "dashboard-keys"));
        new XElement("key", "old").Save(Path.Combine(scratch["data"], "dashboard-keys", "key-0.xml"));

        Assert.Equal(["old"], Keys("data"));
        Assert.False(Directory.Exists(Path.Combine(scratch["data"], "dashboard-keys")));
        Assert.Equal(["old"], Keys("data"));
    }

    private string[] Keys(string name)
    {
        using DataFolder folder = Open(name);
        return [.. new FolderProtectionKeys(folder).GetAllElements().Select(e => e.Value)];
    }

    private DataFolder Open(string name) => DataFolder.Open(new() { Folder = scratch[name] });
}
