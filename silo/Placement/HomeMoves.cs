using Orleans.Core.Internal;
using Orleans.Runtime;
using Orleans.Runtime.Placement;
using OrleansRec.Contracts;
using OrleansRec.Silo.Hosting;

namespace OrleansRec.Silo.Placement;

/// <summary>
/// Gives away the grains of this silo whose home is another one since silos came or went: bounded many in a period, shards first. A grain moves when none of its
/// calls is running; calls that wait move with it.
/// </summary>
/// <remarks>
/// It works until everything is at home, and then rests until the membership changes. A grain that was placed here by a silo that knew less moves too. Grains are asked by a
/// call, which waits until the grain has begun and fails with it. <see cref="IGrainContext.Migrate"/> does not wait: it takes along a state that was never read, which
/// counts as read on the other silo.
/// </remarks>
internal sealed partial class HomeMoves(
    IGrainFactory grains, ILocalSiloDetails local, IClusterMembershipService membership, PlacementStrategyResolver strategies, HomePlacementDirector homes,
    ClusterOptions options, ILogger<HomeMoves> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.MovePeriod);
        MembershipVersion seen = default;
        int quietLooks = 0, quietLooksMax = Math.Max(QuietLooks, 1 + (int)(2 * options.TableRefreshPeriod / options.MovePeriod));
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            ClusterMembershipSnapshot now = membership.CurrentSnapshot;
            if (now.Version != seen)
                (seen, quietLooks) = (now.Version, 0);
            SiloAddress[] active = [.. now.Members.Values.Where(m => m.Status == SiloStatus.Active).Select(m => m.SiloAddress)];
            if (quietLooks < quietLooksMax && active.Contains(local.SiloAddress))
                quietLooks = await MoveSome(active, stoppingToken) == 0 ? quietLooks + 1 : 0;
        }
    }

    /// <summary>
    /// After so many looks in a row that found all at home it rests, and no sooner than in the time in which every silo has read the membership table twice: by then each knows of the change,
    /// and none places a grain here that has its home elsewhere.
    /// </summary>
    private const int QuietLooks = 10;

    /// <summary>How many were away from home; of them bounded many were told to move.</summary>
    private async Task<int> MoveSome(SiloAddress[] active, CancellationToken cancellation)
    {
        try
        {
            GrainId[] away = await Away(active).WaitAsync(cancellation);
            GrainId[] shards = [.. away.Where(IsShard).Take(options.ShardMovesMax)], others = [.. away.Where(g => !IsShard(g)).Take(options.GrainMovesMax)];
            foreach (GrainId grain in shards.Concat(others))
                await grains.GetGrain(grain).Cast<IGrainManagementExtension>().MigrateOnIdle().AsTask().WaitAsync(cancellation);
            if (away.Length > 0)
                LogMoves(shards.Length, others.Length, away.Length);
            return away.Length;
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            LogMovesLater(e);
            return 1;
        }
    }

    private async Task<GrainId[]> Away(SiloAddress[] active)
    {
        var management = grains.GetGrain<IManagementGrain>(0);
        DetailedGrainStatistic[] here = await management.GetDetailedGrainStatistics(types: null, hostsIds: [local.SiloAddress]);
        return [.. here.Select(g => g.GrainId).Where(g => !g.Type.IsSystemTarget() && strategies.GetPlacementStrategy(g.Type) is HomePlacement && !homes.HomeOf(g, active).Equals(local.SiloAddress))];
    }

    private static bool IsShard(GrainId grain) => GrainHome.IsShard(grain.Type.ToString()!);

    [LoggerMessage(LogLevel.Information, "{Shards} shards and {Others} other grains move to their home, of {Away} that are away from it.")]
    private partial void LogMoves(int shards, int others, int away);

    [LoggerMessage(LogLevel.Warning, "Grains that belong on other silos could not be looked for; it is tried again.")]
    private partial void LogMovesLater(Exception reason);
}
