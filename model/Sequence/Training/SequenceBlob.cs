namespace OrleansRec.Model.Sequence.Training;

/// <summary>A sequence model in store: a published one, or a training between two epochs, which also has the moments of its optimiser.</summary>
/// <param name="Version">The version it belongs to.</param>
/// <param name="Attempt">The attempt at its training that stored it.</param>
/// <param name="ItemIds">Id of each item, shape (V).</param>
/// <param name="Parameters">The parameters.</param>
/// <param name="Epoch">Epochs of the course done.</param>
/// <param name="Step">Steps done.</param>
/// <param name="Rung">The vector width it was trained at.</param>
/// <param name="Moments">First and second moments of AdamW, laid out as the parameters; null for a published model.</param>
public sealed record SequenceBlob(
    long Version, int Attempt, string[] ItemIds, SequenceParameters Parameters, int Epoch, long Step, string Rung, (float[] First, float[] Second)? Moments)
{
    /// <summary>A training as it is.</summary>
    /// <exception cref="ArgumentException">The state is in mid-epoch.</exception>
    public static SequenceBlob Checkpoint(long version, int attempt, string[] itemIds, SequenceTrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (!state.IsWhole)
            throw new ArgumentException($"A checkpoint is written between epochs; the state is within epoch {state.Epoch + 1}.", nameof(state));
        return new(version, attempt, itemIds, state.Parameters, state.Epoch, state.Step, state.Rung, (state.First, state.Second));
    }

    /// <summary>The same model without what only a training needs.</summary>
    /// <param name="attempt">The attempt that publishes it.</param>
    public SequenceBlob Published(int attempt) => this with { Attempt = attempt, Moments = null };

    /// <summary>The training that goes on from here, over the rows of an attempt.</summary>
    /// <param name="itemIds">Its items. They differ only where a user was erased meanwhile: an item that the checkpoint lacks has its start values.</param>
    /// <exception cref="InvalidOperationException">It is a published model.</exception>
    public SequenceTrainingState ToState(string[] itemIds)
    {
        ArgumentNullException.ThrowIfNull(itemIds);
        if (Moments is not var (first, second))
            throw new InvalidOperationException($"Version {Version} is published; its training is over.");
        if (ItemIds.AsSpan().SequenceEqual(itemIds))
            return new(Parameters, first, second, Epoch, Step, Rung);
        SequenceParameters start = SequenceParameters.Start(Parameters.Layout.Options, itemIds.Length);
        float[] firstNow = new float[start.Values.Length], secondNow = new float[start.Values.Length];
        int network = start.Layout.NetworkLength, width = start.Layout.Options.Width;
        var rowOf = new Dictionary<string, int>(ItemIds.Length, StringComparer.Ordinal);
        for (int row = 0; row < ItemIds.Length; row++)
            rowOf.Add(ItemIds[row], row);
        foreach (var (from, to) in new[] { (Parameters.Values, start.Values), (first, firstNow), (second, secondNow) })
        {
            from.AsSpan(0, network).CopyTo(to);
            for (int row = 0; row < itemIds.Length; row++)
                if (rowOf.TryGetValue(itemIds[row], out int source))
                    from.AsSpan(network + source * width, width).CopyTo(to.AsSpan(network + row * width));
        }
        return new(start, firstNow, secondNow, Epoch, Step, Rung);
    }

    /// <summary>Whether it is the model of a version over these rows.</summary>
    /// <returns>What is wrong; null for nothing.</returns>
    public string? FaultUnder(long version, int attempt, ReadOnlySpan<string> itemIds) =>
        Version != version || Attempt != attempt ? $"it belongs to attempt {Attempt} of version {Version}; the version was published by attempt {attempt}"
        : !itemIds.SequenceEqual(ItemIds) ? $"its {ItemIds.Length} items are not the {itemIds.Length} of the version" : null;
}
