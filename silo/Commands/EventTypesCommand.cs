using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using OrleansRec.Api;
using OrleansRec.Silo.Import;

namespace OrleansRec.Silo.Commands;

/// <summary>event-types list | put.</summary>
internal static class EventTypesCommand
{
    public static Command Make() => new("event-types", "List the event types, or replace the shop's own.") { List(), Put() };

    private static Command List()
    {
        var (json, target) = (CommandOptions.Json(), new TargetOptions());
        return new Command("list", "List the event types.").Does(async (parsed, cancellation) =>
        {
            await using var open = await target.Open(parsed, mayMake: false, cancellation);
            Show(await open.Recommender.ListEventTypesAsync(cancellation), new(parsed.GetValue(json)));
            return ExitCodes.Done;
        }, target.With(json));
    }

    private static Command Put()
    {
        var file = new Argument<string>("FILE") { Description = "JSON: an array of types, as PUT /v1/event-types takes it." };
        var (json, target) = (CommandOptions.Json(), new TargetOptions());
        return new Command("put", "Replace the shop's own event types; one that is left out is retired.").Does(async (parsed, cancellation) =>
        {
            EventTypeInput[] types = await Read(parsed.GetRequiredValue(file), cancellation);
            await using var open = await target.Open(parsed, mayMake: true, cancellation);
            Show(await open.Recommender.PutEventTypesAsync(types, cancellation), new(parsed.GetValue(json)));
            return ExitCodes.Done;
        }, target.With(file, json));
    }

    private static async Task<EventTypeInput[]> Read(string file, CancellationToken cancellation)
    {
        try
        {
            return JsonSerializer.Deserialize(await File.ReadAllBytesAsync(file, cancellation), ApiJson.Default.EventTypeInputArray)
                ?? throw new JsonException("The file holds null.");
        }
        catch (Exception e) when (e is JsonException or FileNotFoundException or DirectoryNotFoundException)
        {
            throw new BadInputException("FILE", file, $"must be a file with an array of event types: {e.Message}", e);
        }
    }

    private static void Show(EventTypesAnswer answer, CommandOutput output) => output.Answer(answer, ApiJson.Default.EventTypesAnswer, a => output.Table(
        ["type", "weight", "sign", "half-life", "excludes", "popular", "neutral", "own", "retired"],
        a.Types.Select(t => new[]
        {
            t.Type, Text(t.Weight), t.Sign, t.HalfLifeDays is { } days ? $"{Text(days)} days" : "", Text(t.ExcludesFromLists), Text(t.CountsAsPopular),
            t.Neutral is { } neutral ? Text(neutral) : "", Text(!t.BuiltIn), Text(t.Retired),
        })));

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Text(bool isSo) => isSo ? "yes" : "";
}
