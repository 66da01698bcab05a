using System.CommandLine;
using System.Text.Json.Nodes;
using OrleansRec.Silo.Import;

namespace OrleansRec.Silo.Commands;

/// <summary>items import FILE: reads a catalogue.</summary>
internal static class ItemsImportCommand
{
    public static Command Make()
    {
        var file = new Argument<string>("FILE") { Description = "File of items: CSV, JSON Lines or Parquet, in gzip or zip or as it is." };
        var format = new Option<string?>("--format") { Description = $"Layout of the file: {string.Join(", ", CataloguePlan.FormatNames)}; found from the file.", HelpName = "FORMAT" };
        var columns = new Option<string?>("--columns")
        {
            Description = "Which column is what: item=..,title=..,categories=..,price=..,stock=..,visible=..; all others are attributes; numbers for a file without header.", HelpName = "NAME=COLUMN,...",
        };
        var separator = new Option<string?>("--separator") { Description = "What stands between fields; found from the file.", HelpName = "TEXT" };
        var encoding = new Option<string?>("--encoding") { Description = "Encoding of the text; found from the file.", HelpName = "NAME" };
        var mark = new Option<string?>("--decimal") { Description = "Decimal mark: . or , (point).", HelpName = "MARK" };
        var entry = new Option<string?>("--entry") { Description = "Which file of a zip archive.", HelpName = "NAME" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Write nothing; list what would be rejected and why, by line." };
        var (json, target) = (CommandOptions.Json(), new TargetOptions());
        return new Command("import", "Read a catalogue file into a data folder or a server; an item replaces the one that was there.").Does(async (parsed, cancellation) =>
        {
            var plan = new CataloguePlan(
                parsed.GetRequiredValue(file), parsed.GetValue(format) is { } name ? CataloguePlan.FormatOf(name) : null, ImportColumns.Parse(parsed.GetValue(columns), ImportColumns.ItemParts),
                parsed.GetValue(dryRun) ? 100 : 0)
            {
                Read = new()
                {
                    Separator = parsed.GetValue(separator), Encoding = parsed.GetValue(encoding), Entry = parsed.GetValue(entry), DecimalMark = ReadingOptions.DecimalMark(parsed.GetValue(mark)),
                },
            };
            var output = new CommandOutput(parsed.GetValue(json));
            CatalogueReport report;
            if (parsed.GetValue(dryRun))
                report = await CatalogueImport.Run(plan, null, cancellation);
            else
            {
                await using var open = await target.Open(parsed, mayMake: true, cancellation);
                report = await CatalogueImport.Run(plan, open.Recommender, cancellation);
            }
            Show(report, output);
            return ExitCodes.Done;
        }, target.With(file, format, columns, separator, encoding, mark, entry, dryRun, json));
    }

    private static void Show(CatalogueReport report, CommandOutput output)
    {
        output.Object(ToJson(report));
        output.Line(report.Found);
        output.Table(["lines", "accepted", "rejected"], [[$"{report.Lines}", $"{report.Accepted}", $"{report.Rejected.Values.Sum(r => r.Count)}"]]);
        if (report.Rejected.Count > 0)
            output.Table(["rejected because", "lines", "first line"], report.Rejected.Select(r => new[] { r.Key, $"{r.Value.Count}", $"{r.Value.FirstLine}" }));
        if (report.Warnings.Count > 0)
            output.Table(["accepted with a warning", "times", "first line"], report.Warnings.Select(w => new[] { w.Key, $"{w.Value.Count}", $"{w.Value.FirstLine}" }));
        if (report.Listed.Count > 0)
            output.Table(["line", "reason", "field", "value"], report.Listed.Select(l => new[] { $"{l.Line}", l.Reason, l.Field, l.Value }));
        if (report.Unread.Count > 0)
            output.Line($"properties that nobody read: {string.Join(", ", report.Unread)}");
    }

    private static JsonObject ToJson(CatalogueReport report)
    {
        JsonObject Counts(IReadOnlyDictionary<string, RejectionCount> counts) => new(counts.Select(c =>
            KeyValuePair.Create(c.Key, (JsonNode?)new JsonObject { ["count"] = c.Value.Count, ["firstLine"] = c.Value.FirstLine })));
        return new()
        {
            ["found"] = report.Found, ["lines"] = report.Lines, ["accepted"] = report.Accepted, ["rejected"] = Counts(report.Rejected), ["warnings"] = Counts(report.Warnings),
            ["unreadColumns"] = new JsonArray([.. report.Unread.Select(name => JsonValue.Create(name))]),
            ["rejectedLines"] = new JsonArray([.. report.Listed.Select(l => new JsonObject { ["line"] = l.Line, ["reason"] = l.Reason, ["field"] = l.Field, ["value"] = l.Value })]),
        };
    }
}
