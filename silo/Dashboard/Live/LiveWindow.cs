using OrleansRec.Silo.Dashboard.Access;

namespace OrleansRec.Silo.Dashboard.Live;

/// <summary>One browser window's share in the feed: it watches while the window is visible. One for each circuit.</summary>
public sealed class LiveWindow(LiveFeed feed, OperatorRights rights) : IDisposable
{
    private bool _disposed;

    /// <summary>Raised, on a thread of the feed, when there is a newer view.</summary>
    public event Action? Changed;

    /// <summary>The latest view.</summary>
    public LiveView View => feed.View;

    /// <summary>True where as many windows watch as may.</summary>
    public bool IsFull { get; private set; }

    /// <summary>Follows the window's visibility.</summary>
    public void Show(bool visible)
    {
        if (_disposed)
            return;
        if (visible)
            IsFull = !feed.TryWatch(this);
        else
            feed.Leave(this);
    }

    /// <summary>Asks the server now.</summary>
    public Task Refresh() => feed.Refresh();

    internal void Notify() => _ = NotifyWhereAllowed();

    private async Task NotifyWhereAllowed()
    {
        if (await rights.MaySeeNow())
            Changed?.Invoke();
        else
            feed.Leave(this);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        feed.Leave(this);
    }
}
