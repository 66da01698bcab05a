namespace OrleansRec.Model.Ranking;

/// <summary>Caps in two families, in each of which any two groups lie one within the other or share no item.</summary>
internal sealed class CapFamilies
{
    private readonly Caps _caps;
    private readonly int[] _familyOf;
    private readonly Dictionary<(int Cap, int Group), int> _sizes;

    private CapFamilies(Caps caps, int[] familyOf, Dictionary<(int, int), int> sizes) => (_caps, _familyOf, _sizes) = (caps, familyOf, sizes);

    /// <summary>The families among some rows; null where two do not suffice.</summary>
    public static CapFamilies? Of(Caps caps, int[] rows)
    {
        var sizes = new Dictionary<(int Cap, int Group), int>();
        for (int cap = 0; cap < caps.Count; cap++)
            foreach (int row in rows)
                if (caps.GroupOf(cap, row) is >= 0 and int group)
                    sizes[(cap, group)] = sizes.GetValueOrDefault((cap, group)) + 1;
        var familyOf = new int[caps.Count];
        familyOf.AsSpan().Fill(-1);
        for (int cap = 0; cap < caps.Count; cap++)
            if (familyOf[cap] < 0 && !Colour(caps, rows, sizes, familyOf, cap))
                return null;
        return new(caps, familyOf, sizes);
    }

    /// <summary>Caps of the first family that count a row, the broadest group first.</summary>
    public IEnumerable<int> Down(int row) => Of(0, row);

    /// <summary>Caps of the second family that count a row, the broadest group first.</summary>
    public IEnumerable<int> Up(int row) => Of(1, row);

    private IEnumerable<int> Of(int family, int row) => Enumerable.Range(0, _familyOf.Length)
        .Where(cap => _familyOf[cap] == family && _caps.GroupOf(cap, row) >= 0)
        .OrderByDescending(cap => _sizes[(cap, _caps.GroupOf(cap, row))]).ThenBy(cap => cap);

    /// <summary>Puts a cap, and all that must be in the other family than one that is placed, into families; false where a family would hold two that cross.</summary>
    private static bool Colour(Caps caps, int[] rows, Dictionary<(int Cap, int Group), int> sizes, int[] familyOf, int first)
    {
        familyOf[first] = 0;
        var waiting = new Queue<int>([first]);
        while (waiting.TryDequeue(out int cap))
            for (int other = 0; other < caps.Count; other++)
            {
                if (other == cap || !AreCrossing(caps, rows, sizes, cap, other))
                    continue;
                if (familyOf[other] == familyOf[cap])
                    return false;
                if (familyOf[other] < 0)
                {
                    familyOf[other] = 1 - familyOf[cap];
                    waiting.Enqueue(other);
                }
            }
        return true;
    }

    private static bool AreCrossing(Caps caps, int[] rows, Dictionary<(int Cap, int Group), int> sizes, int a, int b)
    {
        var shared = new Dictionary<(int A, int B), int>();
        foreach (int row in rows)
            if (caps.GroupOf(a, row) is >= 0 and int inA && caps.GroupOf(b, row) is >= 0 and int inB)
                shared[(inA, inB)] = shared.GetValueOrDefault((inA, inB)) + 1;
        return shared.Any(s => s.Value < Math.Min(sizes[(a, s.Key.A)], sizes[(b, s.Key.B)]));
    }
}
