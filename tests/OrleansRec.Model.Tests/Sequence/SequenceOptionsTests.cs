using OrleansRec.Model.Sequence;

namespace OrleansRec.Model.Tests.Sequence;

/// <summary>Options out of range are refused by name; parameters begin the same everywhere and lie where the layout says.</summary>
public sealed class SequenceOptionsTests
{
    public static TheoryData<string, SequenceOptions> Bad => new()
    {
        { "block", new() { Block = (SequenceBlock)7 } }, { "blocks", new() { Blocks = 0 } }, { "blocks", new() { Blocks = 9 } }, { "width", new() { Width = 0 } }, { "width", new() { Width = 513 } },
        { "heads", new() { Heads = 0 } }, { "heads", new() { Heads = 3 } }, { "length", new() { Length = 1 } }, { "length", new() { Length = 201 } }, { "hiddenMultiple", new() { HiddenMultiple = 0 } },
        { "dropout", new() { Dropout = 0.91 } }, { "dropout", new() { Dropout = double.NaN } }, { "loss", new() { Loss = (SequenceLoss)9 } }, { "uniformNegatives", new() { UniformNegatives = -1 } },
        { "uniformNegatives", new() { UniformNegatives = 0 } }, { "calibration", new() { Calibration = 1.1 } }, { "batchSequences", new() { BatchSequences = 0 } }, { "learningRate", new() { LearningRate = 0 } },
        { "learningRate", new() { LearningRate = double.NaN } }, { "warmUpSteps", new() { WarmUpSteps = -1 } }, { "beta1", new() { Beta1 = 1 } }, { "beta2", new() { Beta2 = 1 } }, { "epsilon", new() { Epsilon = 0 } },
        { "weightDecay", new() { WeightDecay = -0.1 } }, { "gradientNormMax", new() { GradientNormMax = 0 } }, { "epochs", new() { Epochs = 0 } }, { "patience", new() { Patience = 0 } },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void Check_OutOfRange_NamesTheOption(string field, SequenceOptions options)
    {
        Assert.Equal(field, SequenceOptionsRules.Check(options)?.Field);
        Assert.Throws<ArgumentException>(() => new ParameterLayout(options, 10));
    }

    [Fact]
    public void Check_DefaultsAndEnds_AreFine()
    {
        Assert.Null(SequenceOptionsRules.Check(new()));
        Assert.Null(SequenceOptionsRules.Check(new() { UniformNegatives = 0, InBatchNegatives = true }));
        Assert.Null(SequenceOptionsRules.Check(new() { UniformNegatives = 0, Loss = SequenceLoss.FullSoftmax, Heads = 64, Dropout = 0, Length = 200 }));
    }

    /// <summary>The worked example of the layout's documentation.</summary>
    [Fact]
    public void Layout_WorkedExample_LiesAsDocumented()
    {
        var layout = new ParameterLayout(new() { Block = SequenceBlock.Classic, Width = 2, Length = 3, HiddenMultiple = 1 }, 5);
        Assert.Equal(
            "positions 0, block0.norm1.gain 6, block0.norm1.shift 8, block0.qkv.weight 10, block0.qkv.bias 22, block0.out.weight 28, block0.out.bias 32, block0.norm2.gain 34, block0.norm2.shift 36, "
            + "block0.up.weight 38, block0.up.bias 42, block0.down.weight 44, block0.down.bias 48, final.gain 50, final.shift 52, items 54",
            string.Join(", ", layout.Views.Select(v => $"{v.Name} {v.Offset}")));
        Assert.Equal((54, 64), (layout.NetworkLength, layout.Length));
    }

    [Fact]
    public void Start_SameSeed_IsTheSameAndSpreadAsStated()
    {
        var options = new SequenceOptions { Width = 32, Blocks = 2 };
        var start = SequenceParameters.Start(options, 300);
        Assert.Equal(start.Values, SequenceParameters.Start(options, 300).Values);
        Assert.NotEqual(start.Values, SequenceParameters.Start(options with { Seed = 2 }, 300).Values);
        foreach (var view in start.Layout.Views)
        {
            double[] values = [.. start.View(view.Name).ToArray().Select(v => (double)v)];
            if (!view.Decays)
                Assert.All(values, v => Assert.Equal(view.Name.EndsWith("gain", StringComparison.Ordinal) ? 1 : 0, v));
            else
            {
                double expected = view.Name is "items" or "positions" ? 0.02 : Math.Sqrt(2.0 / (view.Name.Contains("up", StringComparison.Ordinal) || view.Name.Contains("down", StringComparison.Ordinal) ? 5 * 32 : 2 * 32));
                double deviation = Math.Sqrt(values.Average(v => v * v));
                // A standard error of the deviation is 1/√(2n) of it, and n is at least 1,024.
                Assert.InRange(deviation / expected, 0.9, 1.1);
                Assert.InRange(values.Average() / expected, -0.15, 0.15);
            }
        }
    }

    [Fact]
    public void View_UnknownName_IsRefused() =>
        Assert.Contains("got nothing", Assert.Throws<ArgumentException>(() => SequenceParameters.Start(new() { Width = 4 }, 5).View("nothing")).Message, StringComparison.Ordinal);
}
