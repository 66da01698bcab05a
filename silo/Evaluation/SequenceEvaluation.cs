using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using OrleansRec.Model.Sequence;
using OrleansRec.Model.Sequence.Baselines;
using OrleansRec.Model.Sequence.Evaluation;
using OrleansRec.Model.Sequence.Training;
using OrleansRec.Silo.Commands;

namespace OrleansRec.Silo.Evaluation;

/// <summary>evaluate --kind sequence: leave-one-out over a file of sequences, in this process, without a cluster.</summary>
internal static class SequenceEvaluation
{
    public static async Task Run(SequenceFile file, SequenceOptions options, int workers, bool leavesSeenOut, CommandOutput output, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var losses = new JsonArray();
        var seconds = new List<double>();
        var result = await output.Progress("training", report => Task.Run(
            () => LeaveOneOut.Run(options, file.Rows, leavesSeenOut, PartRunners.On(workers), epoch => Tell(epoch, options, losses, seconds, watch, report), cancellation), cancellation));
        if (result.Failure is { } failure)
            throw new InvalidOperationException($"The training failed. {failure}");
        Show(result, Baselines(file.Rows, leavesSeenOut), options, losses, seconds, watch.Elapsed, output);
    }

    private static void Tell(LeaveOneOutEpoch epoch, SequenceOptions options, JsonArray losses, List<double> seconds, Stopwatch watch, Action<double, string> report)
    {
        seconds.Add(watch.Elapsed.TotalSeconds);
        losses.Add(epoch.Training.Loss);
        string held = epoch.HeldOut is { } figures ? $", held out: recall@10 {Text(figures.Recall)}, NDCG@10 {Text(figures.Ndcg)}" : ", on all but the last items";
        report((double)epoch.Training.Epoch / options.Epochs, $"epoch {epoch.Training.Epoch}, loss {Text(epoch.Training.Loss)}{held}");
    }

    // On the last items, from all before them.
    private static (string Name, HeldOutFigures Figures)[] Baselines(SequenceRows rows, bool leavesSeenOut)
    {
        var train = rows.WithoutLast(1);
        int[] held = LeaveOneOut.HeldOut(rows, 1);
        (string, ISequenceBaseline)[] all = [("lastItemNeighbours", new LastItemNeighbours(train)), ("transitions", new FirstOrderTransitions(train)), ("sessionNeighbours", new SessionNeighbours(train))];
        return Array.ConvertAll(all, b => (b.Item1, HeldOutFigures.Of(BaselineRanking.Ranks(b.Item2, train, held, leavesSeenOut))));
    }

    private static void Show(
        LeaveOneOutResult result, (string Name, HeldOutFigures Figures)[] baselines, SequenceOptions options, JsonArray losses, List<double> seconds, TimeSpan elapsed, CommandOutput output)
    {
        var test = result.Test!.Value;
        using var process = Process.GetCurrentProcess();
        output.Object(new JsonObject
        {
            ["users"] = test.Users, ["recall@10"] = test.Recall, ["ndcg@10"] = test.Ndcg, ["epochs"] = result.Epochs, ["seed"] = options.Seed,
            ["heldOut"] = Figures(result.Chosen),
            ["baselines"] = new JsonObject(baselines.Select(b => KeyValuePair.Create(b.Name, (JsonNode?)Figures(b.Figures)))),
            ["secondsPerEpoch"] = seconds[^1] / seconds.Count, ["seconds"] = elapsed.TotalSeconds, ["peakMemoryMB"] = Math.Round(process.PeakWorkingSet64 / 1048576.0, 1), ["losses"] = losses,
        });
        output.Table(["lists of", "measured on", "users", "recall@10", "ndcg@10"],
        [
            Row("model", "last item", test), Row("model", "item before", result.Chosen), .. baselines.Select(b => Row(b.Name, "last item", b.Figures)),
        ]);
        output.Line($"{result.Epochs} epochs in {elapsed.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)} s");
    }

    private static JsonObject Figures(HeldOutFigures figures) => new() { ["recall@10"] = figures.Recall, ["ndcg@10"] = figures.Ndcg };

    private static string[] Row(string name, string on, HeldOutFigures figures) => [name, on, $"{figures.Users}", Text(figures.Recall), Text(figures.Ndcg)];

    private static string Text(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
