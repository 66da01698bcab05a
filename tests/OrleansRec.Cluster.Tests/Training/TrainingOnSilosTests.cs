using OrleansRec.Cluster.Tests.Cluster;
using OrleansRec.Contracts;
using OrleansRec.Grains.Items;
using OrleansRec.Grains.Tests.Training;
using OrleansRec.Grains.Users;
using OrleansRec.Model;

namespace OrleansRec.Cluster.Tests.Training;

/// <summary>
/// Goal: a training comes to the same factors on any number of silos, to the last bit. Method: the hash of what is published is compared with that of
/// the training of the same pairs in one thread, which the suite of the grains compares with one silo.
/// </summary>
public sealed class TrainingOnSilosTests
{
    [Theory]
    [InlineData(1, RowSolver.Cholesky)]
    [InlineData(2, RowSolver.Cholesky)]
    [InlineData(3, RowSolver.Cholesky)]
    [InlineData(3, RowSolver.ConjugateGradient)]
    public async Task Train_OnSoManySilos_GivesTheFactorsOfOneThread(int silos, RowSolver solver)
    {
        var shop = new PlantedShop(1);
        TrainingPlan plan = shop.Plan(rank: 32, solver: solver);
        await using SiloCluster cluster = await SiloCluster.Start(silos, new(16, 16));
        await shop.Import(cluster.Tenant, cluster.Map, silos);
        // A silo may place a shard before it knows what the others can hold; such shards are brought home.
        await SiloCluster.Until("every silo holds shards of both sides", async () =>
            await cluster.SilosWith(typeof(UserShardGrain)) == silos && await cluster.SilosWith(typeof(ItemShardGrain)) == silos);

        await cluster.Tenant.Coordinator.Start(plan);
        await SiloCluster.Until("the training is over", async () => (await cluster.Tenant.Coordinator.GetStatus()).IsOver);

        Assert.Equal(silos, await cluster.SilosWith(typeof(UserShardGrain)));
        Assert.Equal(silos, await cluster.SilosWith(typeof(ItemShardGrain)));
        AlsModel expected = shop.Train(plan);
        ModelInfo model = (await cluster.Tenant.Models.Get()).CurrentModel!;
        Assert.Equal(expected.Hash, model.FactorsHash);
        Assert.Equal(expected.Losses, model.Losses);
    }
}
