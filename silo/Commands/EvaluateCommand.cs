using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using OrleansRec.Contracts;
using OrleansRec.Model;
using OrleansRec.Model.Evaluation;
using OrleansRec.Model.Sequence;
using OrleansRec.Silo.Evaluation;
using OrleansRec.Silo.Hosting;
using OrleansRec.Silo.Import;

namespace OrleansRec.Silo.Commands;

/// <summary>
/// evaluate: trains on one file and measures on another, through the grains, in memory; or puts every model side by side, offline; or measures a sequence model on one file, leaving one item out.
/// </summary>
internal static class EvaluateCommand
{
    public static Command Make()
    {
        var train = new Option<string?>("--train") { Description = "File to train on; not with --reference.", HelpName = "FILE" };
        var test = new Option<string?>("--test") { Description = "File to measure on; not with --split.", HelpName = "FILE" };
        var kind = new Option<string?>("--kind") { Description = "als, or sequence: with --format sequences and --split leave-one-out.", HelpName = "KIND" };
        var includeSeen = new Option<bool>("--include-seen") { Description = "Leave items that a user has had in the list (--kind sequence)." };
        var candidates = new Option<string?>("--candidates")
        {
            Description = "Rank only these: each line user, held-out item and sampled negatives, tab-separated.", HelpName = "FILE",
        };
        var (format, columns, json) = (CommandOptions.Format(), CommandOptions.Columns(), CommandOptions.Json());
        var shards = new Option<int>("--shards") { Description = "Shards of each side.", DefaultValueFactory = _ => 4, HelpName = "P" };
        var workers = new Option<int>("--workers") { Description = "Threads that train; 0: one for each processor.", HelpName = "W" };
        var (plan, compare) = (new PlanOptions(), new CompareOptions());
        var command = new Command("evaluate", "Train on one file, measure on another, beside popularity.").Does(async (parsed, cancellation) =>
        {
            var request = plan.Read(parsed);
            var output = new CommandOutput(parsed.GetValue(json));
            int workerCount = CommandOptions.InRange("workers", parsed.GetValue(workers), 0, 1024);
            int threads = workerCount == 0 ? Environment.ProcessorCount : workerCount;
            if (IsSequence(parsed.GetValue(kind), parsed.GetValue(compare.Split), parsed.GetValue(format), parsed.GetValue(test)))
            {
                var file = SequenceFile.Read(Given(train, "train"));
                var options = new SequenceOptions { Seed = request.Seed ?? 1 };
                await SequenceEvaluation.Run(file, options, threads, !parsed.GetValue(includeSeen), output, cancellation);
                return ExitCodes.Done;
            }
            var map = ImportColumns.Parse(parsed.GetValue(columns));
            bool isExplicit = request.Objective == "explicit";
            ImportPlan FileOf(string path) => new(
                path, parsed.GetValue(format) is { } name ? ImportFormats.Parse(name) : null, map, isExplicit ? EventTypeRules.Rating : null, 1);
            if (compare.IsAsked(parsed))
                return await compare.Run(parsed, PairsOf, parsed.GetValue(train), parsed.GetValue(test), request, threads, output, cancellation);
            async Task<IReadOnlyList<Interaction>> PairsOf(string path) => parsed.GetValue(format) == SequenceFile.FormatName
                ? SequenceFile.Read(path).ToPairs() : await OfflineRun.Read(FileOf(path), output, cancellation);
            string Given(Option<string?> file, string name) => parsed.GetValue(file) ?? throw new BadInputException(name, "", "must be given");
            var evaluation = new EvaluationPlan(
                FileOf(Given(train, "train")), FileOf(Given(test, "test")), parsed.GetValue(candidates), request,
                new ShardMap(CommandOptions.InRange("shards", parsed.GetValue(shards), 1, Buckets.Count), parsed.GetValue(shards)),
                workerCount, isExplicit);
            Show(await Run(evaluation, output, cancellation), output);
            return ExitCodes.Done;
        }, train, test, candidates, format, columns, shards, workers, json, kind, includeSeen);
        plan.AddTo(command);
        compare.AddTo(command);
        return command;
    }

