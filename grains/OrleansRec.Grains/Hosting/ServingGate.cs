using OrleansRec.Contracts;

namespace OrleansRec.Grains.Hosting;

/// <summary>Counts the requests of this process that are under way.</summary>
public sealed class ServingGate : IServingGate
{
    private int inFlight;

    public int InFlight => Volatile.Read(ref inFlight);

    public IDisposable Enter()
    {
        Interlocked.Increment(ref inFlight);
        return new Passage(this);
    }

    private sealed class Passage(ServingGate gate) : IDisposable
    {
        private int left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref left, 1) == 0)
                Interlocked.Decrement(ref gate.inFlight);
        }
    }
}
