namespace OrleansRec.Model.Sequence.Serving;

/// <summary>The encoding of one user's history, kept while its user is active: an item more costs one step.</summary>
/// <remarks>One caller at a time for each user; users are independent. How many a model keeps is bounded (<see cref="SequencePart.EncodingsMax"/>).</remarks>
public sealed class KeptEncoding
{
    private volatile Kept? _kept;

    /// <summary>Whether an encoding is kept now.</summary>
    internal bool IsKept => _kept is not null;

    /// <summary>The state after a history: the bits that encoding it anew gives.</summary>
    /// <param name="sequence">The model.</param>
    /// <param name="items">Rows of the model, oldest first.</param>
    public float[] StateOf(SequencePart sequence, int[] items)
    {
        ArgumentNullException.ThrowIfNull(sequence);
        ArgumentNullException.ThrowIfNull(items);
        Kept kept = _kept is { } known && known.Of == sequence ? known : new(sequence, sequence.Encoder.CreateHistory());
        sequence.Continue(kept.History, items);
        if (kept != _kept)
        {
            sequence.TakePlace(this);
            _kept = kept;
        }
        return kept.History.State.ToArray();
    }

    /// <summary>Another user takes the place of this one, whose next history is encoded anew.</summary>
    internal void Drop(SequencePart of)
    {
        if (_kept?.Of == of)
            _kept = null;
    }

    private sealed record Kept(SequencePart Of, EncodedHistory History);
}
