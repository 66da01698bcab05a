using System.CommandLine;
using OrleansRec.Silo.Import;
using OrleansRec.Silo.Storage;

namespace OrleansRec.Silo.Commands;

/// <summary>backup FOLDER: copies a data folder as of now, also while a server holds it.</summary>
internal static class BackupCommand
{
    public static Command Make()
    {
        var to = new Argument<string>("FOLDER") { Description = "An empty or missing folder." };
        var data = CommandOptions.Data();
        data.Required = true;
        return new Command("backup", "Copy a data folder as of now; a server may go on using it.").Does(async (parsed, cancellation) =>
        {
            await FolderCopyCommand.Run(parsed.GetRequiredValue(data)!, parsed.GetRequiredValue(to), "data", cancellation);
            return ExitCodes.Done;
        }, to, data);
    }
}

/// <summary>restore BACKUP: makes a data folder from a backup.</summary>
internal static class RestoreCommand
{
    public static Command Make()
    {
        var from = new Argument<string>("BACKUP") { Description = "A folder made by backup." };
        var data = CommandOptions.Data();
        data.Required = true;
        return new Command("restore", "Make a data folder from a backup.").Does(async (parsed, cancellation) =>
        {
            await FolderCopyCommand.Run(parsed.GetRequiredValue(from), parsed.GetRequiredValue(data)!, "backup", cancellation);
            return ExitCodes.Done;
        }, from, data);
    }
}

internal static class FolderCopyCommand
{
    // SQLite's own backup reads a store in use as of one moment, so one way of copying serves both commands.
    public static async Task Run(string source, string target, string field, CancellationToken cancellation)
    {
        if (!File.Exists(Path.Combine(source, DataFolder.DatabaseName)))
            throw new BadInputException(field, source, $"must be a folder with a {DataFolder.DatabaseName}");
        await Task.Run(() => DataFolder.Restore(source, target), cancellation);
        Console.Out.WriteLine($"copied {source} to {target}");
    }
}
