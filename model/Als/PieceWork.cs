using System.Runtime.ExceptionServices;

namespace OrleansRec.Model;

/// <summary>Pieces of work taken one by one by a fixed number of workers.</summary>
internal static class PieceWork
{
    /// <summary>Calls the body once for each piece, with the worker's index; on the caller's thread alone where there is one worker.</summary>
    public static void Run(int pieces, int workers, Action<int, int> body)
    {
        int next = -1;
        void Work(int worker)
        {
            for (int piece; (piece = Interlocked.Increment(ref next)) < pieces;)
                body(piece, worker);
        }
        if (workers == 1)
        {
            Work(0);
            return;
        }
        try
        {
            Parallel.For(0, workers, new ParallelOptions { MaxDegreeOfParallelism = workers }, Work);
        }
        catch (AggregateException e)
        {
            // As on one worker: what went wrong, not that it went wrong in parallel.
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }
}
