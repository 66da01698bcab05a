using OrleansRec.Tests.Shared;

namespace OrleansRec.Grains.Tests.Cluster;

/// <summary>
/// Moves a fake clock from one timer to the next, as fast as the machine keeps up: while work waits for a thread, time stands still. It begins at about
/// the machine's pace after every timer, so that a call on its way is not overtaken by all that was to happen later, and passes idle time at most a
/// hundred times as fast, so that a computation does not find its deadline over because nothing else was waiting.
/// </summary>
internal sealed class MovingClock : IDisposable
{
    private static readonly TimeSpan StepMin = TimeSpan.FromMilliseconds(1), StepMax = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan EndMax = TimeSpan.FromMinutes(1);

    private readonly SimulatedClock clock;
    private readonly Thread thread;
    private volatile bool isOver;

    public MovingClock(SimulatedClock clock)
    {
        this.clock = clock;
        thread = new(Move) { IsBackground = true, Name = "fake clock" };
        thread.Start();
    }

    public void Dispose()
    {
        isOver = true;
        if (!thread.Join(EndMax))
            throw new TimeoutException($"Waited {EndMax.TotalSeconds} seconds for the timers that the fake clock at {clock.GetUtcNow():O} has called.");
    }

    private void Move()
    {
        TimeSpan step = StepMin;
        while (!isOver)
        {
            Thread.Sleep(1);
            if (ThreadPool.PendingWorkItemCount > 0)
                continue;
            DateTimeOffset furthest = clock.GetUtcNow() + step;
            DateTimeOffset? due = clock.NextDue;
            bool isDue = due <= furthest;
            clock.AdvanceTo(isDue ? due!.Value : furthest);
            step = isDue ? StepMin : TimeSpan.FromTicks(Math.Min(step.Ticks * 2, StepMax.Ticks));
        }
    }
}
