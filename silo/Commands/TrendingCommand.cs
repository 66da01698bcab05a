using System.CommandLine;
using OrleansRec.Api;

namespace OrleansRec.Silo.Commands;

/// <summary>trending: the items asked for most, lately.</summary>
internal static class TrendingCommand
{
    public static Command Make()
    {
        var (k, json, target) = (CommandOptions.K(), CommandOptions.Json(), new TargetOptions());
        return new Command("trending", "List the items asked for most, lately.").Does(async (parsed, cancellation) =>
        {
            int count = CommandOptions.InRange("k", parsed.GetValue(k), 1, ListOptions.KMax);
            await using var open = await target.Open(parsed, mayMake: false, cancellation);
            var list = await open.Recommender.TrendingAsync(new() { K = count }, cancellation);
            var output = new CommandOutput(parsed.GetValue(json));
            output.Answer(list, ApiJson.Default.RecommendationAnswer, l => RecommendCommand.Show(l, output));
            return ExitCodes.Done;
        }, target.With(k, json));
    }
}
