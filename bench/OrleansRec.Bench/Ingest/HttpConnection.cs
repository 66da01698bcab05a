using System.Globalization;
using System.Net.Sockets;
using System.Text;
using OrleansRec.Tests.Shared;

namespace OrleansRec.Bench.Ingest;

/// <summary>One kept-alive connection that posts a body and reads the answer. Plain sockets, because the generator shares its cores with the server.</summary>
internal sealed class HttpConnection : IDisposable
{
    private const int AnswerBytesMax = 16 << 10;

    private readonly Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] answer = new byte[AnswerBytesMax];
    private readonly string head;

    private HttpConnection(Uri server, string path) =>
        head = $"POST {path} HTTP/1.1\r\nHost: {server.Authority}\r\nContent-Type: application/json\r\nContent-Length: ";

    public static async Task<HttpConnection> Open(Uri server, string path)
    {
        var connection = new HttpConnection(server, path);
        await connection.socket.ConnectAsync(server.Host, server.Port);
        return connection;
    }

    /// <summary>Posts and returns the status.</summary>
    public async Task<int> Post(string body)
    {
        byte[] request = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{head}{Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}"));
        for (int sent = 0; sent < request.Length;)
            sent += await socket.SendAsync(request.AsMemory(sent));
        int length = 0;
        do
        {
            int read = await socket.ReceiveAsync(answer.AsMemory(length));
            if (read == 0)
                throw new IOException("The server closed the connection.");
            length += read;
        }
        while (!RawAnswers.IsWhole(answer.AsSpan(0, length)));
        return RawAnswers.StatusOf(answer);
    }

    public void Dispose() => socket.Dispose();
}
