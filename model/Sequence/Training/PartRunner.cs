namespace OrleansRec.Model.Sequence.Training;

/// <summary>Calls <paramref name="part"/> once for each of 0 … count − 1, in any order and on any threads, and returns when all have returned.</summary>
/// <param name="count">Parts.</param>
/// <param name="part">The work of one.</param>
public delegate void PartRunner(int count, Action<int> part);

/// <summary>Runners for one process; a server has its own compute pool.</summary>
public static class PartRunners
{
    /// <summary>On the caller's thread, in order; allocates nothing.</summary>
    public static void Inline(int count, Action<int> part)
    {
        for (int n = 0; n < count; n++)
            part(n);
    }

    /// <summary>On a number of threads.</summary>
    /// <param name="workers">Threads, ≥ 1.</param>
    public static PartRunner On(int workers)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        return workers == 1 ? Inline : (count, part) => PieceWork.Run(count, Math.Min(workers, count), (piece, _) => part(piece));
    }
}
