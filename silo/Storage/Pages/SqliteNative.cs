using System.Runtime.InteropServices;

namespace OrleansRec.Silo.Storage.Pages;

/// <summary>The few parts of SQLite's C interface that lie below what Microsoft.Data.Sqlite shows: sqlite3_vfs, sqlite3_file, sqlite3_io_methods.</summary>
internal static unsafe partial class SqliteNative
{
    public const int Ok = 0;
    public const int DataFault = 10 | (32 << 8);
    public const int OpenMainDatabase = 0x100;
    public const int OpenLog = 0x80000;
    public const int ReserveBytesControl = 38;
    public const int PartialReads = 0x8000;

    [DllImport("e_sqlite3", EntryPoint = "sqlite3_vfs_find", CallingConvention = CallingConvention.Cdecl)]
    public static extern Vfs* FindVfs(byte* name);

    [DllImport("e_sqlite3", EntryPoint = "sqlite3_vfs_register", CallingConvention = CallingConvention.Cdecl)]
    public static extern int RegisterVfs(Vfs* vfs, int asDefault);

    [DllImport("e_sqlite3", EntryPoint = "sqlite3_file_control", CallingConvention = CallingConvention.Cdecl)]
    public static extern int Control(nint connection, [MarshalAs(UnmanagedType.LPUTF8Str)] string schema, int operation, void* argument);

    [StructLayout(LayoutKind.Sequential)]
    public struct Vfs
    {
        public int Version;
        public int FileBytes;
        public int PathBytesMax;
        public Vfs* Next;
        public byte* Name;
        public void* Context;
        public delegate* unmanaged[Cdecl]<Vfs*, byte*, OpenFile*, int, int*, int> Open;
        public delegate* unmanaged[Cdecl]<Vfs*, byte*, int, int> Delete;
        
        // Fourteen more functions, taken over as they are.
        public fixed long Rest[14];
    }

    /// <summary>An open file: what the system's part of SQLite keeps of it follows.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct OpenFile
    {
        public Methods* Methods;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct Methods
    {
        public int Version;
        public delegate* unmanaged[Cdecl]<OpenFile*, int> Close;
        public delegate* unmanaged[Cdecl]<OpenFile*, byte*, int, long, int> Read;
        public delegate* unmanaged[Cdecl]<OpenFile*, byte*, int, long, int> Write;
        public delegate* unmanaged[Cdecl]<OpenFile*, long, int> Truncate;
        public delegate* unmanaged[Cdecl]<OpenFile*, int, int> Sync;
        public delegate* unmanaged[Cdecl]<OpenFile*, long*, int> Size;
        public nint Lock, Unlock, CheckReservedLock, FileControl, SectorSize;
        public delegate* unmanaged[Cdecl]<OpenFile*, int> Characteristics;
        public nint MapShared, LockShared, BarrierShared, UnmapShared;
    }
}
