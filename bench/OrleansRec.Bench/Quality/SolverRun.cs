using OrleansRec.Bench.Goals;

namespace OrleansRec.Bench.Quality;

/// <summary>One solver's training, sweep by sweep, until its objective and its NDCG@10 pass a line each.</summary>
/// <param name="name">As the tables call the solver.</param>
/// <param name="training">The training at its start.</param>
/// <param name="objective">The line that the objective has to fall to.</param>
/// <param name="ndcg">The line that NDCG@10 has to rise to; 0 where it is not asked for.</param>
internal sealed class SolverRun(string name, TimedTraining training, double objective, double ndcg)
{
    private readonly List<double> _seconds = [];

    public string Name => name;

    /// <summary>Sweeps after which the objective passed its line; 0 while it has not.</summary>
    public int ObjectiveSweeps { get; private set; }

    /// <summary>The same of NDCG@10.</summary>
    public int NdcgSweeps { get; private set; }

    public bool HasPassed => ObjectiveSweeps > 0 && (ndcg == 0 || NdcgSweeps > 0);

    /// <summary>Seconds of each sweep.</summary>
    public Attempts SweepSeconds => new(_seconds);

    /// <summary>Seconds that the first N sweeps take together; infinite for 0: the line was not passed.</summary>
    public double SecondsTo(int sweeps) => sweeps == 0 ? double.PositiveInfinity : _seconds.Take(sweeps).Sum();

    /// <summary>Makes one sweep on the clock, and judges it off the clock.</summary>
    public void Sweep()
    {
        double before = training.Seconds;
        training.Sweep();
        _seconds.Add(training.Seconds - before);
        if (ObjectiveSweeps == 0 && training.Objective() <= objective)
            ObjectiveSweeps = training.Sweeps;
        if (ndcg > 0 && NdcgSweeps == 0 && training.Ndcg() >= ndcg)
            NdcgSweeps = training.Sweeps;
    }
}
