using OrleansRec.Model;

namespace OrleansRec.Grains.Users;

/// <summary>Up to 256 changes of a <see cref="FeedBacklog"/>, in about 18 bytes each: a reference to the user's id, the rest as bytes of a record.</summary>
/// <remarks>The record's coding holds what the changes share with events; the three deltas, each of −1, 0, 1, are in the type's number: type·27 + 9·(user + 1) + 3·(event + 1) + (like + 1).</remarks>
internal sealed class FeedSegment
{
    public const int CountMax = 256;

    private const int Deltas = 3;
    private readonly EventRun run = new();
    private string[] users = new string[16];

    public int Count => run.Count;

    public bool IsFull => Count == CountMax;

    public long LastSequence => run.LastSequence;

    public void Add(in FeedChange c)
    {
        if (Count == users.Length)
            Array.Resize(ref users, Math.Min(CountMax, 2 * Count));
        users[Count] = c.UserId;
        run.Add(new(c.Sequence, c.Item, ((c.Type * Deltas + c.UserDelta + 1) * Deltas + c.EventDelta + 1) * Deltas + c.LikeDelta + 1, -1, c.Value, c.TimeMs, 0));
    }

    public Enumerator GetEnumerator() => new(this);

    public struct Enumerator(FeedSegment segment)
    {
        private EventRun.Enumerator events = segment.run.GetEnumerator();
        private int index = -1;

        public FeedChange Current { get; private set; }

        public bool MoveNext()
        {
            if (!events.MoveNext())
                return false;
            RecordEvent e = events.Current;
            var (withEvent, likeDelta) = Math.DivRem(e.Type, Deltas);
            var (withUser, eventDelta) = Math.DivRem(withEvent, Deltas);
            var (type, userDelta) = Math.DivRem(withUser, Deltas);
            Current = new(e.Sequence, segment.users[++index], e.Item, type, e.Value, e.TimeMs, (sbyte)(userDelta - 1), (sbyte)(eventDelta - 1), (sbyte)(likeDelta - 1));
            return true;
        }
    }
}
