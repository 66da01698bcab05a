using System.Buffers.Text;
using System.Net.Sockets;
using System.Text;

namespace OrleansRec.Silo.Tests.Overload;

/// <summary>One kept-alive connection with one request under way at most.</summary>
internal sealed class LoadSocket : IDisposable
{
    private const int AnswerBytesMax = 1 << 16;

    private readonly Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] answer = new byte[AnswerBytesMax];

    public LoadSocket(Uri server) => socket.Connect(server.Host, server.Port);

    /// <summary>Sends and reads the answer to its end.</summary>
    /// <returns>The status, and whether it says when to come again.</returns>
    public async Task<(int Status, bool HasRetryAfter)> Send(string request)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(request);
        await socket.SendAsync(bytes);
        int length = 0;
        do
        {
            int read = await socket.ReceiveAsync(answer.AsMemory(length));
            if (read == 0)
                throw new IOException("The server closed a connection under way.");
            length += read;
        }
        while (!IsWhole(answer.AsSpan(0, length)));
        ReadOnlySpan<byte> text = answer.AsSpan(0, length);
        Utf8Parser.TryParse(text[9..12], out int status, out _);
        return (status, text.IndexOf("Retry-After: "u8) > 0);
    }

    public void Dispose() => socket.Dispose();

    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        int end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return false;
        ReadOnlySpan<byte> head = answer[..end];
        int at = head.IndexOf("Content-Length: "u8);
        return at < 0 ? answer.EndsWith("\r\n0\r\n\r\n"u8) : Utf8Parser.TryParse(head[(at + 16)..], out int body, out _) && answer.Length >= end + 4 + body;
    }
}
