using System.CommandLine;
using OrleansRec.Api;

namespace OrleansRec.Silo.Commands;

/// <summary>access [USER]: who looked at personal data.</summary>
internal static class AccessCommand
{
    public static Command Make()
    {
        var user = new Argument<string?>("USER") { Description = "Whose looks; everybody's without it.", Arity = ArgumentArity.ZeroOrOne };
        var count = new Option<int>("--count") { Description = "How many at most.", DefaultValueFactory = _ => Paging.CountDefault };
        var cursor = new Option<string?>("--cursor") { Description = "next of the page before." };
        var (json, target) = (CommandOptions.Json(), new TargetOptions());
        return new Command("access", "Show who looked at personal data, the latest first.").Does(async (parsed, cancellation) =>
        {
            int most = CommandOptions.InRange("count", parsed.GetValue(count), 1, Paging.CountMax);
            await using var open = await target.Open(parsed, mayMake: false, cancellation);
            var page = await open.Recommender.ListAccessAsync(parsed.GetValue(user), parsed.GetValue(cursor), most, cancellation);
            var output = new CommandOutput(parsed.GetValue(json));
            output.Answer(page, ApiJson.Default.AccessPage, p =>
            {
                output.Table(["time", "key", "name", "verb", "user"], p.Entries.Select(e => new[] { $"{e.Time:u}", e.KeyId, e.KeyName, e.Verb, e.User }));
                if (p.Next is not null)
                    output.Line($"more: --cursor {p.Next}");
            });
            return ExitCodes.Done;
        }, target.With(user, count, cursor, json));
    }
}
