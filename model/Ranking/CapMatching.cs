namespace OrleansRec.Model.Ranking;

/// <summary>Makes a list that caps keep short as long as it can be, by exchanging items.</summary>
/// <remarks>
/// Caps of fields whose groups lie within each other (variants within brands) are a tree, and greedy choice is longest already. Two such trees are a flow from the source down one
/// tree, through the items, up the other tree to the sink: augmenting paths (Ford and Fulkerson 1956) find the longest list. Beyond two trees the question is three-dimensional matching
/// (Karp 1972), which no fast algorithm answers: there the list stays as it is, one to which no item can be added. Cost: paths × different sets of groups among the candidates.
/// </remarks>
internal sealed class CapMatching
{
    private const int Source = 0, Sink = 1;

    private readonly List<Edge> _edges = [];
    private readonly List<List<int>> _out = [[], []];

    /// <summary>Rows of a list as long as caps let it be: those that stay, in their order, then others, best first.</summary>
    /// <param name="caps">Caps before this page.</param>
    /// <param name="chosen">Rows chosen, without pins.</param>
    /// <param name="pinned">Rows that must stay.</param>
    /// <param name="candidates">Rows to choose from, best first.</param>
    /// <param name="k">Entries, at most.</param>
    public static List<int> Extend(Caps caps, List<int> chosen, int[] pinned, int[] candidates, int k)
    {
        int[] rows = [.. pinned.Concat(chosen).Concat(candidates).Distinct()];
        if (CapFamilies.Of(caps, rows) is not { } families)
            return chosen;
        var matching = new CapMatching();
        List<Bundle> bundles = matching.Build(caps, families, rows, pinned, [.. pinned, .. chosen]);
        bool isLonger = false;
        for (int count = pinned.Length + chosen.Count; count < k && matching.Augment(); count++)
            isLonger = true;
        if (!isLonger)
            return chosen;
        // The rows of a bundle are in the order pinned, chosen, candidates.
        var taken = bundles.SelectMany(b => b.Rows.Take(matching._edges[b.Edge].Flow)).ToHashSet();
        return [.. rows.Where(taken.Contains).Except(pinned)];
    }

    private List<Bundle> Build(Caps caps, CapFamilies families, int[] rows, int[] pinned, HashSet<int> inList)
    {
        var nodes = new Dictionary<(int Cap, int Group), (int Node, int Edge)>();
        var bundles = new Dictionary<(int Down, int Up), Bundle>();
        var isPinned = pinned.ToHashSet();
        foreach (int row in rows)
        {
            var (down, downEdges) = Path(caps, families.Down(row), row, nodes, isDown: true);
            var (up, upEdges) = Path(caps, families.Up(row), row, nodes, isDown: false);
            if (!bundles.TryGetValue((down, up), out Bundle? bundle))
                bundles.Add((down, up), bundle = new(Add(down, up, 0)));
            bundle.Rows.Add(row);
            _edges[bundle.Edge].Capacity++;
            if (isPinned.Contains(row))
                _edges[bundle.Edge].Least++;
            if (inList.Contains(row))
                foreach (int edge in downEdges.Concat(upEdges).Append(bundle.Edge))
                    _edges[edge].Flow++;
        }
        return [.. bundles.Values];
    }

    /// <summary>The node of the narrowest group of a row in one tree, and the edges on the way to it from the root.</summary>
    private (int Node, List<int> Edges) Path(Caps caps, IEnumerable<int> broadToNarrow, int row, Dictionary<(int, int), (int Node, int Edge)> nodes, bool isDown)
    {
        int at = isDown ? Source : Sink;
        var path = new List<int>();
        foreach (int cap in broadToNarrow)
        {
            int group = caps.GroupOf(cap, row);
            if (!nodes.TryGetValue((cap, group), out var node))
            {
                _out.Add([]);
                int left = Math.Max(0, caps.LeftOf(cap, group)), made = _out.Count - 1;
                nodes.Add((cap, group), node = (made, isDown ? Add(at, made, left) : Add(made, at, left)));
            }
            at = node.Node;
            path.Add(node.Edge);
        }
        return (at, path);
    }

    private int Add(int from, int to, int capacity)
    {
        _edges.Add(new(from, to, capacity));
        _out[from].Add(_edges.Count - 1);
        _out[to].Add(_edges.Count - 1);
        return _edges.Count - 1;
    }

    /// <summary>Adds one to the flow along a shortest path; false where there is none.</summary>
    private bool Augment()
    {
        var reachedBy = new int[_out.Count];
        reachedBy.AsSpan().Fill(-1);
        var waiting = new Queue<int>([Source]);
        while (reachedBy[Sink] < 0 && waiting.TryDequeue(out int node))
            foreach (int n in _out[node])
            {
                Edge edge = _edges[n];
                int other = edge.From == node ? edge.To : edge.From;
                bool hasRoom = edge.From == node ? edge.Flow < edge.Capacity : edge.Flow > edge.Least;
                if (hasRoom && other != Source && reachedBy[other] < 0)
                {
                    reachedBy[other] = n;
                    waiting.Enqueue(other);
                }
            }
        if (reachedBy[Sink] < 0)
            return false;
        for (int node = Sink; node != Source;)
        {
            Edge edge = _edges[reachedBy[node]];
            bool isForward = edge.To == node;
            edge.Flow += isForward ? 1 : -1;
            node = isForward ? edge.From : edge.To;
        }
        return true;
    }

    private sealed class Edge(int from, int to, int capacity)
    {
        public int From => from;

        public int To => to;

        public int Capacity { get; set; } = capacity;

        public int Flow { get; set; }

        public int Least { get; set; }
    }

    /// <summary>Rows that are in the same groups.</summary>
    private sealed record Bundle(int Edge)
    {
        public List<int> Rows { get; } = [];
    }
}
