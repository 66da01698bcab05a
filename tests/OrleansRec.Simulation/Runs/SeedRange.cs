
namespace OrleansRec.Simulation;

/// <summary>Many seeds, one after the other on each of several threads; each simulation stays on its thread.</summary>
public sealed class SeedRange
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<ulong, SimulationResult> _waiting = [];
    private ulong _next;
    private ulong _reported;

    /// <summary>Seeds done, in order, without a gap.</summary>
    public int Done { get; private set; }

    /// <summary>Events of all seeds done.</summary>
    public long Events { get; private set; }

    /// <summary>Seeds done on the product's log store.</summary>
    public int OnSqlite { get; private set; }

    /// <summary>Power cuts of those, after which the write under way was there, and after which it was not.</summary>
    public (int Kept, int Lost) PowerCuts { get; private set; }

    /// <summary>Which faults met which calls in all seeds done.</summary>
    public FaultCounts Faults { get; } = new();

    /// <summary>How often each kind of fault must have met each kind of call in <see cref="SeedsOfProof"/> seeds before their silence proves anything.</summary>
    public const int MeetingsMin = 100;

    /// <summary>The seeds of a whole proof; of fewer, a share of <see cref="MeetingsMin"/> is asked, at least one meeting.</summary>
    public const int SeedsOfProof = 1_000;

    /// <summary>The pair of fault and call that met least often.</summary>
    public (FaultKind Fault, string Call, long Times) Rarest => Meetings.MinBy(m => m.Times);

    /// <summary>How often each fault must have met each call in the seeds done.</summary>
    public long MeetingsAsked => Math.Max(1, MeetingsMin * (long)Done / SeedsOfProof);

    /// <summary>Faults and calls that met less often than <see cref="MeetingsAsked"/>.</summary>
    public IReadOnlyList<(FaultKind Fault, string Call, long Times)> Missed => [.. Meetings.Where(m => m.Times < MeetingsAsked)];

    private IEnumerable<(FaultKind Fault, string Call, long Times)> Meetings =>
        Enum.GetValues<FaultKind>().SelectMany(_ => Simulation.Calls, (fault, call) => (fault, call, Faults[fault, call]));

    /// <summary>Runs seeds in order.</summary>
    /// <param name="first">The first seed.</param>
    /// <param name="count">How many.</param>
    /// <param name="threads">How many at once.</param>
    /// <param name="bug">A bug to plant in all of them, or null.</param>
    /// <param name="goesOn">Told of every result, in the order of seeds; false ends the run.</param>
    public void Run(ulong first, int count, int threads, PlantedBug? bug, Func<SimulationResult, bool> goesOn)
    {
        (_next, _reported) = (first, first);
        var end = first + (ulong)count;
        var isOver = false;
        Exception? failure = null;
        var workers = Enumerable.Range(0, threads).Select(_ => new Thread(Work)).ToArray();
        foreach (var worker in workers)
            worker.Start();
        foreach (var worker in workers)
            worker.Join();
        if (failure is not null)
            throw failure;

        void Work()
        {
            while (Take(end) is { } seed && !Volatile.Read(ref isOver))
            {
                try
                {
                    var result = Simulation.Run(new(seed, Bug: bug));
                    lock (_gate)
                    {
                        _waiting.Add(seed, result);
                        while (!isOver && _waiting.Remove(_reported, out var next))
                        {
                            _reported++;
                            Count(next);
                            isOver = !goesOn(next);
                        }
                    }
                }
                catch (Exception e)
                {
                    failure = new InvalidOperationException($"Seed {seed} could not be simulated: {e.Message}", e);
                    Volatile.Write(ref isOver, true);
                }
            }
        }
    }

    private ulong? Take(ulong end)
    {
        lock (_gate)
            return _next < end ? _next++ : null;
    }

    private void Count(SimulationResult result)
    {
        Done++;
        Events += result.Events;
        Faults.Add(result.Faults);
        if (result.PowerCuts is not { } cuts)
            return;
        OnSqlite++;
        PowerCuts = (PowerCuts.Kept + cuts.Kept, PowerCuts.Lost + cuts.Lost);
    }
}
