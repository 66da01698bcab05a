using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using OrleansRec.Api;
using OrleansRec.Silo.Import;

namespace OrleansRec.Silo.Commands;

/// <summary>what-if USER: the list that a user would get with other events, weights, rules or another scenario, and what differs from the real one.</summary>
internal static class WhatIfCommand
{
    public static Command Make()
    {
        var user = new Argument<string>("USER") { Description = "User id." };
        var add = new Option<string[]>("--add") { Description = "An event more, such as purchase=mug; may be repeated.", HelpName = "TYPE=ITEM" };
        var remove = new Option<string[]>("--remove") { Description = "Without the events with this item; may be repeated.", HelpName = "ITEM" };
        var removeEvent = new Option<string[]>("--remove-event") { Description = "Without this event; may be repeated.", HelpName = "ID" };
        var k = CommandOptions.K();
        var scenario = new Option<string?>("--scenario") { Description = "Scenario of both lists." };
        var instead = new Option<string?>("--instead") { Description = "Another scenario for the other list.", HelpName = "SCENARIO" };
        var weight = new Option<string[]>("--weight") { Description = "Another weight for a part of the score, such as als=0.5; may be repeated.", HelpName = "PART=N" };
        var rules = new Option<string?>("--rules") { Description = "A file with a JSON array of rules in the place of the shop's.", HelpName = "FILE" };
        var json = CommandOptions.Json();
        var target = new TargetOptions();
        return new Command("what-if", "Show the list that a user would get with other events, weights or rules.").Does(async (parsed, cancellation) =>
        {
            var list = new ListOptions { K = CommandOptions.InRange("k", parsed.GetValue(k), 1, ListOptions.KMax), Scenario = parsed.GetValue(scenario) };
            Dictionary<string, double> weights = Weights(parsed.GetValue(weight) ?? []);
            var question = new WhatIfInput
            {
                Add = [.. (parsed.GetValue(add) ?? []).Select(Added)], RemoveItems = parsed.GetValue(remove), RemoveEvents = parsed.GetValue(removeEvent), List = list,
                Instead = list with { Scenario = parsed.GetValue(instead) ?? list.Scenario, Weights = weights.Count == 0 ? null : weights },
                Rules = parsed.GetValue(rules) is { } file ? await Rules(file, cancellation) : null,
            };
            await using var open = await target.Open(parsed, mayMake: false, cancellation);
            var answer = await open.Recommender.WhatIfAsync(parsed.GetRequiredValue(user), question, cancellation);
            var output = new CommandOutput(parsed.GetValue(json));
            output.Answer(answer, ApiJson.Default.WhatIfAnswer, a => Show(a, output));
            return ExitCodes.Done;
        }, target.With(user, add, remove, removeEvent, k, scenario, instead, weight, rules, json));
    }

    private static void Show(WhatIfAnswer a, CommandOutput output)
    {
        var before = a.Real.Items.ToDictionary(i => i.ItemId, i => i.Rank);
        output.Table(["rank", "was", "item", "score", "source"], a.List.Items.Select(i => new[]
        {
            $"{i.Rank}", before.TryGetValue(i.ItemId, out int rank) ? $"{rank}" : "-", i.ItemId, i.Score.ToString("0.0000", CultureInfo.InvariantCulture), i.Source,
        }));
        output.Line($"{a.Added} events added, {a.Removed} left out; {a.Entered.Length} items entered, {a.Left.Length} left{(a.Left.Length == 0 ? "" : $" ({string.Join(", ", a.Left)})")}, {a.Moved.Length} moved");
    }

    private static EventInput Added(string text) => text.Split('=', 2) is [{ Length: > 0 } type, { Length: > 0 } item]
        ? new() { Type = type, ItemId = item }
        : throw new BadInputException("add", text, "must be an event type and an item, such as purchase=mug");

    private static Dictionary<string, double> Weights(string[] texts)
    {
        var weights = new Dictionary<string, double>();
        foreach (string text in texts)
            if (text.Split('=', 2) is not [{ Length: > 0 } part, var number] || !double.TryParse(number, CultureInfo.InvariantCulture, out double weight) || !weights.TryAdd(part, weight))
                throw new BadInputException("weight", text, "must be a part and a number, such as als=0.5, each part once");
        return weights;
    }

    private static async Task<RuleInput[]> Rules(string file, CancellationToken cancellation)
    {
        try
        {
            return JsonSerializer.Deserialize(await File.ReadAllBytesAsync(file, cancellation), ApiJson.Default.RuleInputArray) ?? throw new JsonException("null");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new BadInputException("rules", file, $"must be a file with a JSON array of rules: {e.Message}");
        }
    }
}
