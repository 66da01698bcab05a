namespace OrleansRec.Model.Hybrid;

/// <summary>Scaled part scores of candidates, user by user, and whether each was held out: what blend weights are learned from.</summary>
/// <param name="parts">Name of each part, shape (P).</param>
public sealed class BlendExamples(IReadOnlyList<string> parts)
{
    private readonly List<double> _features = [];
    private readonly List<bool> _labels = [];
    private readonly List<int> _starts = [0];

    /// <summary>Name of each part.</summary>
    public IReadOnlyList<string> Parts { get; } = [.. parts];

    /// <summary>Users.</summary>
    public int GroupCount => _starts.Count - 1;

    /// <summary>Candidates of all users.</summary>
    public int Count => _labels.Count;

    /// <summary>Adds a candidate of the user under way.</summary>
    /// <param name="scores">Score of each part divided by its scale, finite, shape (P).</param>
    /// <param name="isHeldOut">Whether the user took it.</param>
    /// <exception cref="ArgumentException">The shape does not fit, or a score is not finite.</exception>
    public void Add(ReadOnlySpan<double> scores, bool isHeldOut)
    {
        if (scores.Length != Parts.Count)
            throw new ArgumentException($"{Parts.Count} parts give as many scores; got {scores.Length}.", nameof(scores));
        foreach (double score in scores)
            _features.Add(double.IsFinite(score) ? score : throw new ArgumentException($"A score must be finite; got {score}.", nameof(scores)));
        _labels.Add(isHeldOut);
    }

    /// <summary>Ends the user under way; one without both kinds of candidates says nothing and is dropped.</summary>
    public void EndGroup()
    {
        int start = _starts[^1];
        if (_labels.Skip(start).Distinct().Count() == 2)
            _starts.Add(_labels.Count);
        else
        {
            _labels.RemoveRange(start, _labels.Count - start);
            _features.RemoveRange(start * Parts.Count, _features.Count - start * Parts.Count);
        }
    }

    internal (int Start, int End) Group(int group) => (_starts[group], _starts[group + 1]);

    internal bool IsHeldOut(int n) => _labels[n];

    internal ReadOnlySpan<double> ScoresOf(int n) =>
        System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_features).Slice(n * Parts.Count, Parts.Count);
}
