using System.CommandLine;
using OrleansRec.Gateway;
using OrleansRec.Silo.Dashboard.Access;
using OrleansRec.Silo.Hosting;
using OrleansRec.Silo.Import;

namespace OrleansRec.Silo.Commands;

/// <summary>serve: one process that serves HTTP, trains and stores.</summary>
internal static class ServeCommand
{
    public static Command Make()
    {
        var data = CommandOptions.Data();
        data.Required = true;
        var host = new Option<string?>("--host") { Description = "Address to listen on (127.0.0.1)." };
        var port = new Option<int?>("--port") { Description = "Port to listen on (5150); 0 takes a free one.", HelpName = "N" };
        var insecure = new Option<bool>("--insecure-loopback") { Description = "Ask for no API keys; on loopback only." };
        var every = new Option<double?>("--train-every") { Description = "Train when the model is so many hours old.", HelpName = "HOURS" };
        var after = new Option<long?>("--train-after") { Description = "Train after so many new events.", HelpName = "EVENTS" };
        return new Command("serve", "Serve a data folder over HTTP.").Does(async (parsed, cancellation) =>
        {
            int? wanted = parsed.GetValue(port);
            if (wanted is < 0 or > 65535)
                throw new BadInputException("port", $"{wanted}", "must be 0 to 65535");
            if (parsed.GetValue(every) is <= 0 or > 8760)
                throw new BadInputException("train-every", $"{parsed.GetValue(every)}", "must be above 0 and at most 8760 hours");
            if (parsed.GetValue(insecure) && parsed.GetValue(host) is { } address && !LocalBrowser.IsLoopback(address))
                throw new BadInputException("host", address, "must be a loopback address, such as 127.0.0.1, with --insecure-loopback");
            var plan = new ServerPlan(
                parsed.GetRequiredValue(data)!, parsed.GetValue(host), wanted, parsed.GetValue(insecure),
                parsed.GetValue(every) is { } hours ? TimeSpan.FromHours(hours) : null, parsed.GetValue(after));
            await Run(plan, cancellation);
            return ExitCodes.Done;
        }, data, host, port, insecure, every, after);
    }

    private static async Task Run(ServerPlan plan, CancellationToken cancellation)
    {
        await using var app = WebServer.Build(plan);
        var address = await Start(app, cancellation);
        if (!plan.InsecureLoopback && await app.Services.GetRequiredService<AccessKeys>().EnsureFirstKey(cancellation) is { } key)
            Console.Out.WriteLine($"first admin key, shown only now: {key}");
        Console.Out.WriteLine($"listening on {address.GetLeftPart(UriPartial.Authority)}");
        await app.WaitForShutdownAsync(cancellation);
    }

    /// <summary>Starts, or stops in order what had started already.</summary>
    private static async Task<Uri> Start(WebApplication app, CancellationToken cancellation)
    {
        try
        {
            return await WebServer.Start(app, cancellation);
        }
        catch
        {
            await app.StopAsync(CancellationToken.None);
            throw;
        }
    }
}
