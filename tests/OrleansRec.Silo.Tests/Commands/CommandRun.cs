using System.Text.Json;
using OrleansRec.Silo.Commands;
using OrleansRec.Tests.Shared;

namespace OrleansRec.Silo.Tests.Commands;

/// <summary>Runs one command in this process and keeps what it wrote. The console is one for the process, so the tests that use it do not run side by side.</summary>
internal static class CommandRun
{
    private static readonly TimeSpan timeout = TimeSpan.FromMinutes(5);

    public static async Task<(int Code, string Out, string Error)> Of(params string[] args)
    {
        var (realOut, realError) = (Console.Out, Console.Error);
        using var written = new StringWriter();
        using var said = new StringWriter();
        Console.SetOut(written);
        Console.SetError(said);
        try
        {
            int code = await Task.Run(() => CommandLine.Run(args)).Within(timeout, $"the end of {string.Join(' ', args)}");
            return (code, written.ToString(), said.ToString());
        }
        finally
        {
            Console.SetOut(realOut);
            Console.SetError(realError);
        }
    }

    /// <summary>The one object that --json prints.</summary>
    public static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}

/// <summary>Tests that replace the console.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ConsoleCollection
{
    /// <summary>Its name.</summary>
    public const string Name = "console";
}
