using System.CommandLine;
using OrleansRec.Api;
using OrleansRec.Silo.Import;

namespace OrleansRec.Silo.Commands;

/// <summary>categories USER, brands USER: those of the user's best items; with --trending those of what is asked for most, lately.</summary>
internal static class LabelsCommand
{
    public static Command MakeCategories() => Make(LabelKind.Categories);

    public static Command MakeBrands() => Make(LabelKind.Brands);

    private static Command Make(string kind)
    {
        var user = new Argument<string?>("USER") { Description = "User id.", Arity = ArgumentArity.ZeroOrOne };
        var trending = new Option<bool>("--trending") { Description = "Of what is asked for most, lately, in place of a user's." };
        var scenario = new Option<string?>("--scenario") { Description = "The scenario whose best items count.", HelpName = "NAME" };
        var (k, json, target) = (CommandOptions.K(), CommandOptions.Json(), new TargetOptions());
        return new Command(kind, $"List the {kind} of a user's best items, or of what is trending.").Does(async (parsed, cancellation) =>
        {
            var (one, of) = (parsed.GetValue(user), parsed.GetValue(scenario));
            bool isTrending = parsed.GetValue(trending);
            if (one is null != isTrending)
                throw new BadInputException("USER", one ?? "", "must be given, or --trending, and not both");
            if (isTrending && of is not null)
                throw new BadInputException("scenario", of, "must be absent with --trending");
            var options = new ListOptions { K = CommandOptions.InRange("k", parsed.GetValue(k), 1, LabelKind.KMax), Scenario = of };
            await using var open = await target.Open(parsed, mayMake: false, cancellation);
            var labels = isTrending
                ? await open.Recommender.TrendingLabelsAsync(kind, options, cancellation) : await open.Recommender.RecommendLabelsAsync(one!, kind, options, cancellation);
            var output = new CommandOutput(parsed.GetValue(json));
            output.Answer(labels, ApiJson.Default.LabelsAnswer, l => output.Table(["name", "share", "items"], l.Labels.Select(x => new[] { x.Name, x.Score.ToString("0.0000"), $"{x.Items}" })));
            return ExitCodes.Done;
        }, target.With(user, trending, scenario, k, json));
    }
}
