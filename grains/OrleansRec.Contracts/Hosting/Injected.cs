namespace OrleansRec.Contracts;

/// <summary>Runs CPU work for grains outside their turns: threads in a server, inline in the simulator.</summary>
public interface IComputePool
{
    /// <summary>How many pieces can run at once.</summary>
    int WorkerCount { get; }

    /// <summary>Calls <paramref name="body"/> once for each of 0 … <paramref name="count"/> − 1, in any order, and completes when all have returned.</summary>
    /// <param name="count">Number of pieces.</param>
    /// <param name="body">Takes the piece and the worker (0 … WorkerCount − 1), so that scratch can be kept per worker. Calls <see cref="Yield"/> between rows.</param>
    /// <param name="cancellation">Pieces not yet begun are dropped.</param>
    Task Run(int count, Action<int, int> body, CancellationToken cancellation = default);

    /// <summary>Called by a body between rows: waits a moment where requests are being served.</summary>
    void Yield();
}

/// <summary>The only source of randomness for grains.</summary>
public interface IRandomSource
{
    /// <summary>64 random bits.</summary>
    ulong Next();
}

/// <summary>Counts requests in flight, so that training can yield to them.</summary>
public interface IServingGate
{
    /// <summary>Requests being served now.</summary>
    int InFlight { get; }

    /// <summary>Marks a request until the result is disposed.</summary>
    IDisposable Enter();
}
