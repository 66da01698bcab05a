using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using OrleansRec.Model;
using OrleansRec.Model.Evaluation;
using OrleansRec.Model.Hybrid;
using OrleansRec.Silo.Evaluation;
using OrleansRec.Silo.Import;

namespace OrleansRec.Silo.Commands;

/// <summary>tune: searches the factorisation's options, and blend weights, on an inner split of the training file.</summary>
internal static class TuneCommand
{
    private const int TrialsMax = 10_000;

    public static Command Make()
    {
        var train = new Option<string>("--train") { Description = "File to train on; an inner split of it chooses.", Required = true, HelpName = "FILE" };
        var test = new Option<string?>("--test") { Description = "File that the winner is scored on, once.", HelpName = "FILE" };
        var (format, columns, json) = (CommandOptions.Format(), CommandOptions.Columns(), CommandOptions.Json());
        var split = new Option<string?>("--split") { Description = $"The inner split: {string.Join(", ", SplitChoice.Kinds[..3])}; by default time where the file has times.", HelpName = "KIND" };
        var trials = new Option<int>("--trials") { Description = "Trials at most.", DefaultValueFactory = _ => 40, HelpName = "N" };
        var seed = new Option<int>("--seed") { Description = "Seed of candidates and splits.", DefaultValueFactory = _ => 1, HelpName = "S" };
        var journal = new Option<string?>("--journal") { Description = "File of trials: a search that was cut off goes on from it.", HelpName = "FILE" };
        var blend = new Option<bool>("--blend") { Description = "Then search the blend weights of all models, as many trials again." };
        var workers = new Option<int>("--workers") { Description = "Threads; 0: one for each processor.", HelpName = "W" };
        return new Command("tune", "Search rank, λ, ν, α or α0, the half-life of a past, and blend weights, by successive halving.").Does(async (parsed, cancellation) =>
        {
            var output = new CommandOutput(parsed.GetValue(json));
            var map = ImportColumns.Parse(parsed.GetValue(columns));
            ImportPlan FileOf(string path) => new(path, parsed.GetValue(format) is { } name ? ImportFormats.Parse(name) : null, map, null, 1);
            if (parsed.GetValue(split) is { } kind && !SplitChoice.Kinds[..3].Contains(kind))
                throw new BadInputException("split", kind, $"must be one of {string.Join(", ", SplitChoice.Kinds[..3])}");
            int threads = CommandOptions.InRange("workers", parsed.GetValue(workers), 0, 1024), count = CommandOptions.InRange("trials", parsed.GetValue(trials), 1, TrialsMax);
            var trained = await OfflineRun.Read(FileOf(parsed.GetRequiredValue(train)), output, cancellation);
            var tested = parsed.GetValue(test) is { } path ? await OfflineRun.Read(FileOf(path), output, cancellation) : null;
            var choice = new SplitChoice(parsed.GetValue(split) ?? (SplitChoice.HasTimes(trained) ? "time" : "random"), 0.2, 2, parsed.GetValue(seed));
            var answer = await Task.Run(() => Tune(
                new(trained, tested ?? []), choice, count, threads == 0 ? Environment.ProcessorCount : threads, parsed.GetValue(journal), parsed.GetValue(blend)), cancellation);
            output.Object(answer);
            output.Table(["what", "value"], answer.Select(p => new[] { p.Key, Text(p.Value) }));
            return ExitCodes.Done;
        }, train, test, format, columns, split, trials, seed, journal, blend, workers, json);
    }

    private static JsonObject Tune(SplitParts parts, SplitChoice choice, int trials, int workers, string? journalPath, bool withBlend)
    {
        var inner = choice.Inner(parts.Train);
        string search = $"{parts.Train.Count} pairs, split {choice.Kind}, seed {choice.Seed}, {trials} trials";
        var journal = journalPath is null ? null : TrialJournal.Open(journalPath, search);
        var found = FactorSearch.Best(inner, trials, choice.Seed, withHalfLife: true, workers, journal, CommandOutput.Note);
        var best = found.Options;
        var answer = new JsonObject
        {
            ["rank"] = best.Rank, ["lambda"] = best.Lambda, ["lambdaExponent"] = best.EffectiveLambdaExponent, ["sweeps"] = best.Sweeps,
            ["confidence"] = best.Confidence == Confidence.Unobserved ? FormattableString.Invariant($"unobserved={best.UnobservedWeight:0.####}") : "scaled", ["alpha"] = best.Alpha,
            ["halfLifeDays"] = found.HalfLifeDays,
        };
        if (parts.Test.Count > 0)
        {
            var set = OfflineSet.Of(parts);
            var lists = OfflineLists.Of(StandardFits.Factors(best, workers).Fit(set)(found.Reading), set, 20, workers);
            (answer["test ndcg@10"], answer["test recall@20"]) = (lists.Ndcg(set, 10).Average(), lists.Recall(set, 20).Average());
        }
        if (withBlend)
            answer["weights"] = Weights(OfflineSet.Of(inner), best, choice, trials, workers, journal);
        return answer;
    }

    private static JsonObject Weights(OfflineSet inner, AlsOptions als, SplitChoice choice, int trials, int workers, TrialJournal? journal)
    {
        var chosen = PartSearch.Choose(StandardFits.For(inner, new Dictionary<string, Model.Content.ItemFeatures>(), [als], workers), part => StandardFits.Readings(inner, part), inner, workers,
            c => CommandOutput.Note(FormattableString.Invariant($"{c.Fit.Part}: {c.Setting}: NDCG@10 {c.InnerNdcg:0.0000}")));
        IScorePart[] parts = [.. chosen.Select(c => c.Part)];
        var learned = BlendTraining.Learn(parts, inner, workers).Weights;
        int[] rungs = SuccessiveHalving.RungsOf(trials);
        var (best, value) = SuccessiveHalving.Run(
            BlendSearch.Candidates(learned, rungs[0], choice.Seed), BlendSearch.Text, rungs, (w, rung) => BlendSearch.Measure(w, parts, inner, rung, rungs.Length, workers),
            journal?.Trials ?? [], trial => journal?.Append(trial));
        // Cheap rungs can drop the learned weights by chance: they are measured once more on all users.
        if (value < BlendSearch.Measure(learned, parts, inner, 0, 1, workers))
            best = learned;
        return new(best.Weights.OrderBy(w => w.Key, StringComparer.Ordinal).Select(w => KeyValuePair.Create(w.Key, (JsonNode?)JsonValue.Create(w.Value))));
    }

    private static string Text(JsonNode? value) => value is JsonValue number && number.TryGetValue(out double d) ? d.ToString("0.######", CultureInfo.InvariantCulture) : value?.ToString() ?? "";
}
