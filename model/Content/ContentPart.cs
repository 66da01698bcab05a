using OrleansRec.Model.Hybrid;

namespace OrleansRec.Model.Content;

/// <summary>A user's profile, and what each item of the past put into it.</summary>
/// <param name="Profile">Σ_j w_j·v_j / |Σ_j w_j·v_j|.</param>
/// <param name="Past">v_j of each item of the past; zero where its content is not known.</param>
/// <param name="Weights">w_j, divided by the profile's length.</param>
public sealed class ContentQuery(SparseVector Profile, SparseVector[] Past, float[] Weights) : PartQuery
{
    /// <summary>The unit profile.</summary>
    public SparseVector Profile { get; } = Profile;

    /// <summary>Content of each item of the past.</summary>
    public SparseVector[] Past { get; } = Past;

    /// <summary>What each weighs in the profile.</summary>
    public float[] Weights { get; } = Weights;
}

/// <summary>Content similarity as a part: score(i) = cos(profile, v_i), the profile being the weighted sum of the vectors of the past.</summary>
/// <remarks>
/// A block is an inverted index from token to rows, so a query costs the rows that share a token with the profile. Item j of the past adds w_j·⟨v_j, v_i⟩. It needs no event of the
/// scored item, so an item put now is found now.
/// </remarks>
public sealed class ContentPart : TouchedRowsPart
{
    private readonly SparseVector[] _vectors;
    private readonly Func<string, SparseVector?> _contentOf;
    private readonly HistoryReading _reading;
    private readonly ulong[] _tokens;
    private readonly int[] _starts, _rows;
    private readonly float[] _values;

    /// <summary>Makes the index of a block.</summary>
    /// <param name="itemIds">Id of each row of the block, shape (n).</param>
    /// <param name="vectors">Unit vector of each, shape (n).</param>
    /// <param name="contentOf">The unit vector of any item of a past, in this block or not; null where it is not known.</param>
    /// <param name="reading">How a past is weighed.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public ContentPart(string[] itemIds, SparseVector[] vectors, Func<string, SparseVector?> contentOf, HistoryReading reading)
        : base(itemIds)
    {
        if (itemIds.Length != vectors.Length)
            throw new ArgumentException($"{itemIds.Length} items need as many vectors; got {vectors.Length}.", nameof(vectors));
        (_vectors, _contentOf, _reading) = (vectors, contentOf, reading);
        var entries = vectors.SelectMany((v, row) => v.Keys.Select((key, n) => (key, row, Value: v.Values[n]))).OrderBy(e => e.key).ThenBy(e => e.row).ToArray();
        int[] firsts = [.. Enumerable.Range(0, entries.Length).Where(n => n == 0 || entries[n].key != entries[n - 1].key)];
        _tokens = Array.ConvertAll(firsts, n => entries[n].key);
        _starts = [.. firsts, entries.Length];
        (_rows, _values) = ([.. entries.Select(e => e.row)], [.. entries.Select(e => e.Value)]);
    }

    /// <inheritdoc/>
    public override string Name => "content";

    /// <inheritdoc/>
    public override PartQuery Prepare(UserSignals signals)
    {
        var past = signals.Past;
        var weights = new float[past.Length];
        _reading.Weigh(signals, weights);
        var vectors = new SparseVector[past.Length];
        for (int n = 0; n < past.Length; n++)
            vectors[n] = weights[n] == 0 ? SparseVector.Zero : _contentOf(past[n].ItemId) ?? SparseVector.Zero;
        var sum = SparseVector.Of(vectors.SelectMany((v, n) => v.Keys.Select((key, m) => (key, (double)weights[n] * v.Values[m]))));
        double norm = sum.Norm;
        float[] shares = norm > 0 ? Array.ConvertAll(weights, w => (float)(w / norm)) : weights;
        return new ContentQuery(sum.ToUnit(), vectors, shares) { Scale = norm > 0 ? TypicalCosine : 0 };
    }

    /// <summary>A cosine is bounded, so its size needs no measuring: a tenth is about the root of its mean square over a shop's catalogue.</summary>
    public const double TypicalCosine = 0.1;

    /// <inheritdoc/>
    public override void Score(PartQuery query, Span<float> scores)
    {
        scores.Clear();
        var profile = ((ContentQuery)query).Profile;
        for (int n = 0; n < profile.Keys.Length; n++)
        {
            int at = Array.BinarySearch(_tokens, profile.Keys[n]);
            if (at < 0)
                continue;
            float weight = profile.Values[n];
            for (int m = _starts[at]; m < _starts[at + 1]; m++)
                scores[_rows[m]] += weight * _values[m];
        }
    }

    /// <inheritdoc/>
    public override double Explain(PartQuery query, int row, Span<double> amounts)
    {
        var asked = (ContentQuery)query;
        for (int n = 0; n < amounts.Length; n++)
            amounts[n] = asked.Weights[n] * asked.Past[n].Dot(_vectors[row]);
        return 0;
    }

    private protected override void Touch(PartQuery query, TouchedRows touched)
    {
        var profile = ((ContentQuery)query).Profile;
        var places = new int[profile.Keys.Length];
        long additions = 0;
        for (int n = 0; n < places.Length; n++)
            if ((places[n] = Array.BinarySearch(_tokens, profile.Keys[n])) is >= 0 and int at)
                additions += _starts[at + 1] - _starts[at];
        touched.Begin(additions);
        for (int n = 0; n < places.Length; n++)
            if (places[n] is >= 0 and int at)
                touched.Add(_rows.AsSpan(_starts[at].._starts[at + 1]), _values.AsSpan(_starts[at].._starts[at + 1]), profile.Values[n]);
    }
}
