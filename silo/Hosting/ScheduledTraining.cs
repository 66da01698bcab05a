using OrleansRec.Api;

namespace OrleansRec.Silo.Hosting;

/// <summary>What the schedule knows of one tenant: how many events its model has seen, and which training it has started.</summary>
/// <remarks>Events count as trained when the training that was started for them is done, not when it begins: one that fails is tried again.
/// One whose version was refused is not: on the same events it would be refused again.</remarks>
/// <param name="eventsTrained">Events that the current model is taken to have seen.</param>
public sealed class ScheduledTraining(long eventsTrained)
{
    private (long Version, long Events)? _started;
    private DateTimeOffset _notBefore;
    private long? _lastVersion;

    /// <summary>Events that the current model has seen.</summary>
    public long EventsTrained { get; private set; } = eventsTrained;

    /// <summary>Notes that a training was started.</summary>
    public void Started(long version, long events) => _started = (version, events);

    /// <summary>Notes how the training under way, or the last one, stands. Whether another may be started now.</summary>
    /// <remarks>Every silo has a schedule: a training that another one has started counts as if it had been started here, with the events of the first look that sees it.</remarks>
    /// <param name="training">As the coordinator says.</param>
    /// <param name="events">Events held now.</param>
    /// <param name="now">The time.</param>
    /// <param name="retryPeriod">How long after a failure the next one waits.</param>
    public bool MayStart(TrainingInfo training, long events, DateTimeOffset now, TimeSpan retryPeriod)
    {
        if (training.Version > _lastVersion && _started?.Version != training.Version)
            _started = (training.Version, events);
        _lastVersion = training.Version;
        if (!training.IsOver)
            return false;
        if (_started is { } started)
        {
            _started = null;
            if (training.Version == started.Version && training.Phase is "done" or "refused")
                EventsTrained = started.Events;
            else if (training.Version == started.Version)
                _notBefore = now + retryPeriod;
        }
        return now >= _notBefore;
    }
}
