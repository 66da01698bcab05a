[assembly: AssemblyFixture(typeof(OrleansRec.Model.Tests.Als.CollectorBeside))]

namespace OrleansRec.Model.Tests.Als;

/// <summary>In the child of <see cref="CollectorTests"/>, full compacting collections beside the tests, one after the other, and new owners for the memory that they free.</summary>
/// <remarks>
/// Memory that was freed while a kernel had a pointer into it shows in one of three ways: the kernel reads NaN there, a new owner finds its bytes changed, or the collector
/// meets a broken heap and ends the process.
/// </remarks>
public sealed class CollectorBeside : IDisposable
{
    /// <summary>What a child reports that had collections beside its tests and found nothing.</summary>
    internal const string Report = "collections beside the tests";

    private const byte Fill = 0xFF;
    private const int OwnersOfEachSize = 4;
    private const int SmallestBytes = 256, LargestBytes = 256 * 1024;
    private readonly Thread? thread;
    private volatile bool isOver;
    private int collections;
    private string? damage;

    public CollectorBeside()
    {
        if (!KernelChild.HasCollector)
            return;
        thread = new Thread(Collect) { IsBackground = true };
        thread.Start();
    }

    public void Dispose()
    {
        if (thread is null)
            return;
        isOver = true;
        thread.Join();
        if (damage is not null)
            throw new InvalidOperationException(damage);
        Console.WriteLine($"{collections} {Report}");
    }

    private void Collect()
    {
        byte[][] owners = [];
        while (!isOver && damage is null)
        {
            GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
            collections++;
            // The earlier owners are let go only now, so that the new ones take what this collection freed.
            byte[][] next = [.. Owners()];
            damage = owners.FirstOrDefault(o => o.AsSpan().ContainsAnyExcept(Fill)) is { } owner
                ? $"{owner.Length} bytes that belong to nobody else were written to after {collections} collections: a kernel had a pointer into memory that was freed."
                : null;
            owners = next;
        }
    }

    private static IEnumerable<byte[]> Owners()
    {
        for (int bytes = SmallestBytes; bytes <= LargestBytes; bytes *= 2)
            for (int n = 0; n < OwnersOfEachSize; n++)
            {
                byte[] owner = GC.AllocateUninitializedArray<byte>(bytes, pinned: true);
                Array.Fill(owner, Fill);
                yield return owner;
            }
    }
}