    // A sequence model has one split and one layout; anything else with it is a mistake that would be ignored silently.
    private static bool IsSequence(string? kind, string? split, string? format, string? test)
    {
        if (kind is not (null or "als" or "sequence"))
            throw new BadInputException("kind", kind, "must be als or sequence");
        if (kind != "sequence")
            return false;
        if (format != SequenceFile.FormatName)
            throw new BadInputException("format", format ?? "", $"must be {SequenceFile.FormatName} with --kind sequence");
        if (split != SplitChoice.LeaveOneOut)
            throw new BadInputException("split", split ?? "", $"must be {SplitChoice.LeaveOneOut} with --kind sequence");
        return test is null ? true : throw new BadInputException("test", test, "must be absent with --kind sequence");
    }

    private sealed record EvaluationPlan(
        ImportPlan Train, ImportPlan Test, string? Candidates, Api.TrainingRequest Request, ShardMap Shards, int Workers, bool IsExplicit);

    private static async Task<JsonObject> Run(EvaluationPlan plan, CommandOutput output, CancellationToken cancellation)
    {
        var candidates = plan.Candidates is null ? null : CandidateFile.Read(plan.Candidates);
        await using var cluster = await LocalCluster.InMemory(plan.Shards, plan.Workers, cancellation);
        var train = new CollectingSink(new ShardSink(cluster.Grains, cluster.Shards));
        Tell(await ImportCommand.Run(plan.Train, train, EventTypeRules.Default, null, output, cancellation), plan.Train.Path);
        var test = new CollectingSink(new DrySink());
        Tell(await ImportCommand.Run(plan.Test, test, EventTypeRules.Default, null, output, cancellation), plan.Test.Path);
        if (train.Events.Count == 0 || test.Events.Count == 0)
            throw new BadInputException(train.Events.Count == 0 ? "train" : "test", train.Events.Count == 0 ? plan.Train.Path : plan.Test.Path, "must hold at least one good line");
        var (training, model) = await TrainCommand.Run(cluster.Recommender, plan.Request, output, cancellation);
        var quality = new Quality(cluster.Recommender, Pairs.Of(train.Events, plan.IsExplicit), plan.IsExplicit, typesExclude: true);
        var figures = await output.Progress("measuring", report => quality.Measure(Pairs.Of(test.Events, plan.IsExplicit), candidates, report, cancellation));
        using var process = Process.GetCurrentProcess();
        var json = figures.ToJson();
        json["secondsPerSweep"] = training.SweepSeconds.Average();
        json["peakMemoryMB"] = Math.Round(process.PeakWorkingSet64 / 1048576.0, 1);
        json["factorsHash"] = model.FactorsHash;
        json["losses"] = new JsonArray([.. model.Losses.Select(loss => JsonValue.Create(loss))]);
        return json;
    }

    private static void Tell(ImportReport report, string path)
    {
        foreach (var (reason, count) in report.Rejected)
            CommandOutput.Note($"{path}: {count.Count} lines left out: {reason} (first: line {count.FirstLine})");
    }

    private static void Show(JsonObject figures, CommandOutput output)
    {
        output.Object(figures);
        var popularity = figures["popularity"]!.AsObject();
        output.Table(["figure", "model", "popularity"], figures
            .Where(f => f.Value is JsonValue value && value.GetValueKind() == System.Text.Json.JsonValueKind.Number)
            .Select(f => new[] { f.Key, Text(f.Value), Text(popularity[f.Key]) }));
        output.Line($"factors {figures["factorsHash"]}");
    }

    // By its text: a node made of an int does not give a double.
    private static string Text(JsonNode? number) => number is null ? ""
        : double.Parse(number.ToJsonString(), CultureInfo.InvariantCulture).ToString("0.####", CultureInfo.InvariantCulture);
}
