using System.Net.Sockets;
using System.Text;
using OrleansRec.Tests.Shared;

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
        while (!RawAnswers.IsWhole(answer.AsSpan(0, length)));
        ReadOnlySpan<byte> text = answer.AsSpan(0, length);
        return (RawAnswers.StatusOf(text), text.IndexOf("Retry-After: "u8) > 0);
    }

    public void Dispose() => socket.Dispose();
}
