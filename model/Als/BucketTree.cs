using System.Buffers;

namespace OrleansRec.Model;

/// <summary>One node of the fixed binary tree over the buckets: its sum.</summary>
/// <param name="Level">0 is a bucket, 10 the root.</param>
/// <param name="Index">Position within the level: the node covers buckets Index·2^Level up to (Index + 1)·2^Level.</param>
/// <param name="Values">The sum, in double.</param>
public readonly record struct BucketSum(int Level, int Index, double[] Values);

/// <summary>Adds the values of one bucket's rows, in the order of rows, to <paramref name="into"/>, which is zero at first.</summary>
public delegate void BucketLeaf(int bucket, Span<double> into);

/// <summary>Sums over a whole side as one fixed binary tree over the buckets, so that they do not depend on how buckets are dealt to shards.</summary>
/// <remarks>
/// Worked example: a shard that owns buckets 0–341 sends the nodes that cover 0–255, 256–319, 320–335, 336–339 and 340–341: five sums.
/// A range of the 1,024 buckets never splits into more than 18 nodes.
/// </remarks>
public static class BucketTree
{
    private const int RootLevel = 10;

    /// <summary>The largest subtrees that lie within a range, each summed.</summary>
    /// <param name="range">Buckets of a shard.</param>
    /// <param name="length">How many doubles a sum has.</param>
    /// <param name="leaf">Computes one bucket.</param>
    public static List<BucketSum> Nodes(BucketRange range, int length, BucketLeaf leaf)
    {
        var nodes = new List<BucketSum>();
        // The right half of a subtree, one buffer a level: no more than eleven sums exist at a time. Rented, so that they are in cache already.
        var rights = new double[]?[RootLevel];
        for (int first = range.First; first < range.End;)
        {
            int level = LargestLevel(first, range.End);
            var sum = new double[length];
            AddSubtree(level, first >> level, sum, rights, leaf);
            nodes.Add(new(level, first >> level, sum));
            first += 1 << level;
        }
        foreach (double[]? right in rights)
            if (right is not null)
                ArrayPool<double>.Shared.Return(right);
        return nodes;
    }

    /// <summary>The same sums in the fewest nodes: both halves of a subtree become the subtree, as <see cref="Nodes"/> would have summed it.</summary>
    /// <param name="nodes">Nodes of one range that do not overlap, such as those of its parts; their arrays are taken over.</param>
    /// <returns>At most 18 nodes, in the order of buckets.</returns>
    public static List<BucketSum> Joined(IEnumerable<BucketSum> nodes)
    {
        var joined = new List<BucketSum>();
        foreach (BucketSum node in nodes.OrderBy(n => n.Index << n.Level))
        {
            joined.Add(node);
            while (joined is [.., var left, var right] && left.Level == right.Level && (left.Index & 1) == 0 && right.Index == left.Index + 1)
            {
                Add(right.Values, left.Values);
                joined.RemoveAt(joined.Count - 1);
                joined[^1] = new(left.Level + 1, left.Index >> 1, left.Values);
            }
        }
        return joined;
    }

    /// <summary>How many nodes <see cref="Nodes"/> makes of a range.</summary>
    public static int NodeCount(BucketRange range)
    {
        int count = 0;
        for (int first = range.First; first < range.End; first += 1 << LargestLevel(first, range.End))
            count++;
        return count;
    }

    /// <summary>The sum over all buckets, from nodes that cover each bucket once, in any order.</summary>
    /// <exception cref="ArgumentException">The nodes do not cover all buckets, or one twice, or have another length.</exception>
    public static double[] Root(IReadOnlyCollection<BucketSum> nodes, int length)
    {
        var held = new Dictionary<(int, int), double[]>(nodes.Count);
        foreach (var node in nodes)
        {
            if (node.Values.Length != length)
                throw new ArgumentException($"A sum holds {length} doubles; node {node.Index} of level {node.Level} holds {node.Values.Length}.", nameof(nodes));
            if (!held.TryAdd((node.Level, node.Index), node.Values))
                throw new ArgumentException($"Node {node.Index} of level {node.Level} is given twice.", nameof(nodes));
        }
        int used = 0;
        var root = Join(RootLevel, 0, held, ref used);
        if (used != nodes.Count)
            throw new ArgumentException($"The nodes overlap: {used} of {nodes.Count} cover all buckets.", nameof(nodes));
        return (double[])root.Clone();
    }

    private static int LargestLevel(int first, int end)
    {
        int level = first == 0 ? RootLevel : int.TrailingZeroCount(first);
        while (first + (1 << level) > end)
            level--;
        return level;
    }

    private static void AddSubtree(int level, int index, Span<double> into, double[]?[] rights, BucketLeaf leaf)
    {
        if (level == 0)
        {
            leaf(index, into);
            return;
        }
        AddSubtree(level - 1, index * 2, into, rights, leaf);
        var right = (rights[level - 1] ??= ArrayPool<double>.Shared.Rent(into.Length)).AsSpan(0, into.Length);
        right.Clear();
        AddSubtree(level - 1, index * 2 + 1, right, rights, leaf);
        Add(right, into);
    }

    private static double[] Join(int level, int index, Dictionary<(int, int), double[]> held, ref int used)
    {
        if (held.TryGetValue((level, index), out var sum))
        {
            used++;
            return sum;
        }
        if (level == 0)
            throw new ArgumentException($"No node covers bucket {index}.", nameof(held));
        var left = (double[])Join(level - 1, index * 2, held, ref used).Clone();
        Add(Join(level - 1, index * 2 + 1, held, ref used), left);
        return left;
    }

    private static void Add(ReadOnlySpan<double> x, Span<double> into) => System.Numerics.Tensors.TensorPrimitives.Add(into, x, into);
}
