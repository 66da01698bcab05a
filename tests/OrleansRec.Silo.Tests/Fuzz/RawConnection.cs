using System.Buffers.Text;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace OrleansRec.Silo.Tests.Fuzz;

/// <summary>What a server answered. Status 0: it closed the connection without an answer.</summary>
internal sealed record RawAnswer(int Status, string ContentType, byte[] Body);

/// <summary>HTTP/1.1 over a socket that sends whatever it is given: HttpClient would correct or refuse most of it.</summary>
internal sealed class RawConnection(Uri server) : IDisposable
{
    private const int HeadBytesMax = 1 << 16;

    private TcpClient? client;
    private NetworkStream? stream;
    private byte[] buffer = new byte[1 << 16];
    private int start, end;

    /// <summary>Sends and reads the answer to its end. A request that is not well formed is told to be the last of its connection.</summary>
    /// <exception cref="TimeoutException">No whole answer came within the limit.</exception>
    public async Task<RawAnswer> Send(FuzzedRequest request, TimeSpan limit)
    {
        using var timeout = new CancellationTokenSource(limit);
        try
        {
            await Open(timeout.Token);
            try
            {
                await stream!.WriteAsync(request.Bytes, timeout.Token);
                if (!request.IsWellFormed)
                    client!.Client.Shutdown(SocketShutdown.Send);
            }
            catch (IOException)
            {
                // The server answered and closed before it had read everything.
            }
            RawAnswer answer = await Read(request.Method == "HEAD", timeout.Token);
            if (!request.IsWellFormed)
                Close();
            return answer;
        }
        catch (OperationCanceledException)
        {
            Close();
            throw new TimeoutException($"{request.Method} {request.Target}: no answer within {limit}.");
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            Close();
            return new(0, "", []);
        }
    }

    public void Dispose() => Close();

    private async Task Open(CancellationToken cancellation)
    {
        if (stream is not null)
            return;
        client = new() { NoDelay = true };
        await client.ConnectAsync(server.Host, server.Port, cancellation);
        (stream, start, end) = (client.GetStream(), 0, 0);
    }

    private void Close()
    {
        client?.Dispose();
        (client, stream) = (null, null);
    }

    private async Task<RawAnswer> Read(bool hasNoBody, CancellationToken cancellation)
    {
        while (true)
        {
            string? head = await ReadHead(cancellation);
            if (head is null)
            {
                Close();
                return new(0, "", []);
            }
            int status = int.Parse(head.AsSpan(9, 3), CultureInfo.InvariantCulture);
            if (status < 200)
                continue;
            byte[] body = hasNoBody || status is 204 or 304 ? [] : await ReadBody(head, cancellation);
            if (Header(head, "Connection") == "close")
                Close();
            return new(status, Header(head, "Content-Type") ?? "", body);
        }
    }

    private async Task<string?> ReadHead(CancellationToken cancellation)
    {
        while (true)
        {
            int length = buffer.AsSpan(start, end - start).IndexOf("\r\n\r\n"u8);
            if (length >= 0)
            {
                string head = Encoding.Latin1.GetString(buffer, start, length);
                start += length + 4;
                return head;
            }
            if (end - start > HeadBytesMax || !await Fill(cancellation))
                return null;
        }
    }

    private async Task<byte[]> ReadBody(string head, CancellationToken cancellation)
    {
        using var body = new MemoryStream();
        if (Header(head, "Transfer-Encoding") == "chunked")
        {
            while (await ReadChunk(body, cancellation)) ;
        }
        else if (Header(head, "Content-Length") is { } length)
        {
            await Take(body, int.Parse(length, CultureInfo.InvariantCulture), cancellation);
        }
        else
        {
            while (await Fill(cancellation))
                (body.Position, start) = (Append(body, end - start), end);
            Close();
        }
        return body.ToArray();
    }

    private async Task<bool> ReadChunk(MemoryStream body, CancellationToken cancellation)
    {
        int line;
        while ((line = buffer.AsSpan(start, end - start).IndexOf("\r\n"u8)) < 0)
            if (!await Fill(cancellation))
                throw new IOException("The answer ends within a chunk.");
        Utf8Parser.TryParse(buffer.AsSpan(start, line), out int length, out _, 'x');
        start += line + 2;
        await Take(body, length, cancellation);
        await Take(Stream.Null, 2, cancellation);
        return length > 0;
    }

    private async Task Take(Stream body, int length, CancellationToken cancellation)
    {
        while (length > 0)
        {
            if (start == end && !await Fill(cancellation))
                throw new IOException("The answer ends within its body.");
            int part = Math.Min(length, end - start);
            body.Write(buffer, start, part);
            (start, length) = (start + part, length - part);
        }
    }

    private long Append(MemoryStream body, int length)
    {
        body.Write(buffer, start, length);
        return body.Position;
    }

    private async Task<bool> Fill(CancellationToken cancellation)
    {
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
        }
        if (end == buffer.Length)
            Array.Resize(ref buffer, buffer.Length * 2);
        int read = await stream!.ReadAsync(buffer.AsMemory(end), cancellation);
        end += read;
        return read > 0;
    }

    private static string? Header(string head, string name)
    {
        foreach (string line in head.Split("\r\n").Skip(1))
        {
            int colon = line.IndexOf(':');
            if (colon > 0 && line.AsSpan(0, colon).Equals(name, StringComparison.OrdinalIgnoreCase))
                return line[(colon + 1)..].Trim();
        }
        return null;
    }
}
