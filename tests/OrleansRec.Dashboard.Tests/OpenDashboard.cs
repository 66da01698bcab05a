using Microsoft.Playwright;

namespace OrleansRec.Dashboard.Tests;

/// <summary>A browser, and a server that asks for no keys, holds the planted shop and has one model. Shared by the tests of the pages.</summary>
public sealed class OpenDashboard : IAsyncLifetime
{
    private Chromium? _chromium;
    private DashboardServer? _server;

    /// <summary>Opens a page, or skips the test where there is no browser.</summary>
    public Task<BrowserPage> Open(ColorScheme theme)
    {
        Chromium.SkipWhereMissing();
        return BrowserPage.Open(_chromium!.Browser, _server!.Address, theme);
    }

    public async ValueTask InitializeAsync()
    {
        if (!Chromium.IsThere)
            return;
        _server = await DashboardServer.Start(withKeys: false);
        await PlantedShop.Plant(_server.Address, key: null);
        _chromium = await Chromium.Launch();
        await using BrowserPage page = await Open(ColorScheme.Light);
        await page.Tell("first-training", () => TrainingStory.TrainHere(page, sweeps: 3));
    }

    public async ValueTask DisposeAsync()
    {
        if (_chromium is not null)
            await _chromium.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
    }
}
