namespace OrleansRec.Model;

/// <summary>Deals keys to nodes so that everyone who knows the nodes finds the same one: the node with the highest hash of (key, node).</summary>
/// <remarks>
/// Every node gets about the same share, and nothing moves that need not: a node that joins takes its share from the others, one that leaves gives its own
/// to the others, and no key moves between two nodes that stay. Cost: one multiplication chain a node; no state. Source: Thaler and Ravishankar 1998,
/// "Using name-based mappings to increase hit rates".
/// Worked example: nodes with hashes a and b; a key k belongs to a exactly where Mix(k ⊕ a) > Mix(k ⊕ b).
/// </remarks>
public static class Rendezvous
{
    /// <summary>The node of a key.</summary>
    /// <param name="key">Hash of the key, well mixed, such as <see cref="IdHash.Of(ReadOnlySpan{char})"/>.</param>
    /// <param name="nodes">Hashes of the nodes, well mixed, all different; their order does not matter.</param>
    /// <returns>The index of the node in <paramref name="nodes"/>.</returns>
    /// <exception cref="ArgumentException">There is no node.</exception>
    public static int Choose(ulong key, ReadOnlySpan<ulong> nodes)
    {
        if (nodes.IsEmpty)
            throw new ArgumentException("A key needs at least one node; got 0.", nameof(nodes));
        int best = 0;
        ulong highest = IdHash.Mix(key ^ nodes[0]);
        for (int node = 1; node < nodes.Length; node++)
        {
            // Mix is a bijection, so two different nodes never have the same weight.
            ulong weight = IdHash.Mix(key ^ nodes[node]);
            if (weight > highest)
                (best, highest) = (node, weight);
        }
        return best;
    }
}
