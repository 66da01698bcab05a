namespace OrleansRec.Model.Sequence.Serving;

/// <summary>A user's history as the model sees it: keys and values of the window, and the state after the last item.</summary>
/// <remarks>Memory: (2·L·n + 1)·d floats. One owner at a time.</remarks>
public sealed class EncodedHistory
{
    internal EncodedHistory(SequenceOptions options)
    {
        Items = new int[options.Length];
        KeysAndValues = new float[options.Blocks * options.Length * 2 * options.Width];
        Final = new float[options.Width];
    }

    /// <summary>The items of the window, oldest first.</summary>
    public ReadOnlySpan<int> Window => Items.AsSpan(0, WindowLength);

    /// <summary>Items in the window.</summary>
    public int WindowLength { get; internal set; }

    /// <summary>Items in the history, also those before the window.</summary>
    public int HistoryLength { get; internal set; }

    /// <summary>The state, shape (d): its product with an item's embedding is the item's score. Zero without history.</summary>
    public ReadOnlySpan<float> State => Final;

    internal int[] Items { get; }

    // Block by block, position by position: key, then value.
    internal float[] KeysAndValues { get; }

    internal float[] Final { get; }
}
