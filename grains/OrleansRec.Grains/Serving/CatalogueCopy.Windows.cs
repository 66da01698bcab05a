namespace OrleansRec.Grains.Serving;

/// <summary>Availability windows: an item appears and goes when its moment comes, without a put.</summary>
public sealed partial class CatalogueCopy
{
    /// <summary>Shows and hides the items whose window has opened or closed since the last look. A clock that is set back takes nothing back.</summary>
    private void PassWindows()
    {
        long nowMs = NowMs;
        if (nowMs < Volatile.Read(ref nextWindowMs))
            return;
        gate.EnterWriteLock();
        try
        {
            while (windows.Count > 0 && windows.Min.AtMs <= nowMs)
            {
                CatalogueItem item = items[windows.Min.ItemId];
                windows.Remove(windows.Min);
                item.LookAtClock(nowMs);
                Wait(item);
                foreach (AlignedItems rows in aligned)
                    rows.Set(item);
                Volatile.Write(ref edition, edition + 1);
            }
        }
        finally
        {
            gate.ExitWriteLock();
        }
    }

    private long NowMs => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Notes when an item's window changes next. One entry for each item at most.</summary>
    private void Wait(CatalogueItem item)
    {
        if (item.NextChangeMs != long.MaxValue)
            windows.Add((item.NextChangeMs, item.ItemId));
        Volatile.Write(ref nextWindowMs, windows.Count == 0 ? long.MaxValue : windows.Min.AtMs);
    }
}
