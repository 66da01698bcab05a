using System.Diagnostics;
using OrleansRec.Bench.Shapes;
using OrleansRec.Model;

namespace OrleansRec.Bench.Sweeps;

/// <summary>A training of model/ alone that stands still between sweeps, so that two of them can be measured in turns.</summary>
internal sealed class SteppedTraining
{
    private readonly SemaphoreSlim _go = new(0), _done = new(0);
    private readonly Thread _thread;
    private int _sweepsLeft;

    /// <summary>Prepares it, and makes its first sweep, which begins with start values and untouched memory.</summary>
    /// <param name="pairs">What it trains on.</param>
    /// <param name="options">The options; how often it sweeps is told by <paramref name="sweeps"/>.</param>
    /// <param name="workers">Threads.</param>
    /// <param name="sweeps">Sweeps that will be asked for.</param>
    public SteppedTraining(GeneratedPairs pairs, AlsOptions options, int workers, int sweeps)
    {
        options = options with { Sweeps = 1 + sweeps };
        _thread = new Thread(() =>
        {
            _go.Wait();
            AlsTrainer.Train(options, pairs.UserIds, pairs.ItemIds, pairs.ByUser, pairs.ByItem, workers, (sweep, _) => Pause(isLast: sweep == options.Sweeps));
        }) { IsBackground = true };
        _thread.Start();
        Seconds(1);
    }

    /// <summary>Makes the given number of sweeps and returns their mean time in seconds.</summary>
    public double Seconds(int sweeps)
    {
        _sweepsLeft = sweeps;
        long start = Stopwatch.GetTimestamp();
        _go.Release();
        _done.Wait();
        return Stopwatch.GetElapsedTime(start).TotalSeconds / sweeps;
    }

    private void Pause(bool isLast)
    {
        if (--_sweepsLeft > 0)
            return;
        _done.Release();
        if (!isLast)
            _go.Wait();
    }
}
