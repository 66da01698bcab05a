using OrleansRec.Contracts;

namespace OrleansRec.Grains.Hosting;

/// <summary>Runs every piece on the caller, in order: what simulations and small tests use. It is one worker, whoever calls: bodies keep scratch for it.</summary>
public sealed class InlineComputePool : IComputePool
{
    private readonly Lock worker = new();

    public int WorkerCount => 1;

    public Task Run(int count, Action<int, int> body, CancellationToken cancellation = default)
    {
        for (int piece = 0; piece < count; piece++)
        {
            cancellation.ThrowIfCancellationRequested();
            lock (worker)
                body(piece, 0);
        }
        return Task.CompletedTask;
    }

    public void Yield()
    {
    }
}
