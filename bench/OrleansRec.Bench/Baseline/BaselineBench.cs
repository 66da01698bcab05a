using OrleansRec.Bench.Goals;
using OrleansRec.Bench.Http;
using OrleansRec.Tests.Shared;
using static System.FormattableString;

namespace OrleansRec.Bench.Baseline;

/// <summary>The product beside an earlier commit's build of it, on the same data, under the same load in turns.</summary>
internal sealed class BaselineBench : IBenchSection
{
    private const int Connections = 64;

    private const int RateAttempts = 5;

    /// <summary>The least ratio of the present rate to the earlier one.</summary>
    private const double Wanted = 1.5;

    private static readonly TimeSpan measured = TimeSpan.FromSeconds(3);

    public string Name => "baseline";

    public IReadOnlyList<int> Points { get; } = [5];

    public async Task Measure(BenchRun run)
    {
        var (program, missing) = await BaselineBuild.Make();
        if (program is null)
        {
            run.Say($"baseline: not measured, {missing}");
            return;
        }
        // Each makes its own data folder: their formats may differ.
        using BenchShop shop = await BenchShop.Make(), earlierShop = await BenchShop.Make(program);
        await using ProductProcess server = await ProductProcess.Serve(shop.DataFolder), earlier = await ProductProcess.Serve(earlierShop.DataFolder, program: program);
        await Task.Run(() =>
        {
            // Lists before events, so that a user's list stays what it is.
            Add(run, earlier.Address, server.Address, Invariant($"list of ten over HTTP, any of {BenchShop.Shape.Users:N0} users, no events meanwhile"), r => r.List);
            Add(run, earlier.Address, server.Address, "event with fresh list over HTTP", r => r.EventThenList);
        });
    }

    private static void Add(BenchRun run, Uri earlier, Uri server, string request, Func<ShopRequests, RequestWriter> write)
    {
        using ShopLoad other = new(earlier, Connections, write), own = new(server, Connections, write);
        LoadTurns turns = LoadTurns.Measure(own, other, RateAttempts, measured);
        run.Add(Goal.AtLeast(5, Invariant($"{request}, over commit {BaselineBuild.Commit} on Orleans"), Wanted, turns.Ratios, GoalUnit.Times, Invariant($"{turns.Text} over {Connections} connections")));
    }
}
