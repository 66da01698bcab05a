using Microsoft.Data.Sqlite;
using OrleansRec.Silo.Storage;

namespace OrleansRec.Silo.Tests.Storage;

/// <summary>Steps run once, in order, each wholly or not at all, and a file written aside takes the old one's place only when it is whole.</summary>
public sealed class FolderMigrationTests : IDisposable
{
    private static readonly int made = StoreSchema.FormatVersion;

    private readonly ScratchFolder scratch = new();

    private string Database => Path.Combine(scratch["data"], DataFolder.DatabaseName);

    public FolderMigrationTests() => DataFolder.Open(scratch.Options()).Dispose();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void Prepare_AnOlderFormat_RunsTheStepsOnceInOrder()
    {
        FolderMigration[] steps = [InPlace(0, "CREATE TABLE second(x)"), InPlace(1, "ALTER TABLE second RENAME TO third")];
        var done = new List<FolderMigration>();
        Prepare(steps, done.Add);
        Prepare(steps, done.Add);
        Assert.Equal(steps, done);
        Assert.Equal(made + 2L, Number("PRAGMA user_version"));
        Assert.Equal(0L, Number("SELECT count(*) FROM third"));
    }

    [Fact]
    public void Prepare_AStepThatFails_LeavesTheFolderAsTheStepBeforeLeftIt()
    {
        FolderMigration[] steps = [InPlace(0, "CREATE TABLE second(x)"), InPlace(1, "CREATE TABLE third(x); CREATE TABLE second(x)")];
        Assert.Throws<SqliteException>(() => Prepare(steps));
        Assert.Equal(made + 1L, Number("PRAGMA user_version"));
        Assert.Equal(1L, Number("SELECT count(*) FROM sqlite_schema WHERE name IN ('second', 'third')"));
    }

    [Fact]
    public void Prepare_AStepAside_ReplacesTheFile()
    {
        Prepare([new AsideMigration(made, "copied", CopyWith("CREATE TABLE fresh(x)"))]);
        Assert.Equal(made + 1L, Number("PRAGMA user_version"));
        Assert.Equal(0L, Number("SELECT count(*) FROM fresh"));
        Assert.False(File.Exists(FolderSwap.AsideOf(Database)));
    }

    [Fact]
    public void Prepare_AStepAsideThatEndsHalfway_LeavesTheOldFileAndTheNextStartGoesOn()
    {
        var copy = CopyWith("CREATE TABLE fresh(x)");
        Assert.Throws<IOException>(() => Prepare([new AsideMigration(made, "copied", (from, to) =>
        {
            copy(from, to);
            throw new IOException("the power went");
        })]));
        Assert.True(File.Exists(FolderSwap.AsideOf(Database)));
        Assert.Equal((long)made, Number("PRAGMA user_version"));
        DataFolder.Open(scratch.Options()).Dispose();
        Assert.False(File.Exists(FolderSwap.AsideOf(Database)));
        Prepare([new AsideMigration(made, "copied", copy)]);
        Assert.Equal(0L, Number("SELECT count(*) FROM fresh"));
    }

    [Fact]
    public void Steps_BeginEachWithTheFormatThatTheOneBeforeEndsWith() =>
        Assert.Equal(Enumerable.Range(1, FolderMigrations.Steps.Count), FolderMigrations.Steps.Select(step => step.From));

    /// <summary>Tests add steps of their own after the product's.</summary>
    private void Prepare(FolderMigration[] steps, Action<FolderMigration>? migrated = null) =>
        FolderFormat.Prepare(Database, scratch.Options(), [.. FolderMigrations.Steps, .. steps], migrated);

    private static InPlaceMigration InPlace(int after, string sql) => new(made + after, "a test", connection => connection.Run(sql));

    private static Action<string, string> CopyWith(string sql) => (from, to) =>
    {
        using (var source = StoreConnection.OpenForCopying(from))
            source.Run("VACUUM INTO $0", to);
        using var target = StoreConnection.OpenForWriting(to, "FULL");
        target.Run(sql);
    };

    private long? Number(string sql)
    {
        using var connection = StoreConnection.OpenForReading(Database);
        return connection.Number(sql);
    }
}
