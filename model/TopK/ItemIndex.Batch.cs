using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace OrleansRec.Model;

/// <summary>The best of all rows for many queries at once: each block of codes is read once for a group of queries, four of which are multiplied together.</summary>
public sealed unsafe partial class ItemIndex
{
    /// <summary>Queries whose lists grow side by side, at most; their codes stay in the first-level cache.</summary>
    public const int GroupQueriesMax = 64;

    private const int GroupCodeBytesMax = 8 * 1024;

    /// <summary>As <see cref="Select"/> for each of many queries.</summary>
    /// <param name="queries">Row-major, shape (m, width), finite.</param>
    /// <param name="items">The matrix that the index was made of.</param>
    /// <param name="offsets">Added to each score of a query, shape (m).</param>
    /// <param name="excluded">One bit a row for each query, shape (m, ⌈n / 64⌉); empty: none is left out.</param>
    /// <param name="ids">Id of each row, shape (n).</param>
    /// <param name="best">Receives the best of each query, best first, shape (m, k).</param>
    /// <param name="counts">Receives how many each has, shape (m).</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public void SelectMany(
        ReadOnlySpan<float> queries, ReadOnlySpan<float> items, ReadOnlySpan<float> offsets, ReadOnlySpan<ulong> excluded, ReadOnlySpan<string> ids,
        Span<ScoredRow> best, Span<int> counts)
    {
        int words = (rowCount + 63) / 64, total = offsets.Length;
        if (queries.Length != (long)total * width || counts.Length != total || (total > 0 && best.Length % total != 0))
            throw new ArgumentException($"{total} queries of {width} floats and as many counts are needed; got {queries.Length} floats and {counts.Length} counts.", nameof(queries));
        if (!excluded.IsEmpty && excluded.Length != (long)total * words)
            throw new ArgumentException($"{total} queries need {words} words of bits each; got {excluded.Length}.", nameof(excluded));
        if (total == 0)
            return;
        RequireShapes(queries[..width], items, [], ids);
        int k = best.Length / total, size = GroupSize();
        for (int first = 0; first < total; first += size)
        {
            int count = Math.Min(size, total - first);
            var group = new QueryGroup(
                queries.Slice(first * width, count * width), items, width, offsets.Slice(first, count),
                excluded.IsEmpty ? [] : excluded.Slice(first * words, count * words), words, ids, best.Slice(first * k, count * k), counts.Slice(first, count));
            Answer(group);
        }
    }

    private int GroupSize() => codes is null ? 1 : Math.Clamp(GroupCodeBytesMax / (codes.Groups * sizeof(int)), CodeKernels.QueriesTogether, GroupQueriesMax);

    private void Answer(in QueryGroup group)
    {
        int count = group.Count, waiting = 0;
        Span<bool> answered = stackalloc bool[GroupQueriesMax];
        answered.Clear();
        if (codes is not null && group.K > 0)
        {
            int* queries = stackalloc int[codes.Groups * count];
            QueryCode* made = stackalloc QueryCode[count];
            int* active = stackalloc int[count];
            int* scored = stackalloc int[count];
            for (int q = 0; q < count; q++)
            {
                scored[q] = group.Counts[q] = 0;
                if (LeavesOneIn(RowsPerAllowed, group.Excluded(q)))
                {
                    var heap = group.Heap(q);
                    OfferAllowed(group.Scores(q), group.Excluded(q), ref heap);
                    group.Counts[q] = heap.Count;
                    answered[q] = true;
                }
                else if (float.IsFinite(group.Offsets[q]) && QueryCode.TryMake(group.Query(q), new(queries + q * codes.Groups, codes.Groups), out made[q]))
                    active[waiting++] = q;
            }
            fixed (byte* all = codes.Codes)
                for (int block = 0; block < codes.BlockCount && waiting > 0; block++)
                    Search(block, all + codes.Start(block), group, queries, made, active, ref waiting, scored, answered);
            for (int n = 0; n < waiting; n++)
                answered[active[n]] = true;
        }
        for (int q = 0; q < count; q++)
            group.Counts[q] = answered[q] ? group.Heap(q).Sort() : TopK.Select(group.Query(q), group.Items, width, group.Offsets[q], group.Excluded(q), group.Ids, group.Best(q));
    }

    /// <summary>Takes a block to every query that is still searching; those that end leave <paramref name="active"/>.</summary>
    private void Search(
        int block, byte* blockCodes, in QueryGroup group, int* queries, QueryCode* made, int* active, ref int waiting, int* scored, Span<bool> answered)
    {
        ref readonly BlockBound bound = ref codes!.Bound(block);
        if (block + 1 < codes.BlockCount)
            Prefetch(blockCodes + codes.Start(1));
        int together = 0, stay = 0, scoredMax = CodeSearch.ScoredMax(group.K, block);
        int** four = stackalloc int*[CodeKernels.QueriesTogether];
        int* least = stackalloc int[CodeKernels.QueriesTogether];
        int* members = stackalloc int[CodeKernels.QueriesTogether];
        ulong* found = stackalloc ulong[2 * CodeKernels.QueriesTogether];
        for (int n = 0; n < waiting; n++)
        {
            int q = active[n];
            if (scored[q] > scoredMax)
                continue;
            if (group.IsFull(q))
            {
                double product = group.Scores(q).LeastProduct(group.Threshold(q), 0);
                if (!made[q].CanReach(product, bound, width))
                {
                    answered[q] = true;
                    continue;
                }
                four[together] = queries + q * codes.Groups;
                least[together] = made[q].Least(product, bound, width);
                members[together++] = q;
                if (together == CodeKernels.QueriesTogether)
                {
                    CodeKernels.Widest.FindOfFour(blockCodes, codes.Groups, four, least, found);
                    for (int m = 0; m < CodeKernels.QueriesTogether; m++)
                        scored[members[m]] += Offer(block, group, members[m], found + 2 * m);
                    together = 0;
                }
            }
            else
            {
                found[0] = found[1] = ulong.MaxValue;
                scored[q] += Offer(block, group, q, found);
            }
            active[stay++] = q;
        }
        for (int m = 0; m < together; m++)
        {
            CodeKernels.Widest.Find(blockCodes, codes.Groups, four[m], least[m], found);
            scored[members[m]] += Offer(block, group, members[m], found);
        }
        waiting = stay;
    }

    private int Offer(int block, in QueryGroup group, int q, ulong* found)
    {
        if ((found[0] | found[1]) == 0)
            return 0;
        var heap = group.Heap(q);
        int scored = CodeSearch.Offer(group.Scores(q), codes!.Rows(block), found, group.Excluded(q), ref heap);
        group.Counts[q] = heap.Count;
        return scored;
    }

    private void Prefetch(byte* at)
    {
        if (!Sse.IsSupported)
            return;
        for (byte* end = at + codes!.Start(1); at < end; at += CodeKernels.GroupBytes)
            Sse.Prefetch0(at);
    }

    /// <summary>Some queries and their lists so far.</summary>
    private readonly ref struct QueryGroup(
        ReadOnlySpan<float> queries, ReadOnlySpan<float> items, int width, ReadOnlySpan<float> offsets, ReadOnlySpan<ulong> excluded, int words,
        ReadOnlySpan<string> ids, Span<ScoredRow> best, Span<int> counts)
    {
        private readonly ReadOnlySpan<float> queries = queries;
        private readonly ReadOnlySpan<ulong> excluded = excluded;
        private readonly Span<ScoredRow> best = best;
        private readonly int width = width, words = words;

        public ReadOnlySpan<float> Items { get; } = items;

        public ReadOnlySpan<float> Offsets { get; } = offsets;

        public ReadOnlySpan<string> Ids { get; } = ids;

        public Span<int> Counts { get; } = counts;

        public int Count => Counts.Length;

        public int K { get; } = best.Length / counts.Length;

        public ReadOnlySpan<float> Query(int q) => queries.Slice(q * width, width);

        public ReadOnlySpan<ulong> Excluded(int q) => excluded.IsEmpty ? [] : excluded.Slice(q * words, words);

        public Span<ScoredRow> Best(int q) => best.Slice(q * K, K);

        public ItemScores Scores(int q) => new(Query(q), Items, width, Offsets[q]);

        public BestRows Heap(int q) => new(Best(q), Ids, Counts[q]);

        public bool IsFull(int q) => Counts[q] == K;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public float Threshold(int q) => best[q * K].Score;
    }
}
