using System.CommandLine;
using OrleansRec.Api;

namespace OrleansRec.Silo.Commands;

/// <summary>why-not USER ITEM: what keeps an item out of the list that a user would get now.</summary>
internal static class WhyNotCommand
{
    public static Command Make()
    {
        var user = new Argument<string>("USER") { Description = "User id." };
        var item = new Argument<string>("ITEM") { Description = "Item id." };
        var k = CommandOptions.K();
        var seen = new Option<bool>("--include-seen") { Description = "Of a list that keeps items that the user already has." };
        var scenario = new Option<string?>("--scenario") { Description = "Of a list of this scenario." };
        var where = new Option<string?>("--where") { Description = "Of a list of the items for which an expression holds.", HelpName = "EXPRESSION" };
        var page = new Option<string?>("--page-item") { Description = "Of a list on the page of this item.", HelpName = "ITEM" };
        var json = CommandOptions.Json();
        var target = new TargetOptions();
        return new Command("why-not", "Tell what keeps an item out of a user's list, or its place in it.").Does(async (parsed, cancellation) =>
        {
            var options = new ListOptions
            {
                K = CommandOptions.InRange("k", parsed.GetValue(k), 1, ListOptions.KMax), IncludeSeen = parsed.GetValue(seen), Scenario = parsed.GetValue(scenario),
                Where = parsed.GetValue(where), PageItem = parsed.GetValue(page),
            };
            await using var open = await target.Open(parsed, mayMake: false, cancellation);
            var answer = await open.Recommender.WhyNotAsync(parsed.GetRequiredValue(user), parsed.GetRequiredValue(item), options, null, cancellation);
            var output = new CommandOutput(parsed.GetValue(json));
            output.Answer(answer, ApiJson.Default.WhyNotAnswer, a => Show(a, output));
            return ExitCodes.Done;
        }, target.With(user, item, k, seen, scenario, where, page, json));
    }

    private static void Show(WhyNotAnswer a, CommandOutput output)
    {
        output.Line(a.Rank is { } rank ? $"{a.ItemId} is in the list: place {rank}, score {a.Score:0.0000}, {a.Source}" : $"{a.ItemId} is not in the list: {Says(a)}");
        output.Line($"{a.Listed} entries, the lowest score {a.LeastScore:0.0000} (model {a.ModelVersion}, catalogue {a.CatalogueVersion}, history {a.HistoryVersion})");
    }

    private static string Says(WhyNotAnswer a)
    {
        string said = a.Rule is null ? a.Reason! : $"{a.Reason}, rule {a.Rule}";
        return a.Score is null ? said : $"{said}; score {a.Score:0.0000}{(a.Place is null ? "" : $", place {a.Place} by score")}";
    }
}
