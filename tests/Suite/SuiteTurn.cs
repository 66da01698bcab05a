using System.Globalization;
using OrleansRec.Tests.Suite;

[assembly: AssemblyFixture(typeof(SuiteTurn))]

namespace OrleansRec.Tests.Suite;

/// <summary>Lets one suite of this checkout run at a time, and ends a suite that stands still.</summary>
/// <remarks>
/// <c>dotnet test</c> on a solution and most IDEs start several suites at once, as many as there are processors, and no setting in the repository tells them not to. Suites measure memory, overload
/// servers and wait for clusters, so they would disturb each other. Within a suite xunit uses every processor.
/// </remarks>
public sealed class SuiteTurn : IAsyncLifetime
{
    private const string HeldVariable = "REC_TEST_TURN_HELD", LimitVariable = "REC_TEST_SUITE_SECONDS";

    private static readonly TimeSpan askAgainPeriod = TimeSpan.FromMilliseconds(100);

    private FileStream? _turn;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        // A test of the suite whose turn it is has started this program again.
        if (Environment.GetEnvironmentVariable(HeldVariable) is null)
        {
            string outputs = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", ".."));
            _turn = await Wait(Path.Combine(outputs, "suite-turn.lock"));
            Environment.SetEnvironmentVariable(HeldVariable, "1");
        }
        if (int.TryParse(Environment.GetEnvironmentVariable(LimitVariable), CultureInfo.InvariantCulture, out int seconds))
            EndAfter(TimeSpan.FromSeconds(seconds));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _turn?.DisposeAsync() ?? ValueTask.CompletedTask;

    // The system gives the lock back however its holder ends. It offers no wait for it, so it is asked.
    private static async Task<FileStream> Wait(string path)
    {
        for (bool isFirst = true; ; isFirst = false)
        {
            try
            {
                return new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path))
            {
                if (isFirst)
                    await Console.Error.WriteLineAsync("Another suite of this checkout is running; this one waits for its end.");
                await Task.Delay(askAgainPeriod);
            }
        }
    }

    // A thread of its own: a suite may stand still because the pool has no thread left.
    private static void EndAfter(TimeSpan limit) => new Thread(() =>
    {
        Thread.Sleep(limit);
        Environment.FailFast($"The suite ran longer than {limit.TotalSeconds} seconds.");
    })
    { IsBackground = true, Name = "suite limit" }.Start();
}
