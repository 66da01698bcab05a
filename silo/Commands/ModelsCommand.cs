using System.CommandLine;
using OrleansRec.Api;
using OrleansRec.Silo.Import;

namespace OrleansRec.Silo.Commands;

/// <summary>models list | promote.</summary>
internal static class ModelsCommand
{
    public static Command Make() => new("models", "List model versions or promote one.") { List(), Promote() };

    private static Command List()
    {
        var (json, target) = (CommandOptions.Json(), new TargetOptions());
        return new Command("list", "List the versions held.").Does(async (parsed, cancellation) =>
        {
            await using var open = await target.Open(parsed, mayMake: false, cancellation);
            var models = await open.Recommender.ListModelsAsync(cancellation);
            var output = new CommandOutput(parsed.GetValue(json));
            output.Answer(models, ApiJson.Default.ModelsAnswer, m => output.Table(
                ["version", "current", "published", "users", "items", "pairs", "rank", "factors"],
                m.Models.Select(e => new[]
                {
                    $"{e.Version}", e.Version == m.Current ? "yes" : "", $"{e.Published:u}", $"{e.Users}", $"{e.Items}", $"{e.Pairs}", $"{e.Plan.Rank}", e.FactorsHash[..12],
                })));
            return ExitCodes.Done;
        }, target.With(json));
    }

    private static Command Promote()
    {
        var version = new Argument<long>("VERSION") { Description = "A version that is held." };
        var target = new TargetOptions();
        return new Command("promote", "Make a version the current one.").Does(async (parsed, cancellation) =>
        {
            await using var open = await target.Open(parsed, mayMake: false, cancellation);
            long wanted = parsed.GetRequiredValue(version);
            if (!await open.Recommender.PromoteAsync(wanted, cancellation))
                throw new BadInputException("version", $"{wanted}", "must be a version that is held: see models list");
            Console.Out.WriteLine($"version {wanted} is current");
            return ExitCodes.Done;
        }, target.With(version));
    }
}
