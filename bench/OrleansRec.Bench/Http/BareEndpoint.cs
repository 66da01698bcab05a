using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansRec.Api;
using OrleansRec.Contracts;
using OrleansRec.Model;
using OrleansRec.Silo.Storage;

namespace OrleansRec.Bench.Http;

/// <summary>
/// The least that a server which does not recommend must do for an event: read the same JSON with the same generated reader, append one blob to the same store
/// through the same commit queue, and answer when that is durable. A minimal endpoint on Kestrel, without keys, checks, grains, limits or counters.
/// </summary>
internal static class BareEndpoint
{
    public const string Command = "bare-endpoint";

    /// <summary>Serves until it is killed. Says nothing; who starts it asks until it answers.</summary>
    public static async Task<int> Run(string folderPath, string port)
    {
        using var folder = DataFolder.Open(new() { Folder = folderPath });
        LogStream[] streams = await Task.WhenAll(Enumerable.Range(0, folder.Shards.UserShards).Select(shard => LogStream.Open(folder, shard)));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default));
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost(int.Parse(port, CultureInfo.InvariantCulture)));
        var app = builder.Build();
        app.MapGet("/health/live", () => TypedResults.Ok());
        app.MapPost("/v1/events", async (EventInput input) =>
        {
            var logged = new LoggedEvent(
                input.UserId!, input.ItemId!, input.Type!, (float)(input.Value ?? 1), input.Time?.ToUnixTimeMilliseconds() ?? DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
                input.SessionId, IdHash.Of(input.EventId!));
            long sequence = await streams[folder.Shards.OfUser(input.UserId!)].Append(logged);
            return TypedResults.Ok(new EventsAnswer(1, 0, [], sequence));
        });
        await app.RunAsync();
        return 0;
    }

    /// <summary>One shard's log: a blob for each event, in the order of its numbers.</summary>
    private sealed class LogStream(SqliteLogStore store, string name, LogOpening opening)
    {
        private readonly UserLogWriter writer = new();
        private readonly Lock gate = new();
        private long last = opening.LastSequence;

        public static async Task<LogStream> Open(DataFolder folder, int shard) =>
            new(folder.Log, LogStreams.Users(OrleansRec.Model.TenantId.Default, shard), await folder.Log.Open(LogStreams.Users(OrleansRec.Model.TenantId.Default, shard)));

        public async Task<long> Append(LoggedEvent e)
        {
            Task durable;
            long sequence;
            lock (gate)
            {
                writer.Append(e);
                sequence = ++last;
                durable = store.Append(new(name, opening.Epoch, sequence, 1, writer.Seal()));
            }
            await durable;
            return sequence;
        }
    }
}
