using Microsoft.Extensions.Options;
using OrleansRec.Api;

namespace OrleansRec.Silo.Hosting;

/// <summary>Starts trainings by age of the model and by number of new events.</summary>
public sealed partial class TrainingSchedule(
    IRecommender recommender, IOptions<TrainingScheduleOptions> options, TimeProvider time, ILogger<TrainingSchedule> logger) : BackgroundService
{
    private long _eventsTrained = -1;

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
            try
            {
                await Look(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // Storage or a shard is not there now; the next look finds it again.
                LookFailed(logger, e);
            }
        }
    }

    private async Task Look(CancellationToken cancellation)
    {
        var status = await recommender.GetStatus(cancellation);
        // After a restart it is not known how many events the current model saw; counting begins anew.
        if (_eventsTrained < 0)
            _eventsTrained = status.ModelVersion == 0 ? 0 : status.Events;
        TimeSpan? age = status.ModelPublished is { } published ? time.GetUtcNow() - published : null;
        if (!IsDue(options.Value, age, status.Events - _eventsTrained) || !(await recommender.GetTraining(cancellation)).IsOver)
            return;
        var started = await recommender.StartTraining(null, cancellation);
        if (started.Started)
        {
            _eventsTrained = status.Events;
            TrainingBegins(logger, started.Version, status.Events);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Training of version {Version} begins by schedule, with {Events} events.")]
    private static partial void TrainingBegins(ILogger logger, long version, long events);

    [LoggerMessage(2, LogLevel.Warning, "It could not be looked whether a training is due.")]
    private static partial void LookFailed(ILogger logger, Exception e);
}
