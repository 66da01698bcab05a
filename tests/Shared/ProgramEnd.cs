using System.Diagnostics;

namespace OrleansRec.Tests.Shared;

/// <summary>How a program that was run to its end ended.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="Output">All that it wrote.</param>
/// <param name="Errors">All that it wrote to standard error.</param>
internal sealed record ProgramEnd(int Code, string Output, string Errors)
{
    /// <summary>Runs a program to its end; it and what it started are killed where that takes too long.</summary>
    public static async Task<ProgramEnd> Of(ProcessStartInfo start, TimeSpan timeout)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        using Process process = Process.Start(start)!;
        Lifeline.Hold(process.Id);
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        try
        {
            await Task.WhenAll(process.WaitForExitAsync(), output, errors).Within(timeout, $"the end of {start.FileName} {string.Join(' ', start.ArgumentList)}");
            return new(process.ExitCode, await output, await errors);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
        finally
        {
            Lifeline.Release(process.Id);
        }
    }
}
