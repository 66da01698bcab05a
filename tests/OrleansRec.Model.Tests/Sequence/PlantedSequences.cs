using OrleansRec.Model.Sequence;
using OrleansRec.Model.Sequence.Training;

namespace OrleansRec.Model.Tests.Sequence;

/// <summary>Histories whose answer is known.</summary>
internal static class PlantedSequences
{
    /// <summary>Random histories of one to <paramref name="lengthMax"/> items.</summary>
    public static SequenceRows Random(int users, int itemCount, int lengthMax, int seed)
    {
        var random = new Random(seed);
        return SequenceRows.Of(itemCount, [.. Enumerable.Range(0, users).Select(_ => RandomHistory(random, 1 + random.Next(lengthMax), itemCount))]);
    }

    public static int[] RandomHistory(Random random, int length, int itemCount) => [.. Enumerable.Range(0, length).Select(_ => random.Next(itemCount))];

    public static string[] Ids(int itemCount) => [.. Enumerable.Range(0, itemCount).Select(n => $"item {n}")];

    public static byte[] Bytes(SequenceBlob model) => [.. SequenceCoding.Pieces(model).SelectMany(piece => piece.ToArray())];

    /// <summary>A small model for tests of the trainer: quick, with every kind of randomness on.</summary>
    public static SequenceOptions Options(SequenceBlock block, SequenceLoss loss) => new()
    {
        Block = block, Loss = loss, Width = 12, Heads = 2, Length = 8, HiddenMultiple = 2, UniformNegatives = 20, BatchSequences = 16, InBatchNegatives = loss == SequenceLoss.SampledSoftmax,
        LogQCorrection = true, WeightDecay = 0.01, WarmUpSteps = 10, GradientNormMax = 1, Seed = 3,
    };
}
