using OrleansRec.Model.Sequence;
using OrleansRec.Model.Sequence.Network;
using OrleansRec.Model.Sequence.Serving;

namespace OrleansRec.Model.Tests.Sequence;

/// <summary>An encoding that grew event by event has the bits of one made at once, and both are the model's.</summary>
public sealed class SequenceEncoderTests
{
    private const int ItemCount = 50;

    public static TheoryData<SequenceBlock, int, int, int> Models => new()
    {
        { SequenceBlock.Gated, 1, 64, 1 }, { SequenceBlock.Gated, 2, 30, 3 }, { SequenceBlock.Classic, 1, 17, 1 }, { SequenceBlock.Classic, 3, 8, 2 },
    };

    /// <summary>4 × 1,000 random histories of up to three windows, each compared after every event.</summary>
    [Theory]
    [MemberData(nameof(Models))]
    public void Append_RandomHistories_EqualsEncodeToTheBit(SequenceBlock block, int blocks, int width, int heads)
    {
        var encoder = Encoder(block, blocks, width, heads, length: 9);
        EncodedHistory grown = encoder.CreateHistory(), whole = encoder.CreateHistory();
        EncoderScratch scratch = encoder.CreateScratch(), other = encoder.CreateScratch();
        var random = new Random(width);
        for (int n = 0; n < 1000; n++)
        {
            int[] history = PlantedSequences.RandomHistory(random, 1 + random.Next(27), ItemCount);
            int from = random.Next(history.Length);
            encoder.Encode(history.AsSpan(0, from), grown, scratch);
            for (int length = from + 1; length <= history.Length; length++)
            {
                encoder.Append(history[length - 1], grown, scratch);
                encoder.Encode(history.AsSpan(0, length), whole, other);
                Assert.True(whole.State.SequenceEqual(grown.State), $"history {n}, length {length}");
                Assert.True(whole.Window.SequenceEqual(grown.Window));
                Assert.Equal(length, grown.HistoryLength);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Encode_OfEveryLength_EqualsThePlainNetworkOnTheWindow(SequenceBlock block, int blocks, int width, int heads)
    {
        var encoder = Encoder(block, blocks, width, heads, length: 9);
        var layout = encoder.Parameters.Layout;
        var plain = new PlainNetwork(layout, [.. encoder.Parameters.Values.Select(v => (double)v)]);
        var (history, scratch) = (encoder.CreateHistory(), encoder.CreateScratch());
        int[] items = PlantedSequences.RandomHistory(new Random(5), 30, ItemCount);
        for (int length = 1; length <= items.Length; length++)
        {
            encoder.Encode(items.AsSpan(0, length), history, scratch);
            double[] expected = plain.Encode(items[HistoryWindow.Start(length, 9)..length], 0)[^1];
            for (int j = 0; j < width; j++)
                Assert.Equal(expected[j], history.State[j], 5e-5);
        }
    }

    [Fact]
    public void Start_EveryLength_DropsHalfWhereTheWindowIsFull()
    {
        Assert.Equal([0, 0, 0, 0, 0, 2, 2, 4, 4, 6], Enumerable.Range(0, 10).Select(h => HistoryWindow.Start(h, 4)).ToArray());
        Assert.Equal([0, 0, 0, 0, 1, 2, 3], Enumerable.Range(0, 7).Select(h => HistoryWindow.Start(h, 3)).ToArray());
        for (int n = 2; n < 60; n++)
            for (int h = 1; h < 300; h++)
                Assert.InRange(h - HistoryWindow.Start(h, n), h <= n ? h : n - n / 2 + 1, n);
    }

    [Fact]
    public void Encode_NoHistory_IsZeroAndForgetsTheLast()
    {
        var encoder = Encoder(SequenceBlock.Gated, 1, 8, 1, length: 5);
        var (history, scratch) = (encoder.CreateHistory(), encoder.CreateScratch());
        encoder.Encode([1, 2, 3], history, scratch);
        Assert.NotEqual(-1, history.State.IndexOfAnyExcept(0f));
        encoder.Encode([], history, scratch);
        Assert.Equal((0, 0, -1), (history.WindowLength, history.HistoryLength, history.State.IndexOfAnyExcept(0f)));
    }

    [Fact]
    public void Append_UnknownItem_IsRefusedAndChangesNothing()
    {
        var encoder = Encoder(SequenceBlock.Gated, 1, 8, 1, length: 5);
        var (history, scratch) = (encoder.CreateHistory(), encoder.CreateScratch());
        encoder.Encode([1, 2], history, scratch);
        float[] state = [.. history.State];
        Assert.Contains("0 … 49; got 50", Assert.Throws<ArgumentException>(() => encoder.Append(ItemCount, history, scratch)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => encoder.Encode([3, -1], history, scratch));
        Assert.Equal(2, history.HistoryLength);
        Assert.Equal(state, history.State.ToArray());
    }

    [Fact]
    public void Append_WindowNotFull_AllocatesNothing()
    {
        var encoder = Encoder(SequenceBlock.Gated, 2, 64, 1, length: 50);
        var (history, scratch) = (encoder.CreateHistory(), encoder.CreateScratch());
        for (int n = 0; n < 60; n++)
            encoder.Append(n % ItemCount, history, scratch);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int n = 0; n < 60; n++)
            encoder.Append(n % ItemCount, history, scratch);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static SequenceEncoder Encoder(SequenceBlock block, int blocks, int width, int heads, int length)
    {
        var parameters = SequenceParameters.Start(new() { Block = block, Blocks = blocks, Width = width, Heads = heads, Length = length }, ItemCount);
        // Away from the start values: biases and shifts that are zero, and gains that are one, would hide their own faults.
        var random = new Random(1);
        foreach (ref float value in parameters.Values.AsSpan())
            value += 0.2f * (random.NextSingle() - 0.5f);
        return new(parameters);
    }
}
