namespace OrleansRec.Grains.Hosting;

/// <summary>
/// The calls that this silo's grains make by themselves, for no caller that waits: feeds, training work, questions about a training. A silo that stops ends them
/// first, while every grain can still be reached: Orleans takes back each grain's address before it ends the grain, and a call that is made in between fails and is told as an error.
/// </summary>
/// <remarks>Nothing is lost: all of them are made again by the next activation. Calls for a caller who waits are not counted; the caller ends first.</remarks>
public sealed class UnaskedCalls : IDisposable
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stopping = new();
    private int _underWay;
    private bool _isOver;

    /// <summary>Cancelled when the silo stops: what takes long gives up then.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Notes that a grain begins to call others, until <see cref="End"/>; false where the silo stops, and it must not.</summary>
    public bool TryBegin()
    {
        lock (_gate)
        {
            if (_isOver)
                return false;
            _underWay++;
            return true;
        }
    }

    /// <summary>The same for what is a part of calls under way, which cannot end without it.</summary>
    public void BeginPart()
    {
        lock (_gate)
            _underWay++;
    }

    /// <summary>The calls that were begun have ended.</summary>
    public void End()
    {
        lock (_gate)
        {
            if (--_underWay == 0 && _isOver)
                _ended.TrySetResult();
        }
    }

    /// <summary>Lets none begin from now on, and completes when those under way have ended.</summary>
    public Task Finish()
    {
        lock (_gate)
        {
            _isOver = true;
            if (_underWay == 0)
                _ended.TrySetResult();
        }
        _stopping.Cancel();
        return _ended.Task;
    }

    public void Dispose() => _stopping.Dispose();
}
