using OrleansRec.Model;

namespace OrleansRec.Bench.Shapes;

/// <summary>The pairs of a <see cref="PowerLawShape"/>: for each user distinct items, in the order in which that user meets them, and a value each.</summary>
internal sealed class PowerLawPairs
{
    private const int Seed = 1;

    private readonly int[] _starts;
    private readonly int[] _items;
    private readonly byte[] _values;

    private PowerLawPairs(PowerLawShape shape, int[] starts, int[] items, byte[] values) => (Shape, _starts, _items, _values) = (shape, starts, items, values);

    public PowerLawShape Shape { get; }

    /// <summary>The items of a user, distinct.</summary>
    public ReadOnlySpan<int> Items(int user) => _items.AsSpan(_starts[user].._starts[user + 1]);

    /// <summary>The value of each of <see cref="Items"/>: 1, 3 or 5, six to one to one, as views, carts and purchases are.</summary>
    public ReadOnlySpan<byte> Values(int user) => _values.AsSpan(_starts[user].._starts[user + 1]);

    /// <summary>Makes them. Computes: about 2 s for ten million.</summary>
    public static PowerLawPairs Generate(PowerLawShape shape)
    {
        var random = new Random(Seed);
        int[] starts = Activity(shape, random), itemOfRank = Permutation(shape.Items, random);
        var items = new int[shape.Pairs];
        var values = new byte[shape.Pairs];
        var takenBy = new int[shape.Items]; // user + 1
        double offset = shape.Items * PowerLawShape.SkewOffset, span = (shape.Items + offset) / offset;
        for (int user = 0; user < shape.Users; user++)
            for (int at = starts[user]; at < starts[user + 1];)
            {
                // The inverse of the distribution function of 1 / (rank + offset).
                int item = itemOfRank[Math.Min(shape.Items - 1, (int)(offset * Math.Pow(span, random.NextDouble()) - offset))];
                if (takenBy[item] == user + 1)
                    continue;
                takenBy[item] = user + 1;
                items[at] = item;
                values[at++] = random.Next(8) switch { 0 => 5, 1 => 3, _ => 1 };
            }
        return new(shape, starts, items, values);
    }

    /// <summary>The pairs as a trainer takes them, in both orientations; row = user number, column = item number.</summary>
    public (InteractionRows ByUser, InteractionRows ByItem) ToRows()
    {
        int[] columns = [.. _items];
        float[] r = Array.ConvertAll(_values, v => (float)v);
        for (int user = 0; user < Shape.Users; user++)
            columns.AsSpan(_starts[user].._starts[user + 1]).Sort(r.AsSpan(_starts[user].._starts[user + 1]));

        var itemStarts = new int[Shape.Items + 1];
        foreach (int item in columns)
            itemStarts[item + 1]++;
        for (int item = 0; item < Shape.Items; item++)
            itemStarts[item + 1] += itemStarts[item];
        var next = itemStarts[..^1];
        var rows = new int[columns.Length];
        var rowValues = new float[columns.Length];
        for (int user = 0; user < Shape.Users; user++)
            for (int at = _starts[user]; at < _starts[user + 1]; at++)
            {
                int to = next[columns[at]]++;
                (rows[to], rowValues[to]) = (user, r[at]);
            }
        return (new(_starts, columns, r), new(itemStarts, rows, rowValues));
    }

    /// <summary>Where each user's pairs begin; the most active user is not the first one.</summary>
    private static int[] Activity(PowerLawShape shape, Random random)
    {
        double offset = shape.Users * PowerLawShape.SkewOffset;
        double scale = shape.Pairs / Math.Log((shape.Users + offset) / offset);
        int most = shape.Items / 2;
        int[] rankOfUser = Permutation(shape.Users, random);
        var starts = new int[shape.Users + 1];
        long given = 0;
        for (int user = 0; user < shape.Users; user++)
            given += starts[user + 1] = Math.Clamp((int)(scale / (rankOfUser[user] + offset)), 1, most);
        // Rounding leaves a remainder, which goes around.
        for (int user = 0; given != shape.Pairs; user = (user + 1) % shape.Users)
        {
            int step = Math.Sign(shape.Pairs - given);
            if (starts[user + 1] + step < 1 || starts[user + 1] + step > most)
                continue;
            starts[user + 1] += step;
            given += step;
        }
        for (int user = 0; user < shape.Users; user++)
            starts[user + 1] += starts[user];
        return starts;
    }

    private static int[] Permutation(int count, Random random)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        random.Shuffle(order);
        return order;
    }
}
