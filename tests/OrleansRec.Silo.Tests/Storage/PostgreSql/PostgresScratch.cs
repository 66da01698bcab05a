using OrleansRec.Silo.Storage;
using OrleansRec.Silo.Storage.PostgreSql;
using OrleansRec.Tests.Shared;

namespace OrleansRec.Silo.Tests.Storage.PostgreSql;

/// <summary>A database of its own, initialised, on the server that the suites share.</summary>
internal static class PostgresScratch
{
    /// <summary>Settings of a new store; skips the test where there is no server.</summary>
    public static async Task<StorageOptions> Make()
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        var options = new StorageOptions { Kind = StorageKind.PostgreSql, ConnectionString = await (await PostgresServer.Shared).CreateDatabase() };
        PostgresStore.Initialise(options, _ => { });
        return options;
    }
}
