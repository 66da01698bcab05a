namespace OrleansRec.Model;

/// <summary>Calls between grains and the bytes of their bodies and answers; headers are not in it.</summary>
/// <param name="Calls">Calls; each is a request and an answer.</param>
/// <param name="RemoteCalls">Those of them that go from one silo to another.</param>
/// <param name="Bytes">Bytes of requests and answers, as if all were written out.</param>
/// <param name="RemoteBytes">Bytes that do go over a wire.</param>
public readonly record struct Traffic(long Calls, long RemoteCalls, long Bytes, long RemoteBytes)
{
    /// <summary>Both together.</summary>
    public static Traffic operator +(Traffic left, Traffic right) => new(
        left.Calls + right.Calls, left.RemoteCalls + right.RemoteCalls, left.Bytes + right.Bytes, left.RemoteBytes + right.RemoteBytes);

    /// <summary>So many times.</summary>
    public static Traffic operator *(long times, Traffic each) => new(times * each.Calls, times * each.RemoteCalls, times * each.Bytes, times * each.RemoteBytes);
}
