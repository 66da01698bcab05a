namespace OrleansRec.Model.Sequence.Training;

/// <summary>All that a training goes on from: the same state and the same histories give the same bits, wherever and on however many workers.</summary>
public sealed class SequenceTrainingState
{
    internal SequenceTrainingState(SequenceParameters parameters, float[] first, float[] second, int epoch, long step, string rung)
    {
        (Parameters, First, Second, Epoch, Step, Rung) = (parameters, first, second, epoch, step, rung);
    }

    /// <summary>The parameters; their layout names options, seed and catalogue size.</summary>
    public SequenceParameters Parameters { get; }

    /// <summary>First moments of AdamW, laid out as the parameters.</summary>
    public float[] First { get; }

    /// <summary>Second moments of AdamW, laid out as the parameters.</summary>
    public float[] Second { get; }

    /// <summary>Whole epochs done.</summary>
    public int Epoch { get; internal set; }

    /// <summary>Steps done, over all epochs.</summary>
    public long Step { get; internal set; }

    /// <summary>The vector width it is trained at (<see cref="ActiveRung"/>): another one would go on with other bits.</summary>
    public string Rung { get; }

    /// <summary>Whether the last epoch ended; a state in mid-epoch, cancelled or diverged, is never saved and never goes on.</summary>
    public bool IsWhole { get; internal set; } = true;

    /// <summary>The options.</summary>
    public SequenceOptions Options => Parameters.Layout.Options;

    /// <summary>A training at its start.</summary>
    /// <param name="options">Valid options.</param>
    /// <param name="itemCount">V, ≥ 2.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static SequenceTrainingState Start(SequenceOptions options, int itemCount)
    {
        var parameters = SequenceParameters.Start(options, itemCount);
        int length = parameters.Values.Length;
        return new(parameters, new float[length], new float[length], 0, 0, ActiveRung.Name);
    }
}
