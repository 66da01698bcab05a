using System.CommandLine;
using OrleansRec.Silo.Dashboard.Access;
using OrleansRec.Silo.Hosting;

namespace OrleansRec.Silo.Commands;

/// <summary>gateway: the HTTP edge of a cluster in a process of its own.</summary>
internal static class GatewayCommand
{
    public static Command Make()
    {
        var (host, port, insecure) = (CommandOptions.Host(), CommandOptions.Port(), CommandOptions.InsecureLoopback());
        return new Command("gateway", "Serve the HTTP surface of a cluster of silos; the settings of section Cluster say which.").Does(async (parsed, cancellation) =>
        {
            CommandOptions.CheckListening(parsed, host, port, insecure);
            await using var app = GatewayServer.Build(parsed.GetValue(host), parsed.GetValue(port), parsed.GetValue(insecure));
            await ServeCommand.Run(app, GatewayServer.Start, static (_, _) => Task.CompletedTask, cancellation);
            return ExitCodes.Done;
        }, host, port, insecure);
    }
}
