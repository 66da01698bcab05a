using System.Globalization;
using Microsoft.Data.Sqlite;
using OrleansRec.Contracts;
using OrleansRec.Silo.Storage;
using OrleansRec.Silo.Storage.Pages;

namespace OrleansRec.Silo.Tests.Storage;

/// <summary>Folders are held by one process, keep their shards and format, and are copied whole.</summary>
public sealed class DataFolderTests : IDisposable
{
    private const string Stream = "users/0";

    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void Open_AFolderInUse_NamesTheHolder()
    {
        using var holder = DataFolder.Open(scratch.Options());
        var e = Assert.Throws<DataFolderRefusedException>(() => DataFolder.Open(scratch.Options()));
        Assert.Contains($"in use by process {Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}", e.Message);
        Assert.Contains(scratch.Options().Folder, e.Message);
    }

    [Fact]
    public void Open_AfterTheHolderLeft_Works()
    {
        DataFolder.Open(scratch.Options()).Dispose();
        DataFolder.Open(scratch.Options()).Dispose();
    }

    [Fact]
    public void Open_UnderAFile_IsUnavailableWithThePath()
    {
        File.WriteAllText(scratch["data"], "");
        var e = Assert.Throws<StoreUnavailableException>(() => DataFolder.Open(scratch.Options()));
        Assert.Contains(scratch["data"], e.Message);
    }

