using OrleansRec.Contracts;
using OrleansRec.Grains.Tests.Cluster;
using OrleansRec.Model;

namespace OrleansRec.Grains.Tests.Users;

/// <summary>Two tenants with the same users, items and shards have nothing in common: not a history, not a count, not a model, not a catalogue.</summary>
public sealed class TenantTests
{
    private static readonly TenantId Acme = TenantId.Of("acme");

    [Theory]
    [InlineData("default/3", "default", "3")]
    [InlineData("acme/a/b", "acme", "a/b")]
    [InlineData("acme/", "acme", "")]
    [InlineData("*/tenants", "*", "tenants")]
    public void GrainKey_Parse_SplitsAtTheFirstSlash(string key, string tenant, string name)
    {
        GrainKey read = GrainKey.Parse(key);
        Assert.Equal((tenant, name), (read.Tenant.Name, read.Name));
        Assert.Equal(key, read.ToString());
    }

    [Theory]
    [InlineData("3")]
    [InlineData("/3")]
    [InlineData("Acme/3")]
    public void GrainKey_Parse_WithoutATenant_IsRefused(string key) => Assert.Throws<ArgumentException>(() => GrainKey.Parse(key));

    [Fact]
    public void TwoTenants_WithTheSameIds_ShareNothing() => GrainCluster.Run(11, async cluster =>
    {
        TenantGrains acme = cluster.Grains.Of(Acme);
        await cluster.User("ann").Record([Planted.Event("ann", "mug")]);
        await acme.User("ann").Record([Planted.Event("ann", "pot"), Planted.Event("ann", "cup")]);
        await acme.Item("mug").Put(Planted.Item("mug"));

        Assert.Equal(["mug"], (await cluster.User("ann").Export()).Events.Select(e => e.ItemId));
        Assert.Equal(["pot", "cup"], (await acme.User("ann").Export()).Events.Select(e => e.ItemId));
        Assert.Null((await cluster.Item("mug").Get())?.Item);
        Assert.NotNull((await acme.Item("mug").Get())!.Item);

        await cluster.User("ann").Erase();
        Assert.Equal(2, (await acme.User("ann").Export()).Events.Length);
        Assert.NotEmpty(await cluster.Disk.Read(LogStreams.Users(Acme, cluster.Map.OfUser("ann")), 0, int.MaxValue));
    });

    [Fact]
    public void Publish_ForOneTenant_LeavesTheOtherWithoutAModel() => GrainCluster.Run(12, async cluster =>
    {
        await Planted.Model(1, ["item1", "item2"], cluster.Map).Publish(cluster);
        await cluster.User("ann").Record([Planted.Event("ann", "item1")]);
        await cluster.Grains.Of(Acme).User("ann").Record([Planted.Event("ann", "item1")]);

        Assert.Equal(1, (await cluster.User("ann").GetProfile())!.ModelVersion);
        Assert.Equal(0, (await cluster.Grains.Of(Acme).User("ann").GetProfile())!.ModelVersion);
        Assert.Equal(0, (await cluster.Grains.Of(Acme).Models.Get()).Current);
    });

    [Fact]
    public void TenantDirectory_BeginsWithTheDefault_AndTakesEachNameOnce() => GrainCluster.Run(13, async cluster =>
    {
        Assert.True(await cluster.Grains.Tenants().Add(new("acme", 5)));
        Assert.False(await cluster.Grains.Tenants().Add(new("acme", 6)));
        Assert.False(await cluster.Grains.Tenants().Add(new("default", 7)));
        await cluster.Restart();
        Assert.Equal([new("default", 0), new("acme", 5)], (await cluster.Grains.Tenants().Get()).Tenants);
    });
}
