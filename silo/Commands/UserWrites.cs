using System.CommandLine;
using System.Globalization;
using OrleansRec.Api;
using OrleansRec.Silo.Import;

namespace OrleansRec.Silo.Commands;

/// <summary>users put and users merge.</summary>
internal static class UserWrites
{
    public static Command Put()
    {
        var user = UsersCommand.User();
        var attributes = new Option<string[]>("--attribute") { Description = "What the shop knows, such as country=DE; may be repeated.", HelpName = "NAME=VALUE" };
        var noLists = new Option<bool>("--no-personalise") { Description = "No lists from the history: the user gets what a stranger gets." };
        var noEvents = new Option<bool>("--no-store") { Description = "Keep no events of the user." };
        var retention = new Option<double?>("--retention-days") { Description = "Take out events older than this.", HelpName = "DAYS" };
        var (json, target) = (CommandOptions.Json(), new TargetOptions());
        return new Command("put", "Replace what is known of a user besides events.").Does(async (parsed, cancellation) =>
        {
            var input = new UserInput
            {
                Attributes = Attributes(parsed.GetValue(attributes) ?? []), RetentionDays = parsed.GetValue(retention),
                Consent = new() { Personalise = !parsed.GetValue(noLists), Store = !parsed.GetValue(noEvents) },
            };
            await using var open = await target.Open(parsed, mayMake: true, cancellation);
            var answer = await open.Recommender.PutUserAsync(parsed.GetRequiredValue(user), input, cancellation);
            var output = new CommandOutput(parsed.GetValue(json));
            output.Answer(answer, ApiJson.Default.PutUserAnswer, a => output.Line($"put; history version {a.HistoryVersion}"));
            return ExitCodes.Done;
        }, target.With(user, attributes, noLists, noEvents, retention, json));
    }

    public static Command Merge()
    {
        var user = UsersCommand.User();
        var from = new Option<string>("--from") { Description = "The visitor whose events become the user's.", Required = true, HelpName = "VISITOR" };
        var (json, target) = (CommandOptions.Json(), new TargetOptions());
        return new Command("merge", "Make a visitor's events a user's, each once.").Does(async (parsed, cancellation) =>
        {
            await using var open = await target.Open(parsed, mayMake: false, cancellation);
            string id = parsed.GetRequiredValue(user);
            var answer = await open.Recommender.MergeUserAsync(id, parsed.GetRequiredValue(from), cancellation);
            var output = new CommandOutput(parsed.GetValue(json));
            output.Answer(answer, ApiJson.Default.MergedUserAnswer, a => output.Line(
                $"{a.Events} events are {id}'s now; {a.Duplicates} were known, {a.NotStored} not stored; history version {a.HistoryVersion}"));
            return ExitCodes.Done;
        }, target.With(user, from, json));
    }

    /// <summary>What is known of a user besides counts.</summary>
    public static void ShowDetails(UserInfo user, CommandOutput output)
    {
        if (user.Attributes.Count > 0)
            output.Line($"attributes: {string.Join(", ", user.Attributes.Select(a => $"{a.Key}={a.Value}"))}");
        if (user.Consent is not { Personalise: true, Store: true })
            output.Line($"consent: personalise {(user.Consent.Personalise ? "yes" : "no")}, store {(user.Consent.Store ? "yes" : "no")}");
        if (user.RetentionDays is { } days)
            output.Line(string.Create(CultureInfo.InvariantCulture, $"retention: {days} days"));
        if (user.Portrait is not { } portrait)
            return;
        output.Line($"categories: {Text(portrait.Categories)}");
        output.Line($"brands: {Text(portrait.Brands)}");
        output.Line(string.Create(CultureInfo.InvariantCulture,
            $"prices: {portrait.PriceLow:0.##} … {portrait.PriceHigh:0.##}; orders: {portrait.Orders}; spend: {portrait.Spend:0.##}; active days: {portrait.ActiveDays}; last event {portrait.RecencyDays:0.#} days ago"));
    }

    private static string Text(InterestInfo[] interests) =>
        string.Join(", ", interests.Select(i => string.Create(CultureInfo.InvariantCulture, $"{i.Name} {i.Share:P0}")));

    private static Dictionary<string, string> Attributes(string[] texts)
    {
        var attributes = new Dictionary<string, string>();
        foreach (string text in texts)
        {
            int equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1 || !attributes.TryAdd(text[..equals], text[(equals + 1)..]))
                throw new BadInputException("attribute", text, "must be a name that is there once, = and a value");
        }
        return attributes;
    }
}
