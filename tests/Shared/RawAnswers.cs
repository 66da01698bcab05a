using System.Buffers.Text;

namespace OrleansRec.Tests.Shared;

/// <summary>Answers of HTTP/1.1 as bytes, for load that is sent over plain sockets and may allocate nothing.</summary>
internal static class RawAnswers
{
    /// <summary>Whether the answer that begins these bytes is whole: as long as it says, or ended by its last chunk.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        int end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return false;
        ReadOnlySpan<byte> head = answer[..end];
        int at = head.IndexOf("Content-Length: "u8);
        return at < 0 ? answer.EndsWith("\r\n0\r\n\r\n"u8) : Utf8Parser.TryParse(head[(at + 16)..], out int body, out _) && answer.Length >= end + 4 + body;
    }

    /// <summary>The status of an answer whose first line is there.</summary>
    public static int StatusOf(ReadOnlySpan<byte> answer) => Utf8Parser.TryParse(answer[9..12], out int status, out _) ? status : 0;
}
