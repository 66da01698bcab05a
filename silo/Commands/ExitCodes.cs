using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using OrleansRec.Api;
using OrleansRec.Contracts;
using OrleansRec.Silo.Import;
using OrleansRec.Silo.Storage;

namespace OrleansRec.Silo.Commands;

/// <summary>What the process ends with: 0 done, 1 failed, 2 the caller's mistake, told with field, value and rule.</summary>
internal static class ExitCodes
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int BadInput = 2;

    /// <summary>Says what went wrong, on standard error and, with --json, also as the one object.</summary>
    public static int Tell(Exception e, bool json)
    {
        var (code, message, details) = Judge(e);
        Console.Error.WriteLine($"error: {message}");
        if (json)
            new CommandOutput(true).Object(new JsonObject { ["error"] = details });
        return code;
    }

    private static (int Code, string Message, JsonObject Details) Judge(Exception e) => e switch
    {
        BadInputException bad => (BadInput, bad.Message, Details(bad.Field, bad.Value, bad.Rule)),
        RecommenderException refused => (
            refused.Problem.Status is >= 400 and < 500 ? BadInput : Failed, refused.Message,
            Details(refused.Problem.Field, refused.Problem.Value, refused.Problem.Rule ?? refused.Message)),
        OptionsValidationException options => (BadInput, string.Join("; ", options.Failures), Details(options.OptionsName, null, string.Join("; ", options.Failures))),
        StoreRefusedException => (BadInput, e.Message, Details("storage", null, e.Message)),
        DataFolderRefusedException or StoreUnavailableException or CorruptStoreException or TrainingFailedException or OverloadedException
            or HttpRequestException or IOException => (Failed, e.Message, Details(null, null, e.Message)),
        OperationCanceledException => (Failed, "interrupted", Details(null, null, "interrupted")),
        _ => (Failed, e.ToString(), Details(null, null, e.Message)),
    };

    private static JsonObject Details(string? field, string? value, string rule) => new() { ["field"] = field, ["value"] = value, ["rule"] = rule };
}
