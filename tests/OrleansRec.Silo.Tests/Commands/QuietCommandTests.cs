using System.Diagnostics;
using System.Text.RegularExpressions;
using OrleansRec.Api;
using OrleansRec.Client;
using OrleansRec.Silo.Tests.Storage;
using OrleansRec.Tests.Shared;

namespace OrleansRec.Silo.Tests.Commands;

/// <summary>
/// Goal: a healthy command says on standard error how far it is and nothing else, from its start to its end. Method: processes, since the engine's warnings come with its start and its stop;
/// all that they write is looked at.
/// </summary>
public sealed partial class QuietCommandTests : IDisposable
{
    private static readonly TimeSpan endMax = TimeSpan.FromMinutes(4);

    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    /// <summary>Fixed: 24 lines and more on an import of four, because shards called each other while the silo stopped.</summary>
    [Fact]
    public async Task Commands_OnAFolder_SayOnlyHowFarTheyAre()
    {
        string data = _scratch["data"], events = Events();
        await Quiet("import", events, "--format", "csv", "--data", data);
        await Quiet("train", "--data", data, "--rank", "4", "--sweeps", "2");
        await Quiet("recommend", "user1", "--data", data);
        await Quiet("explain", "user1", "item1", "--data", data);
        await Quiet("users", "list", "--data", data);
        await Quiet("models", "list", "--data", data);
        await Quiet("status", "--data", data);
        await Quiet("backup", _scratch["copy"], "--data", data);
        await Quiet("verify", "--data", _scratch["copy"]);
        await Quiet("compact", "--data", data);
    }

    [Fact]
    public async Task Evaluate_TwoFiles_SaysOnlyHowFarItIs() => await Quiet("evaluate", "--train", Events(), "--test", Events(), "--format", "csv", "--rank", "4", "--sweeps", "2");

    [Fact]
    public async Task Demo_ThatEnds_SaysOnlyHowFarItIs() => await Quiet("demo", "--port", "0", "--exit");

    /// <summary>It is stopped while shards tell each other of events, and while they train: both go on after the next start.</summary>
    [Theory]
    [InlineData(false), InlineData(true)]
    public async Task Serve_StoppedAtWork_SaysOnlyWhereItListens(bool trains)
    {
        await Quiet("import", Events(), "--format", "csv", "--data", _scratch["data"]);
        ProductProcess server = await ProductProcess.Serve(_scratch["data"]);
        await using (server)
        {
            using var client = new RecommenderClient(server.Address);
            await client.RecordEventsAsync([.. Enumerable.Range(0, 50).Select(n => new EventInput { UserId = $"user{n}", ItemId = $"item{n % 7}", Type = "view" })]);
            if (trains)
                await client.StartTrainingAsync(new() { Rank = 32, Sweeps = 50 });
            await server.Stop();
        }
        Assert.Equal($"listening on {server.Address.GetLeftPart(UriPartial.Authority)}", server.Output);
    }

    private static async Task Quiet(params string[] arguments)
    {
        ProgramEnd end = await ProgramEnd.Of(new ProcessStartInfo("dotnet", [ProductProcess.BuiltProgram, .. arguments]), endMax);
        Assert.True(end.Code == 0, $"{string.Join(' ', arguments)} ended with {end.Code}:\n{end.Errors}");
        Assert.DoesNotContain(end.Errors.Split('\n'), line => line.Length > 0 && !Progress().IsMatch(line));
    }

    /// <summary>A file of events whose users and items are in every shard.</summary>
    private string Events()
    {
        string path = _scratch["events.csv"];
        File.WriteAllLines(path, Enumerable.Range(0, 400).Select(n => $"user{n % 40},item{n * 7 % 31}").Prepend("user,item"));
        return path;
    }

    [GeneratedRegex("^(importing [0-9,]+ lines|training sweep [0-9]+ of [0-9]+ \\([A-Za-z]+\\)|measuring [0-9,]+ lists)$")]
    private static partial Regex Progress();
}
