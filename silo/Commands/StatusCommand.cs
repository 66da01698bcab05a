using System.CommandLine;
using OrleansRec.Api;

namespace OrleansRec.Silo.Commands;

/// <summary>status: the server or folder at a glance.</summary>
internal static class StatusCommand
{
    public static Command Make()
    {
        var (json, target) = (CommandOptions.Json(), new TargetOptions());
        return new Command("status", "Show what a server or folder holds.").Does(async (parsed, cancellation) =>
        {
            await using var open = await target.Open(parsed, mayMake: false, cancellation);
            var status = await open.Recommender.GetStatus(cancellation);
            var output = new CommandOutput(parsed.GetValue(json));
            output.Answer(status, ApiJson.Default.ServerStatus, s =>
            {
                output.Line($"{s.Product}, on {s.Engine}");
                output.Table(["users", "events", "pairs", "items", "in catalogue", "model", "published", "training"],
                    [[$"{s.Users}", $"{s.Events}", $"{s.Pairs}", $"{s.Items}", $"{s.CatalogueItems}", $"{s.ModelVersion}", $"{s.ModelPublished:u}", s.TrainingPhase]]);
                if (s.Disk is { } disk)
                    output.Line(DiskText.Of(disk));
            });
            return ExitCodes.Done;
        }, target.With(json));
    }
}
