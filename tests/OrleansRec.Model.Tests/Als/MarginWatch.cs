using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: AssemblyFixture(typeof(OrleansRec.Model.Tests.Als.MarginWatch))]

namespace OrleansRec.Model.Tests.Als;

/// <summary>Every block of the run has a pattern around it, and after the last test, or when it is collected before, still has it: no kernel wrote beyond it.</summary>
/// <remarks>Not beside <see cref="CollectorBeside"/>: what is still to be looked at is not freed.</remarks>
public sealed class MarginWatch : IDisposable
{
    private const int Lines = 4;

    // A float and a double of no special kind: what is computed from them is something else, and not zero.
    private const byte Pattern = 0x5A;
    private readonly ConcurrentQueue<string> damage = [];

    // A margin lives as long as the array: it refers to it, but from here that does not keep it.
    private readonly ConditionalWeakTable<Array, Margin> margins = [];

    public MarginWatch()
    {
        if (KernelChild.HasCollector)
            return;
        BlockMargins.Lines = Lines;
        BlockMargins.Made = (array, start, length) => margins.Add(array, new Margin(array, (int)start, (int)length, TestContext.Current.Test?.TestDisplayName, damage).Fill());
    }

    public void Dispose()
    {
        BlockMargins.Made = null;
        foreach (var (_, margin) in margins)
            margin.Look();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        if (!damage.IsEmpty)
            throw new InvalidOperationException(string.Join('\n', damage.Distinct().Take(10)));
    }

    private sealed class Margin(Array array, int start, int length, string? test, ConcurrentQueue<string> damage)
    {
        private Span<byte> Before => Bytes[..start];

        private Span<byte> Behind => Bytes[(start + length)..];

        private Span<byte> Bytes => MemoryMarshal.CreateSpan(ref MemoryMarshal.GetArrayDataReference(array), Buffer.ByteLength(array));

        ~Margin() => Look();

        public Margin Fill()
        {
            Before.Fill(Pattern);
            Behind.Fill(Pattern);
            return this;
        }

        public void Look()
        {
            if (Before.ContainsAnyExcept(Pattern))
                damage.Enqueue($"Written to before a block of {length} bytes, made in {test}.");
            if (Behind.ContainsAnyExcept(Pattern))
                damage.Enqueue($"Written to behind a block of {length} bytes, made in {test}.");
        }
    }
}
