namespace OrleansRec.Model.Sequence;

/// <summary>The parameters of a sequence model: one flat array with named views.</summary>
public sealed class SequenceParameters
{
    /// <summary>Deviation of the start values of embeddings: small beside the norms that follow, so that no item is preferred at first.</summary>
    internal const double EmbeddingDeviation = 0.02;

    /// <summary>Takes parameters over.</summary>
    /// <param name="layout">Where each lies.</param>
    /// <param name="values">Shape (<see cref="ParameterLayout.Length"/>); kept, not copied.</param>
    /// <exception cref="ArgumentException">Another length.</exception>
    public SequenceParameters(ParameterLayout layout, float[] values)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(values);
        if (values.Length != layout.Length)
            throw new ArgumentException($"The layout holds {layout.Length} parameters; got {values.Length}.", nameof(values));
        (Layout, Values) = (layout, values);
    }

    /// <summary>Where each parameter lies.</summary>
    public ParameterLayout Layout { get; }

    /// <summary>All elements, shape (<see cref="ParameterLayout.Length"/>).</summary>
    public float[] Values { get; }

    /// <summary>The items' embeddings, row-major, shape (V, d): what a list is scored against.</summary>
    public ReadOnlyMemory<float> Items => Values.AsMemory(Layout.Items);

    /// <summary>Start values from the seed alone: weights with deviation √(2 / (in + out)) (Glorot and Bengio 2010), embeddings 0.02, gains 1, biases and shifts 0.</summary>
    /// <param name="options">Valid options.</param>
    /// <param name="itemCount">V, ≥ 2.</param>
    public static SequenceParameters Start(SequenceOptions options, int itemCount)
    {
        var layout = new ParameterLayout(options, itemCount);
        var values = new float[layout.Length];
        foreach (var view in layout.Views)
            Fill(view, options, values.AsSpan(view.Offset, view.Length));
        return new(layout, values);
    }

    /// <summary>The elements of one view.</summary>
    /// <exception cref="ArgumentException">There is no such parameter.</exception>
    public Span<float> View(string name)
    {
        foreach (var view in Layout.Views)
            if (view.Name == name)
                return Values.AsSpan(view.Offset, view.Length);
        throw new ArgumentException($"The parameters are {string.Join(", ", Layout.Views.Select(v => v.Name))}; got {name}.", nameof(name));
    }

    private static void Fill(ParameterView view, SequenceOptions options, Span<float> values)
    {
        if (view.Name.EndsWith("gain", StringComparison.Ordinal))
            values.Fill(1);
        if (!view.Decays)
            return;
        double deviation = DeviationOf(view, options);
        ulong key = CounterRandom.Key(options.Seed, 0, 0, RandomUse.Start);
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)(deviation * CounterRandom.Normal(CounterRandom.Bits(key, (ulong)(view.Offset + i))));
    }

    // Matrices that lie side by side start as each would alone.
    private static double DeviationOf(ParameterView view, SequenceOptions options)
    {
        if (view.Name is "items" or "positions")
            return EmbeddingDeviation;
        int outputs = view.Name.EndsWith("qkv.weight", StringComparison.Ordinal) ? options.Width
            : view.Name.EndsWith("up.weight", StringComparison.Ordinal) ? options.Hidden : view.Columns;
        return Math.Sqrt(2.0 / (view.Rows + outputs));
    }
}
