using System.Numerics.Tensors;
using OrleansRec.Model.Hybrid;

namespace OrleansRec.Model.Content;

/// <summary>A profile over dense vectors, with the vectors that it was made of.</summary>
public sealed class DenseQuery : PartQuery
{
    /// <summary>The unit profile, shape (width).</summary>
    public required float[] Profile { get; init; }

    /// <summary>The unit vector of each item of the past; empty where it has none.</summary>
    public required float[][] Past { get; init; }

    /// <summary>What each weighs in the profile.</summary>
    public required float[] Weights { get; init; }
}

/// <summary>Content similarity on vectors that the caller brings (text, image, audio): score(i) = cos(profile, v_i), the profile being the weighted sum of the unit vectors of the past.</summary>
/// <remarks>Exact, one pass over the block. Item j of the past adds w_j·⟨v_j, v_i⟩ / |profile|.</remarks>
public sealed class DenseVectorPart : IScorePart
{
    private readonly string[] _itemIds;
    private readonly float[] _vectors;
    private readonly int _width;
    private readonly Func<string, float[]?> _vectorOf;
    private readonly HistoryReading _reading;

    /// <summary>Takes the vectors of a block.</summary>
    /// <param name="name">The part's name, such as image.</param>
    /// <param name="itemIds">Id of each row, shape (n).</param>
    /// <param name="vectors">Row-major, shape (n, width), finite; made to length 1 here, rows of zeros score 0.</param>
    /// <param name="width">Floats in a vector, ≥ 1.</param>
    /// <param name="vectorOf">The vector of any item of a past; null where it has none.</param>
    /// <param name="reading">How a past is weighed.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public DenseVectorPart(string name, string[] itemIds, float[] vectors, int width, Func<string, float[]?> vectorOf, HistoryReading reading)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if (vectors.Length != (long)itemIds.Length * width)
            throw new ArgumentException($"{itemIds.Length} rows of {width} hold {(long)itemIds.Length * width} floats; got {vectors.Length}.", nameof(vectors));
        (Name, _itemIds, _width, _vectorOf, _reading) = (name, itemIds, width, vectorOf, reading);
        _vectors = [.. vectors];
        for (int row = 0; row < itemIds.Length; row++)
            ToUnit(_vectors.AsSpan(row * width, width));
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public ReadOnlySpan<string> ItemIds => _itemIds;

    /// <inheritdoc/>
    public PartQuery Prepare(UserSignals signals)
    {
        var weights = new float[signals.Past.Length];
        _reading.Weigh(signals, weights);
        float[] profile = new float[_width];
        var past = new float[weights.Length][];
        for (int n = 0; n < past.Length; n++)
        {
            past[n] = weights[n] == 0 ? [] : UnitOf(signals.Past[n].ItemId);
            if (past[n].Length > 0)
                TensorPrimitives.MultiplyAdd(past[n], weights[n], profile, profile);
        }
        float norm = ToUnit(profile);
        return new DenseQuery
        {
            Profile = profile, Past = past, Weights = norm > 0 ? Array.ConvertAll(weights, w => w / norm) : weights, Scale = norm > 0 ? ContentPart.TypicalCosine : 0,
        };
    }

    /// <inheritdoc/>
    public void Score(PartQuery query, Span<float> scores) => ItemScan.Scores(((DenseQuery)query).Profile, _vectors, 0, scores);

    /// <inheritdoc/>
    public double Explain(PartQuery query, int row, Span<double> amounts)
    {
        var asked = (DenseQuery)query;
        var own = _vectors.AsSpan(row * _width, _width);
        for (int n = 0; n < amounts.Length; n++)
            amounts[n] = asked.Past[n].Length == 0 ? 0 : (double)asked.Weights[n] * TensorPrimitives.Dot<float>(asked.Past[n], own);
        return 0;
    }

    private float[] UnitOf(string itemId)
    {
        if (_vectorOf(itemId) is not { } vector)
            return [];
        if (vector.Length != _width)
            throw new ArgumentException($"Vectors of {Name} hold {_width} floats; that of item '{itemId}' holds {vector.Length}.", nameof(itemId));
        float[] unit = [.. vector];
        return ToUnit(unit) > 0 ? unit : [];
    }

    private static float ToUnit(Span<float> vector)
    {
        float norm = TensorPrimitives.Norm<float>(vector);
        if (!float.IsNormal(norm))
            return 0;
        TensorPrimitives.Divide(vector, norm, vector);
        return norm;
    }
}
