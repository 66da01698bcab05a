using System.Diagnostics;
using OrleansRec.Bench.Goals;
using OrleansRec.Bench.Http;
using OrleansRec.Bench.Kernels;
using OrleansRec.Model.Sequence;
using OrleansRec.Model.Sequence.Serving;
using OrleansRec.Model.Sequence.Training;
using OrleansRec.Tests.Shared;
using static System.FormattableString;

namespace OrleansRec.Bench.Sequences;

/// <summary>
/// The sequence model: epochs on one thread and on two, in turns with the bare multiply-add loop; one more event, and a history that is cold; and an event with the fresh list of a blend beside one with the list of the factors.
/// </summary>
internal sealed class SequenceBench : IBenchSection
{
    private const int Point = 10;

    private const int EpochAttempts = 5, EncodeAttempts = 9, RateAttempts = 7, Connections = 64;

    private const double PeakGoal = 0.25, TwoThreadsGoal = 1.8, AppendGoalMs = 0.060, ColdGoalMs = 0.600, HybridGoal = 0.7;

    private static readonly TimeSpan measured = TimeSpan.FromSeconds(3);

    public string Name => "sequences";

    public IReadOnlyList<int> Points { get; } = [Point];

    public async Task Measure(BenchRun run)
    {
        Epochs(run);
        Encoding(run);
        await Hybrid(run);
    }

    private static void Epochs(BenchRun run)
    {
        var options = new SequenceOptions();
        SequenceRows rows = SequenceShape.Make(seed: 1);
        double flops = SequenceShape.UsefulFlops(rows, options);
        SequenceTrainer one = Warm(rows, options, workers: 1), two = Warm(rows, options, workers: 2);
        EpochTurn[] turns = [.. Enumerable.Range(0, EpochAttempts).Select(_ => new EpochTurn(MultiplyAddLoop.Rate(1), Seconds(one), MultiplyAddLoop.Rate(2), Seconds(two)))];
        run.Add(Goal.AtLeast(Point, Invariant($"epoch of a sequence model, d = {options.Width}, n = {options.Length}, {SequenceShape.Name}, 1 thread: useful operations of the FMA peak"), PeakGoal,
            Attempts.Of(turns, t => flops / t.One / t.LoopOne), GoalUnit.Share, Attempts.Of(turns, t => t.One).Text("0.00", " s")));
        if (Environment.ProcessorCount < 2)
            return;
        Attempts gain = Attempts.Of(turns, t => t.One / t.Two), loop = Attempts.Of(turns, t => t.LoopTwo / t.LoopOne);
        run.Add(Goal.AtLeast(Point, "epoch of a sequence model: what 2 threads give over 1, where they give the bare loop twice", TwoThreadsGoal, gain.Over(loop).Times(2), GoalUnit.Times,
            Invariant($"{gain.Text("0.00")} and {loop.Text("0.00")} times")));
    }

    private static SequenceTrainer Warm(SequenceRows rows, SequenceOptions options, int workers)
    {
        var trainer = new SequenceTrainer(SequenceTrainingState.Start(options, rows.ItemCount), rows, PartRunners.On(workers));
        trainer.RunEpoch();
        return trainer;
    }

    private static double Seconds(SequenceTrainer trainer)
    {
        long start = Stopwatch.GetTimestamp();
        trainer.RunEpoch();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static void Encoding(BenchRun run)
    {
        var options = new SequenceOptions { Blocks = 2 };
        var encoder = new SequenceEncoder(SequenceParameters.Start(options, itemCount: 20_000));
        var (history, scratch) = (encoder.CreateHistory(), encoder.CreateScratch());
        int[] items = [.. Enumerable.Range(0, options.Length).Select(n => n * 7)];
        // The window grows from half to whole, so that no event of these encodes it anew.
        int half = options.Length / 2;
        double Append()
        {
            encoder.Encode(items.AsSpan(0, half), history, scratch);
            long start = Stopwatch.GetTimestamp();
            foreach (int item in items.AsSpan(half))
                encoder.Append(item, history, scratch);
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds / (options.Length - half);
        }
        double Cold()
        {
            long start = Stopwatch.GetTimestamp();
            encoder.Encode(items, history, scratch);
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
        double MedianOf(Func<double> measure) => Attempts.Of(201, measure).Median;
        MedianOf(Append);
        MedianOf(Cold);
        run.Add(Goal.AtMost(Point, "one more event encoded, d = 64, L = 2, in the second half of a window of 50", AppendGoalMs * 1e3, Attempts.Of(EncodeAttempts, () => MedianOf(Append)).Times(1e3), GoalUnit.Microseconds));
        run.Add(Goal.AtMost(Point, "a cold history of 50 events encoded, d = 64, L = 2", ColdGoalMs * 1e3, Attempts.Of(EncodeAttempts, () => MedianOf(Cold)).Times(1e3), GoalUnit.Microseconds));
    }

    private static async Task Hybrid(BenchRun run)
    {
        using BenchShop alone = await BenchShop.Make(), both = await BenchShop.Make(more: ["--kind", "both", "--epochs", "2", "--patience", "1"]);
        await using ProductProcess factors = await ProductProcess.Serve(alone.DataFolder), blend = await ProductProcess.Serve(both.DataFolder);
        using (var http = new HttpClient { BaseAddress = blend.Address })
        {
            // Where the learning found nothing better than the factors, lists would be theirs: here the blend is given.
            using var scenario = new StringContent("""{"parts": [{"name": "als", "weight": 1}, {"name": "sequence", "weight": 1}]}""", System.Text.Encoding.UTF8, "application/json");
            (await http.PutAsync(new Uri("/v1/scenarios/blend", UriKind.Relative), scenario)).EnsureSuccessStatusCode();
        }
        LoadTurns turns = await Task.Run(() =>
        {
            using ShopLoad other = new(factors.Address, Connections, r => r.EventThenList), own = new(blend.Address, Connections, r => r.EventThenBlendedList);
            return LoadTurns.Measure(own, other, RateAttempts, measured);
        });
        run.Add(Goal.AtLeast(Point, Invariant($"event with fresh list of a blend of factors and sequence model over HTTP, {BenchShop.Shape.Items:N0} items, over an event with the fresh list of the factors"), HybridGoal,
            turns.Ratios, GoalUnit.Share, Invariant($"{turns.Text} over {Connections} connections")));
    }

    /// <summary>One attempt: operations a second of the bare loop, and seconds of an epoch.</summary>
    private sealed record EpochTurn(double LoopOne, double One, double LoopTwo, double Two);
}
