using System.CommandLine;
using OrleansRec.Api;

namespace OrleansRec.Silo.Commands;

/// <summary>The options of a sequence model in a training. What is absent takes the configured plan; one that is given asks for a sequence model beside the factors.</summary>
internal sealed class SequenceOptionsOfPlan
{
    private readonly Option<string?> _kind = new("--kind")
    {
        Description = "als; both: a sequence model beside the factors, in a learned blend; sequence: lists of the sequence model alone.", HelpName = "KIND",
    };

    private readonly Option<string?> _block = new("--block") { Description = "Blocks of the sequence model: gated or classic.", HelpName = "BLOCK" };
    private readonly Option<int?> _blocks = new("--blocks") { Description = "L, number of blocks.", HelpName = "L" };
    private readonly Option<int?> _width = new("--width") { Description = "d, width of the sequence model.", HelpName = "D" };
    private readonly Option<int?> _heads = new("--heads") { Description = "H, attention heads.", HelpName = "H" };
    private readonly Option<int?> _length = new("--length") { Description = "n, last items of a user that the sequence model reads.", HelpName = "N" };
    private readonly Option<double?> _dropout = new("--dropout") { Description = "Share of elements that training sets to zero.", HelpName = "SHARE" };
    private readonly Option<string?> _loss = new("--loss") { Description = "sampled-softmax, full-softmax or gbce.", HelpName = "LOSS" };
    private readonly Option<int?> _negatives = new("--negatives") { Description = "Uniform negatives of a step.", HelpName = "K" };
    private readonly Option<int?> _batch = new("--batch") { Description = "Sequences of a step.", HelpName = "N" };
    private readonly Option<double?> _rate = new("--learning-rate") { Description = "Learning rate after warm-up.", HelpName = "RATE" };
    private readonly Option<double?> _decay = new("--weight-decay") { Description = "Decoupled weight decay.", HelpName = "DECAY" };
    private readonly Option<int?> _epochs = new("--epochs") { Description = "Epochs of the sequence model at most.", HelpName = "N" };
    private readonly Option<int?> _patience = new("--patience") { Description = "Epochs without a better held-out NDCG@10 after which the number of epochs is chosen.", HelpName = "N" };

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _kind, _block, _blocks, _width, _heads, _length, _dropout, _loss, _negatives, _batch, _rate, _decay, _epochs, _patience })
            command.Add(option);
    }

    public TrainingRequest Read(ParseResult parsed, TrainingRequest plan)
    {
        var sequence = new SequenceRequest
        {
            Block = parsed.GetValue(_block), Blocks = parsed.GetValue(_blocks), Width = parsed.GetValue(_width), Heads = parsed.GetValue(_heads), Length = parsed.GetValue(_length),
            Dropout = parsed.GetValue(_dropout), Loss = parsed.GetValue(_loss), UniformNegatives = parsed.GetValue(_negatives), BatchSequences = parsed.GetValue(_batch),
            LearningRate = parsed.GetValue(_rate), WeightDecay = parsed.GetValue(_decay), Epochs = parsed.GetValue(_epochs), Patience = parsed.GetValue(_patience),
        };
        bool isAsked = sequence != new SequenceRequest();
        return plan with { Kind = parsed.GetValue(_kind) ?? (isAsked ? "both" : null), Sequence = isAsked ? sequence : null };
    }
}
