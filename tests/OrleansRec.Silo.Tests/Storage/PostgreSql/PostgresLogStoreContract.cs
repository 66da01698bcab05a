using OrleansRec.Contracts;
using OrleansRec.Silo.Storage.PostgreSql;

namespace OrleansRec.Silo.Tests.Storage.PostgreSql;

/// <summary>The contract, tried on PostgreSQL.</summary>
public sealed class PostgresLogStoreContract : LogStoreContract, IAsyncLifetime
{
    private PostgresStore store = null!;

    protected override ILogStore Store => store.Log;

    public async ValueTask InitializeAsync() => store = PostgresStore.Open(await PostgresScratch.Make());

    public ValueTask DisposeAsync()
    {
        store?.Dispose();
        return default;
    }
}
