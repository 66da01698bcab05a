namespace OrleansRec.Model.Hybrid;

/// <summary>How parts are added up: score = bias + Σ_p weight_p · score_p / scale_p.</summary>
/// <remarks>
/// scale_p is the query's own <see cref="PartQuery.Scale"/>, or 1 where <see cref="IsScaled"/> is false. Parts are named, so one can be added or left out without a change to what stores
/// or sends weights: a part without a weight counts 0, a weight without its part is reported by <see cref="Blend.Missing"/>.
/// </remarks>
/// <param name="Weights">Weight of each part by name.</param>
/// <param name="Bias">Added to every score; it moves no rank.</param>
/// <param name="IsScaled">Whether each part is divided by its query's scale.</param>
public sealed record BlendWeights(IReadOnlyDictionary<string, double> Weights, double Bias = 0, bool IsScaled = true)
{
    /// <summary>Weight of a part; 0 where it has none.</summary>
    public double Of(string part) => Weights.GetValueOrDefault(part);

    /// <summary>Whether no other part has a weight.</summary>
    public bool IsOnly(string part) => Weights.All(w => w.Value == 0 || w.Key == part);

    /// <summary>Whether scores under both are the same: a part without a weight and one of weight 0 are alike.</summary>
    public bool Equals(BlendWeights? other) => other is not null && Bias == other.Bias && IsScaled == other.IsScaled
        && Weights.All(w => other.Of(w.Key) == w.Value) && other.Weights.All(w => Of(w.Key) == w.Value);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Bias, IsScaled, Weights.Count(w => w.Value != 0));

    /// <summary>These weights with some replaced, as a request or a scenario may ask.</summary>
    public BlendWeights With(IReadOnlyDictionary<string, double> others)
    {
        var weights = Weights.ToDictionary(w => w.Key, w => w.Value, StringComparer.Ordinal);
        foreach (var (name, weight) in others)
            weights[name] = double.IsFinite(weight) ? weight : throw new ArgumentException($"The weight of {name} must be finite; got {weight}.", nameof(others));
        return this with { Weights = weights };
    }
}

/// <summary>The queries of all parts.</summary>
public sealed class BlendQuery(PartQuery[] Parts, double[] Factors) : PartQuery
{
    /// <summary>The query of each part.</summary>
    public PartQuery[] Parts { get; } = Parts;

    /// <summary>weight_p / scale_p of each part; 0 where the part has no signal.</summary>
    public double[] Factors { get; } = Factors;
}

/// <summary>What one part adds to a score.</summary>
/// <param name="Name">The part.</param>
/// <param name="Weight">Its weight.</param>
/// <param name="Score">Its own score, divided by its scale.</param>
/// <param name="Amount">Weight · score.</param>
public readonly record struct PartAmount(string Name, double Weight, double Score, double Amount);

/// <summary>The hybrid of a block: a weighted sum of parts, itself a part.</summary>
public sealed partial class Blend : IScorePart
{
    private readonly IScorePart[] _parts;
    private readonly BlendWeights _weights;

    /// <summary>Adds parts up.</summary>
    /// <param name="parts">Parts over the same rows, at least one, each name once.</param>
    /// <param name="weights">Their weights.</param>
    /// <exception cref="ArgumentException">The parts do not fit each other, or a weight is not finite.</exception>
    public Blend(IReadOnlyList<IScorePart> parts, BlendWeights weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        _parts = [.. parts];
        _weights = weights;
        if (_parts.Length == 0)
            throw new ArgumentException("A blend needs at least 1 part; got 0.", nameof(parts));
        if (_parts.DistinctBy(p => p.Name).Count() != _parts.Length)
            throw new ArgumentException($"Each part has a name of its own; got {string.Join(", ", _parts.Select(p => p.Name))}.", nameof(parts));
        foreach (var part in _parts)
            if (!part.ItemIds.SequenceEqual(_parts[0].ItemIds))
                throw new ArgumentException($"All parts score the same rows; {part.Name} has other rows than {_parts[0].Name}.", nameof(parts));
        foreach (var (name, weight) in weights.Weights)
            if (!double.IsFinite(weight))
                throw new ArgumentException($"The weight of {name} must be finite; got {weight}.", nameof(weights));
    }

    /// <inheritdoc/>
    public string Name => "hybrid";

    /// <inheritdoc/>
    public ReadOnlySpan<string> ItemIds => _parts[0].ItemIds;

    /// <summary>Names with a weight other than 0 of which there is no part.</summary>
    public IEnumerable<string> Missing => _weights.Weights.Where(w => w.Value != 0 && !_parts.Any(p => p.Name == w.Key)).Select(w => w.Key).Order(StringComparer.Ordinal);

    /// <inheritdoc/>
    public PartQuery Prepare(UserSignals signals)
    {
        PartQuery[] queries = Array.ConvertAll(_parts, p => _weights.Of(p.Name) == 0 ? new NoQuery() : p.Prepare(signals));
        double[] factors = [.. queries.Select((q, n) => FactorOf(_parts[n], q))];
        double squares = factors.Zip(queries, (f, q) => f * q.Scale * f * q.Scale).Sum();
        return new BlendQuery(queries, factors) { Scale = Math.Sqrt(squares) };
    }

    /// <inheritdoc/>
    public void Score(PartQuery query, Span<float> scores)
    {
        var asked = (BlendQuery)query;
        float[] own = System.Buffers.ArrayPool<float>.Shared.Rent(Math.Max(1, scores.Length));
        var part = own.AsSpan(0, scores.Length);
        scores.Fill((float)_weights.Bias);
        for (int p = 0; p < _parts.Length; p++)
        {
            if (asked.Factors[p] == 0)
                continue;
            _parts[p].Score(asked.Parts[p], part);
            System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(part, (float)asked.Factors[p], scores, scores);
        }
        System.Buffers.ArrayPool<float>.Shared.Return(own);
    }

    /// <inheritdoc/>
    public double Explain(PartQuery query, int row, Span<double> amounts)
    {
        var asked = (BlendQuery)query;
        var own = new double[amounts.Length];
        amounts.Clear();
        double offset = _weights.Bias;
        for (int p = 0; p < _parts.Length; p++)
        {
            if (asked.Factors[p] == 0)
                continue;
            offset += asked.Factors[p] * _parts[p].Explain(asked.Parts[p], row, own);
            for (int n = 0; n < own.Length; n++)
                amounts[n] += asked.Factors[p] * own[n];
        }
        return offset;
    }

    /// <summary>What each part adds to the score of one row; with the bias they sum to it.</summary>
    public PartAmount[] PartsOf(PartQuery query, int row, int pastCount)
    {
        var asked = (BlendQuery)query;
        var own = new double[pastCount];
        return [.. _parts.Select((part, p) =>
        {
            double weight = _weights.Of(part.Name);
            if (asked.Factors[p] == 0)
                return new PartAmount(part.Name, weight, 0, 0);
            double score = part.Explain(asked.Parts[p], row, own) + own.Sum();
            return new(part.Name, weight, score * asked.Factors[p] / weight, score * asked.Factors[p]);
        })];
    }

    private double FactorOf(IScorePart part, PartQuery query)
    {
        double weight = _weights.Of(part.Name);
        return weight == 0 || query.Scale <= 0 ? 0 : _weights.IsScaled ? weight / query.Scale : weight;
    }

    /// <summary>Of a part that counts nothing.</summary>
    private sealed class NoQuery : PartQuery;
}
