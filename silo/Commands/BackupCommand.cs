using System.CommandLine;
using OrleansRec.Silo.Import;
using OrleansRec.Silo.Storage;

namespace OrleansRec.Silo.Commands;

/// <summary>backup FOLDER: copies a data folder as of now, also while a server holds it.</summary>
internal static class BackupCommand
{
    /// <summary>What does the same for a database.</summary>
    internal const string OfDatabase = "PostgreSQL's own tools copy one moment while it runs: pg_dump --format=custom, or a base backup with its log (deploy/OPERATING.md)";

    public static Command Make()
    {
        var to = new Argument<string>("FOLDER") { Description = "An empty or missing folder." };
        var data = CommandOptions.Data();
        return new Command("backup", "Copy a data folder as of now; a server may go on using it.").Does(async (parsed, cancellation) =>
        {
            await FolderCopyCommand.Run(StoreTarget.RequireFolder(parsed.GetValue(data), OfDatabase), parsed.GetRequiredValue(to), "data", cancellation);
            return ExitCodes.Done;
        }, to, data);
    }
}

/// <summary>restore BACKUP: makes a data folder from a backup.</summary>
internal static class RestoreCommand
{
    private const string OfDatabase = "PostgreSQL's own tools restore: pg_restore into an empty database, or a base backup with its log (deploy/OPERATING.md)";

    public static Command Make()
    {
        var from = new Argument<string>("BACKUP") { Description = "A folder made by backup." };
        var data = CommandOptions.Data();
        var replace = new Option<bool>("--replace") { Description = "Take the place of a data folder that nobody uses; the old one is kept beside it." };
        return new Command("restore", "Make a data folder from a backup, which is verified first.").Does(async (parsed, cancellation) =>
        {
            string source = parsed.GetRequiredValue(from), target = StoreTarget.RequireFolder(parsed.GetValue(data), OfDatabase);
            if (parsed.GetValue(replace))
            {
                FolderCopyCommand.RequireStore(source, "backup");
                string kept = await Task.Run(() => FolderReplacement.Run(source, target), cancellation);
                Console.Out.WriteLine($"copied {source} to {target}; the old folder is {kept}");
            }
            else
                await FolderCopyCommand.Run(source, target, "backup", cancellation);
            return ExitCodes.Done;
        }, from, data, replace);
    }
}

internal static class FolderCopyCommand
{
    // SQLite's own backup reads a store in use as of one moment, so one way of copying serves both commands.
    public static async Task Run(string source, string target, string field, CancellationToken cancellation)
    {
        RequireStore(source, field);
        await Task.Run(() => DataFolder.Restore(source, target), cancellation);
        Console.Out.WriteLine($"copied {source} to {target}");
    }

    public static void RequireStore(string source, string field)
    {
        if (!File.Exists(Path.Combine(source, DataFolder.DatabaseName)))
            throw new BadInputException(field, source, $"must be a folder with a {DataFolder.DatabaseName}");
    }
}
