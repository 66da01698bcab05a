using Npgsql;
using OrleansRec.Tests.Shared;

namespace OrleansRec.Silo.Tests.Storage.PostgreSql;

/// <summary>The server that the suites use syncs as one in production does, and keeps what was committed through a crash.</summary>
public sealed class PostgresServerTests
{
    [Fact]
    public async Task Kill_AfterACommit_LosesNothingAndLeavesNothing()
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        string folder;
        await using (PostgresServer server = await PostgresServer.Start())
        {
            folder = server.Folder;
            string database = await server.CreateDatabase();
            Assert.Equal("on", await Ask(database, "SHOW fsync"));
            Assert.Equal("on", await Ask(database, "SHOW synchronous_commit"));
            await Ask(database, "CREATE TABLE kept(n integer); INSERT INTO kept VALUES (7)");
            await server.Kill();
            await Assert.ThrowsAnyAsync<NpgsqlException>(() => Ask(database, "SELECT n FROM kept"));
            await server.StartAgain();
            Assert.Equal(7, await Ask(database, "SELECT n FROM kept"));
        }
        Assert.False(Directory.Exists(folder), $"{folder} is left.");
    }

    private static async Task<object?> Ask(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(database + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
