using Microsoft.Playwright;

namespace OrleansRec.Dashboard.Tests;

/// <summary>The machine's own Chromium; none is downloaded.</summary>
public static class Chromium
{
    private static readonly string Executable = Environment.GetEnvironmentVariable("CHROMIUM_PATH") ?? "/usr/bin/chromium";

    public static bool IsThere => File.Exists(Executable);

    public static void SkipWhereMissing() =>
        Assert.SkipUnless(IsThere, $"There is no Chromium at {Executable}; install Debian's chromium, or name another in CHROMIUM_PATH.");

    public static async Task<(IPlaywright Playwright, IBrowser Browser)> Launch()
    {
        IPlaywright playwright = await Playwright.CreateAsync();
        IBrowser browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Executable,
            Args = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
        });
        return (playwright, browser);
    }
}
