using OrleansRec.Contracts;
using OrleansRec.Silo.Storage;

namespace OrleansRec.Simulation;

/// <summary>
/// The product's own log store on SQLite, below every silo. Each write and each read goes to it and to the simple model of it that this class derives from, and the two must
/// agree: in what is refused, in what is read, and in what is still there after a power cut in the middle of a commit.
/// </summary>
/// <remarks>
/// The store writes on a thread of its own and reads on the thread pool. Whoever calls waits for it where it stands, one call after the other, so that nothing depends on
/// which thread is quicker. A read that misses the last write, as from a copy that lags behind, is answered by the model: a folder has no such copies.
/// </remarks>
internal sealed class SqliteDisk : SimulatedDisk
{
    private readonly Checks _checks;
    private readonly Func<FolderFiles, FolderFiles, FolderFiles> _cut;
    private readonly string _root = Directory.CreateTempSubdirectory("orleansrec-simulation-").FullName;
    private DataFolder _folder;
    private int _folders;

    /// <summary>A store in a folder of its own, which goes with it.</summary>
    /// <param name="checks">Told where the store and the model differ.</param>
    /// <param name="cut">What a power cut leaves of the folder, from the files before a write and those after it.</param>
    public SqliteDisk(Checks checks, Func<FolderFiles, FolderFiles, FolderFiles> cut)
    {
        (_checks, _cut) = (checks, cut);
        _folder = OpenNew(new FolderFiles());
    }

    /// <summary>Power cuts after which the write that was under way was there, and after which it was not.</summary>
    public (int Kept, int Lost) Cuts { get; private set; }

    public override object? Do(DiskWrite write)
    {
        object? answer;
        try
        {
            answer = Wait(write.OnStore);
        }
        catch (FencedException refused)
        {
            try
            {
                write.OnModel();
            }
            catch (FencedException)
            {
                throw refused;
            }
            Differ($"The store refuses what nobody forbids: {refused.Message}");
            throw;
        }
        var expected = write.OnModel();
        if (!Equals(answer, expected))
            Differ($"The store answers {answer}; expected was {expected}.");
        return answer;
    }

    public override void CheckOwner(string stream, long epoch) => Do(DiskWrite.Of(stream, store => store.CheckOwner(stream, epoch), () => base.CheckOwner(stream, epoch)));

    public override IReadOnlyList<LogBatch> Read(string stream, long afterSequence, int bytesMax, bool missesLast)
    {
        if (missesLast)
            return base.Read(stream, afterSequence, bytesMax, missesLast);
        var read = Wait(store => store.Read(stream, afterSequence, bytesMax));
        var written = base.Read(stream, afterSequence, int.MaxValue, missesLast);
        if (read.Count == 0 != (written.Count == 0) || !AreSame(read, [.. written.Take(read.Count)]))
            Differ($"{stream} after {afterSequence} is read as {Text(read)}; written was {Text(written)}.");
        return read;
    }

    public override LogSnapshot? ReadSnapshot(string stream, bool missesLast = false)
    {
        if (missesLast)
            return base.ReadSnapshot(stream, missesLast);
        var (read, written) = (Wait(store => store.ReadSnapshot(stream)), base.ReadSnapshot(stream));
        if (!AreSame(read, written))
            Differ($"The snapshot of {stream} is read through {read?.ThroughSequence}; written was one through {written?.ThroughSequence}.");
        return read;
    }

    /// <summary>
    /// The write is made, and the files are put back to what a disk could hold where the power went in the middle of it. The store opens them as after any crash: what was
    /// durable before is there, and the write is there wholly or not at all.
    /// </summary>
    public override void Tear(DiskWrite write)
    {
        var before = FolderFiles.Read(_folder.Path);
        try
        {
            Wait(write.OnStore);
        }
        catch (FencedException)
        {
            // Refused: there is no commit to cut.
            return;
        }
        var left = _cut(before, FolderFiles.Read(_folder.Path));
        _folder.Dispose();
        try
        {
            _folder = OpenNew(left);
        }
        catch (CorruptStoreException lost)
        {
            Differ($"After a power cut the store does not open: {lost.Message}");
            _folder = OpenNew(new FolderFiles());
            return;
        }
        Judge(write);
    }

    public override void Dispose()
    {
        _folder.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    private void Judge(DiskWrite write)
    {
        if (Difference(write.Stream) is not { } difference)
        {
            Cuts = Cuts with { Lost = Cuts.Lost + 1 };
            return;
        }
        write.OnModel();
        if (Difference(write.Stream) is { } other)
            Differ($"After a power cut the store is neither as before the write ({difference}) nor as after it ({other}).");
        Cuts = Cuts with { Kept = Cuts.Kept + 1 };
    }

    /// <summary>The first difference between the store and the model; null where there is none.</summary>
    /// <param name="written">The stream of the last write, which the model may not have.</param>
    private string? Difference(string written)
    {
        if (Everything.All(s => s.Stream != written) && IsOwner(written, NextEpoch))
            return $"{written} is at epoch {NextEpoch}";
        foreach (var (stream, epoch, batches, snapshot) in Everything)
        {
            if (!IsOwner(stream, epoch))
                return $"{stream} is not at epoch {epoch}";
            if (Wait(store => store.Read(stream, 0, int.MaxValue)) is var read && !AreSame(read, batches))
                return $"{stream} has {Text(read)}, not {Text(batches)}";
            if (!AreSame(Wait(store => store.ReadSnapshot(stream)), snapshot))
                return $"{stream} has another snapshot";
        }
        return null;
    }

    private bool IsOwner(string stream, long epoch)
    {
        try
        {
            return Wait(async store =>
            {
                await store.CheckOwner(stream, epoch).ConfigureAwait(false);
                return true;
            });
        }
        catch (FencedException)
        {
            return false;
        }
    }

    private DataFolder OpenNew(FolderFiles files)
    {
        var path = Path.Combine(_root, $"{_folders++}");
        files.Write(path);
        return DataFolder.Open(new() { Folder = path, UserShards = World.Map.UserShards, ItemShards = World.Map.ItemShards });
    }

    private void Differ(string message) => _checks.Fail(CheckNames.StoreIsItsModel, message);

    // Apart from the turn that asks: what the store awaits must not come back to the grain's scheduler, which stands still meanwhile.
    private T Wait<T>(Func<ILogStore, Task<T>> call) => Task.Run(() => call(_folder.Log)).GetAwaiter().GetResult();

    private static bool AreSame(IReadOnlyList<LogBatch> some, IReadOnlyList<LogBatch> others) =>
        some.Count == others.Count && some.Zip(others).All(both => both.First with { Content = default } == both.Second with { Content = default }
            && both.First.Content.Span.SequenceEqual(both.Second.Content.Span));

    private static bool AreSame(LogSnapshot? one, LogSnapshot? other) =>
        one?.ThroughSequence == other?.ThroughSequence && (one is null || one.Content.Span.SequenceEqual(other!.Content.Span));

    private static string Text(IReadOnlyList<LogBatch> batches) => $"[{string.Join(", ", batches.Select(b => $"{b.FirstSequence}-{b.LastSequence}"))}]";
}
