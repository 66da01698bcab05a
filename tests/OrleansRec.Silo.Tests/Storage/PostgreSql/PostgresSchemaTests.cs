using Npgsql;
using OrleansRec.Silo.Storage;
using OrleansRec.Silo.Storage.PostgreSql;
using OrleansRec.Tests.Shared;

namespace OrleansRec.Silo.Tests.Storage.PostgreSql;

/// <summary>rec storage init: once or often, alone or beside another; what it refuses, and what a server refuses before it.</summary>
public sealed class PostgresSchemaTests
{
    [Fact]
    public async Task Open_OfADatabaseThatIsNotInitialised_SaysWhatToRun()
    {
        var options = await Empty();
        var e = Assert.Throws<StoreRefusedException>(() => PostgresStore.Open(options));
        Assert.Contains("./rec storage init", e.Message);
    }

    [Fact]
    public async Task Initialise_ManyAtOnceAndAgain_MakesOneStore()
    {
        var options = await Empty();
        (options.UserShards, options.ItemShards) = (5, 7);
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => PostgresStore.Initialise(options, _ => { }))));
        var said = new List<string>();
        PostgresStore.Initialise(options, said.Add);
        Assert.Contains("nothing to do", Assert.Single(said));
        using var store = PostgresStore.Open(options);
        Assert.Equal(new(5, 7), store.Shards);
    }

    [Theory]
    [InlineData(8, null)]
    [InlineData(null, 8)]
    public async Task Initialise_ForOtherShards_IsRefusedWithBoth(int? users, int? items)
    {
        var options = await PostgresScratch.Make();
        (options.UserShards, options.ItemShards) = (users, items);
        foreach (Action refused in new Action[] { () => PostgresStore.Initialise(options, _ => { }), () => PostgresStore.Open(options).Dispose() })
        {
            var e = Assert.Throws<StoreRefusedException>(refused);
            Assert.Contains("made with 16 user shards and 16 item shards", e.Message);
            Assert.Contains("8", e.Message);
        }
    }

    [Fact]
    public async Task Initialise_OfANewerFormat_IsRefusedAndChangesNothing()
    {
        var options = await PostgresScratch.Make();
        await Execute(options, "UPDATE rec_store SET value = 99 WHERE key = 'format'; DROP TABLE rec_batch");
        foreach (Action refused in new Action[] { () => PostgresStore.Initialise(options, _ => { }), () => PostgresStore.Open(options).Dispose() })
            Assert.Contains("format 99", Assert.Throws<StoreRefusedException>(refused).Message);
        Assert.IsType<DBNull>(await Execute(options, "SELECT to_regclass('rec_batch')::text"));
    }

    [Fact]
    public async Task Initialise_WhereOrleansTablesAreSomebodyElses_IsRefused()
    {
        var options = await Empty();
        await Execute(options, "CREATE TABLE OrleansQuery(QueryKey varchar(64), QueryText varchar(8000))");
        Assert.Contains("another product", Assert.Throws<StoreRefusedException>(() => PostgresStore.Initialise(options, _ => { })).Message);
    }

    [Fact]
    public async Task Initialise_InASchemaOfItsOwn_LeavesTheOthersAlone()
    {
        var options = await Empty();
        await Execute(options, "CREATE SCHEMA shop; CREATE TABLE OrleansQuery(QueryKey varchar(64), QueryText varchar(8000))");
        options.ConnectionString += ";Search Path=shop";
        PostgresStore.Initialise(options, _ => { });
        using var store = PostgresStore.Open(options);
        Assert.Equal(1, (await store.Log.Open("default/users/0")).Epoch);
        Assert.Equal(0L, await Execute(options, "SELECT count(*) FROM public.orleansquery"));
    }

    [Fact]
    public async Task Open_WhereNobodyListens_IsUnavailable()
    {
        var options = await Empty();
        options.ConnectionString = "Host=/nowhere;Username=u;Database=d";
        Assert.Throws<OrleansRec.Contracts.StoreUnavailableException>(() => PostgresStore.Open(options));
    }

    [Fact]
    public void Open_WithAConnectionStringThatCannotBeRead_NamesTheSetting()
    {
        var options = new StorageOptions { Kind = StorageKind.PostgreSql, ConnectionString = "Hast=db" };
        Assert.Contains("Storage:ConnectionString", Assert.Throws<StoreRefusedException>(() => PostgresStore.Open(options)).Message);
    }

    private static async Task<StorageOptions> Empty()
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        return new() { Kind = StorageKind.PostgreSql, ConnectionString = await (await PostgresServer.Shared).CreateDatabase() };
    }

    private static async Task<object?> Execute(StorageOptions options, string sql)
    {
        await using var connection = new NpgsqlConnection(options.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
