using System.CommandLine;
using OrleansRec.Silo.Storage.PostgreSql;

namespace OrleansRec.Silo.Commands;

/// <summary>storage init: makes the tables of the configured database.</summary>
internal static class StorageCommand
{
    private const int ShardsMax = 1024;

    public static Command Make() => new("storage", "Prepare the database that several silos share.") { Init() };

    private static Command Init()
    {
        var users = new Option<int?>("--user-shards") { Description = "P, fixed for the life of the store (16).", HelpName = "P" };
        var items = new Option<int?>("--item-shards") { Description = "Q, fixed for the life of the store (16).", HelpName = "Q" };
        return new Command("init", "Make the tables of logs, snapshots, grain state and membership; doing it again changes nothing.").Does((parsed, _) =>
        {
            foreach (var option in new[] { users, items })
            {
                if (parsed.GetValue(option) is { } shards)
                    CommandOptions.InRange(option.Name[2..], shards, 1, ShardsMax);
            }
            var options = StoreTarget.Database(storage =>
            {
                storage.UserShards = parsed.GetValue(users) ?? storage.UserShards;
                storage.ItemShards = parsed.GetValue(items) ?? storage.ItemShards;
            });
            PostgresStore.Initialise(options, Console.Out.WriteLine);
            return Task.FromResult(ExitCodes.Done);
        }, users, items);
    }
}
