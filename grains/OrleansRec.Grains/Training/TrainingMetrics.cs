using System.Diagnostics.Metrics;

namespace OrleansRec.Grains.Training;

/// <summary>How trainings go, as measures.</summary>
internal static class TrainingMetrics
{
    private static readonly Meter meter = new("OrleansRec.Training");

    public static readonly Histogram<double> SweepDuration = meter.CreateHistogram<double>("orleansrec.training.sweep.duration", "s", "Users and items solved once.");
    public static readonly Counter<long> Ended = meter.CreateCounter<long>("orleansrec.training.ended", "{training}", "Trainings that ended, by outcome.");
}
