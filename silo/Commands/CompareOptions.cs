using System.CommandLine;
using System.Text.Json.Nodes;
using OrleansRec.Api;
using OrleansRec.Model;
using OrleansRec.Model.Content;
using OrleansRec.Model.Evaluation;
using OrleansRec.Silo.Evaluation;
using OrleansRec.Silo.Evaluation.Report;
using OrleansRec.Silo.Import;

namespace OrleansRec.Silo.Commands;

/// <summary>The options of evaluate that put every model and the hybrid side by side, offline.</summary>
internal sealed class CompareOptions
{
    private const int SeedsMax = 20, TrialsMax = 10_000, FoldsMax = 100;

    private readonly Option<string?> _split = new("--split")
    {
        Description = $"Split --train instead of reading --test, and compare every model: {string.Join(", ", SplitChoice.Kinds)}.", HelpName = "KIND",
    };
    private readonly Option<bool> _models = new("--models") { Description = "Compare every model and the hybrid on --train and --test." };
    private readonly Option<double> _share = new("--share") { Description = "Share of each user's items to test on.", DefaultValueFactory = _ => 0.2, HelpName = "S" };
    private readonly Option<int> _folds = new("--folds") { Description = "Folds of k-fold.", DefaultValueFactory = _ => 5, HelpName = "N" };
    private readonly Option<int> _seeds = new("--seeds") { Description = "Seeds of the factorisation to average over: 1 to N.", DefaultValueFactory = _ => 1, HelpName = "N" };
    private readonly Option<string?> _titles = new("--titles") { Description = "CSV file with a column of items and one of titles; category and brand too.", HelpName = "FILE" };
    private readonly Option<int> _alsTrials = new("--als-trials") { Description = "Trials that search the factorisation, where no option of it is given.", DefaultValueFactory = _ => 13, HelpName = "N" };
    private readonly Option<int> _blendTrials = new("--blend-trials") { Description = "Trials around the learned weights of the hybrid.", DefaultValueFactory = _ => 40, HelpName = "N" };
    private readonly Option<bool> _newItems = new("--new-items") { Description = "Also hide a tenth of the items, and rank them by content; needs --titles." };
    private readonly Option<string?> _report = new("--report") { Description = "Folder for report.md and report.html.", HelpName = "FOLDER" };

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _split, _models, _share, _folds, _seeds, _titles, _alsTrials, _blendTrials, _newItems, _report })
            command.Add(option);
    }

    /// <summary>Whether a comparison is asked for.</summary>
    public bool IsAsked(ParseResult parsed) => parsed.GetValue(_split) is not null || parsed.GetValue(_models);

    /// <summary>Compares and tells.</summary>
    public async Task<int> Run(ParseResult parsed, ImportPlan train, ImportPlan? test, TrainingRequest request, int workers, CommandOutput output, CancellationToken cancellation)
    {
        var asked = Read(parsed, request);
        if (asked.Split is null && test is null)
            throw new BadInputException("test", "", "must be given, or --split");
        if (request.Objective == "explicit")
            throw new BadInputException("objective", "explicit", "must be implicit to compare models");
        var content = asked.Titles is null ? [] : TitleFile.Read(asked.Titles);
        var trained = await OfflineRun.Read(train, output, cancellation);
        var choice = asked.Split is { } kind ? new SplitChoice(kind, asked.Share, asked.Folds, asked.Seed)
            : new SplitChoice(SplitChoice.HasTimes(trained) ? "time" : "random", asked.Share, asked.Folds, asked.Seed);
        IReadOnlyList<SplitParts> splits = asked.Split is null ? [new(trained, await OfflineRun.Read(test!, output, cancellation))] : choice.Of(trained);
        var told = new JsonArray();
        for (int fold = 0; fold < splits.Count; fold++)
        {
            var parts = splits[fold];
            string title = splits.Count == 1 ? Path.GetFileName(train.Path) : $"{Path.GetFileName(train.Path)}, fold {fold + 1} of {splits.Count}";
            var als = asked.Als ?? FactorSearch.Best(choice.Inner(parts.Train), asked.AlsTrials, asked.Seed, workers, null, CommandOutput.Note);
            var comparison = await Task.Run(() => Comparison.Of(
                parts, new() { Als = [als], Content = content, InnerSplit = choice.Inner, Seeds = [.. Enumerable.Range(1, asked.Seeds)], BlendTrials = asked.BlendTrials, Workers = workers }, CommandOutput.Note), cancellation);
            var news = asked.NewItems ? OfflineRun.NewItemsOf(parts, choice.Inner, content, als, workers) : null;
            told.Add(Tell(title, comparison, news, asked, splits.Count == 1 ? "" : $"-{fold + 1}", output));
        }
        output.Object(splits.Count == 1 ? told[0]! : new JsonObject { ["folds"] = told });
        return ExitCodes.Done;
    }

    private static JsonObject Tell(string title, Comparison comparison, NewItems? news, Asked asked, string suffix, CommandOutput output)
    {
        output.Line(title);
        output.Table(ComparisonReport.Header, ComparisonReport.Rows(comparison));
        output.Line(ComparisonReport.Verdict(comparison));
        if (news is not null)
            output.Line(ComparisonReport.Text(news));
        var json = ComparisonReport.Json(comparison);
        if (news is not null)
            json["newItems"] = ComparisonReport.Json(news);
        if (asked.Report is null)
            return json;
        Directory.CreateDirectory(asked.Report);
        File.WriteAllText(Path.Combine(asked.Report, $"report{suffix}.md"), ComparisonReport.Markdown(title, comparison, news));
        File.WriteAllText(Path.Combine(asked.Report, $"report{suffix}.html"), ComparisonReport.Html(title, comparison, news));
        return json;
    }

    private Asked Read(ParseResult parsed, TrainingRequest request)
    {
        string? split = parsed.GetValue(_split);
        if (split is not null && !SplitChoice.Kinds.Contains(split))
            throw new BadInputException("split", split, $"must be one of {string.Join(", ", SplitChoice.Kinds)}");
        double share = parsed.GetValue(_share);
        if (share is not (> 0 and < 1))
            throw new BadInputException("share", share.ToString(System.Globalization.CultureInfo.InvariantCulture), "must be above 0 and below 1");
        if (parsed.GetValue(_newItems) && parsed.GetValue(_titles) is null)
            throw new BadInputException("titles", "", "must be given with --new-items");
        return new(
            split, share, CommandOptions.InRange("folds", parsed.GetValue(_folds), 2, FoldsMax), CommandOptions.InRange("seeds", parsed.GetValue(_seeds), 1, SeedsMax), request.Seed ?? 1,
            parsed.GetValue(_titles), FactorSearch.Given(request), CommandOptions.InRange("als-trials", parsed.GetValue(_alsTrials), 1, TrialsMax),
            CommandOptions.InRange("blend-trials", parsed.GetValue(_blendTrials), 0, TrialsMax), parsed.GetValue(_newItems), parsed.GetValue(_report));
    }

    private sealed record Asked(
        string? Split, double Share, int Folds, int Seeds, int Seed, string? Titles, AlsOptions? Als, int AlsTrials, int BlendTrials, bool NewItems, string? Report);
}
