using Microsoft.Extensions.Options;
using Orleans.Runtime;
using OrleansRec.Client.Tests;
using OrleansRec.Contracts;

namespace OrleansRec.Gateway.Tests;

/// <summary>Which failed calls are made again, how often and after which pauses. Method: calls that fail as planted, on a clock whose pauses are over at once.</summary>
public sealed class GrainCallsTests
{
    private static readonly GatewayOptions options = new() { CallAttemptsMax = 7, StoreAttemptsMax = 3 };

    private readonly InstantTime time = new(options.CallTimeout);
    private readonly GrainCalls calls;

    public GrainCallsTests() => calls = new(Options.Create(options), time);

    [Fact]
    public async Task Run_FailsTwice_AnswersAtTheThirdAttempt()
    {
        int made = 0;
        int answer = await calls.Run(() => ++made < 3 ? throw new SiloUnavailableException("gone") : Task.FromResult(made), CancellationToken.None);

        Assert.Equal((3, 2), (answer, time.Pauses.Count));
    }

    [Fact]
    public async Task Run_NoSiloAnswers_ThrowsTheLastFailureAfterAllAttempts()
    {
        int made = 0;
        await Assert.ThrowsAsync<SiloUnavailableException>(() => calls.Run<int>(() => throw new SiloUnavailableException($"{++made}"), CancellationToken.None));

        Assert.Equal(options.CallAttemptsMax, made);
        for (int pause = 0; pause < time.Pauses.Count; pause++)
        {
            TimeSpan most = TimeSpan.FromTicks(Math.Min(options.FirstRetryPause.Ticks << pause, options.RetryPauseMax.Ticks));
            Assert.InRange(time.Pauses[pause], most / 2, most);
        }
    }

    [Fact]
    public async Task Run_StoreFails_GivesUpSooner()
    {
        int made = 0;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => calls.Run<int>(() => throw new StoreUnavailableException($"{++made}"), CancellationToken.None));

        Assert.Equal(options.StoreAttemptsMax, made);
    }

    public static TheoryData<Exception> Refusals => [new OverloadedException("full"), new LimitExceededException("full"), new ArgumentException("wrong"), new TrainingFailedException("no")];

    [Theory]
    [MemberData(nameof(Refusals), DisableDiscoveryEnumeration = true)]
    public async Task Run_Refused_IsNotMadeAgain(Exception refusal)
    {
        int made = 0;
        await Assert.ThrowsAsync(refusal.GetType(), () => calls.Run<int>(() =>
        {
            made++;
            throw refusal;
        }, CancellationToken.None));

        Assert.Equal(1, made);
    }

    [Fact]
    public async Task Run_DeadlinePasses_EndsWithIt()
    {
        using var deadline = new CancellationTokenSource();
        int made = 0;
        Task<int> run = calls.Run<int>(() =>
        {
            made++;
            deadline.Cancel();
            throw new TimeoutException("late");
        }, deadline.Token);

        await Assert.ThrowsAnyAsync<Exception>(() => run);
        Assert.Equal(1, made);
    }

    [Fact]
    public async Task Run_NeverAnswered_IsMadeAgainAfterTheCallTimeout()
    {
        // On this clock the attempts' own timeouts are over at once too.
        var hurried = new GrainCalls(Options.Create(options), new InstantTime(Timeout.InfiniteTimeSpan));
        var silence = new TaskCompletionSource<int>();
        int made = 0;

        Assert.Equal(2, await hurried.Run(() => ++made == 1 ? silence.Task : Task.FromResult(made), CancellationToken.None));
    }
}
