using OrleansRec.Model.Hybrid;

namespace OrleansRec.Model.Neighbours;

/// <summary>The users most alike to a user, with what each item of the user's past says of that.</summary>
/// <param name="Users">Rows of the neighbours among all users, the most alike first.</param>
/// <param name="Weights">s_uv of each.</param>
/// <param name="Shares">What past item n adds to s of neighbour v, at [v · past + n]: they sum to s.</param>
/// <param name="PastCount">Items of the past.</param>
public sealed class UserNeighbourQuery(int[] Users, float[] Weights, float[] Shares, int PastCount) : PartQuery
{
    /// <summary>Rows of the neighbours among all users, the most alike first.</summary>
    public int[] Users { get; } = Users;

    /// <summary>s_uv of each.</summary>
    public float[] Weights { get; } = Weights;

    /// <summary>What each item of the past adds to each neighbour's s, neighbour by neighbour.</summary>
    public float[] Shares { get; } = Shares;

    /// <summary>Items of the past.</summary>
    public int PastCount { get; } = PastCount;
}

/// <summary>Scores items by the users most alike: score(i) = Σ over the m nearest users v of s_uv · x_vi · n_i^(−b).</summary>
/// <remarks>
/// s_uv = Σ_j w_j·x_vj / (|w|·|x_v|) · n/(n + β) over the n shared items: a sum over the past, so the score is one too: past item j adds Σ_v (its share of s_uv)·x_vi. The user's own
/// row is no neighbour. A block of items needs the pairs of its own items alone; whoever prepares the query needs all. Cost: the pairs of the past's items, then the pairs of m users.
/// </remarks>
public sealed class UserNeighbours : IScorePart
{
    private readonly string[] _itemIds, _userIds;
    private readonly NeighbourOptions _options;
    private readonly HistoryReading _reading;
    private readonly WeightedPairs _pairs;
    private readonly Dictionary<ulong, int> _rowOf;
    private readonly double[] _norms;
    private readonly double[] _itemWeights;
    private readonly float[] _damping;
    private readonly double _meanSquare;

