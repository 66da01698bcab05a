using System.CommandLine;
using System.Text.Json;
using OrleansRec.Api;
using OrleansRec.Silo.Import;

namespace OrleansRec.Silo.Commands;

/// <summary>scenarios export | import | delete, rules export | import | delete: as JSON.</summary>
internal static class ScenariosCommand
{
    public static Command Make() => new("scenarios", "Export the scenarios for lists, import or delete the shop's own.")
    {
        Export("Write all scenarios to the standard output, as JSON.", async (recommender, stop) =>
            JsonSerializer.Serialize([.. (await recommender.ListScenariosAsync(stop)).Scenarios.Select(s => s.Scenario)], ApiJson.Default.ScenarioInputArray)),
        Import("Add or replace scenarios from a file with a JSON array.", ApiJson.Default.ScenarioInputArray, s => s.Name, (recommender, name, s, stop) => recommender.PutScenarioAsync(name, s, stop)),
        Delete("Delete a scenario of the shop; a built-in one is then as it was built.", (recommender, name, stop) => recommender.DeleteScenarioAsync(name, stop)),
    };

    public static Command MakeRules() => new("rules", "Export the rules for lists, import or delete them.")
    {
        Export("Write all rules to the standard output, as JSON.", async (recommender, stop) =>
            JsonSerializer.Serialize((await recommender.ListRulesAsync(stop)).Rules, ApiJson.Default.RuleInputArray)),
        Import("Add or replace rules from a file with a JSON array.", ApiJson.Default.RuleInputArray, r => r.Name, (recommender, name, r, stop) => recommender.PutRuleAsync(name, r, stop)),
        Delete("Delete a rule.", (recommender, name, stop) => recommender.DeleteRuleAsync(name, stop)),
    };

    private static Command Export(string says, Func<IRecommender, CancellationToken, Task<string>> read)
    {
        var target = new TargetOptions();
        return new Command("export", says).Does(async (parsed, cancellation) =>
        {
            await using var open = await target.Open(parsed, mayMake: false, cancellation);
            Console.Out.WriteLine(await read(open.Recommender, cancellation));
            return ExitCodes.Done;
        }, target.With());
    }

    private static Command Import<T>(
        string says, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T[]> type, Func<T, string?> nameOf, Func<IRecommender, string, T, CancellationToken, Task> put) where T : class
    {
        var file = new Argument<string>("FILE") { Description = "JSON: an array, each entry with its name." };
        var target = new TargetOptions();
        return new Command("import", says).Does(async (parsed, cancellation) =>
        {
            T[] entries = await Read(parsed.GetRequiredValue(file), type, cancellation);
            await using var open = await target.Open(parsed, mayMake: true, cancellation);
            for (int n = 0; n < entries.Length; n++)
                await put(open.Recommender, nameOf(entries[n]) ?? throw new BadInputException("FILE", $"[{n}].name", "must be there"), entries[n], cancellation);
            Console.Out.WriteLine($"imported {entries.Length}");
            return ExitCodes.Done;
        }, target.With(file));
    }

    private static Command Delete(string says, Func<IRecommender, string, CancellationToken, Task<bool>> delete)
    {
        var name = new Argument<string>("NAME") { Description = "The name." };
        var target = new TargetOptions();
        return new Command("delete", says).Does(async (parsed, cancellation) =>
        {
            await using var open = await target.Open(parsed, mayMake: false, cancellation);
            if (!await delete(open.Recommender, parsed.GetRequiredValue(name), cancellation))
                throw new BadInputException("NAME", parsed.GetRequiredValue(name), "must be one that there is");
            Console.Out.WriteLine("deleted");
            return ExitCodes.Done;
        }, target.With(name));
    }

    private static async Task<T[]> Read<T>(string file, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T[]> type, CancellationToken cancellation)
    {
        try
        {
            return JsonSerializer.Deserialize(await File.ReadAllBytesAsync(file, cancellation), type) ?? throw new JsonException("The file holds null.");
        }
        catch (Exception e) when (e is JsonException or FileNotFoundException or DirectoryNotFoundException)
        {
            throw new BadInputException("FILE", file, $"must be a file with a JSON array: {e.Message}", e);
        }
    }
}
