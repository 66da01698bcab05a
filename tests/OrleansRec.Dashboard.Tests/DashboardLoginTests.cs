using System.Net;
using System.Net.Http.Json;
using Microsoft.Playwright;
using OrleansRec.Api;

namespace OrleansRec.Dashboard.Tests;

/// <summary>
/// Goal: where keys are on, nobody sees a page without a key, a read key changes nothing, and a revoked key ends its logins. Method: a real server with keys.
/// </summary>
public sealed class DashboardLoginTests
{
    [Fact]
    public async Task Dashboard_WithoutALogin_AnswersNothingButTheLoginPage()
    {
        await using DashboardServer server = await DashboardServer.Start(withKeys: true);
        using HttpClient http = new(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = server.Address };
        foreach (string path in new[] { "/dashboard", "/dashboard/training", "/dashboard/export?user=a" })
        {
            using HttpResponseMessage answer = await http.GetAsync(path);
            Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
            Assert.StartsWith("/dashboard/login", answer.Headers.Location!.PathAndQuery, StringComparison.Ordinal);
        }
        using HttpResponseMessage circuit = await http.PostAsync("/_blazor/negotiate?negotiateVersion=1", null);
        Assert.Equal(HttpStatusCode.Unauthorized, circuit.StatusCode);
    }

    [Fact]
    public async Task Login_KeysOfBothScopes_SeeAndChangeAsTheirScopeSays()
    {
        Chromium.SkipWhereMissing();
        await using DashboardServer server = await DashboardServer.Start(withKeys: true);
        string admin = AdminKey(server);
        await PlantedShop.Plant(server.Address, admin);
        NewKeyAnswer reader = await MakeReader(server, admin);
        await using Chromium chromium = await Chromium.Launch();

        await using BrowserPage page = await BrowserPage.Open(chromium.Browser, server.Address, ColorScheme.Light);
        await page.Tell("login-admin", async () =>
        {
            await LogIn(page, admin);
            await page.Heading("Training");
            await BrowserPage.See(page.Page.GetByRole(AriaRole.Button, new() { Name = "Start training" }));
            await page.Page.GetByRole(AriaRole.Button, new() { Name = "Log out" }).ClickAsync();
            await BrowserPage.See(page.Page.GetByLabel("API key"));
        });

        await using BrowserPage seer = await BrowserPage.Open(chromium.Browser, server.Address, ColorScheme.Dark);
        await seer.Tell("login-reader", async () =>
        {
            await LogIn(seer, reader.Key);
            await seer.SeeText("needs a key with admin scope");
            await Assertions.Expect(seer.Page.GetByRole(AriaRole.Button, new() { Name = "Start training" })).ToHaveCountAsync(0);
            await Revoke(server, admin, reader.Id);
            // The open page finds out by itself; to go elsewhere meanwhile would be a race between two ways to the same login.
            await BrowserPage.See(seer.Page.GetByLabel("API key"));
            await seer.Page.GotoAsync("/dashboard");
            await BrowserPage.See(seer.Page.GetByLabel("API key"));
        });
    }

    [Fact]
    public async Task Login_RevokedBeforeItsPageWasFollowed_EndsAtTheNextWordOfTheBrowser()
    {
        Chromium.SkipWhereMissing();
        await using DashboardServer server = await DashboardServer.Start(withKeys: true);
        string admin = AdminKey(server);
        NewKeyAnswer reader = await MakeReader(server, admin);
        await using Chromium chromium = await Chromium.Launch();

        // A window that is never seen is not followed, so nobody but itself can find out: it goes on saying that it is hidden.
        await using BrowserPage page = await BrowserPage.Open(chromium.Browser, server.Address, ColorScheme.Light);
        await page.Page.AddInitScriptAsync(
            """
            Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' });
            setInterval(() => document.dispatchEvent(new Event('visibilitychange')), 100);
            """);
        await page.Tell("login-unfollowed", async () =>
        {
            await LogIn(page, reader.Key);
            await page.SeeText("needs a key with admin scope");
            await Revoke(server, admin, reader.Id);
            await BrowserPage.See(page.Page.GetByLabel("API key"));
        });
    }

    [Fact]
    public async Task Login_WrongKey_IsRefused()
    {
        Chromium.SkipWhereMissing();
        await using DashboardServer server = await DashboardServer.Start(withKeys: true);
        await using Chromium chromium = await Chromium.Launch();
        await using BrowserPage page = await BrowserPage.Open(chromium.Browser, server.Address, ColorScheme.Light);
        await LogIn(page, "rec_000000000000_wrong");
        await page.SeeText("There is no such key.");
    }

    private static string AdminKey(DashboardServer server) => server.FirstKey ?? throw new InvalidOperationException("The server said no first key.");

    private static async Task LogIn(BrowserPage page, string key)
    {
        await page.Page.GotoAsync("/dashboard/training");
        await page.Page.GetByLabel("API key").FillAsync(key);
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Log in" }).ClickAsync();
    }

    private static async Task<NewKeyAnswer> MakeReader(DashboardServer server, string admin)
    {
        using HttpClient http = Client(server, admin);
        using HttpResponseMessage answer = await http.PostAsync(
            "/v1/keys", JsonContent.Create(new KeyInput("reader", KeyScopes.Read), ApiJson.Default.KeyInput));
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync(ApiJson.Default.NewKeyAnswer))!;
    }

    private static async Task Revoke(DashboardServer server, string admin, string keyId)
    {
        using HttpClient http = Client(server, admin);
        using HttpResponseMessage answer = await http.DeleteAsync("/v1/keys/" + keyId);
        answer.EnsureSuccessStatusCode();
    }

    private static HttpClient Client(DashboardServer server, string key)
    {
        HttpClient http = new() { BaseAddress = server.Address };
        http.DefaultRequestHeaders.Authorization = new("Bearer", key);
        return http;
    }
}
