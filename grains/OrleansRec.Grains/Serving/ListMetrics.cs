using System.Diagnostics.Metrics;

namespace OrleansRec.Grains.Serving;

/// <summary>What lists are like, as measures.</summary>
internal static class ListMetrics
{
    private static readonly Meter meter = new("OrleansRec.Lists");

    public static readonly Histogram<double> Overlap = meter.CreateHistogram(
        "orleansrec.lists.overlap", "1", "Items that a list has in common with the user's last one of the scenario in the visit, over the shorter one's length.", advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1],
        });
}
