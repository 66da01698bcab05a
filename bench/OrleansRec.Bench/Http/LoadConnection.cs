using System.Net.Sockets;
using OrleansRec.Tests.Shared;

namespace OrleansRec.Bench.Http;

/// <summary>One kept-alive connection with at most one request under way. Plain sockets and no allocation, because the generator shares its cores with the server.</summary>
internal sealed class LoadConnection : IDisposable
{
    private const int RequestBytesMax = 256 << 10, AnswerBytesMax = 256 << 10;

    private readonly byte[] request = new byte[RequestBytesMax], answer = new byte[AnswerBytesMax];
    private int length;

    public LoadConnection(Uri server)
    {
        Socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Socket.Connect(server.Host, server.Port);
    }

    public Socket Socket { get; }

    /// <summary>When the request under way was to be sent, in ticks of the stopwatch.</summary>
    public long IntendedAt { get; private set; }

    /// <summary>The last answer, head and body.</summary>
    public ReadOnlySpan<byte> Answer => answer.AsSpan(0, length);

    /// <summary>Sends one request; small enough for the socket's buffer, so this does not wait.</summary>
    public void Send(RequestWriter write, long intendedAt)
    {
        IntendedAt = intendedAt;
        length = 0;
        int bytes = write(request);
        for (int sent = 0; sent < bytes;)
            sent += Socket.Send(request, sent, bytes - sent, SocketFlags.None);
    }

    /// <summary>Takes what has arrived; true when the answer is whole.</summary>
    /// <exception cref="InvalidOperationException">The answer is not 200.</exception>
    public bool Receive()
    {
        int read = Socket.Receive(answer, length, answer.Length - length, SocketFlags.None);
        if (read == 0)
            throw new IOException("The server closed the connection.");
        length += read;
        if (!RawAnswers.IsWhole(Answer))
            return false;
        return RawAnswers.StatusOf(Answer) == 200 ? true
            : throw new InvalidOperationException($"The server answered\n{System.Text.Encoding.UTF8.GetString(Answer)}");
    }

    public void Dispose() => Socket.Dispose();
}

/// <summary>Writes a whole request, head and body, and returns its length.</summary>
internal delegate int RequestWriter(Span<byte> target);
