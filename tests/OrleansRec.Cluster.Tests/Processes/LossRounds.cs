using System.Globalization;
using System.Text;
using OrleansRec.Api;
using OrleansRec.Client;
using OrleansRec.Tests.Shared;

namespace OrleansRec.Cluster.Tests.Processes;

/// <summary>Rounds in which a silo goes and comes back while shops read and write and one model is trained after another; and the table of what came of it.</summary>
internal sealed class LossRounds(ProcessCluster cluster, int seed, long requestsMin)
{
    // What a shop bears: from the loss of a silo to the answer of the request that met it.
    public static readonly TimeSpan GapMax = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan roundTimeout = TimeSpan.FromMinutes(5);

    private readonly ShopLoad load = new(cluster, seed);
    private readonly StringBuilder table = new("| round | silo | coordinator | requests | longest request, s | nobody answered, s |\n|---|---|---|---|---|---|\n");

    /// <summary>The longest time that a request took, with all its attempts.</summary>
    public TimeSpan Longest { get; private set; }

    /// <summary>What went wrong, at most some of each kind; empty is good.</summary>
    public IReadOnlyList<string> Violations => [.. load.Failed.Select(f => $"failed: {f}"), .. load.Wrong.Select(w => $"wrong: {w}")];

    /// <summary>One line a round, and the sums.</summary>
    public string Table => table.ToString();

    /// <summary>Runs the rounds.</summary>
    /// <param name="rounds">Which silos go; null for the one with the coordinator.</param>
    /// <param name="lose">Ends a silo, and returns when its process has ended.</param>
    public async Task Run(IReadOnlyList<int?> rounds, Func<int, Task> lose)
    {
        await load.Prepare();
        await Train(wait: true);
        using var stop = new CancellationTokenSource();
        Task running = load.Run();
        Task<(int Started, long Published)> training = KeepTraining(stop.Token);
        long each = requestsMin / (rounds.Count + 1);
        await Reached(each, running);
        Line("before", "", "");
        for (int round = 0; round < rounds.Count; round++)
        {
            int coordinator = await cluster.Coordinator();
            int silo = rounds[round] ?? coordinator;
            await lose(silo);
            // Half of the round without the silo, half with it.
            await Reached(load.Requests + each / 2, running);
            await cluster.StartAgain(silo);
            await Reached(Math.Max(load.Requests + each / 4, (round + 2) * each), running);
            Line(Text(round + 1), Text(silo), silo == coordinator ? "yes" : "no");
        }
        load.End();
        await running.Within(roundTimeout, "the last requests");
        await stop.CancelAsync();
        (int started, long published) = await training.Within(roundTimeout, "the last training");
        await load.CheckExports();
        table.Append(CultureInfo.InvariantCulture, $"{load.Requests:N0} requests: {load.FailedCount} failed, {load.WrongCount} wrong; {load.Acknowledged:N0} events acknowledged, of them lost: see wrong; ")
            .Append(CultureInfo.InvariantCulture, $"longest request {Longest.TotalSeconds:0.0} s; {started} trainings started, model {published} published\n");
    }

    private void Line(string round, string silo, string coordinator)
    {
        TimeSpan longest = load.TakeLongest(), gap = load.TakeLongestGap();
        Longest = longest > Longest ? longest : Longest;
        table.Append(CultureInfo.InvariantCulture, $"| {round} | {silo} | {coordinator} | {load.Requests:N0} | {longest.TotalSeconds:0.0} | {gap.TotalSeconds:0.0} |\n");
    }

    private async Task Reached(long requests, Task running)
    {
        using var timeout = new CancellationTokenSource(roundTimeout);
        while (load.Requests < requests)
        {
            if (running.IsCompleted)
                await running;
            await Task.Delay(20, timeout.Token);
        }
    }

    private async Task<long> Train(bool wait)
    {
        using RecommenderClient client = cluster.Client();
        long version = (await client.StartTrainingAsync(new() { Rank = 16, Sweeps = 6 })).Version;
        using var timeout = new CancellationTokenSource(roundTimeout);
        while (wait && (await client.ListModelsAsync(timeout.Token)).Current < version)
            await Task.Delay(100, timeout.Token);
        return version;
    }

    /// <summary>One training after another, whatever happens to the silos.</summary>
    private async Task<(int Started, long Published)> KeepTraining(CancellationToken stop)
    {
        using RecommenderClient client = cluster.Client();
        int started = 0;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if ((await client.StartTrainingAsync(new() { Rank = 16, Sweeps = 6 }, stop)).Started)
                    started++;
                await Task.Delay(100, stop);
            }
            catch (Exception e) when (e is RecommenderException or OperationCanceledException)
            {
                // Starting a training is not made twice by the gateway; here it is asked again.
            }
        }
        return (started, (await client.ListModelsAsync(CancellationToken.None)).Current);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
