using System.CommandLine;
using OrleansRec.Api;

namespace OrleansRec.Silo.Commands;

/// <summary>recommend USER: the best items for a user now.</summary>
internal static class RecommendCommand
{
    public static Command Make()
    {
        var user = new Argument<string>("USER") { Description = "User id." };
        var k = CommandOptions.K();
        var seen = new Option<bool>("--include-seen") { Description = "Keep items that the user already has." };
        var json = CommandOptions.Json();
        var target = new TargetOptions();
        return new Command("recommend", "List the best items for a user.").Does(async (parsed, cancellation) =>
        {
            int count = CommandOptions.InRange("k", parsed.GetValue(k), 1, ListOptions.KMax);
            await using var open = await target.Open(parsed, mayMake: false, cancellation);
            var options = new ListOptions { K = count, IncludeSeen = parsed.GetValue(seen) };
            var list = await open.Recommender.RecommendAsync(parsed.GetRequiredValue(user), options, cancellation);
            var output = new CommandOutput(parsed.GetValue(json));
            output.Answer(list, ApiJson.Default.RecommendationAnswer, l => Show(l, output));
            return ExitCodes.Done;
        }, target.With(user, k, seen, json));
    }

    public static void Show(RecommendationAnswer list, CommandOutput output)
    {
        output.Table(["rank", "item", "score", "source"], list.Items.Select(i => new[] { $"{i.Rank}", i.ItemId, i.Score.ToString("0.0000"), i.Source }));
        output.Line($"model {list.ModelVersion}, catalogue {list.CatalogueVersion}, history {list.HistoryVersion}");
    }
}