    [Fact]
    public void Open_AFolderThatTheSystemMakesReadOnly_IsUnavailableWithPathAndErrno()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs /proc, where nobody may write.");
        var e = Assert.Throws<StoreUnavailableException>(() => DataFolder.Open(new() { Folder = "/proc/self" }));
        Assert.Contains("/proc/self", e.Message);
        Assert.Contains("errno", e.Message);
    }

    [Fact]
    public void Open_WithoutShards_KeepsThoseItWasMadeWith()
    {
        var options = scratch.Options();
        (options.UserShards, options.ItemShards) = (3, 5);
        DataFolder.Open(options).Dispose();
        using var folder = DataFolder.Open(scratch.Options());
        Assert.Equal(new ShardMap(3, 5), folder.Shards);
    }

    [Fact]
    public void Open_WithOtherShards_IsRefusedWithBothNumbers()
    {
        var options = scratch.Options();
        (options.UserShards, options.ItemShards) = (3, 5);
        DataFolder.Open(options).Dispose();
        options.ItemShards = 6;
        var e = Assert.Throws<DataFolderRefusedException>(() => DataFolder.Open(options));
        Assert.Contains("3 user shards and 5 item shards", e.Message);
        Assert.Contains("asked for 3 and 6", e.Message);
    }

    [Fact]
    public void Open_ANewerFormat_IsRefusedWithBothVersions()
    {
        DataFolder.Open(scratch.Options()).Dispose();
        Execute(scratch["data"], "PRAGMA user_version = 9");
        var e = Assert.Throws<DataFolderRefusedException>(() => DataFolder.Open(scratch.Options()));
        Assert.Contains("format 9", e.Message);
        Assert.Contains($"up to format {StoreSchema.FormatVersion}", e.Message);
        Assert.Equal(9L, Execute(scratch["data"], "PRAGMA user_version"));
    }

    [Fact]
    public void Open_ADatabaseOfAnotherProduct_IsRefusedAndLeftAlone()
    {
        Directory.CreateDirectory(scratch["data"]);
        Execute(scratch["data"], "CREATE TABLE theirs(x)", isOurs: false);
        Assert.Throws<DataFolderRefusedException>(() => DataFolder.Open(scratch.Options()));
        Assert.Equal(1L, Execute(scratch["data"], "SELECT count(*) FROM sqlite_schema", isOurs: false));
    }

    [Fact]
    public void Open_AFileThatIsNoDatabase_IsCorrupt()
    {
        Directory.CreateDirectory(scratch["data"]);
        File.WriteAllText(Path.Combine(scratch["data"], DataFolder.DatabaseName), new string('x', 5000));
        Assert.Throws<CorruptStoreException>(() => DataFolder.Open(scratch.Options()));
    }

    [Fact]
    public async Task Backup_WhileWriting_IsOneMomentThatOpensAndGoesOn()
    {
        using var folder = DataFolder.Open(scratch.Options());
        using var stop = new CancellationTokenSource();
        // Both streams get record n in one order, first before second, so no moment shows second ahead of first.
        var writing = WriteBoth(folder, stop.Token);
        await folder.Backup(scratch["backup"]);
        await stop.CancelAsync();
        await writing;
        DataFolder.Restore(scratch["backup"], scratch["restored"]);
        using var restored = DataFolder.Open(scratch.Options("restored"));
        var (first, second) = (await restored.Log.Open("users/1"), await restored.Log.Open("users/2"));
        Assert.InRange(first.LastSequence - second.LastSequence, 0, 1);
        Assert.Equal(restored.Shards, folder.Shards);
        await restored.Log.Append(new("users/1", first.Epoch, first.LastSequence + 1, 1, new byte[] { 1 }));
        Assert.Equal(first.LastSequence + 1, (await ReadAll(restored, "users/1")).Count);
    }

    [Fact]
    public async Task Restore_OfAFolderInUse_CopiesItAsOfNow()
    {
        using var folder = DataFolder.Open(scratch.Options());
        var opening = await folder.Log.Open(Stream);
        await folder.Log.Append(new(Stream, opening.Epoch, 1, 3, new byte[] { 5 }));
        DataFolder.Restore(folder.Path, scratch["copy"]);
        using var copy = DataFolder.Open(scratch.Options("copy"));
        Assert.Equal(3, (await copy.Log.Open(Stream)).LastSequence);
    }

    [Fact]
    public async Task Restore_IntoAFolderThatHoldsSomething_IsRefused()
    {
        using var folder = DataFolder.Open(scratch.Options());
        await folder.Backup(scratch["backup"]);
        Directory.CreateDirectory(scratch["full"]);
        File.WriteAllText(Path.Combine(scratch["full"], "note.txt"), "mine");
        var e = Assert.Throws<DataFolderRefusedException>(() => DataFolder.Restore(scratch["backup"], scratch["full"]));
        Assert.Contains("not empty", e.Message);
        Assert.Single(Directory.GetFileSystemEntries(scratch["full"]));
        await Assert.ThrowsAsync<DataFolderRefusedException>(() => folder.Backup(scratch["backup"]));
    }

    [Fact]
    public void Restore_FromAFolderWithoutAStore_IsRefused()
    {
        Assert.Throws<DataFolderRefusedException>(() => DataFolder.Restore(scratch["nowhere"], scratch["copy"]));
        Assert.False(Directory.Exists(scratch["copy"]));
    }

    [Fact]
    public async Task Restore_OfADamagedBackup_IsCorruptAndLeavesNothing()
    {
        using (var folder = DataFolder.Open(scratch.Options()))
            await folder.Backup(scratch["backup"]);
        string database = Path.Combine(scratch["backup"], DataFolder.DatabaseName);
        var bytes = File.ReadAllBytes(database);
        bytes.AsSpan(4096, 2000).Fill(0xEE);
        File.WriteAllBytes(database, bytes);
        Assert.Throws<CorruptStoreException>(() => DataFolder.Restore(scratch["backup"], scratch["copy"]));
        Assert.Empty(Directory.GetFileSystemEntries(scratch["copy"]));
    }

    private static async Task WriteBoth(DataFolder folder, CancellationToken stop)
    {
        var (first, second) = (await folder.Log.Open("users/1", default), await folder.Log.Open("users/2", default));
        for (long n = 1; !stop.IsCancellationRequested; n++)
        {
            await folder.Log.Append(new("users/1", first.Epoch, n, 1, new byte[5000]), default);
            await folder.Log.Append(new("users/2", second.Epoch, n, 1, new byte[5000]), default);
        }
    }

    private static async Task<List<LogBatch>> ReadAll(DataFolder folder, string stream)
    {
        var all = new List<LogBatch>();
        while (await folder.Log.Read(stream, all.LastOrDefault()?.LastSequence ?? 0, 1 << 20) is { Count: > 0 } batches)
            all.AddRange(batches);
        return all;
    }

    private static object? Execute(string folder, string sql, bool isOurs = true)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, DataFolder.DatabaseName)};Pooling=False{(isOurs ? $";Vfs={GuardedVfs.Name}" : "")}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
