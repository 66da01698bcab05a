using OrleansRec.Contracts;
using OrleansRec.Grains.Log;
using OrleansRec.Grains.Tests.Cluster;
using OrleansRec.Model;

namespace OrleansRec.Grains.Tests.Log;

/// <summary>A shard that cannot read its log says which stream it is, in an exception that callers on other silos can be told of.</summary>
public sealed class UnreadableLogTests
{
    [Fact]
    public void Activate_BatchIsDamaged_NamesTheStream() => GrainCluster.Run(1, async cluster =>
    {
        await Plant(cluster, LogStreams.Users(TenantId.Default, 0), [1, 2, 3]);
        await Plant(cluster, LogStreams.Items(TenantId.Default, 1), [1, 2, 3]);

        var users = await Assert.ThrowsAsync<CorruptStoreException>(() => cluster.UserShard(0).GetStatus());
        var items = await Assert.ThrowsAsync<CorruptStoreException>(() => cluster.ItemShard(1).GetStatus());

        Assert.Contains("users/0", users.Message, StringComparison.Ordinal);
        Assert.Contains("items/1", items.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void Of_NewerFormat_SaysThatItIsNotSupportedAndNothingElseIsChanged()
    {
        var refused = Assert.IsType<NotSupportedException>(UnreadableLog.Of("items/1", new NewerLogFormatException(2, 1)));
        Assert.Contains("items/1", refused.Message, StringComparison.Ordinal);
        Assert.Contains("format 2", refused.Message, StringComparison.Ordinal);
        Assert.Null(UnreadableLog.Of("items/1", new FencedException("another writer")));
    }

    private static async Task Plant(GrainCluster cluster, string stream, byte[] content)
    {
        LogOpening opening = await cluster.Disk.Open(stream);
        await cluster.Disk.Append(new(stream, opening.Epoch, 1, 1, content));
    }
}
