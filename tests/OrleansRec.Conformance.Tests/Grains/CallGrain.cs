using Orleans;
using Orleans.Concurrency;
using OrleansRec.Conformance.Tests.Hosts;

namespace OrleansRec.Conformance.Tests.Grains;

[Alias("conformance.call")]
public interface ICallGrain : IGrainWithStringKey
{
    /// <summary>The sum of the arguments so far.</summary>
    [Alias("add")]
    ValueTask<int> Add(int number);

    [Alias("keep")]
    Task Keep(List<int> numbers);

    [Alias("kept")]
    Task<List<int>> Kept();

    /// <summary>Whether the argument is the very object of the last call.</summary>
    [Alias("see")]
    Task<bool> SeesTheSame([Immutable] int[] numbers);

    [Alias("see-copy")]
    Task<bool> SeesTheSameOf(int[] numbers);

    [Alias("see-stone")]
    Task<bool> SeesTheSameStone(Stone stone);

    [Alias("echo-stone")]
    Task<Stone> EchoStone(Stone stone);

    [Alias("arrive")]
    Task Arrive(int number);

    [Alias("arrived")]
    Task<int[]> Arrived();

    [OneWay, Alias("tell")]
    Task Tell(string line);

    [OneWay, Alias("tell-and-fail")]
    Task TellAndFail(string line);

    [OneWay, Alias("tell-and-hold")]
    Task TellAndHold(string gate);

    [Alias("fail")]
    Task Fail(string message, int code);

    [Alias("fail-at-once")]
    Task<int> FailAtOnce(string message, int code);

    [Alias("self")]
    Task<ICallGrain> Self();

    [Alias("self-leaked")]
    Task<ICallGrain> SelfLeaked();

    [Alias("add-at")]
    Task<int> AddAt(ICallGrain other, int number);

    /// <summary>The sum of 1 to depth, by a chain of depth grains.</summary>
    [Alias("sum-down")]
    Task<int> SumDown(int depth);

    /// <summary>Sends itself a call that it does not wait for.</summary>
    [Alias("call-self-later")]
    Task CallSelfLater(string gate);

    [Alias("note")]
    Task NoteDown(string line);

    [Alias("hold")]
    Task HoldAt(string gate);

    [Alias("nothing")]
    Task<string?> Nothing(string? nothing);

    [Alias("now")]
    Task<DateTimeOffset> Now();

    /// <summary>Whether awaits of another grain, at a library that does not keep the context, and of a yield come back into the turns of this one.</summary>
    [Alias("stays")]
    Task<bool> StaysInItsTurns(ICallGrain other);
}

/// <summary>The same grain seen through a second interface.</summary>
[Alias("conformance.call-reader")]
public interface ICallReader : IGrainWithStringKey
{
    [Alias("sum")]
    Task<int> Sum();
}

/// <summary>A type that says that nobody changes it.</summary>
[GenerateSerializer, Immutable, Alias("conformance.stone")]
public sealed record Stone([property: Id(0)] int[] Faces);

public sealed class CallGrain(Stage stage, TimeProvider clock) : StoryGrain(stage), ICallGrain, ICallReader
{
    private readonly List<int> _arrived = [];
    private int _sum;
    private List<int> _kept = [];
    private object? _seen;

    public ValueTask<int> Add(int number) => new(_sum += number);

    public Task<int> Sum() => Task.FromResult(_sum);

    public Task Keep(List<int> numbers)
    {
        _kept = numbers;
        return Task.CompletedTask;
    }

    public Task<List<int>> Kept() => Task.FromResult(_kept);

    public Task<bool> SeesTheSame(int[] numbers) => See(numbers);

    public Task<bool> SeesTheSameOf(int[] numbers) => See(numbers);

    public Task<bool> SeesTheSameStone(Stone stone) => See(stone);

    public Task<Stone> EchoStone(Stone stone) => Task.FromResult(stone);

    public Task Arrive(int number)
    {
        _arrived.Add(number);
        return Task.CompletedTask;
    }

    public Task<int[]> Arrived() => Task.FromResult<int[]>([.. _arrived]);

    public Task Tell(string line)
    {
        Note(line);
        return Task.CompletedTask;
    }

    public Task TellAndFail(string line)
    {
        Note(line);
        throw new InvalidOperationException("nobody hears this");
    }

    public Task TellAndHold(string gate) => Hold("told", gate);

    public async Task Fail(string message, int code)
    {
        await Task.Yield();
        throw new RefusedException(message, code);
    }

    public Task<int> FailAtOnce(string message, int code) => throw new RefusedException(message, code);

    public Task<ICallGrain> Self() => Task.FromResult(this.AsReference<ICallGrain>());

    public Task<ICallGrain> SelfLeaked() => Task.FromResult<ICallGrain>(this);

    public async Task<int> AddAt(ICallGrain other, int number) => await other.Add(number);

    public async Task<int> SumDown(int depth) => depth == 0 ? 0 : depth + await Other<ICallGrain>($"{depth - 1}").SumDown(depth - 1);

    public async Task CallSelfLater(string gate)
    {
        _ = this.AsReference<ICallGrain>().NoteDown("called by itself");
        await Hold("caller", gate);
    }

    public Task NoteDown(string line)
    {
        Note(line);
        return Task.CompletedTask;
    }

    public Task HoldAt(string gate) => Hold("hold", gate);

    public Task<string?> Nothing(string? nothing) => Task.FromResult(nothing);

    public Task<DateTimeOffset> Now() => Task.FromResult(clock.GetUtcNow());

    public async Task<bool> StaysInItsTurns(ICallGrain other)
    {
        TaskScheduler turns = TaskScheduler.Current;
        await CarelessLibrary.Add(other);
        bool isBack = TaskScheduler.Current == turns;
        await Task.Yield();
        return isBack && TaskScheduler.Current == turns && turns != TaskScheduler.Default;
    }

    private Task<bool> See(object seen)
    {
        bool isSame = ReferenceEquals(_seen, seen);
        _seen = seen;
        return Task.FromResult(isSame);
    }
}

/// <summary>Code that grains call and that does not know of turns.</summary>
internal static class CarelessLibrary
{
    public static async Task Add(ICallGrain grain) => await grain.Add(1).ConfigureAwait(false);
}
