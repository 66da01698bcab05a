using OrleansRec.Bench.Shapes;
using OrleansRec.Model;

namespace OrleansRec.Bench.Shapes;

/// <summary>Pairs of a <see cref="PairShape"/>, the same on every run, in the layout of a training: ids in the order of <see cref="RowKey"/>, both orientations.</summary>
/// <remarks>
/// Every item has one of <see cref="TasteCount"/> tastes, every user a few; <see cref="TasteShare"/> of a user's pairs are with items of his tastes, the rest with any. Within
/// both, items are drawn by popularity. So factors have something to find beyond popularity, and the held-out pairs are of the same kind.
/// </remarks>
internal sealed class GeneratedPairs
{
    private const int TasteCount = 40;
    private const double TasteShare = 0.65;

    /// <summary>A user of many pairs has a taste more for so many of them.</summary>
    private const int PairsPerTaste = 40;

    /// <summary>Pairs kept apart for each user of the held-out sample.</summary>
    public const int HeldOutPerUser = 10;

    private GeneratedPairs(string[] userIds, string[] itemIds, InteractionRows byUser, InteractionRows byItem, (int User, int[] Items)[] heldOut) =>
        (UserIds, ItemIds, ByUser, ByItem, HeldOut) = (userIds, itemIds, byUser, byItem, heldOut);

    public string[] UserIds { get; }

    public string[] ItemIds { get; }

    public InteractionRows ByUser { get; }

    public InteractionRows ByItem { get; }

    /// <summary>Users of the sample with the items that were kept from training, ascending.</summary>
    public (int User, int[] Items)[] HeldOut { get; }

    /// <summary>The useful operations of a sweep pair with the exact solver: 2·nnz·k² + (U + I)(k³/3 + 3k²).</summary>
    public double UsefulFlops(int rank) =>
        2.0 * ByUser.PairCount * rank * rank + (double)(ByUser.RowCount + ByItem.RowCount) * (Math.Pow(rank, 3) / 3 + 3.0 * rank * rank);

    /// <param name="shape">What to generate.</param>
    /// <param name="heldOutUsers">Size of the held-out sample; its pairs come on top of the shape's.</param>
    public static GeneratedPairs Of(PairShape shape, int heldOutUsers = 0)
    {
        string[] userIds = Ids("u", shape.Users, out int[] userRank), itemIds = Ids("i", shape.Items, out int[] itemRank);
        var rowOfItem = new int[shape.Items];
        for (int row = 0; row < shape.Items; row++)
            rowOfItem[itemRank[row]] = row;
        int[] degrees = Degrees(shape), popularity = GuideTable(shape);
        var starts = new int[shape.Users + 1];
        var columns = new int[shape.Pairs];
        var values = new float[shape.Pairs];
        var heldOut = new List<(int, int[])>();
        var drawn = new ItemDraw(shape.Items, popularity, rowOfItem);
        int heldOutEvery = heldOutUsers > 0 ? shape.Users / heldOutUsers : int.MaxValue;
        for (int row = 0; row < shape.Users; row++)
        {
            bool isSampled = row % heldOutEvery == heldOutEvery - 1;
            int degree = degrees[userRank[row]];
            int[] items = drawn.Draw(userRank[row], degree + (isSampled ? HeldOutPerUser : 0));
            if (isSampled)
                heldOut.Add((row, [.. items[degree..].Order()]));
            var own = items.AsSpan(0, degree);
            own.Sort();
            own.CopyTo(columns.AsSpan(starts[row]));
            for (int i = 0; i < degree; i++)
                values[starts[row] + i] = 1 + (int)(IdHash.Mix(((ulong)row << 32) + (uint)own[i]) % 5);
            starts[row + 1] = starts[row] + degree;
        }
        var byUser = new InteractionRows(starts, columns, values);
        return new(userIds, itemIds, byUser, Transpose(byUser, shape.Items), [.. heldOut]);
    }

