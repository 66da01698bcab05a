using System.CommandLine;
using System.Text;
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

    private readonly Option<bool> _models = new("--models") { Description = "Compare every model and the hybrid on --train and --test." };
    private readonly Option<string?> _reference = new("--reference")
    {
        Description = $"Compare every model on the reference splits in a folder: {string.Join(", ", ReferenceFiles.Names)}.", HelpName = "FOLDER",
    };
    private readonly Option<double> _share = new("--share") { Description = "Share of each user's items to test on.", DefaultValueFactory = _ => 0.2, HelpName = "S" };
    private readonly Option<int> _folds = new("--folds") { Description = "Folds of k-fold.", DefaultValueFactory = _ => 5, HelpName = "N" };
    private readonly Option<int> _seeds = new("--seeds") { Description = "Seeds of the factorisation to average over: 1 to N.", DefaultValueFactory = _ => 1, HelpName = "N" };
    private readonly Option<string?> _titles = new("--titles") { Description = "CSV file with a column of items and one of titles; category and brand too.", HelpName = "FILE" };
    private readonly Option<int> _alsTrials = new("--als-trials") { Description = "Trials that search the factorisation, where no option of it is given.", DefaultValueFactory = _ => 13, HelpName = "N" };
    private readonly Option<int> _blendTrials = new("--blend-trials") { Description = "Trials around the learned weights of the hybrid.", DefaultValueFactory = _ => 13, HelpName = "N" };
    private readonly Option<bool> _newItems = new("--new-items") { Description = "Also hide a tenth of the items, and rank them by content; needs --titles." };
    private readonly Option<string?> _report = new("--report") { Description = "Folder for report.md, and a page with plots for each file and fold.", HelpName = "FOLDER" };

    /// <summary>How --train is split.</summary>
    public Option<string?> Split { get; } = new("--split")
    {
        Description = $"Split --train instead of reading --test, and compare every model: {string.Join(", ", SplitChoice.Kinds)}.", HelpName = "KIND",
    };

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { Split, _models, _reference, _share, _folds, _seeds, _titles, _alsTrials, _blendTrials, _newItems, _report })
            command.Add(option);
    }

    /// <summary>Whether a comparison is asked for.</summary>
    public bool IsAsked(ParseResult parsed) => parsed.GetValue(Split) is not null || parsed.GetValue(_models) || parsed.GetValue(_reference) is not null;

    /// <summary>Compares and tells.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="read">Reads the pairs of a file.</param>
    /// <param name="train">File to train on; null with --reference.</param>
    /// <param name="test">File to test on; null with --split and --reference.</param>
    /// <param name="request">The options of the factorisation.</param>
    /// <param name="workers">Threads.</param>
    /// <param name="output">Where it is told.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<int> Run(
        ParseResult parsed, Func<string, Task<IReadOnlyList<Interaction>>> read, string? train, string? test, TrainingRequest request, int workers, CommandOutput output, CancellationToken cancellation)
    {
        var asked = Read(parsed, request);
        if (request.Objective == "explicit")
            throw new BadInputException("objective", "explicit", "must be implicit to compare models");
        var told = new JsonObject();
        var page = new StringBuilder();
        foreach (var files in parsed.GetValue(_reference) is { } folder ? ReferenceFiles.In(folder) : [ReferenceFiles.Of(train, test, asked.Titles, asked.Split)])
            foreach (var found in await Compare(files, read, asked, workers, output, cancellation))
            {
                told[found.Title] = Tell(found, asked, output);
                page.Append(ComparisonReport.Markdown(found.Title, found.Comparison, found.News)).Append('\n');
            }
        output.Object(told.Count == 1 ? told.First().Value! : told);
        if (asked.Report is not null)
            await File.WriteAllTextAsync(Path.Combine(asked.Report, "report.md"), page.ToString(), cancellation);
        return ExitCodes.Done;
    }

    private static async Task<List<Found>> Compare(
        ReferenceFiles files, Func<string, Task<IReadOnlyList<Interaction>>> read, Asked asked, int workers, CommandOutput output, CancellationToken cancellation)
    {
        var content = files.Titles is null ? new Dictionary<string, ItemFeatures>() : TitleFile.Read(files.Titles);
        var trained = await read(files.Train);
        string kind = asked.Split ?? (SplitChoice.HasTimes(trained) ? "time" : "random");
        var choice = new SplitChoice(kind, asked.Share, asked.Folds, asked.Seed);
        IReadOnlyList<SplitParts> splits = files.Test is null ? choice.Of(trained) : [new(trained, await read(files.Test))];
        var found = new List<Found>();
        for (int fold = 0; fold < splits.Count; fold++)
        {
            var parts = splits[fold];
            string title = splits.Count == 1 ? files.Title : $"{files.Title}, fold {fold + 1} of {splits.Count}";
            CommandOutput.Note(title);
            var als = asked.Als ?? FactorSearch.Best(choice.Inner(parts.Train), asked.AlsTrials, asked.Seed, withHalfLife: false, workers, null, CommandOutput.Note).Options;
            var plan = new ComparisonPlan
            {
                Als = [als], Content = content, InnerSplit = choice.Inner, Seeds = [.. Enumerable.Range(1, asked.Seeds)], BlendTrials = asked.BlendTrials, Workers = workers,
            };
            var comparison = await Task.Run(() => Comparison.Of(parts, plan, CommandOutput.Note), cancellation);
            found.Add(new(title, comparison, asked.NewItems && content.Count > 0 ? OfflineRun.NewItemsOf(parts, choice.Inner, content, als, workers) : null));
        }
        return found;
    }

    private static JsonObject Tell(Found found, Asked asked, CommandOutput output)
    {
        output.Line(found.Title);
        output.Table(ComparisonReport.Header, ComparisonReport.Rows(found.Comparison));
        output.Line(ComparisonReport.Verdict(found.Comparison));
        var json = ComparisonReport.Json(found.Comparison);
        if (found.News is { } news)
        {
            output.Line(ComparisonReport.Text(news));
            json["newItems"] = ComparisonReport.Json(news);
        }
        if (asked.Report is not null)
        {
            Directory.CreateDirectory(asked.Report);
            File.WriteAllText(Path.Combine(asked.Report, $"{FileNameOf(found.Title)}.html"), ComparisonReport.Html(found.Title, found.Comparison, found.News));
        }
        return json;
    }

    private static string FileNameOf(string title) => string.Concat(title.Select(c => char.IsLetterOrDigit(c) ? char.ToLowerInvariant(c) : '-'));

    private Asked Read(ParseResult parsed, TrainingRequest request)
    {
        string? split = parsed.GetValue(Split);
        if (split is not null && !SplitChoice.Kinds.Contains(split))
            throw new BadInputException("split", split, $"must be one of {string.Join(", ", SplitChoice.Kinds)}");
        double share = parsed.GetValue(_share);
        if (share is not (> 0 and < 1))
            throw new BadInputException("share", share.ToString(System.Globalization.CultureInfo.InvariantCulture), "must be above 0 and below 1");
        if (parsed.GetValue(_newItems) && (parsed.GetValue(_titles), parsed.GetValue(_reference)) is (null, null))
            throw new BadInputException("titles", "", "must be given with --new-items");
        return new(
            split, share, CommandOptions.InRange("folds", parsed.GetValue(_folds), 2, FoldsMax), CommandOptions.InRange("seeds", parsed.GetValue(_seeds), 1, SeedsMax), request.Seed ?? 1,
            parsed.GetValue(_titles), FactorSearch.Given(request), CommandOptions.InRange("als-trials", parsed.GetValue(_alsTrials), 1, TrialsMax),
            CommandOptions.InRange("blend-trials", parsed.GetValue(_blendTrials), 0, TrialsMax), parsed.GetValue(_newItems), parsed.GetValue(_report));
    }

    /// <summary>What one split showed.</summary>
    private sealed record Found(string Title, Comparison Comparison, NewItems? News);

    private sealed record Asked(
        string? Split, double Share, int Folds, int Seeds, int Seed, string? Titles, AlsOptions? Als, int AlsTrials, int BlendTrials, bool NewItems, string? Report);
}
