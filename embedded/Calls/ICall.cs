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

/// <summary>A call as a network between silos sees it.</summary>
internal interface ISentCall : ICall
{
    /// <summary>Interface and method.</summary>
    string Method { get; }

    /// <summary>What the network knows of the call; null where there is none.</summary>
    CallNote? Note { get; set; }

    /// <summary>The same call once more, with arguments of its own, whose answer goes to the caller of this one.</summary>
    ISentCall Again();
}

/// <summary>Decides where calls run, and carries them and their answers. A server has one silo and no network.</summary>
internal interface ICallNetwork
{
    /// <summary>Takes a call to an identity; also one that is sent again because its activation has ended.</summary>
    void Send(GrainClass grainClass, string key, ICall call);

    /// <summary>Takes the answer of a call that has run, which <paramref name="arrive"/> gives to its caller.</summary>
    void Return(ISentCall call, Action arrive);

    /// <summary>Takes word to the callee that its caller has given up.</summary>
    void Cancel(ISentCall call, Action arrive);

    /// <summary>An activation has ended: its identity is nowhere.</summary>
    void Forget(Activation activation);
}

/// <summary>What takes calls for an identity: one activation, or the workers of a stateless grain.</summary>
internal interface ICallTarget
{
    /// <summary>Takes a call from any thread; it will be run, rejected or sent again.</summary>
    void Accept(ICall call);
}
