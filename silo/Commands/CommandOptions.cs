using System.CommandLine;
using OrleansRec.Silo.Dashboard.Access;
using OrleansRec.Silo.Import;

namespace OrleansRec.Silo.Commands;

/// <summary>Options that several commands share.</summary>
internal static class CommandOptions
{
    /// <summary>The environment variable that holds an API key where --key is absent.</summary>
    public const string KeyVariable = "ORLEANSREC_KEY";

    public static Option<string?> Data() => new("--data") { Description = "Data folder, opened by this process.", HelpName = "FOLDER" };

    public static Option<string?> Server() => new("--server") { Description = "A running server, such as http://127.0.0.1:5150.", HelpName = "URL" };

    public static Option<string?> Key() => new("--key") { Description = $"API key for --server; else the variable {KeyVariable}.", HelpName = "KEY" };

    public static Option<string?> Tenant() => new("--tenant") { Description = "Tenant of --data (default).", HelpName = "NAME" };

    public static Option<bool> Json() => new("--json") { Description = "Print exactly one JSON object." };

    public static Option<string?> Columns() => new("--columns")
    {
        Description = "Which column is what: user=..,item=..,value=..,time=..,type=..,session=..,event=..; numbers for a file without header.",
        HelpName = "NAME=COLUMN,...",
    };

    public static Option<string?> Format() => new("--format") { Description = $"Layout of the file: {string.Join(", ", ImportFormats.Names)}.", HelpName = "FORMAT" };

    public static Option<string?> Host() => new("--host") { Description = "Address to listen on (127.0.0.1)." };

    public static Option<int?> Port() => new("--port") { Description = "Port to listen on (5150); 0 takes a free one.", HelpName = "N" };

    public static Option<bool> InsecureLoopback() => new("--insecure-loopback") { Description = "Ask for no API keys; on loopback only." };

    /// <summary>Refuses a port out of range, and a server without keys that others could reach.</summary>
    public static void CheckListening(ParseResult parsed, Option<string?> host, Option<int?> port, Option<bool> insecure)
    {
        if (parsed.GetValue(port) is { } wanted and (< 0 or > 65535))
            throw new BadInputException("port", $"{wanted}", "must be 0 to 65535");
        if (parsed.GetValue(insecure) && parsed.GetValue(host) is { } address && !LocalBrowser.IsLoopback(address))
            throw new BadInputException("host", address, "must be a loopback address, such as 127.0.0.1, with --insecure-loopback");
    }

    public static Option<int> K(int byDefault = 10) => new("--k") { Description = "How many items.", DefaultValueFactory = _ => byDefault };

    /// <summary>Refuses a number out of range, naming option, value and rule.</summary>
    public static int InRange(string option, int value, int min, int max) => value >= min && value <= max ? value
        : throw new BadInputException(option, value.ToString(System.Globalization.CultureInfo.InvariantCulture), $"must be {min} to {max}");
}
