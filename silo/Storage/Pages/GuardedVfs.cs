using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using static OrleansRec.Silo.Storage.Pages.SqliteNative;

namespace OrleansRec.Silo.Storage.Pages;

/// <summary>
/// The door between SQLite and the disk. It seals every page of a store's file with a checksum as it is written and tries it as it is read,
/// and it keeps a witness of how far the log was synced. Everything else is the system's own file layer, called directly.
/// </summary>
/// <remarks>
/// SQLite opens a file in memory that it reserves for it; the system's layer fills that and names its table of methods there. This one puts a table of
/// its own in that place, a copy with a few methods changed, and keeps its state behind what the system's layer uses. Files other than a
/// store and its log are left alone.
/// </remarks>
internal static unsafe class GuardedVfs
{
    private static readonly Vfs* system, guarded;
    private static readonly object gate = new();
    private static readonly Dictionary<(nint Original, bool IsLog), nint> tables = [];

    static GuardedVfs()
    {
        SQLitePCL.Batteries_V2.Init();
        system = FindVfs(null);
        guarded = (Vfs*)NativeMemory.AllocZeroed((nuint)sizeof(Vfs));
        *guarded = *system;
        guarded->FileBytes = StateOffset + sizeof(nint);
        guarded->Next = null;
        guarded->Name = (byte*)Marshal.StringToCoTaskMemUTF8(Name);
        guarded->Open = &Open;
        guarded->Delete = &Delete;
        if (RegisterVfs(guarded, 0) is var code and not Ok)
            throw new InvalidOperationException($"SQLite does not take the page checksums: code {code}.");
    }

    /// <summary>By which SQLite is asked for it.</summary>
    public static string Name => "orleansrec";

    /// <summary>Registers it, once for the process.</summary>
    public static void Register() => RuntimeHelpers.RunClassConstructor(typeof(GuardedVfs).TypeHandle);

    /// <summary>Asks SQLite to leave room for the checksum in pages that this connection makes, also by VACUUM.</summary>
    public static void ReserveChecksum(nint connection)
    {
        int bytes = PageChecksum.Bytes;
        _ = Control(connection, "main", ReserveBytesControl, &bytes);
    }

    internal static GuardedFile StateOf(OpenFile* file) => (GuardedFile)GCHandle.FromIntPtr(*StatePlace(file)).Target!;

    private static int StateOffset => (system->FileBytes + 7) & ~7;

    private static nint* StatePlace(OpenFile* file) => (nint*)((byte*)file + StateOffset);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Open(Vfs* vfs, byte* name, OpenFile* file, int flags, int* flagsOut)
    {
        int code = system->Open(system, name, file, flags, flagsOut);
        bool isLog = (flags & OpenLog) != 0;
        if (code != Ok || name == null || file->Methods == null || !(isLog || (flags & OpenMainDatabase) != 0))
            return code;
        var original = file->Methods;
        string path = Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name));
        GuardedFile state = isLog ? new GuardedLog(original, path) : new GuardedDatabase(original, path, DatabaseHeader.IsSealed(file, original));
        *StatePlace(file) = GCHandle.ToIntPtr(GCHandle.Alloc(state));
        file->Methods = Table(original, isLog);
        return code;
    }

    /// <summary>Before a log goes, the witness of it must be on the disk: the next start would take its old one for commits that are lost.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Delete(Vfs* vfs, byte* name, int syncDirectory)
    {
        string path = Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name));
        if (path.EndsWith(CommitWitness.LogSuffix, StringComparison.Ordinal))
            CommitWitness.FlushFile(path);
        return system->Delete(system, name, syncDirectory);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Close(OpenFile* file)
    {
        var state = StateOf(file);
        state.Dispose();
        GCHandle.FromIntPtr(*StatePlace(file)).Free();
        file->Methods = state.Original;
        return state.Original->Close(file);
    }

    private static Methods* Table(Methods* original, bool isLog)
    {
        lock (gate)
        {
            if (tables.TryGetValue(((nint)original, isLog), out nint known))
                return (Methods*)known;
            var table = (Methods*)NativeMemory.Alloc((nuint)sizeof(Methods));
            *table = *original;
            // Version 3 would add reading through mapped memory, past the checksums.
            table->Version = Math.Min(original->Version, 2);
            table->Close = &Close;
            if (isLog)
                GuardedLog.Fill(table);
            else
                GuardedDatabase.Fill(table);
            tables[((nint)original, isLog)] = (nint)table;
            return table;
        }
    }
}

/// <summary>What is known of one open file.</summary>
internal abstract unsafe class GuardedFile(Methods* original, string path) : IDisposable
{
    public Methods* Original { get; } = original;

    public string Path { get; } = path;

    public virtual void Dispose()
    {
    }
}