    /// <summary>Ids in the order of rows, and the rank by activity or popularity of each row: as good as shuffled.</summary>
    private static string[] Ids(string prefix, int count, out int[] rank)
    {
        string[] ids = [.. Enumerable.Range(0, count).Select(n => $"{prefix}{n}")];
        rank = [.. Enumerable.Range(0, count)];
        RowKey[] keys = [.. ids.Select(RowKey.Of)];
        Array.Sort(keys, rank);
        return [.. rank.Select(n => ids[n])];
    }

    /// <summary>Pairs of the q-th busiest user; they add up to the shape's. Nobody has more than three quarters of the items.</summary>
    private static int[] Degrees(PairShape shape)
    {
        double[] weights = [.. Enumerable.Range(0, shape.Users).Select(q => Math.Pow(q + shape.UserOffset, -shape.UserExponent))];
        double scale = shape.Pairs / weights.Sum();
        int[] degrees = [.. weights.Select(w => Math.Clamp((int)(w * scale), 1, shape.Items * 3 / 4))];
        int missing = shape.Pairs - degrees.Sum();
        for (int q = 0; missing != 0; q = (q + 1) % shape.Users)
        {
            int step = Math.Sign(missing);
            if (degrees[q] + step < 1 || degrees[q] + step > shape.Items * 3 / 4)
                continue;
            degrees[q] += step;
            missing -= step;
        }
        return degrees;
    }

    /// <summary>2²⁰ equally likely entries, each the popularity rank of an item.</summary>
    private static int[] GuideTable(PairShape shape)
    {
        double[] weights = [.. Enumerable.Range(0, shape.Items).Select(q => Math.Pow(q + shape.ItemOffset, -shape.ItemExponent))];
        double total = weights.Sum(), sum = weights[0];
        var table = new int[1 << 20];
        for (int entry = 0, q = 0; entry < table.Length; entry++)
        {
            while (sum < (entry + 0.5) / table.Length * total && q + 1 < weights.Length)
                sum += weights[++q];
            table[entry] = q;
        }
        return table;
    }

    private static InteractionRows Transpose(InteractionRows byUser, int items)
    {
        var starts = new int[items + 1];
        for (int user = 0; user < byUser.RowCount; user++)
            foreach (int item in byUser.Columns(user))
                starts[item + 1]++;
        for (int item = 0; item < items; item++)
            starts[item + 1] += starts[item];
        int[] next = starts[..items], rows = new int[byUser.PairCount];
        var values = new float[byUser.PairCount];
        for (int user = 0; user < byUser.RowCount; user++)
        {
            var columns = byUser.Columns(user);
            var r = byUser.Values(user);
            for (int i = 0; i < columns.Length; i++)
            {
                int at = next[columns[i]]++;
                (rows[at], values[at]) = (user, r[i]);
            }
        }
        return new(starts, rows, values);
    }

    /// <summary>Draws distinct items for one user after another.</summary>
    private sealed class ItemDraw(int items, int[] popularity, int[] rowOfItem)
    {
        private readonly int[] lastUser = [.. Enumerable.Repeat(-1, items)];

        /// <summary>Rows of distinct items, in the order drawn.</summary>
        public int[] Draw(int user, int count)
        {
            ulong state = IdHash.Mix((ulong)user + 1);
            int tastes = 2 + count / PairsPerTaste;
            var drawn = new int[count];
            for (int n = 0; n < count;)
            {
                // SplitMix64: the low 20 bits choose by popularity, the next decide whether and which taste.
                ulong bits = IdHash.Mix(state += 0x9E3779B97F4A7C15UL);
                int rank = popularity[bits & 0xFFFFF];
                if ((bits >> 20 & 0xFFFF) < TasteShare * 0x10000)
                {
                    // Ranks of one block are alike in popularity, and each has another taste.
                    int taste = (int)(IdHash.Mix((ulong)user * 1000 + (bits >> 36) % (ulong)tastes) % TasteCount);
                    rank = Math.Min(rank / TasteCount * TasteCount + taste, items - 1);
                }
                if (lastUser[rank] == user)
                    continue;
                lastUser[rank] = user;
                drawn[n++] = rowOfItem[rank];
            }
            return drawn;
        }
    }
}
