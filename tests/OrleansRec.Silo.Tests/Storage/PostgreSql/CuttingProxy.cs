using System.Net.Sockets;

namespace OrleansRec.Silo.Tests.Storage.PostgreSql;

/// <summary>A way to the server that can be cut at the worst moments: a socket in a folder of its own, passed on to the server's.</summary>
internal sealed class CuttingProxy : IDisposable
{
    private readonly Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly string folder = Directory.CreateTempSubdirectory("rec-proxy-").FullName;
    private readonly string server;
    private volatile Cut cut;

    /// <summary>When the connection that carries an append is cut.</summary>
    public enum Cut
    {
        /// <summary>Not.</summary>
        None,

        /// <summary>Before the server hears of it.</summary>
        BeforeTheServer,

        /// <summary>After the server has committed it, before the client hears of that.</summary>
        AfterTheCommit,
    }

    public CuttingProxy(string connectionString)
    {
        var settings = new Npgsql.NpgsqlConnectionStringBuilder(connectionString);
        server = Path.Combine(settings.Host!, ".s.PGSQL.5432");
        settings.Host = folder;
        ConnectionString = settings.ConnectionString;
        listener.Bind(new UnixDomainSocketEndPoint(Path.Combine(folder, ".s.PGSQL.5432")));
        listener.Listen();
        _ = Accept();
    }

    /// <summary>The same database by this way.</summary>
    public string ConnectionString { get; }

    /// <summary>Connections that were cut.</summary>
    public int CutCount { get; private set; }

    /// <summary>Cuts the next connection that carries an append.</summary>
    public void CutNext(Cut when) => cut = when;

    public void Dispose()
    {
        listener.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private async Task Accept()
    {
        try
        {
            while (true)
                _ = Pass(await listener.AcceptAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task Pass(Socket client)
    {
        using var toServer = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        using (client)
        {
            try
            {
                await toServer.ConnectAsync(new UnixDomainSocketEndPoint(server));
                await Task.WhenAny(There(client, toServer), Back(client, toServer));
            }
            catch (SocketException)
            {
                // One end is gone; so is the other.
            }
        }
    }

    private bool isAwaitingCommit;

    private async Task There(Socket client, Socket toServer)
    {
        byte[] buffer = new byte[1 << 16];
        while (await client.ReceiveAsync(buffer) is > 0 and var count)
        {
            // The mark that the tests put into their batches.
            bool isAppend = buffer.AsSpan(0, count).IndexOf("cut here"u8) >= 0;
            if (isAppend && cut == Cut.BeforeTheServer)
            {
                (cut, CutCount) = (Cut.None, CutCount + 1);
                return;
            }
            isAwaitingCommit |= isAppend && cut == Cut.AfterTheCommit;
            await toServer.SendAsync(buffer.AsMemory(0, count));
        }
    }

    private async Task Back(Socket client, Socket toServer)
    {
        byte[] buffer = new byte[1 << 16];
        while (await toServer.ReceiveAsync(buffer) is > 0 and var count)
        {
            if (isAwaitingCommit && buffer.AsSpan(0, count).EndsWith("Z\0\0\0\u0005I"u8))
            {
                // ReadyForQuery, outside of a transaction: it is committed.
                (cut, isAwaitingCommit, CutCount) = (Cut.None, false, CutCount + 1);
                return;
            }
            await client.SendAsync(buffer.AsMemory(0, count));
        }
    }
}
