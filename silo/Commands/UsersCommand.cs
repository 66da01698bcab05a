using System.CommandLine;
using OrleansRec.Api;
using OrleansRec.Silo.Import;

namespace OrleansRec.Silo.Commands;

/// <summary>users list | show | put | merge | export | erase.</summary>
internal static class UsersCommand
{
    public static Command Make() => new("users", "List, show, describe, merge, export or erase users.") { List(), Show(), Similar(), UserWrites.Put(), UserWrites.Merge(), Export(), Erase() };

    private static Command List()
    {
        var count = new Option<int>("--count") { Description = "Users on a page.", DefaultValueFactory = _ => Paging.CountDefault };
        var cursor = new Option<string?>("--cursor") { Description = "Where the last page ended." };
        var json = CommandOptions.Json();
        var target = new TargetOptions();
        return new Command("list", "List users.").Does(async (parsed, cancellation) =>
        {
            int size = CommandOptions.InRange("count", parsed.GetValue(count), 1, Paging.CountMax);
            await using var open = await target.Open(parsed, mayMake: false, cancellation);
            var page = await open.Recommender.ListUsersAsync(parsed.GetValue(cursor), size, cancellation);
            var output = new CommandOutput(parsed.GetValue(json));
            output.Answer(page, ApiJson.Default.UserPage, p =>
            {
                output.Table(["user", "events", "items", "last event"], p.Users.Select(u => new[] { u.UserId, $"{u.Events}", $"{u.Items}", $"{u.LastTime:u}" }));
                if (p.Next is not null)
                    output.Line($"next: --cursor {p.Next}");
            });
            return ExitCodes.Done;
        }, target.With(count, cursor, json));
    }

    private static Command Show()
    {
        var (user, json, target) = (User(), CommandOptions.Json(), new TargetOptions());
        return new Command("show", "Show a user.").Does(async (parsed, cancellation) =>
        {
            await using var open = await target.Open(parsed, mayMake: false, cancellation);
            string id = parsed.GetRequiredValue(user);
            var info = await open.Recommender.GetUserAsync(id, cancellation) ?? throw Unknown(id);
            var output = new CommandOutput(parsed.GetValue(json));
            output.Answer(info, ApiJson.Default.UserInfo, u =>
            {
                output.Table(
                    ["user", "events", "items", "first event", "last event", "history", "model"],
                    [[u.UserId, $"{u.Events}", $"{u.Items}", $"{u.FirstTime:u}", $"{u.LastTime:u}", $"{u.HistoryVersion}", $"{u.ModelVersion}"]]);
                UserWrites.ShowDetails(u, output);
            });
            return ExitCodes.Done;
        }, target.With(user, json));
    }

    private static Command Similar()
    {
        var (user, k, json, target) = (User(), CommandOptions.K(), CommandOptions.Json(), new TargetOptions());
        return new Command("similar", "List the users who like what one likes.").Does(async (parsed, cancellation) =>
        {
            int count = CommandOptions.InRange("k", parsed.GetValue(k), 1, 100);
            await using var open = await target.Open(parsed, mayMake: false, cancellation);
            string id = parsed.GetRequiredValue(user);
            var similar = await open.Recommender.SimilarUsersAsync(id, count, cancellation) ?? throw Unknown(id);
            var output = new CommandOutput(parsed.GetValue(json));
            output.Answer(similar, ApiJson.Default.SimilarUsersAnswer, s => output.Table(
                ["user", "similarity", "shared items"], s.Users.Select(u => new[] { u.UserId, u.Similarity.ToString("0.0000"), $"{u.SharedItems}" })));
            return ExitCodes.Done;
        }, target.With(user, k, json));
    }

    private static Command Export()
    {
        var (user, json, target) = (User(), CommandOptions.Json(), new TargetOptions());
        return new Command("export", "Print everything held about a user.").Does(async (parsed, cancellation) =>
        {
            await using var open = await target.Open(parsed, mayMake: false, cancellation);
            string id = parsed.GetRequiredValue(user);
            var export = await open.Recommender.ExportUserAsync(id, cancellation) ?? throw Unknown(id);
            var output = new CommandOutput(parsed.GetValue(json));
            output.Answer(export, ApiJson.Default.UserExport, u => output.Table(
                ["event", "item", "type", "value", "time", "session"],
                u.Events.Select(e => new[] { e.EventId, e.ItemId ?? "", e.Type, $"{e.Value}", $"{e.Time:u}", e.SessionId ?? "" })));
            return ExitCodes.Done;
        }, target.With(user, json));
    }

    private static Command Erase()
    {
        var (user, json, target) = (User(), CommandOptions.Json(), new TargetOptions());
        return new Command("erase", "Erase a user and all of the user's events.").Does(async (parsed, cancellation) =>
        {
            await using var open = await target.Open(parsed, mayMake: false, cancellation);
            string id = parsed.GetRequiredValue(user);
            var erased = await open.Recommender.DeleteUserAsync(id, cancellation) ?? throw Unknown(id);
            var output = new CommandOutput(parsed.GetValue(json));
            output.Answer(erased, ApiJson.Default.ErasedUserAnswer, e => output.Line($"erased {id} with {e.Events} events; receipt {e.Receipt.Code}, purged from the disk from {e.Receipt.PurgeDue:u} on"));
            return ExitCodes.Done;
        }, target.With(user, json));
    }

    internal static Argument<string> User() => new("USER") { Description = "User id." };

    private static BadInputException Unknown(string userId) => new("user", userId, "must be a user with at least one event");
}
