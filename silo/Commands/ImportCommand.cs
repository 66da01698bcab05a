using System.CommandLine;
using System.Text.Json.Nodes;
using OrleansRec.Model;
using OrleansRec.Silo.Hosting;
using OrleansRec.Silo.Import;

namespace OrleansRec.Silo.Commands;

/// <summary>import FILE: reads a file of interactions.</summary>
internal static class ImportCommand
{
    private const int ListedMax = 1_000_000;

    public static Command Make()
    {
        var file = new Argument<string>("FILE") { Description = "File of interactions: text, JSON Lines or Parquet, in gzip or zip or as it is." };
        var format = CommandOptions.Format();
        var reading = new ReadingOptions();
        var columns = CommandOptions.Columns();
        var type = new Option<string?>("--type") { Description = "Event type of lines that have none of their own (as the layout says, else interaction)." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Write nothing; list what would be rejected and why, by line." };
        var list = new Option<int?>("--list") { Description = "How many rejected lines to list (100 in a dry run, else none)." };
        var json = CommandOptions.Json();
        var target = new TargetOptions();
        return new Command("import", "Read a file of interactions into a data folder or a server.").Does(async (parsed, cancellation) =>
        {
            var output = new CommandOutput(parsed.GetValue(json));
            bool dry = parsed.GetValue(dryRun);
            var plan = new ImportPlan(
                parsed.GetRequiredValue(file), parsed.GetValue(format) is { } name ? ImportFormats.Parse(name) : null, ImportColumns.Parse(parsed.GetValue(columns)),
                parsed.GetValue(type), CommandOptions.InRange("list", parsed.GetValue(list) ?? (dry ? 100 : 0), 0, ListedMax)) { Read = reading.Read(parsed) };
            if (!File.Exists(plan.Path))
                throw new BadInputException("file", plan.Path, "must be a file that can be read");
            try
            {
                var report = dry ? await DryRun(plan, output, cancellation) : await Import(plan, output, target, parsed, cancellation);
                Show(report, output, dry);
                return ExitCodes.Done;
            }
            catch (UnsureFileException e)
            {
                FindingsOutput.Show(e.Found, output);
                throw;
            }
        }, target.With(reading.With(file, format, columns, type, dryRun, list, json)));
    }

    /// <summary>Imports with a progress bar.</summary>
    public static Task<ImportReport> Run(
        ImportPlan plan, IEventSink sink, EventTypeRules types, Api.IRecommender? catalogueOwner, CommandOutput output, CancellationToken cancellation) =>
        output.Progress("importing", report => FileImport.Run(plan, sink, types, TimeProvider.System, catalogueOwner, new Bytes(report), plan.Format is null ? found => FindingsOutput.Show(found, output) : null, cancellation));

    public static JsonObject ToJson(ImportReport report)
    {
        var (rejected, warnings) = (new JsonObject(), new JsonObject());
        foreach (var (reason, count) in report.Rejected)
            rejected[reason] = new JsonObject { ["count"] = count.Count, ["firstLine"] = count.FirstLine, ["firstValue"] = report.FirstValues.GetValueOrDefault(reason) };
        foreach (var (text, count) in report.Warnings)
            warnings[text] = new JsonObject { ["count"] = count.Count, ["firstLine"] = count.FirstLine };
        var json = new JsonObject
        {
            ["lines"] = report.Lines, ["accepted"] = report.Accepted, ["duplicates"] = report.Duplicates, ["rejected"] = rejected,
            ["users"] = report.Users, ["items"] = report.Items, ["pairs"] = report.Pairs, ["catalogueItems"] = report.CatalogueItems,
            ["warnings"] = warnings, ["unreadColumns"] = new JsonArray([.. report.Unread.Select(name => JsonValue.Create(name))]), ["identity"] = report.Identity,
        };
        if (report.Found is { } found)
            json["found"] = FindingsOutput.ToJson(found);
        if (report.Listed.Count > 0)
            json["rejectedLines"] = new JsonArray([.. report.Listed.Select(l => new JsonObject
            {
                ["line"] = l.Line, ["reason"] = l.Reason, ["field"] = l.Field, ["value"] = l.Value,
            })]);
        return json;
    }

    private static Task<ImportReport> DryRun(ImportPlan plan, CommandOutput output, CancellationToken cancellation)
    {
        var types = Composition.EventTypes(Composition.Configuration());
        return Run(plan, new DrySink(), types, null, output, cancellation);
    }

    private static async Task<ImportReport> Import(
        ImportPlan plan, CommandOutput output, TargetOptions options, ParseResult parsed, CancellationToken cancellation)
    {
        await using var target = await options.Open(parsed, mayMake: true, cancellation);
        IEventSink sink = target.Cluster is { } cluster ? new ShardSink(cluster.Grains, cluster.Shards) : new ServerSink(target.Recommender);
        var types = Composition.EventTypes(Composition.Configuration());
        return await Run(plan, sink, types, target.Recommender, output, cancellation);
    }

    private static void Show(ImportReport report, CommandOutput output, bool dry)
    {
        output.Object(ToJson(report));
        output.Table(["lines", dry ? "acceptable" : "accepted", "duplicates", "rejected", "users", "items", "pairs"],
            [[$"{report.Lines}", $"{report.Accepted}", $"{report.Duplicates}", $"{report.RejectedLines}", $"{report.Users}", $"{report.Items}", $"{report.Pairs}"]]);
        if (report.Rejected.Count > 0)
            output.Table(["rejected because", "lines", "first line", "which held"],
                report.Rejected.Select(r => new[] { r.Key, $"{r.Value.Count}", $"{r.Value.FirstLine}", report.FirstValues.GetValueOrDefault(r.Key, "") }));
        if (report.Warnings.Count > 0)
            output.Table(["accepted with a warning", "times", "first line"], report.Warnings.Select(w => new[] { w.Key, $"{w.Value.Count}", $"{w.Value.FirstLine}" }));
        if (report.Unread.Count > 0)
            output.Line($"columns that nobody read: {string.Join(", ", report.Unread)}");
        if (report.Identity is { } identity)
            output.Line(identity);
        if (report.Listed.Count > 0)
            output.Table(["line", "reason", "field", "value"], report.Listed.Select(l => new[] { $"{l.Line}", l.Reason, l.Field, l.Value }));
    }

    private sealed class Bytes(Action<double, string> report) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value) =>
            report(value.BytesTotal == 0 ? 1 : (double)value.BytesRead / value.BytesTotal, $"{value.Lines:N0} lines");
    }
}
