using Orleans.Storage;
using OrleansRec.Silo.Storage;

namespace OrleansRec.Silo.Tests.Storage;

/// <summary>The contract of grain state, tried on SQLite.</summary>
public sealed class SqliteGrainStorageContract : GrainStorageContract, IDisposable
{
    private readonly ScratchFolder scratch = new();
    private readonly DataFolder folder;

    public SqliteGrainStorageContract() => folder = DataFolder.Open(scratch.Options());

    protected override IGrainStorage Storage => new SqliteGrainStorage(folder);

    public void Dispose()
    {
        folder.Dispose();
        scratch.Dispose();
    }
}
