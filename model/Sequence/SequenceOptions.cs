namespace OrleansRec.Model.Sequence;

/// <summary>The two kinds of block.</summary>
public enum SequenceBlock
{
    /// <summary>Attention and feed-forward added to the input (Kang and McAuley 2018), pre-norm, GELU.</summary>
    Classic,

    /// <summary>Both are multiplied by a gate σ(x·W + b) of their input first, and the feed-forward is x·U·σ(x·U)·(x·V) (LiGR, as in eSASRec, arXiv 2508.06450).</summary>
    Gated,
}

/// <summary>What is minimised at each position: the next item against others.</summary>
public enum SequenceLoss
{
    /// <summary>Softmax over the next item and sampled others.</summary>
    SampledSoftmax,

    /// <summary>Softmax over the whole catalogue: for small ones, as it costs catalogue · width operations a position.</summary>
    FullSoftmax,

    /// <summary>Generalised binary cross-entropy (Petrov and Macdonald 2023).</summary>
    Gbce,
}

/// <summary>Everything that the training of a sequence model depends on besides the sequences.</summary>
public sealed record SequenceOptions
{
    /// <summary>The kind of block.</summary>
    /// <value>Gated by default.</value>
    public SequenceBlock Block { get; init; } = SequenceBlock.Gated;

    /// <summary>L, the number of blocks.</summary>
    /// <value>1 by default; 1 … 8. Time and memory grow with it.</value>
    public int Blocks { get; init; } = 1;

    /// <summary>d, the width of an item's embedding and of the state.</summary>
    /// <value>64 by default; 1 … 512. Time grows with d².</value>
    public int Width { get; init; } = 64;

    /// <summary>H, attention heads; each takes d/H elements of the state.</summary>
    /// <value>1 by default; a divisor of d.</value>
    public int Heads { get; init; } = 1;

    /// <summary>n, the longest window of a user's last items.</summary>
    /// <value>50 by default; 2 … 200 items. Attention costs n²·d.</value>
    public int Length { get; init; } = 50;

    /// <summary>f/d: how many times wider than the state the feed-forward is.</summary>
    /// <value>4 by default; 1 … 8.</value>
    public int HiddenMultiple { get; init; } = 4;

    /// <summary>Share of elements that training sets to zero after the embedding, in attention weights, in the feed-forward and after both.</summary>
    /// <value>0.2 by default; 0 … 0.9. More helps where users have few events. Rounded to a multiple of 2⁻¹⁶.</value>
    public double Dropout { get; init; } = 0.2;

    /// <summary>The loss.</summary>
    /// <value>SampledSoftmax by default.</value>
    public SequenceLoss Loss { get; init; } = SequenceLoss.SampledSoftmax;

    /// <summary>K, uniform negatives of a step, shared by its positions.</summary>
    /// <value>1,024 by default; 0 … 65,536, and above 0 unless there are in-batch negatives. Not read by FullSoftmax.</value>
    public int UniformNegatives { get; init; } = 1024;

    /// <summary>Whether the next items of all positions of a step are negatives too. Popular items come often among them: use with <see cref="LogQCorrection"/>.</summary>
    /// <value>False by default. Not read by FullSoftmax.</value>
    public bool InBatchNegatives { get; init; }

    /// <summary>Whether log q is taken off a negative's score, q being the expected number of its draws in the step: the sampled sum then estimates that over the catalogue.</summary>
    /// <value>False by default. Read by SampledSoftmax alone.</value>
    public bool LogQCorrection { get; init; }

    /// <summary>t of gBCE: 0 is plain binary cross-entropy, 1 gives calibrated probabilities.</summary>
    /// <value>0.75 by default; 0 … 1.</value>
    public double Calibration { get; init; } = 0.75;

    /// <summary>Sequences of a step, of like length.</summary>
    /// <value>128 by default; 1 … 4,096. Memory of training grows with BatchSequences · Length.</value>
    public int BatchSequences { get; init; } = 128;

    /// <summary>The learning rate after warm-up.</summary>
    /// <value>0.001 by default; above 0 and at most 1.</value>
    public double LearningRate { get; init; } = 0.001;

    /// <summary>Steps in which the learning rate grows linearly to its value.</summary>
    /// <value>100 by default; 0 … 1,000,000.</value>
    public int WarmUpSteps { get; init; } = 100;

    /// <summary>β₁ of AdamW.</summary>
    /// <value>0.9 by default; 0 … 0.9999.</value>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>β₂ of AdamW.</summary>
    /// <value>0.98 by default; 0 … 0.99999.</value>
    public double Beta2 { get; init; } = 0.98;

    /// <summary>ε of AdamW.</summary>
    /// <value>10⁻⁸ by default; above 0 and at most 1.</value>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Decoupled weight decay of embeddings and matrices; biases and norms have none.</summary>
    /// <value>0 by default; 0 … 1.</value>
    public double WeightDecay { get; init; }

    /// <summary>The gradient is shortened to this norm where it is longer.</summary>
    /// <value>Null, by default: never; else above 0 and at most 1,000,000.</value>
    public double? GradientNormMax { get; init; }

    /// <summary>Epochs at most.</summary>
    /// <value>60 by default; 1 … 1,000.</value>
    public int Epochs { get; init; } = 60;

    /// <summary>Training ends after this many epochs without a better held-out NDCG.</summary>
    /// <value>5 by default; 1 … 1,000.</value>
    public int Patience { get; init; } = 5;

    /// <summary>The seed of start values, order, negatives and dropout.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>f, the width of the feed-forward.</summary>
    public int Hidden => Width * HiddenMultiple;
}
