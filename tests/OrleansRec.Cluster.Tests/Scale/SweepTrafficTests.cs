using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using OrleansRec.Cluster.Tests.Cluster;
using OrleansRec.Contracts;
using OrleansRec.Grains.Training;
using OrleansRec.Model;

namespace OrleansRec.Cluster.Tests.Scale;

/// <summary>
/// Goal: docs/SCALE.md's arithmetic is that of the cluster. Method: a training on 1, 2 and 3 silos with every call counted and every body written out, held against
/// <see cref="SweepTraffic"/> for the placement and the rows that the run had: calls exactly, bytes within a hundredth.
/// </summary>
public sealed class SweepTrafficTests(ITestOutputHelper output)
{
    private const int Sweeps = 3, HashBytes = 32;
    private const double BytesTolerance = 0.01;

    private static readonly TimeSpan patience = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(1, 16, 8, 4)]
    [InlineData(2, 16, 8, 4)]
    [InlineData(3, 16, 8, 4)]
    [InlineData(1, 64, 6, 5)]
    [InlineData(2, 64, 6, 5)]
    [InlineData(3, 64, 6, 5)]
    public async Task Train_OnSilos_SendsWhatTheModelSays(int silos, int rank, int userShards, int itemShards)
    {
        var options = new AlsOptions { Rank = rank, Sweeps = Sweeps, Lambda = 2, Alpha = 3 };
        var ledger = new TrafficLedger();
        await using SiloCluster cluster = await SiloCluster.Start(silos, new(userShards, itemShards), services =>
        {
            ledger.AddTo(services);
            // No silo is lost here, and what a slow one is asked a second time is traffic that no sweep needs.
            // The models beside the factors are no part of a sweep, and read the factors once more.
            services.Configure<TrainingOptions>(o => (o.SilencePeriod, o.PublishTimeout, o.CompanionEventsMax) = (patience, patience, 0));
        });
        await PlantedPairs.Record(cluster, users: 3_000, items: 1_000);
        ledger.IsOpen = true;
        TrainingStatus status = await PlantedPairs.Train(cluster, options);
        ledger.IsOpen = false;
        // The report that ends the training is seen to have done so before its answer is written.
        await SiloCluster.Until("the last calls are counted", () => Task.FromResult(ledger.UnderWay == 0));
        Assert.Equal(TrainingPhase.Done, status.Phase);

        TrainingLayout layout = LayoutOf(cluster, ledger);
        long hashes = Buckets.Count * HashBytes;
        output.WriteLine($"{silos} silos, k = {rank}, P = {userShards}, Q = {itemShards}, {status.Users} users, {status.Items} items, {Sweeps} sweeps; predicted / measured");
        Check("begin", Sweeps * SweepTraffic.Begin(layout, options), ledger.Of("SolveUsers", "SolveItems"), 0);
        Check("pull", Sweeps * SweepTraffic.Pull(layout, options), ledger.Of("GetItemFactors", "GetUserFactors"), 0);
        Check("report", Sweeps * SweepTraffic.Report(layout, options), ledger.Of("Report SolvingUsers", "Report SolvingItems"), hashes);
    }

    private void Check(string part, Traffic predicted, Traffic measured, long besides)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {part} | {predicted.Calls} / {measured.Calls} | {predicted.RemoteCalls} / {measured.RemoteCalls} | {predicted.Bytes} / {measured.Bytes - besides} | {predicted.RemoteBytes} / {measured.RemoteBytes} |"));
        Assert.Equal((predicted.Calls, predicted.RemoteCalls), (measured.Calls, measured.RemoteCalls));
        Assert.InRange(measured.Bytes - besides, (1 - BytesTolerance) * predicted.Bytes, (1 + BytesTolerance) * predicted.Bytes);
        // Which reports of the last sweep are remote decides how much of the hashes goes along.
        Assert.InRange(measured.RemoteBytes, (1 - BytesTolerance) * predicted.RemoteBytes, (1 + BytesTolerance) * predicted.RemoteBytes + besides);
    }

    private static TrainingLayout LayoutOf(SiloCluster cluster, TrafficLedger ledger)
    {
        string[] names = [.. ledger.Silos.Values.Distinct().Order()];
        TenantGrains grains = cluster.Tenant;
        return new(
            ledger.RowsIn(nameof(IItemShardTraining.SolveItems)), ledger.RowsIn(nameof(IUserShardTraining.SolveUsers)),
            [.. Enumerable.Range(0, cluster.Map.UserShards).Select(s => SiloOf(grains.UserTraining(s)))],
            [.. Enumerable.Range(0, cluster.Map.ItemShards).Select(s => SiloOf(grains.ItemTraining(s)))],
            SiloOf(grains.Coordinator));

        int SiloOf(IAddressable grain) => Array.IndexOf(names, ledger.Silos[grain.GetGrainId()]);
    }
}
