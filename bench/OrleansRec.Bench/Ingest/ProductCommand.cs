using OrleansRec.Tests.Shared;

namespace OrleansRec.Bench.Ingest;

/// <summary>Commands of the product's own program, run as an operator runs them.</summary>
internal static class ProductCommand
{
    // An import or a training of the largest data that is measured.
    private static readonly TimeSpan timeout = TimeSpan.FromHours(3);

    /// <summary>Runs a command to its end and returns what it printed.</summary>
    public static Task<string> Run(params string[] arguments) => RunProgram(null, arguments);

    /// <summary>The same of another build; null is the product.</summary>
    public static Task<string> RunProgram(string? program, params string[] arguments) =>
        ProductProcess.RunProgram(program ?? ProductProcess.BuiltProgram, null, arguments, timeout);
}
