using System.CommandLine;
using System.Globalization;
using OrleansRec.Api;
using OrleansRec.Silo.Import;

namespace OrleansRec.Silo.Commands;

/// <summary>page USER --block SCENARIO:K …: the lists of one page, no item in two of them.</summary>
internal static class PageCommand
{
    private const string Rule = "must be a scenario, or a scenario, a colon and how many items, such as home:10";

    public static Command Make()
    {
        var user = new Argument<string>("USER") { Description = "User id." };
        var blocks = new Option<string[]>("--block")
        {
            Description = "A scenario and how many items; earlier ones choose first. Give it once for each list.", HelpName = "SCENARIO:K", Required = true, Arity = ArgumentArity.OneOrMore,
        };
        var (json, target) = (CommandOptions.Json(), new TargetOptions());
        return new Command("page", "List several scenarios of a user, no item twice.").Does(async (parsed, cancellation) =>
        {
            PageBlock[] asked = Array.ConvertAll(parsed.GetValue(blocks) ?? [], BlockOf);
            await using var open = await target.Open(parsed, mayMake: false, cancellation);
            var page = await open.Recommender.RecommendPageAsync(parsed.GetValue(user)!, new(asked), cancellation);
            var output = new CommandOutput(parsed.GetValue(json));
            output.Answer(page, ApiJson.Default.PageAnswer, p => Show(p, output));
            return ExitCodes.Done;
        }, target.With(user, blocks, json));
    }

    private static PageBlock BlockOf(string text)
    {
        int colon = text.LastIndexOf(':');
        string scenario = colon < 0 ? text : text[..colon];
        int k = new ListOptions().K;
        if (scenario.Length == 0 || (colon >= 0 && !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out k)))
            throw new BadInputException("block", text, Rule);
        return new() { Scenario = scenario, K = k };
    }

    private static void Show(PageAnswer page, CommandOutput output)
    {
        foreach (PageBlockAnswer block in page.Blocks)
        {
            output.Line(block.Name ?? "");
            RecommendCommand.Show(block.List, output);
        }
    }
}
