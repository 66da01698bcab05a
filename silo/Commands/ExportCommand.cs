using System.CommandLine;
using System.Text.Json.Nodes;
using OrleansRec.Cli.Export;

namespace OrleansRec.Silo.Commands;

/// <summary>export events | items | users: everything of one kind, as a file that an import reads.</summary>
internal static class ExportCommand
{
    public static Command Make()
    {
        var command = new Command("export", "Write events, items or users to a file.");
        foreach (string kind in RecommenderExport.Kinds)
            command.Add(Of(kind));
        return command;
    }

    private static Command Of(string kind)
    {
        var to = new Option<string>("--to") { Description = "The file, which must not exist; .jsonl, .csv and .parquet say the format, .gz packs the first two.", Required = true, HelpName = "FILE" };
        var format = new Option<string?>("--format") { Description = "jsonl, csv or parquet, where the name does not say it.", HelpName = "FORMAT" };
        var (json, target) = (CommandOptions.Json(), new TargetOptions());
        return new Command(kind, $"Write all {kind}.").Does(async (parsed, cancellation) =>
        {
            await using var open = await target.Open(parsed, mayMake: false, cancellation);
            string path = parsed.GetRequiredValue(to);
            long rows = await RecommenderExport.Run(kind, open.Recommender, path, parsed.GetValue(format), cancellation);
            var output = new CommandOutput(parsed.GetValue(json));
            output.Object(new JsonObject { ["rows"] = rows, ["file"] = path });
            output.Line($"{rows} {kind} written to {path}");
            return ExitCodes.Done;
        }, target.With(to, format, json));
    }
}
