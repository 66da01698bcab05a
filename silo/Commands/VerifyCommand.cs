using System.CommandLine;
using System.Text.Json.Nodes;
using OrleansRec.Silo.Import;
using OrleansRec.Silo.Storage.PostgreSql;
using OrleansRec.Silo.Storage.Verification;

namespace OrleansRec.Silo.Commands;

/// <summary>verify: reads a data folder or a backup end to end and says what is wrong with it.</summary>
internal static class VerifyCommand
{
    /// <summary>Findings that are listed on a screen; --json has them all.</summary>
    private const int ListedMax = 100;

    public static Command Make()
    {
        var data = CommandOptions.Data();
        var repair = new Option<bool>("--repair") { Description = "Turn single flipped bits back on the disk; the server must be stopped." };
        var json = CommandOptions.Json();
        return new Command("verify", "Read a data folder, or the configured database, end to end and say what is wrong with it.").Does(async (parsed, cancellation) =>
        {
            bool mend = parsed.GetValue(repair);
            string? folder = parsed.GetValue(data) ?? StoreTarget.Folder(null);
            if (folder is null && mend)
                throw new BadInputException("repair", "true", "must be left out: a database is restored, not mended");
            var report = await Task.Run(() => folder is null ? PostgresVerification.Run(StoreTarget.Database(_ => { })) : FolderVerification.Run(folder, mend), cancellation);
            Tell(report, new(parsed.GetValue(json)));
            return report.IsClean ? ExitCodes.Done : ExitCodes.Failed;
        }, data, repair, json);
    }

    private static void Tell(FolderReport report, CommandOutput output)
    {
        output.Object(AsJson(report));
        output.Table(["format", "in use", "pages", "free", "log frames", "rows", "records", "snapshots", "clean"],
            [[$"{report.Format}", report.IsInUse ? "yes" : "no", $"{report.Pages}", $"{report.FreePages}", $"{report.LogFrames}", $"{report.Rows}", $"{report.Records}",
                $"{report.Snapshots}", report.IsClean ? "yes" : "no"]]);
        foreach (var finding in report.Findings.Take(ListedMax))
            output.Line($"{Word(finding.Kind)}: {finding.Place}: {(finding.Record is null ? "" : finding.Record + ": ")}{finding.Message}");
        if (report.Findings.Count > ListedMax)
            output.Line($"and {report.Findings.Count - ListedMax} more (--json lists them all)");
    }

    private static JsonObject AsJson(FolderReport report) => new()
    {
        ["clean"] = report.IsClean, ["format"] = report.Format, ["inUse"] = report.IsInUse, ["pages"] = report.Pages, ["freePages"] = report.FreePages,
        ["logFrames"] = report.LogFrames, ["rows"] = report.Rows, ["records"] = report.Records, ["snapshots"] = report.Snapshots,
        ["findings"] = new JsonArray([.. report.Findings.Select(finding => new JsonObject
        {
            ["kind"] = Word(finding.Kind), ["place"] = finding.Place, ["record"] = finding.Record, ["message"] = finding.Message,
        })]),
    };

    private static string Word(FindingKind kind) => kind switch
    {
        FindingKind.Note => "note",
        FindingKind.Mendable => "mendable",
        _ => "damage",
    };
}
