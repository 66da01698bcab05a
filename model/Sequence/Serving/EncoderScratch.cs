namespace OrleansRec.Model.Sequence.Serving;

/// <summary>What an encoding needs besides its history; for one thread at a time.</summary>
public sealed class EncoderScratch
{
    internal EncoderScratch(SequenceOptions options)
    {
        // Of a whole window; two matrices of states take turns as input and output.
        int widths = 14 * options.Width + 3 * options.Hidden + 4;
        Block = new(options.Length * widths + options.Length);
    }

    internal AlignedBlock<float> Block { get; }
}
