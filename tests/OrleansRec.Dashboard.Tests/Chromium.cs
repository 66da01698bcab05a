using Microsoft.Playwright;
using OrleansRec.Tests.Shared;

namespace OrleansRec.Dashboard.Tests;

/// <summary>The machine's own Chromium; none is downloaded.</summary>
public sealed class Chromium : IAsyncDisposable
{
    private static readonly string Executable = Environment.GetEnvironmentVariable("CHROMIUM_PATH") ?? "/usr/bin/chromium";
    private static readonly TimeSpan LaunchMax = TimeSpan.FromMinutes(1), EndMax = TimeSpan.FromMinutes(1);

    private readonly IPlaywright _playwright;

    private Chromium(IPlaywright playwright, IBrowser browser) => (_playwright, Browser) = (playwright, browser);

    public static bool IsThere => File.Exists(Executable);

    public IBrowser Browser { get; }

    public static void SkipWhereMissing() =>
        Assert.SkipUnless(IsThere, $"There is no Chromium at {Executable}; install Debian's chromium, or name another in CHROMIUM_PATH.");

    public static async Task<Chromium> Launch()
    {
        IPlaywright playwright = await Playwright.CreateAsync().Within(LaunchMax, "the start of Playwright");
        IBrowser browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Executable,
            Args = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
        }).Within(LaunchMax, "the start of Chromium");
        return new(playwright, browser);
    }

    public async ValueTask DisposeAsync()
    {
        await Browser.DisposeAsync().AsTask().Within(EndMax, "the end of Chromium");
        _playwright.Dispose();
    }
}
