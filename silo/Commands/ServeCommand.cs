using System.CommandLine;
using OrleansRec.Gateway;
using OrleansRec.Silo.Hosting;
using OrleansRec.Silo.Import;

namespace OrleansRec.Silo.Commands;

/// <summary>serve: one process that serves HTTP, trains and stores.</summary>
internal static class ServeCommand
{
    public static Command Make()
    {
        var data = CommandOptions.Data();
        var (host, port, insecure) = (CommandOptions.Host(), CommandOptions.Port(), CommandOptions.InsecureLoopback());
        var every = new Option<double?>("--train-every") { Description = "Train when the model is so many hours old.", HelpName = "HOURS" };
        var after = new Option<long?>("--train-after") { Description = "Train after so many new events.", HelpName = "EVENTS" };
        return new Command("serve", "Serve a data folder, or the configured database, over HTTP.").Does(async (parsed, cancellation) =>
        {
            CommandOptions.CheckListening(parsed, host, port, insecure);
            if (parsed.GetValue(every) is <= 0 or > 8760)
                throw new BadInputException("train-every", $"{parsed.GetValue(every)}", "must be above 0 and at most 8760 hours");
            var plan = new ServerPlan(
                StoreTarget.Folder(parsed.GetValue(data)), parsed.GetValue(host), parsed.GetValue(port), parsed.GetValue(insecure),
                parsed.GetValue(every) is { } hours ? TimeSpan.FromHours(hours) : null, parsed.GetValue(after));
            await using var app = WebServer.Build(plan);
            await Run(app, WebServer.Start, plan.InsecureLoopback ? static (_, _) => Task.CompletedTask : TellFirstKey, cancellation);
            return ExitCodes.Done;
        }, data, host, port, insecure, every, after);
    }

    /// <summary>Starts a server, says where it listens and waits for its end.</summary>
    /// <param name="app">The server.</param>
    /// <param name="start">Starts it.</param>
    /// <param name="started">Called before it says where it listens.</param>
    /// <param name="cancellation">Gives up.</param>
    internal static async Task Run(
        WebApplication app, Func<WebApplication, CancellationToken, Task<Uri>> start, Func<WebApplication, CancellationToken, Task> started, CancellationToken cancellation)
    {
        Uri address;
        try
        {
            address = await start(app, cancellation);
        }
        catch
        {
            // What had started already stops in order.
            await app.StopAsync(CancellationToken.None);
            throw;
        }
        await started(app, cancellation);
        Console.Out.WriteLine($"listening on {address.GetLeftPart(UriPartial.Authority)}");
        await app.WaitForShutdownAsync(cancellation);
    }

    private static async Task TellFirstKey(WebApplication app, CancellationToken cancellation)
    {
        if (await app.Services.GetRequiredService<AccessKeys>().EnsureFirstKey(cancellation) is { } key)
            Console.Out.WriteLine($"first admin key, shown only now: {key}");
    }
}
