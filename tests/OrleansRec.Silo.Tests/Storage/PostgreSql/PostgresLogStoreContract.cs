using OrleansRec.Contracts;
using OrleansRec.Silo.Storage.PostgreSql;

namespace OrleansRec.Silo.Tests.Storage.PostgreSql;

/// <summary>The contract, tried on PostgreSQL.</summary>
public sealed class PostgresLogStoreContract : LogStoreContract, IAsyncLifetime
{
    private PostgresStore store = null!, second = null!;

    protected override ILogStore Store => store.Log;

    protected override ILogStore Second => second.Log;

    public async ValueTask InitializeAsync()
    {
        var options = await PostgresScratch.Make();
        (store, second) = (PostgresStore.Open(options), PostgresStore.Open(options));
    }

    public ValueTask DisposeAsync()
    {
        store?.Dispose();
        second?.Dispose();
        return default;
    }
}
