using Orleans.CodeGeneration;
using Orleans.Runtime;
using Orleans.Serialization.Invocation;
using OrleansRec.Simulation.Engine.Cluster;

namespace OrleansRec.Simulation.Engine.Calls;

/// <summary>What an activation takes in: one arrival of a call, or the tick of one of its timers.</summary>
internal sealed class Message
{
    private const string ReentrancyKey = "#CCR";
    private IInvokable? _body;
    private byte[]? _bytes;

    private Message()
    {
    }

    /// <summary>The call; null for a tick.</summary>
    public Call? Call { get; private init; }

    public bool IsAlwaysInterleave { get; private init; }

    public bool IsReadOnly { get; private init; }

    public bool IsOneWay { get; private init; }

    /// <summary>Whether it counts as use of its activation.</summary>
    public bool KeepsAlive { get; private init; } = true;

    /// <summary>Whether it belongs to one activation and is never sent on.</summary>
    public bool IsLocal => Call is null;

    /// <summary>What it brings of its caller's RequestContext.</summary>
    public Dictionary<string, object>? Context => Call?.Context;

    /// <summary>The chain of calls that may come back to those who allowed it, or empty.</summary>
    public Guid ReentrancyId => Context is not null && Context.TryGetValue(ReentrancyKey, out var id) && id is Guid chain ? chain : Guid.Empty;

    /// <summary>The silo that it has arrived at, or is on its way to.</summary>
    public SimulatedSilo? To { get; set; }

    /// <summary>How often an activation that ended has sent it on.</summary>
    public int Forwards { get; set; }

    /// <summary>When the activation was told that the caller has given up; null where it was not.</summary>
    public long? CancelledAt { get; set; }

    /// <summary>The invocation, read from its bytes where it came from another silo.</summary>
    public IInvokable Body => _body ?? throw new InvalidOperationException($"{this} was not unpacked.");

    public static Message Of(Call call) => new()
    {
        Call = call,
        _body = call.Request,
        IsAlwaysInterleave = (call.Options & InvokeMethodOptions.AlwaysInterleave) != 0,
        IsReadOnly = (call.Options & InvokeMethodOptions.ReadOnly) != 0,
        IsOneWay = call.IsOneWay,
    };

    public static Message Tick(IInvokable tick, bool interleaves, bool keepsAlive) =>
        new() { _body = tick, IsAlwaysInterleave = interleaves, IsOneWay = true, KeepsAlive = keepsAlive };

    public bool IsExpired(long now) => Call is not null && now >= Call.ExpiresAt;

    /// <summary>Becomes bytes, as between two processes.</summary>
    public void Pack(Wire wire)
    {
        _bytes ??= wire.ToBytes(Body);
        _body = null;
    }

    /// <summary>Becomes an invocation of its own again.</summary>
    public void Unpack(Wire wire)
    {
        _body ??= (IInvokable)wire.FromBytes(_bytes!)!;
        _bytes = null;
    }

    /// <summary>The same call once more, with arguments of its own.</summary>
    public Message Again() => new()
    {
        Call = Call, _bytes = _bytes, To = To, IsAlwaysInterleave = IsAlwaysInterleave, IsReadOnly = IsReadOnly, IsOneWay = IsOneWay,
    };

    public override string ToString() => Call is null ? "tick" : $"{Call.Number} {Call.Method}";
}
