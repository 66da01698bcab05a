using System.CommandLine;
using OrleansRec.Api;
using OrleansRec.Silo.Import;

namespace OrleansRec.Silo.Commands;

/// <summary>explain USER ITEM: the exact split of one score over the user's history.</summary>
internal static class ExplainCommand
{
    public static Command Make()
    {
        var user = new Argument<string>("USER") { Description = "User id." };
        var item = new Argument<string>("ITEM") { Description = "Item id." };
        var json = CommandOptions.Json();
        var target = new TargetOptions();
        return new Command("explain", "Split the score of an item over a user's history.").Does(async (parsed, cancellation) =>
        {
            await using var open = await target.Open(parsed, mayMake: false, cancellation);
            string itemId = parsed.GetRequiredValue(item);
            var explanation = await open.Recommender.ExplainAsync(parsed.GetRequiredValue(user), itemId, cancellation)
                ?? throw new BadInputException("item", itemId, "must be an item that the published model knows");
            var output = new CommandOutput(parsed.GetValue(json));
            output.Answer(explanation, ApiJson.Default.ExplanationAnswer, e => Show(e, output));
            return ExitCodes.Done;
        }, target.With(user, item, json));
    }

    private static void Show(ExplanationAnswer e, CommandOutput output)
    {
        output.Table(["because of", "adds", "similarity", "weight"], e.Contributions.Select(c => new[]
        {
            c.ItemId, c.Amount.ToString("0.0000"), c.Similarity.ToString("0.0000"), c.Weight.ToString("0.####"),
        }));
        output.Line($"score of {e.ItemId}: {e.Score:0.0000} = {e.Offset:0.0000} + the sum above (model {e.ModelVersion}, history {e.HistoryVersion})");
    }
}