    /// <summary>Takes the pairs of all users.</summary>
    /// <param name="byUser">Pairs by user; columns are rows of the items.</param>
    /// <param name="userIds">Id of each user, shape (U); ties break by it.</param>
    /// <param name="itemIds">Id of each item, shape (I).</param>
    /// <param name="options">Cosine only; <see cref="NeighbourOptions.NeighboursMax"/> is m. The length that weighs is that of the item: n_i^(−q).</param>
    /// <param name="reading">How a past is weighed.</param>
    /// <param name="popularityPower">b: a popular item is in many users' pasts and says less; 0 … 1.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public UserNeighbours(
        InteractionRows byUser, string[] userIds, string[] itemIds, NeighbourOptions options, HistoryReading reading, double popularityPower = 0)
    {
        options.Check();
        if (options.Similarity != Similarity.Cosine)
            throw new ArgumentException($"User neighbours are found by cosine; got {options.Similarity}.", nameof(options));
        (_userIds, _itemIds, _options, _reading) = (userIds, itemIds, options, reading);
        _pairs = WeightedPairs.Of(byUser, itemIds.Length, options.ValuePower, 0, options.RowItemsMax);
        _rowOf = Enumerable.Range(0, itemIds.Length).ToDictionary(row => IdHash.Of(itemIds[row]));
        _itemWeights = [.. Enumerable.Range(0, itemIds.Length).Select(item => Math.Pow(Math.Max(1, _pairs.Columns.CountOf(item)), -options.LengthPower))];
        _norms = new double[userIds.Length];
        for (int user = 0; user < userIds.Length; user++)
            foreach (var (item, x) in Entries(user))
                _norms[user] += Square(x * _itemWeights[item]);
        _damping = Array.ConvertAll(Enumerable.Range(0, itemIds.Length).ToArray(), i => (float)Math.Pow(Math.Max(1, _pairs.Columns.CountOf(i)), -popularityPower));
        _meanSquare = MeanSquare();
    }

    /// <inheritdoc/>
    public string Name => "user-user";

    /// <inheritdoc/>
    public ReadOnlySpan<string> ItemIds => _itemIds;

    /// <inheritdoc/>
    public PartQuery Prepare(UserSignals signals)
    {
        var past = signals.Past;
        var weights = new float[past.Length];
        _reading.Weigh(signals, weights);
        var (dots, shared, touched) = (new double[_userIds.Length], new int[_userIds.Length], new List<int>());
        double norm = 0;
        for (int n = 0; n < past.Length; n++)
        {
            if (weights[n] == 0 || !_rowOf.TryGetValue(signals.Hashes[n], out int item))
                continue;
            double w = weights[n] * _itemWeights[item];
            norm += w * w;
            var users = _pairs.Columns.OthersOf(item);
            var values = _pairs.Columns.ValuesOf(item);
            for (int m = 0; m < users.Length; m++)
            {
                if (shared[users[m]]++ == 0)
                    touched.Add(users[m]);
                dots[users[m]] += w * values[m] * _itemWeights[item];
            }
        }
        return Nearest(signals, weights, dots, shared, touched, Math.Sqrt(norm));
    }

    /// <inheritdoc/>
    public void Score(PartQuery query, Span<float> scores)
    {
        scores.Clear();
        var asked = (UserNeighbourQuery)query;
        for (int n = 0; n < asked.Users.Length; n++)
        {
            var items = _pairs.Rows.OthersOf(asked.Users[n]);
            var values = _pairs.Rows.ValuesOf(asked.Users[n]);
            for (int m = 0; m < items.Length; m++)
                scores[items[m]] += asked.Weights[n] * values[m];
        }
        System.Numerics.Tensors.TensorPrimitives.Multiply(scores, _damping, scores);
    }

    /// <inheritdoc/>
    public double Explain(PartQuery query, int row, Span<double> amounts)
    {
        amounts.Clear();
        var asked = (UserNeighbourQuery)query;
        for (int n = 0; n < asked.Users.Length; n++)
        {
            int at = _pairs.Rows.OthersOf(asked.Users[n]).BinarySearch(row);
            if (at < 0)
                continue;
            double x = (double)_pairs.Rows.ValuesOf(asked.Users[n])[at] * _damping[row];
            for (int j = 0; j < asked.PastCount; j++)
                amounts[j] += x * asked.Shares[n * asked.PastCount + j];
        }
        return 0;
    }

    private UserNeighbourQuery Nearest(UserSignals signals, float[] weights, double[] dots, int[] shared, List<int> touched, double norm)
    {
        var heap = new BestRows(new ScoredRow[Math.Min(_options.NeighboursMax, Math.Max(1, touched.Count))], _userIds);
        foreach (int user in touched)
        {
            double factor = FactorOf(user, shared[user], norm);
            if (dots[user] > 0 && factor > 0 && _userIds[user] != signals.UserId)
                heap.Offer(user, (float)(dots[user] * factor));
        }
        int count = heap.Sort();
        var nearest = heap.Rows[..count].ToArray();
        var shares = new float[count * weights.Length];
        for (int n = 0; n < count; n++)
            Share(signals, weights, nearest[n].Row, FactorOf(nearest[n].Row, shared[nearest[n].Row], norm), shares.AsSpan(n * weights.Length, weights.Length));
        double squares = nearest.Sum(v => (double)v.Score * v.Score);
        return new(Array.ConvertAll(nearest, v => v.Row), Array.ConvertAll(nearest, v => v.Score), shares, weights.Length) { Scale = Math.Sqrt(squares * _meanSquare) };
    }

    private void Share(UserSignals signals, float[] weights, int user, double factor, Span<float> shares)
    {
        for (int j = 0; j < weights.Length; j++)
            if (weights[j] != 0 && _rowOf.TryGetValue(signals.Hashes[j], out int item) && _pairs.Rows.OthersOf(user).BinarySearch(item) is >= 0 and var at)
                shares[j] = (float)(weights[j] * Square(_itemWeights[item]) * _pairs.Rows.ValuesOf(user)[at] * factor);
    }

    private double FactorOf(int user, int shared, double norm) =>
        _norms[user] > 0 && norm > 0 ? shared / ((shared + _options.Shrinkage) * norm * Math.Sqrt(_norms[user])) : 0;

    private double MeanSquare()
    {
        double sum = 0;
        for (int item = 0; item < _itemIds.Length; item++)
            foreach (float x in _pairs.Columns.ValuesOf(item))
                sum += Square((double)x * _damping[item]);
        return sum / Math.Max(1, _itemIds.Length) / Math.Max(1, _userIds.Length);
    }

    private IEnumerable<(int Item, double X)> Entries(int user)
    {
        for (int n = _pairs.Rows.Starts[user]; n < _pairs.Rows.Starts[user + 1]; n++)
            yield return (_pairs.Rows.Others[n], _pairs.Rows.Values[n]);
    }

    private static double Square(double x) => x * x;
}
