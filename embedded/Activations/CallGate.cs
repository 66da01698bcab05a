namespace OrleansRec.Embedded;

/// <summary>Decides which calls of one activation may run at the same time, and keeps the others in order of arrival.</summary>
/// <remarks>
/// A call marked to interleave neither waits nor makes others wait. Of the rest one runs at a time, or several that change nothing.
/// As in Orleans, one that changes nothing may overtake a waiting one that does: making it wait could lock a chain of calls against itself.
/// </remarks>
internal sealed class CallGate(bool isReentrant)
{
    private readonly LinkedList<ICall> _waiting = [];
    private int _blocking;
    private int _blockingWriters;
    private int _waitingInterleaved;

    /// <summary>Calls between their first and their last turn.</summary>
    public int Running { get; private set; }

    public int Waiting => _waiting.Count;

    public bool CanBegin(ICall call) =>
        isReentrant || call.AlwaysInterleave || _blocking == 0 || (call.ReadOnly && _blockingWriters == 0);

    public void Begin(ICall call) => Count(call, 1);

    public void End(ICall call) => Count(call, -1);

    public void Wait(ICall call)
    {
        _waiting.AddLast(call);
        _waitingInterleaved += call.AlwaysInterleave ? 1 : 0;
    }

    /// <summary>The first call that may begin now, or null.</summary>
    public ICall? TakeNext()
    {
        for (var node = _waiting.First; node is not null; node = node.Next)
        {
            if (CanBegin(node.Value))
            {
                _waiting.Remove(node);
                _waitingInterleaved -= node.Value.AlwaysInterleave ? 1 : 0;
                return node.Value;
            }

            // Not a walk over a long queue for each call that ends: behind a writer only calls marked to interleave can begin.
            if (_blockingWriters > 0 && _waitingInterleaved == 0)
                return null;
        }
        return null;
    }

    /// <summary>All waiting calls, in order, which then wait here no more.</summary>
    public ICall[] TakeAll()
    {
        var all = _waiting.ToArray();
        _waiting.Clear();
        _waitingInterleaved = 0;
        return all;
    }

    private void Count(ICall call, int one)
    {
        Running += one;
        if (isReentrant || call.AlwaysInterleave)
            return;
        _blocking += one;
        if (!call.ReadOnly)
            _blockingWriters += one;
    }
}
