using Microsoft.Playwright;
using OrleansRec.Tests.Shared;

namespace OrleansRec.Dashboard.Tests;

/// <summary>A page that remembers what no page of the dashboard may do: write errors to the console, or ask another host for anything.</summary>
public sealed class BrowserPage : IAsyncDisposable
{
    private const int WaitMs = 60_000;

    private static readonly TimeSpan OpenMax = TimeSpan.FromMinutes(1), EndMax = TimeSpan.FromMinutes(1);

    private readonly IBrowserContext _context;
    private readonly List<string> _faults = [];

    static BrowserPage() => Assertions.SetDefaultExpectTimeout(WaitMs);

    private BrowserPage(IBrowserContext context, IPage page) => (_context, Page) = (context, page);

    public IPage Page { get; }

    public static async Task<BrowserPage> Open(IBrowser browser, Uri server, ColorScheme theme)
    {
        IBrowserContext context = await browser.NewContextAsync(new() { BaseURL = server.ToString(), ColorScheme = theme, ViewportSize = new() { Width = 1400, Height = 1000 } }).Within(OpenMax, "a page's browser");
        context.SetDefaultTimeout(WaitMs);
        BrowserPage opened = new(context, await context.NewPageAsync().Within(OpenMax, "a page"));
        opened.Record(server);
        return opened;
    }

    /// <summary>Goes to a page and waits until its heading is there, which its live connection brings.</summary>
    public async Task GoTo(string path, string heading)
    {
        await Page.GotoAsync(path);
        await Heading(heading);
    }

    public Task Heading(string text) => See(Page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = text }));

    public static Task See(ILocator locator) => Assertions.Expect(locator.First).ToBeVisibleAsync();

    public Task SeeText(string text) => See(Page.GetByText(text));

    /// <summary>Fails where the page did what it may not.</summary>
    public void Check() => Assert.True(_faults.Count == 0, string.Join('\n', _faults));

    /// <summary>Runs a story; where it fails, a picture of the page is kept.</summary>
    public async Task Tell(string name, Func<Task> story)
    {
        try
        {
            await story();
            Check();
        }
        catch
        {
            string folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "screenshots")).FullName;
            await Page.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png"), FullPage = true });
            throw;
        }
    }

    public ValueTask DisposeAsync() => new(_context.DisposeAsync().AsTask().Within(EndMax, "the end of a page"));

    private void Record(Uri server)
    {
        Page.Console += (_, message) =>
        {
            if (message.Type == "error")
                _faults.Add("console: " + message.Text);
        };
        Page.PageError += (_, error) => _faults.Add("script: " + error);
        Page.Request += (_, request) => CheckHost(server, request.Url);
        Page.WebSocket += (_, socket) => CheckHost(server, socket.Url);
    }

    private void CheckHost(Uri server, string url)
    {
        Uri asked = new(url);
        if (asked.Scheme is not ("data" or "blob") && asked.Authority != server.Authority)
            _faults.Add("another host: " + url);
    }
}
