using System.Runtime.CompilerServices;

namespace OrleansRec.Model.Tests.Als;

/// <summary>A block's memory stays its own for as long as a <c>fixed</c> statement or a span has it, though nothing else refers to the block: others get what the collector frees, and write to it.</summary>
/// <remarks>Optimised from the first call on: code that is not keeps what it has looked at to the end of the method.</remarks>
public sealed unsafe class AlignedBlockTests
{
    private const int Length = 3_000;
    private const int Entry = 7;
    private const int Attempts = 5;

    [Fact]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Fixed_NothingElseRefersToTheBlock_KeepsTheMemory()
    {
        for (int attempt = 0; attempt < Attempts; attempt++)
            fixed (int* entries = Made(out var block))
            {
                Reuse(block);
                Assert.Equal(-1, new Span<int>(entries, Length).IndexOfAnyExcept(Entry));
            }
    }

    [Fact]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Span_NothingElseRefersToTheBlock_KeepsTheMemory()
    {
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            Span<int> entries = Made(out var block).Span;
            Reuse(block);
            Assert.Equal(-1, entries.IndexOfAnyExcept(Entry));
        }
    }

    /// <summary>The opposite, so that the two above say something.</summary>
    [Fact]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Block_NothingRefersToIt_LosesTheMemory()
    {
        Made(out var block);
        Reuse(block);
        Assert.False(block.TryGetTarget(out _));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(1_000)]
    public void Block_OfAnyLength_IsZeroedAndBeginsOnACacheLine(int length)
    {
        var block = new AlignedBlock<byte>(length);
        Assert.Equal(length, block.Span.Length);
        Assert.False(block.Span.ContainsAnyExcept((byte)0));
        fixed (byte* first = block)
            Assert.Equal(0, (nint)first % 64);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static AlignedBlock<int> Made(out WeakReference<AlignedBlock<int>> reference)
    {
        var block = new AlignedBlock<int>(Length);
        block.Span.Fill(Entry);
        reference = new(block);
        return block;
    }

    /// <summary>Collects until the block, the object, is gone; then others take all memory of its size that is free.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Reuse(WeakReference<AlignedBlock<int>> block)
    {
        // Twice: what MarginWatch has yet to look at goes with the second.
        for (int n = 0; n < 2; n++)
        {
            GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }
        for (int n = 0; n < 50; n++)
            GC.AllocateUninitializedArray<int>(Length, pinned: true).AsSpan().Fill(-1);
        Assert.False(block.TryGetTarget(out _), "The block itself is still there: this test shows nothing.");
    }
}
