using System.CommandLine;
using System.Diagnostics;
using Orleans;
using OrleansRec.Api;
using OrleansRec.Contracts;
using OrleansRec.Gateway;
using OrleansRec.Model;
using OrleansRec.Silo.Dashboard;
using OrleansRec.Silo.Evaluation;
using OrleansRec.Silo.Hosting;
using OrleansRec.Silo.Import;

namespace OrleansRec.Silo.Commands;

/// <summary>demo: generate or read a shop, import, train, measure, serve.</summary>
internal static class DemoCommand
{
    public static Command Make()
    {
        var data = new Option<string?>("--data") { Description = "A file to show instead of the made-up shop.", HelpName = "FILE" };
        var (format, columns) = (CommandOptions.Format(), CommandOptions.Columns());
        var port = new Option<int>("--port") { Description = "Port to listen on; 0 takes a free one.", HelpName = "N" };
        var seed = new Option<int>("--seed") { Description = "Seed of the made-up shop.", DefaultValueFactory = _ => 1 };
        var exit = new Option<bool>("--exit") { Description = "Carry out the printed requests and end." };
        return new Command("demo", "A seeded shop, or your file: import, train, measure, serve.").Does(async (parsed, cancellation) =>
        {
            var output = new CommandOutput(false);
            ImportPlan? plan = null;
            if (parsed.GetValue(data) is { } file)
                plan = new(file, parsed.GetValue(format) is { } name ? ImportFormats.Parse(name) : null, ImportColumns.Parse(parsed.GetValue(columns)));
            int wanted = CommandOptions.InRange("port", parsed.GetValue(port), 0, 65535);
            string folder = Directory.CreateTempSubdirectory("orleansrec-demo-").FullName;
            try
            {
                await Run(plan, parsed.GetValue(seed), folder, wanted, parsed.GetValue(exit), output, cancellation);
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
            return ExitCodes.Done;
        }, data, format, columns, port, seed, exit);
    }

    private static async Task Run(ImportPlan? plan, int seed, string folder, int port, bool exit, CommandOutput output, CancellationToken cancellation)
    {
        long begun = Stopwatch.GetTimestamp();
        await using var app = WebServer.Build(new(folder, Port: port, InsecureLoopback: true));
        try
        {
            var address = await WebServer.Start(app, cancellation);
            await Show(app, address, begun, plan, seed, exit, output, cancellation);
        }
        finally
        {
            // In order, also after a failure: grains end before what they stand on.
            await app.StopAsync(CancellationToken.None);
        }
    }

    private static async Task Show(
        WebApplication app, Uri address, long begun, ImportPlan? plan, int seed, bool exit, CommandOutput output, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, app.Lifetime.ApplicationStopping);
        output.Line($"dashboard: {new Uri(address, DashboardHosting.Root)}");
        var recommender = app.Services.GetRequiredService<Recommenders>().Of(TenantId.Default);
        string userId = await Teach(app.Services, recommender, plan, seed, output, stop.Token);
        var requests = await DemoRequests.For(address, recommender, userId, stop.Token);
        output.Line($"first list after {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s");
        output.Line("");
        requests.Print(output);
        output.Line("");
        output.Line($"listening on {address.GetLeftPart(UriPartial.Authority)} (dashboard: {new Uri(address, DashboardHosting.Root)})");
        if (exit)
        {
            await requests.Run(output, stop.Token);
            return;
        }
        output.Line("Ctrl-C ends it");
        await app.WaitForShutdownAsync(cancellation);
    }

    /// <summary>Imports, trains and measures; returns a user to ask for.</summary>
    private static async Task<string> Teach(
        IServiceProvider services, IRecommender recommender, ImportPlan? plan, int seed, CommandOutput output, CancellationToken cancellation)
    {
        var events = plan is null ? DemoEvents.OfShop(seed, TimeProvider.System) : await DemoEvents.OfFile(plan, output, cancellation);
        foreach (var chunk in events.Items.Chunk(Paging.CountMax))
            await recommender.PutItemsAsync(chunk, cancellation);
        var sink = new ShardSink(services.GetRequiredService<IGrainFactory>().Of(TenantId.Default), services.GetRequiredService<ShardMap>());
        var report = await EventImport.Run(events.Train, sink, cancellation);
        output.Line($"imported {report.Accepted:N0} events: {report.Users:N0} users, {report.Items:N0} items, {report.Pairs:N0} pairs");
        var request = new TrainingRequest { Objective = events.IsExplicit ? "explicit" : "implicit", Lambda = events.IsExplicit ? 0.1 : null };
        var (training, model) = await TrainCommand.Run(recommender, request, output, cancellation);
        output.Line($"trained version {model.Version}: {training.Losses.Length} sweeps in {model.TrainSeconds:0.0} s, loss {model.Losses[0]:0} to {model.Losses[^1]:0}");
        await Measure(recommender, events, output, cancellation);
        if (events.Later.Count > 0)
        {
            var later = await EventImport.Run(events.Later, sink, cancellation);
            output.Line($"imported the {later.Accepted:N0} events held out; lists know them without another training");
        }
        return events.Train.GroupBy(e => e.UserId).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).First().Key;
    }

    private static async Task Measure(IRecommender recommender, DemoEvents events, CommandOutput output, CancellationToken cancellation)
    {
        if (events.TestPairs.Count == 0)
        {
            output.Line("no user has five items, so nothing is held out to measure on");
            return;
        }
        var quality = new Quality(recommender, Pairs.Of(events.Train, events.IsExplicit), events.IsExplicit, typesExclude: false);
        var figures = await output.Progress("measuring", report => quality.Measure(events.TestPairs, null, report, cancellation));
        var (model, popular) = (figures.Model.ToJson(), figures.Popularity.ToJson());
        output.Table(["held-out fifth", "model", "popularity"], model.Where(f => f.Key != "users").Select(f => new[]
        {
            f.Key, $"{f.Value!.GetValue<double>():0.0000}", $"{popular[f.Key]!.GetValue<double>():0.0000}",
        }));
    }
}
