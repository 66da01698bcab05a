namespace OrleansRec.Embedded;

/// <summary>Something that wants a turn of a grain and is subject to its rules of interleaving: a request or the tick of a timer.</summary>
internal interface ICall
{
    /// <summary>Whether it may run between the turns of any other call.</summary>
    bool AlwaysInterleave { get; }

    /// <summary>Whether it may run between the turns of other calls that change nothing.</summary>
    bool ReadOnly { get; }

    /// <summary>Whether it still matters to anyone.</summary>
    bool IsWanted { get; }

    /// <summary>Runs the first turn. The call tells the activation when the last one is done.</summary>
    void Begin(Activation activation);

    /// <summary>It will never run.</summary>
    void Reject(Exception reason);

    /// <summary>The activation that it waited for has ended.</summary>
    void SendAgain();
}

/// <summary>What takes calls for an identity: one activation, or the workers of a stateless grain.</summary>
internal interface ICallTarget
{
    /// <summary>Takes a call from any thread; it will be run, rejected or sent again.</summary>
    void Accept(ICall call);
}
