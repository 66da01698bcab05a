using System.CommandLine;
using System.Text.Json.Nodes;
using OrleansRec.Api;
using OrleansRec.Cli.Export;
using OrleansRec.Model.Reasons;
using OrleansRec.Silo.Import;

namespace OrleansRec.Silo.Commands;

/// <summary>recommend USER: the best items for a user now. recommend --all | --users FILE --to FILE: the lists of many, as a file.</summary>
internal static class RecommendCommand
{
    public static Command Make()
    {
        var user = new Argument<string?>("USER") { Description = "User id.", Arity = ArgumentArity.ZeroOrOne };
        var all = new Option<bool>("--all") { Description = "Lists of all users, written to --to." };
        var users = new Option<string?>("--users") { Description = "Lists of the users in a file of one id a line, written to --to.", HelpName = "FILE" };
        var to = new Option<string?>("--to")
        {
            Description = "Where --all and --users write, one row an entry; the file must not exist; .jsonl, .csv and .parquet say the format.", HelpName = "FILE",
        };
        var format = new Option<string?>("--format") { Description = "jsonl, csv or parquet, where the name does not say it.", HelpName = "FORMAT" };
        var k = CommandOptions.K();
        var seen = new Option<bool>("--include-seen") { Description = "Keep items that the user already has." };
        var explain = new Option<bool>("--explain") { Description = "Say why each item is in the list." };
        var language = new Option<string?>("--language") { Description = $"The language of --explain: {string.Join(", ", Sentences.Languages)}.", HelpName = "CODE" };
        var json = CommandOptions.Json();
        var target = new TargetOptions();
        return new Command("recommend", "List the best items for a user, for the users in a file, or for all.").Does(async (parsed, cancellation) =>
        {
            var options = new ListOptions { K = CommandOptions.InRange("k", parsed.GetValue(k), 1, ListOptions.KMax), IncludeSeen = parsed.GetValue(seen), Explain = parsed.GetValue(explain), Language = parsed.GetValue(language) };
            var (one, file, path) = (parsed.GetValue(user), parsed.GetValue(users), parsed.GetValue(to));
            CheckOne(one, parsed.GetValue(all), file, path);
            await using var open = await target.Open(parsed, mayMake: false, cancellation);
            var output = new CommandOutput(parsed.GetValue(json));
            if (one is not null)
            {
                var list = await open.Recommender.RecommendAsync(one, options, cancellation);
                output.Answer(list, ApiJson.Default.RecommendationAnswer, l => Show(l, output));
                return ExitCodes.Done;
            }
            var (lists, rows) = await ListExport.Run(open.Recommender, options, file, path!, parsed.GetValue(format), cancellation);
            output.Object(new JsonObject { ["users"] = lists, ["rows"] = rows, ["file"] = path });
            output.Line($"{lists} users, {rows} entries written to {path}");
            return ExitCodes.Done;
        }, target.With(user, all, users, to, format, k, seen, explain, language, json));
    }

    public static void Show(RecommendationAnswer list, CommandOutput output)
    {
        if (list.Items.Any(i => i.Sentence is not null))
            output.Table(["rank", "item", "score", "source", "why"], list.Items.Select(i => new[] { $"{i.Rank}", i.ItemId, i.Score.ToString("0.0000"), i.Source, i.Sentence ?? "" }));
        else
            output.Table(["rank", "item", "score", "source"], list.Items.Select(i => new[] { $"{i.Rank}", i.ItemId, i.Score.ToString("0.0000"), i.Source }));
        output.Line($"model {list.ModelVersion}, catalogue {list.CatalogueVersion}, history {list.HistoryVersion}");
    }

    private static void CheckOne(string? user, bool isAll, string? users, string? to)
    {
        int given = (user is null ? 0 : 1) + (isAll ? 1 : 0) + (users is null ? 0 : 1);
        if (given == 0)
            throw new BadInputException("USER", "", "must be given, or --all, or --users");
        if (given > 1)
            throw new BadInputException("USER", user ?? users ?? "", "must be given without --all and --users, and only one of these");
        if (user is null && to is null)
            throw new BadInputException("to", "", "must be given with --all and --users");
        if (user is not null && to is not null)
            throw new BadInputException("to", to, "must be absent for the list of one user");
    }
}
