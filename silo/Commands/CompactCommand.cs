using System.CommandLine;
using OrleansRec.Model;
using OrleansRec.Silo.Hosting;
using OrleansRec.Silo.Import;
using OrleansRec.Silo.Storage;

namespace OrleansRec.Silo.Commands;

/// <summary>compact: writes every shard's snapshot, lets the log before it go and writes the file anew, so that it holds what is needed and nothing else.</summary>
internal static class CompactCommand
{
    public static Command Make()
    {
        var data = CommandOptions.Data();
        data.Required = true;
        return new Command("compact", "Write a data folder anew as small as it can be; the server must be stopped.").Does(async (parsed, cancellation) =>
        {
            string folder = parsed.GetRequiredValue(data)!, database = Path.Combine(folder, DataFolder.DatabaseName);
            if (!File.Exists(database))
                throw new BadInputException("data", folder, $"must be a folder with a {DataFolder.DatabaseName}");
            long before = new FileInfo(database).Length;
            foreach (var tenant in await Tenants(folder, cancellation))
                await Snapshot(folder, tenant, cancellation);
            await Task.Run(() => FolderCompaction.Run(folder), cancellation);
            Console.Out.WriteLine($"{folder}: {before} bytes before, {new FileInfo(database).Length} after");
            return ExitCodes.Done;
        }, data);
    }

    private static async Task<TenantId[]> Tenants(string folder, CancellationToken cancellation)
    {
        await using var cluster = await LocalCluster.Open(folder, TenantId.Default, cancellation);
        return [.. (await cluster.Recommender.ListTenantsAsync(cancellation)).Tenants.Select(tenant => TenantId.Of(tenant.Name))];
    }

    private static async Task Snapshot(string folder, TenantId tenant, CancellationToken cancellation)
    {
        await using var cluster = await LocalCluster.Open(folder, tenant, cancellation);
        for (int shard = 0; shard < cluster.Shards.UserShards; shard++)
            await cluster.Grains.UserShard(shard).Snapshot(cancellation);
        for (int shard = 0; shard < cluster.Shards.ItemShards; shard++)
            await cluster.Grains.ItemShard(shard).Snapshot(cancellation);
    }
}
