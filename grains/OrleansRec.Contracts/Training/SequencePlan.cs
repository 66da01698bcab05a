using Orleans;
using OrleansRec.Model.Sequence;

namespace OrleansRec.Contracts;

/// <summary>Everything that decides a sequence model besides the log; see <see cref="SequenceOptions"/> for each number.</summary>
[GenerateSerializer, Immutable, Alias("rec.sequence-plan")]
public sealed record SequencePlan
{
    /// <summary>Whether lists without weights of their own are those of the sequence model alone; else those of the learned blend.</summary>
    [Id(0)] public bool IsAlone { get; init; }
    /// <summary>See <see cref="SequenceOptions.Block"/>.</summary>
    [Id(1)] public SequenceBlock Block { get; init; } = SequenceBlock.Gated;
    /// <summary>See <see cref="SequenceOptions.Blocks"/>.</summary>
    [Id(2)] public int Blocks { get; init; } = 1;
    /// <summary>See <see cref="SequenceOptions.Width"/>.</summary>
    [Id(3)] public int Width { get; init; } = 64;
    /// <summary>See <see cref="SequenceOptions.Heads"/>.</summary>
    [Id(4)] public int Heads { get; init; } = 1;
    /// <summary>See <see cref="SequenceOptions.Length"/>.</summary>
    [Id(5)] public int Length { get; init; } = 50;
    /// <summary>See <see cref="SequenceOptions.Dropout"/>.</summary>
    [Id(6)] public double Dropout { get; init; } = 0.2;
    /// <summary>See <see cref="SequenceOptions.Loss"/>.</summary>
    [Id(7)] public SequenceLoss Loss { get; init; } = SequenceLoss.SampledSoftmax;
    /// <summary>See <see cref="SequenceOptions.UniformNegatives"/>.</summary>
    [Id(8)] public int UniformNegatives { get; init; } = 1024;
    /// <summary>See <see cref="SequenceOptions.BatchSequences"/>.</summary>
    [Id(9)] public int BatchSequences { get; init; } = 128;
    /// <summary>See <see cref="SequenceOptions.LearningRate"/>.</summary>
    [Id(10)] public double LearningRate { get; init; } = 0.001;
    /// <summary>See <see cref="SequenceOptions.WeightDecay"/>.</summary>
    [Id(11)] public double WeightDecay { get; init; }
    /// <summary>See <see cref="SequenceOptions.Epochs"/>.</summary>
    [Id(12)] public int Epochs { get; init; } = 60;
    /// <summary>See <see cref="SequenceOptions.Patience"/>.</summary>
    [Id(13)] public int Patience { get; init; } = 5;

    /// <summary>The options of the mathematics.</summary>
    /// <param name="seed">The plan's seed.</param>
    public SequenceOptions ToOptions(int seed) => new()
    {
        Block = Block, Blocks = Blocks, Width = Width, Heads = Heads, Length = Length, Dropout = Dropout, Loss = Loss, UniformNegatives = UniformNegatives,
        BatchSequences = BatchSequences, LearningRate = LearningRate, WeightDecay = WeightDecay, Epochs = Epochs, Patience = Patience, Seed = seed,
    };
}
