using System.Diagnostics;
using Npgsql;

namespace OrleansRec.Tests.Shared;

/// <summary>
/// Debian's PostgreSQL server on a temporary folder, started once for a test process and ended with it. Each suite makes databases of its own.
/// Where the server is missing, <see cref="Missing"/> says so, and tests skip with that reason: <c>Assert.SkipWhen(PostgresServer.Missing is not null, ...)</c>.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string User = "orleansrec";

    private static readonly TimeSpan answerPeriodMax = TimeSpan.FromSeconds(90);
    private static readonly string? bin = FindBin();
    private static readonly Lazy<Task<PostgresServer>> shared = new(() => Start());
    private static int databases;

    private readonly Process process;
    private readonly SemaphoreSlim turn = new(1);

    private PostgresServer(Process process, string folder) => (this.process, Folder) = (process, folder);

    /// <summary>Why there is no server here, or null where there is one.</summary>
    public static string? Missing { get; } =
        !OperatingSystem.IsLinux() ? "Debian's PostgreSQL server is looked for on Linux only"
        : bin is null ? "no PostgreSQL server under /usr/lib/postgresql (apt-get install postgresql)"
        : Environment.IsPrivilegedProcess && OwnUser is null ? "initdb refuses root, and there is neither a user postgres nor a user nobody"
        : null;

    /// <summary>The server's folder; its socket is in it.</summary>
    public string Folder { get; }

    /// <summary>The one server that suites share. Who stops it takes one of his own from <see cref="Start"/>.</summary>
    public static Task<PostgresServer> Shared => shared.Value;

    private static string? OwnUser =>
        File.ReadLines("/etc/passwd").Select(line => line.Split(':')[0]).Where(name => name is "postgres" or "nobody").Max();

    /// <summary>Starts a server of the caller's own, which ends when it is disposed or this process ends.</summary>
    public static async Task<PostgresServer> Start()
    {
        if (Missing is not null)
            throw new InvalidOperationException(Missing);
        // The script comes as an argument, not as a path: the server's user may not be let into the folder of the tests.
        string script = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "postgres-server.sh")).ConfigureAwait(false);
        // In a session of its own: a signal to the group of the tests, be it SIGKILL, ends them, and the end of its input then ends the server in order.
        string[] command = ["setsid", .. Environment.IsPrivilegedProcess ? ["runuser", "-u", OwnUser!, "--"] : Array.Empty<string>(), "sh", "-c", script, "postgres-server.sh", bin!];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, WorkingDirectory = "/",
        };
        var process = Process.Start(start)!;
        try
        {
            string folder = await Answer(process, "PostgreSQL's folder").ConfigureAwait(false)
                ?? throw new InvalidOperationException("The PostgreSQL server did not start; what it said is on standard error.");
            return new(process, folder);
        }
        catch
        {
            process.StandardInput.Close();
            throw;
        }
    }

    /// <summary>Makes an empty database and returns how to reach it.</summary>
    /// <param name="name">Begins the database's name.</param>
    public async Task<string> CreateDatabase(string name = "test")
    {
        string database = $"{name}_{Environment.ProcessId}_{Interlocked.Increment(ref databases)}";
        await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");
        await connection.OpenAsync().ConfigureAwait(false);
        await using var command = new NpgsqlCommand($"CREATE DATABASE \"{database}\"", connection);
        await command.ExecuteNonQueryAsync().ConfigureAwait(false);
        return ConnectionString(database);
    }

    /// <summary>How to reach a database of this server.</summary>
    public string ConnectionString(string database) => $"Host={Folder};Username={User};Database={database}";

    /// <summary>Stops the server in order.</summary>
    public Task Stop() => Tell("stop");

    /// <summary>Ends the server as a crash does: it recovers from its log at the next start.</summary>
    public Task Kill() => Tell("kill");

    /// <summary>Starts a stopped server again on the same data.</summary>
    public Task StartAgain() => Tell("start");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync().Within(answerPeriodMax, $"the end of PostgreSQL in {Folder}").ConfigureAwait(false);
        process.Dispose();
        turn.Dispose();
    }

    private async Task Tell(string word)
    {
        if (!await turn.WaitAsync(answerPeriodMax).ConfigureAwait(false))
            throw new TimeoutException($"Waited {answerPeriodMax.TotalSeconds} seconds for what PostgreSQL was told before {word}.");
        try
        {
            await process.StandardInput.WriteLineAsync(word).ConfigureAwait(false);
            await process.StandardInput.FlushAsync().ConfigureAwait(false);
            string? answer = await Answer(process, $"PostgreSQL's answer to {word}").ConfigureAwait(false);
            if (answer != $"{word} 0")
                throw new InvalidOperationException($"The PostgreSQL server answered '{answer}' to {word}; see {Folder}/log.");
        }
        finally
        {
            turn.Release();
        }
    }

    private static Task<string?> Answer(Process process, string what) => process.StandardOutput.ReadLineAsync().Within(answerPeriodMax, what);

    /// <summary>The newest version that is installed.</summary>
    private static string? FindBin() => !Directory.Exists("/usr/lib/postgresql") ? null
        : Directory.GetDirectories("/usr/lib/postgresql").Select(folder => Path.Combine(folder, "bin"))
            .Where(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")))
            .OrderByDescending(folder => folder, StringComparer.Ordinal).FirstOrDefault();
}
