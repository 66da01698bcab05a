namespace OrleansRec.Silo.Dashboard.Parts;

/// <summary>The cursors of the pages seen so far, so that a list that can only go on can also go back.</summary>
public sealed class CursorTrail
{
    private readonly Stack<string?> _before = new();
    private string? _next;

    /// <summary>The cursor of the page shown; null for the first.</summary>
    public string? Current { get; private set; }

    /// <summary>From 1.</summary>
    public int Page => _before.Count + 1;

    public bool HasNext => _next is not null;

    /// <summary>Notes where the page shown says that the next one begins.</summary>
    public void Reached(string? next) => _next = next;

    public void Forward()
    {
        if (_next is null)
            return;
        _before.Push(Current);
        Current = _next;
        _next = null;
    }

    public void Back()
    {
        if (_before.TryPop(out string? cursor))
            Current = cursor;
    }
}
