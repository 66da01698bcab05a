using System.Net;
using System.Net.Sockets;

namespace OrleansRec.Tests.Shared;

/// <summary>Ports of this machine for who must know one before listening at it.</summary>
/// <remarks>
/// None is one that the system gives by itself, to a connection or to who listens at 0: such a port can be another's before it is used, or between the end of a process and its next start
/// at the same one. Locks on the bytes of a file keep other test processes from taking the same; they go with this one.
/// </remarks>
internal static class FreePorts
{
    // Below those that the system gives: 32768 and more on Linux, 49152 and more elsewhere. What products commonly listen at is mostly elsewhere too, and else found out by trying.
    private const int First = 12_000, Count = 16_000;

    private static readonly Lock gate = new();
    private static readonly HashSet<int> taken = [];
    private static readonly Lazy<FileStream> locks = new(() =>
        new(Path.Combine(Path.GetTempPath(), $"orleansrec-test-ports-{Environment.UserName}"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite));

    /// <summary>So many different ones, which are this process's until it ends.</summary>
    public static int[] Take(int count)
    {
        var ports = new List<int>();
        // Each begins somewhere else, so that who comes later seldom has to pass those of others.
        int start = Random.Shared.Next(Count);
        lock (gate)
            for (int n = 0; n < Count && ports.Count < count; n++)
                if (First + (start + n) % Count is var port && IsFree(port) && taken.Add(port))
                    ports.Add(port);
        return ports.Count == count ? [.. ports] : throw new InvalidOperationException($"Of ports {First} to {First + Count - 1} only {ports.Count} are free; {count} are wanted.");
    }

    private static bool IsFree(int port)
    {
        if (taken.Contains(port))
            return false;
        try
        {
            // Where the system cannot lock bytes, it is only tried.
            if (!OperatingSystem.IsMacOS())
                locks.Value.Lock(port, 1);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            return false;
        }
    }
}
