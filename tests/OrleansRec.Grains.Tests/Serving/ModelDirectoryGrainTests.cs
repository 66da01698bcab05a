using Microsoft.Extensions.DependencyInjection;
using OrleansRec.Contracts;
using OrleansRec.Model;
using OrleansRec.Grains.Hosting;
using OrleansRec.Grains.Serving;
using OrleansRec.Grains.Tests.Cluster;

namespace OrleansRec.Grains.Tests.Serving;

/// <summary>Publishing moves readers at once, keeps the last versions, and can go back.</summary>
public sealed class ModelDirectoryGrainTests
{
    private static readonly string[] Items = Planted.Ids("item", 12);

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void Publish_ThenPromoteAnOlderVersion_MovesReadersAtOnce(ulong seed) => GrainCluster.Run(seed, async cluster =>
    {
        await cluster.User("ann").Record([Planted.Event("ann", "item1", "view")]);
        Assert.Equal(0, (await cluster.User("ann").Recommend(new())).ModelVersion);
        for (int version = 1; version <= 3; version++)
        {
            await Planted.Model(version, Items, cluster.Map).Publish(cluster);
            Assert.Equal(version, (await cluster.User("ann").Recommend(new())).ModelVersion);
        }

        Assert.True(await cluster.Models.Promote(1));
        Assert.Equal(1, (await cluster.User("ann").Recommend(new())).ModelVersion);
        Assert.False(await cluster.Models.Promote(9));
        await cluster.Crash();
        Assert.Equal(1, await cluster.Models.GetCurrent());
        Assert.Equal(1, (await cluster.User("ann").Recommend(new())).ModelVersion);
    });

    [Fact]
    public void Publish_MoreThanAreKept_DropsTheOldestAndItsBlocks() => GrainCluster.Run(4, async cluster =>
    {
        for (int version = 1; version <= 5; version++)
            await Planted.Model(version, Items, cluster.Map).Publish(cluster);

        Assert.Equal([3L, 4, 5], (await cluster.Models.Get()).Models.Select(m => m.Version));
        Assert.False(await cluster.Models.Promote(2));
        for (int version = 1; version <= 5; version++)
            Assert.Equal(version >= 3, await cluster.Disk.ReadSnapshot(LogStreams.Model(TenantId.Default, version, 0)) is not null);
        await Assert.ThrowsAsync<VersionGoneException>(() => cluster.ItemShard(0).GetPublished(2, 0));
    });

    [Fact]
    public void Publish_Again_ChangesNothing() => GrainCluster.Run(4, async cluster =>
    {
        PlantedModel first = Planted.Model(1, Items, cluster.Map);
        await first.Publish(cluster);
        await Planted.Model(2, Items, cluster.Map).Publish(cluster);
        Assert.Equal(2, (await cluster.Models.Publish(first.Info)).Current);
    });

    /// <summary>A coordinator that came back after the last sweep prepared blocks anew, over those that the one before had published meanwhile.</summary>
    [Fact]
    public void Publish_OfAnAttemptBeforeTheClaimedOne_IsRefused() => GrainCluster.Run(4, async cluster =>
    {
        PlantedModel model = Planted.Model(1, Items, cluster.Map);
        await model.Prepare(cluster);
        Assert.False(await cluster.Models.Claim(version: 1, attempt: 2));
        await cluster.Crash();

        await Assert.ThrowsAsync<FencedException>(() => cluster.Models.Publish(model.Info with { Attempt = 1 }));
        Assert.Equal(1, (await cluster.Models.Publish(model.Info with { Attempt = 2 })).Current);

        Assert.True(await cluster.Models.Claim(version: 1, attempt: 3));
    });

    [Fact]
    public void Publish_LargerThanASiloCopies_IsRefusedWithBothNumbers() => GrainCluster.Run(4, async cluster =>
    {
        PlantedModel model = Planted.Model(1, Items, cluster.Map);
        await model.Prepare(cluster);
        var refused = await Assert.ThrowsAsync<TrainingFailedException>(() => cluster.Models.Publish(model.Info));
        // Four factors and the index's inverse norm an item.
        Assert.Contains($"{Items.Length * 5 * 4} bytes", refused.Message, StringComparison.Ordinal);
        Assert.Contains("allows 100", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, await cluster.Models.GetCurrent());
    }, configure: s => s.PostConfigure<ServingOptions>(o => o.ModelCopyBytesMax = 100));

    /// <summary>A list could name a version that a failed write, or a crash, then took back.</summary>
    [Fact]
    public void GetCurrent_WhileAPublicationIsWritten_AnswersWhatIsStored()
    {
        HeldGrainStorage storage = null!;
        GrainCluster.Run(4, async cluster =>
        {
            await Planted.Model(1, Items, cluster.Map).Publish(cluster);
            storage.Hold();
            Task publishing = Planted.Model(2, Items, cluster.Map).Publish(cluster);
            await cluster.Until("the write", () => Task.FromResult(storage.IsHolding));
            Assert.Equal(1, await cluster.Models.GetCurrent());
            storage.LetGo();
            await publishing;
            Assert.Equal(2, await cluster.Models.GetCurrent());
        }, configure: s => storage = HeldGrainStorage.Around(s));
    }

    [Fact]
    public void Get_PublishedByAnotherSilo_IsFoundWithinTheStalenessPeriod() => GrainCluster.Run(4, async cluster =>
    {
        await Planted.Model(1, Items, cluster.Map).Publish(cluster);
        // A silo of its own copies, whose directory is elsewhere: it learns only by asking.
        var catalogue = new CatalogueCopy(TenantId.Default, cluster.Map, cluster.Clock, Microsoft.Extensions.Options.Options.Create(new ServingOptions()));
        var models = new PublishedModels(TenantId.Default, cluster.Map, catalogue, new InlineComputePool(), cluster.Clock, Microsoft.Extensions.Options.Options.Create(new ServingOptions()));
        Assert.Equal(1, (await models.Get(cluster.Grains))!.Version);
        await Planted.Model(2, Items, cluster.Map).Publish(cluster);
        await Task.Delay(new ServingOptions().StalenessPeriod, cluster.Clock);
        Assert.Equal(2, (await models.Get(cluster.Grains))!.Version);
        Assert.Equal(1, models.Find(1)!.Version);
        Assert.Null(models.Find(3));

        await catalogue.Refresh(cluster.Grains);
        await cluster.Item("item3").Put(Planted.Item("item3", visible: false));
        await Task.Delay(new ServingOptions().StalenessPeriod, cluster.Clock);
        await catalogue.Refresh(cluster.Grains);
        Assert.DoesNotContain("item3", catalogue.Popular(null, new HashSet<string>(), null, 50).Items.Select(i => i.ItemId));
        Assert.Equal(1, catalogue.Version);
    });
}
