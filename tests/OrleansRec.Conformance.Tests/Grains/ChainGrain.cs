using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;
using OrleansRec.Conformance.Tests.Hosts;

namespace OrleansRec.Conformance.Tests.Grains;

/// <summary>How a grain calls back whoever calls it.</summary>
public enum ChainKind
{
    /// <summary>As calls are by default.</summary>
    Plain,

    /// <summary>The first grain admits calls of its own chain.</summary>
    Allowed,

    /// <summary>It admits them, and takes that back before it calls.</summary>
    Suppressed,

    /// <summary>It has admitted them for an earlier call only.</summary>
    AllowedBefore,
}

/// <summary>Grains that call each other in a circle.</summary>
[Alias("conformance.chain")]
public interface IChainGrain : IGrainWithStringKey
{
    /// <summary>Calls b, which calls back.</summary>
    [Alias("call-around")]
    Task<string> CallAround(ChainKind kind, string by);

    /// <summary>Calls another grain back and passes its answer on.</summary>
    [Alias("call-back")]
    Task<string> CallBack(string other);

    [Alias("answer")]
    Task<string> Answer();

    /// <summary>Waits at a gate of its own while it calls around; with the call chain admitted or not.</summary>
    [Alias("call-around-held")]
    Task CallAroundHeld(string by);

    [Alias("hold-then-call-back")]
    Task HoldThenCallBack(string other, string gate);

    [Alias("call-itself")]
    Task<string> CallItself(ChainKind kind);

    /// <summary>Calls another grain and, when that times out, says so and goes on.</summary>
    [Alias("meet")]
    Task<string> Meet(string other, string gate);

    [AlwaysInterleave, Alias("answer-interleaved")]
    Task<string> AnswerInterleaved();

    [Alias("call-around-interleaved")]
    Task<string> CallAroundInterleaved(string by);

    [Alias("call-back-interleaved")]
    Task<string> CallBackInterleaved(string other);

    [Alias("note")]
    Task NoteDown(string line);
}

public sealed class ChainGrain(Stage stage) : StoryGrain(stage), IChainGrain
{
    public async Task<string> CallAround(ChainKind kind, string by)
    {
        IChainGrain other = Other<IChainGrain>(by);
        switch (kind)
        {
            case ChainKind.Allowed:
                using (RequestContext.AllowCallChainReentrancy())
                    return await other.CallBack(Name);
            case ChainKind.Suppressed:
                using (RequestContext.AllowCallChainReentrancy())
                using (RequestContext.SuppressCallChainReentrancy())
                    return await other.CallBack(Name);
            case ChainKind.AllowedBefore:
                using (RequestContext.AllowCallChainReentrancy())
                    await other.Answer();
                return await other.CallBack(Name);
            default:
                return await other.CallBack(Name);
        }
    }

    public async Task<string> CallBack(string other)
    {
        try
        {
            return $"{Name} was told: {await Other<IChainGrain>(other).Answer()}";
        }
        catch (TimeoutException)
        {
            Note("timed out");
            throw;
        }
    }

    public Task<string> Answer() => Task.FromResult($"{Name} answers");

    public async Task CallAroundHeld(string by)
    {
        using (RequestContext.AllowCallChainReentrancy())
            await Other<IChainGrain>(by).HoldThenCallBack(Name, "gate");
        Note("has called around");
    }

    public async Task HoldThenCallBack(string other, string gate)
    {
        await Hold("hold", gate);
        await Other<IChainGrain>(other).NoteDown("called back");
    }

    public async Task<string> CallItself(ChainKind kind)
    {
        IChainGrain self = this.AsReference<IChainGrain>();
        if (kind == ChainKind.Plain)
            return await self.Answer();
        using (RequestContext.AllowCallChainReentrancy())
            return await self.Answer();
    }

    public async Task<string> Meet(string other, string gate)
    {
        await Hold("meet", gate);
        try
        {
            return await Other<IChainGrain>(other).Answer();
        }
        catch (TimeoutException)
        {
            Note("timed out");
            return "nobody answers";
        }
    }

    public Task<string> AnswerInterleaved() => Answer();

    public Task<string> CallAroundInterleaved(string by) => Other<IChainGrain>(by).CallBackInterleaved(Name);

    public Task<string> CallBackInterleaved(string other) => Other<IChainGrain>(other).AnswerInterleaved();

    public Task NoteDown(string line)
    {
        Note(line);
        return Task.CompletedTask;
    }
}

[Alias("conformance.reentrant-chain")]
public interface IReentrantChainGrain : IGrainWithStringKey
{
    [Alias("call-around")]
    Task<string> CallAround(string by);

    [Alias("call-back")]
    Task<string> CallBack(string other);

    [Alias("answer")]
    Task<string> Answer();
}

[Reentrant]
public sealed class ReentrantChainGrain(Stage stage) : StoryGrain(stage), IReentrantChainGrain
{
    public Task<string> CallAround(string by) => Other<IReentrantChainGrain>(by).CallBack(Name);

    public Task<string> CallBack(string other) => Other<IReentrantChainGrain>(other).Answer();

    public Task<string> Answer() => Task.FromResult($"{Name} answers");
}
