using System.CommandLine;
using OrleansRec.Api;
using OrleansRec.Silo.Import;

namespace OrleansRec.Silo.Commands;

/// <summary>keys create | list | rotate | revoke.</summary>
internal static class KeysCommand
{
    public static Command Make() => new("keys", "Create, list, rotate or revoke API keys.") { Create(), List(), Rotate(), Revoke() };

    private static Command Create()
    {
        var name = new Option<string>("--name") { Description = "What the key is for.", Required = true };
        var scope = new Option<string>("--scope") { Description = "read, write, admin; or system, for keys of the default tenant.", DefaultValueFactory = _ => KeyScopes.Read };
        var rate = new Option<double?>("--rate") { Description = "Requests a second that it may make.", HelpName = "N" };
        var (json, target) = (CommandOptions.Json(), new TargetOptions());
        return new Command("create", "Create a key; it is shown once.").Does(async (parsed, cancellation) =>
        {
            await using var open = await target.Open(parsed, mayMake: true, cancellation);
            var key = await open.Recommender.CreateKeyAsync(new(parsed.GetRequiredValue(name), parsed.GetRequiredValue(scope), parsed.GetValue(rate)), cancellation);
            var output = new CommandOutput(parsed.GetValue(json));
            output.Answer(key, ApiJson.Default.NewKeyAnswer, k => output.Line($"{k.Key}\nkey {k.Id} ({k.Scope}); it is not shown again"));
            return ExitCodes.Done;
        }, target.With(name, scope, rate, json));
    }

    private static Command List()
    {
        var (json, target) = (CommandOptions.Json(), new TargetOptions());
        return new Command("list", "List keys.").Does(async (parsed, cancellation) =>
        {
            await using var open = await target.Open(parsed, mayMake: false, cancellation);
            var keys = await open.Recommender.ListKeysAsync(cancellation);
            var output = new CommandOutput(parsed.GetValue(json));
            output.Answer(keys, ApiJson.Default.KeysAnswer, k => output.Table(
                ["id", "name", "scope", "created", "last used", "old secret until", "requests/s"], k.Keys.Select(e => new[]
                {
                    e.Id, e.Name, e.Scope, $"{e.Created:u}", $"{e.LastUsed:u}", $"{e.OldSecretUntil:u}", $"{e.RequestsPerSecond}",
                })));
            return ExitCodes.Done;
        }, target.With(json));
    }

    private static Command Rotate()
    {
        var id = new Argument<string>("ID") { Description = "Id of the key." };
        var overlap = new Option<double?>("--overlap") { Description = "Hours that the old secret stays valid (24).", HelpName = "HOURS" };
        var (json, target) = (CommandOptions.Json(), new TargetOptions());
        return new Command("rotate", "Give a key a new secret; it is shown once.").Does(async (parsed, cancellation) =>
        {
            await using var open = await target.Open(parsed, mayMake: false, cancellation);
            string key = parsed.GetRequiredValue(id);
            var rotated = await open.Recommender.RotateKeyAsync(key, new(parsed.GetValue(overlap) * 3600), cancellation)
                ?? throw new BadInputException("id", key, "must be a key's id: see keys list");
            var output = new CommandOutput(parsed.GetValue(json));
            output.Answer(rotated, ApiJson.Default.NewKeyAnswer, k => output.Line($"{k.Key}\nkey {k.Id} ({k.Scope}); it is not shown again"));
            return ExitCodes.Done;
        }, target.With(id, overlap, json));
    }

    private static Command Revoke()
    {
        var id = new Argument<string>("ID") { Description = "Id of the key." };
        var target = new TargetOptions();
        return new Command("revoke", "Revoke a key.").Does(async (parsed, cancellation) =>
        {
            await using var open = await target.Open(parsed, mayMake: false, cancellation);
            string key = parsed.GetRequiredValue(id);
            if (!await open.Recommender.RevokeKeyAsync(key, cancellation))
                throw new BadInputException("id", key, "must be a key's id: see keys list");
            Console.Out.WriteLine($"revoked {key}");
            return ExitCodes.Done;
        }, target.With(id));
    }
}
