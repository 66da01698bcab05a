using Microsoft.Extensions.Options;
using OrleansRec.Api;
using OrleansRec.Gateway;
using OrleansRec.Grains.Serving;
using OrleansRec.Model;

namespace OrleansRec.Silo.Hosting;

/// <summary>Starts trainings of each tenant by age of its model and by number of its new events.</summary>
/// <remarks>It looks at the tenants that were used in this process: the others have no new events, and to look at them would wake their shards.</remarks>
public sealed partial class TrainingSchedule(
    Recommenders recommenders, SiloCopies copies, IOptions<TrainingScheduleOptions> options, TimeProvider time, ILogger<TrainingSchedule> logger) : BackgroundService
{
    private readonly Dictionary<TenantId, ScheduledTraining> _trainings = [];

    /// <summary>Whether a training is due.</summary>
    /// <param name="schedule">By age, by events, by both or by neither.</param>
    /// <param name="modelAge">Age of the current model; null where there is none.</param>
    /// <param name="newEvents">Events since it was trained.</param>
    public static bool IsDue(TrainingScheduleOptions schedule, TimeSpan? modelAge, long newEvents) =>
        newEvents > 0 && (newEvents >= schedule.AfterEvents || (schedule.Every is { } period && (modelAge is null || modelAge >= period)));

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value is { Every: null, AfterEvents: null })
            return;
        using var timer = new PeriodicTimer(options.Value.LookPeriod, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (TenantId tenant in copies.Tenants)
                await LookQuietly(tenant, stoppingToken);
        }
    }

    private async Task LookQuietly(TenantId tenant, CancellationToken stop)
    {
        try
        {
            await Look(tenant, recommenders.Of(tenant), stop);
        }
        catch (Exception e) when (!stop.IsCancellationRequested)
        {
            // Storage or a shard is not there now; the next look finds it again.
            LookFailed(logger, tenant, e);
        }
    }

    private async Task Look(TenantId tenant, IRecommender recommender, CancellationToken cancellation)
    {
        var status = await recommender.GetStatusAsync(cancellation);
        // After a restart it is not known how many events the current model saw; counting begins anew.
        if (!_trainings.TryGetValue(tenant, out ScheduledTraining? training))
            _trainings[tenant] = training = new(status.ModelVersion == 0 ? 0 : status.Events);
        TimeSpan? age = status.ModelPublished is { } published ? time.GetUtcNow() - published : null;
        if (!training.MayStart(await recommender.GetTrainingAsync(cancellation), status.Events, time.GetUtcNow(), options.Value.RetryPeriod)
            || !IsDue(options.Value, age, status.Events - training.EventsTrained))
            return;
        var started = await recommender.StartTrainingAsync(null, cancellation);
        if (started.Started)
        {
            training.Started(started.Version, status.Events);
            TrainingBegins(logger, tenant, started.Version, status.Events);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Tenant {Tenant}: training of version {Version} begins by schedule, with {Events} events.")]
    private static partial void TrainingBegins(ILogger logger, TenantId tenant, long version, long events);

    [LoggerMessage(2, LogLevel.Warning, "Tenant {Tenant}: it could not be looked whether a training is due.")]
    private static partial void LookFailed(ILogger logger, TenantId tenant, Exception e);
}
