using Microsoft.Playwright;

namespace OrleansRec.Dashboard.Tests;

/// <summary>
/// Goal: each page shows what the running server holds and does what its buttons say, in both themes, without an error on the console and without asking
/// another host. Method: a real server process, a planted shop, a real browser; waits are on what the page shows.
/// </summary>
public sealed class DashboardPageTests(OpenDashboard dashboard) : IClassFixture<OpenDashboard>
{
    [Theory, InlineData(ColorScheme.Light), InlineData(ColorScheme.Dark)]
    public async Task Overview_RunningServer_ShowsCountsShardsAndEngine(ColorScheme theme)
    {
        await using BrowserPage page = await dashboard.Open(theme);
        await page.Tell($"overview-{theme}", async () =>
        {
            await page.GoTo("/dashboard", "Overview");
            await page.SeeText($"{2 * PlantedShop.ItemsOfATaste} in the catalogue");
            await BrowserPage.See(page.Page.Locator(".figure", new() { HasText = "Users" }).GetByText($"{2 * PlantedShop.UsersOfATaste + 1}", new() { Exact = true }));
            foreach (string text in new[] { "User shards", "Item shards", "Engine", "Orleans", "Requests/s", "p99 ms" })
                await BrowserPage.See(page.Page.GetByText(text, new() { Exact = true }));
            await BrowserPage.See(page.Page.GetByRole(AriaRole.Status).GetByText("live"));
        });
    }

    [Theory, InlineData(ColorScheme.Light), InlineData(ColorScheme.Dark)]
    public async Task Training_StartedHere_FinishesHere(ColorScheme theme)
    {
        await using BrowserPage page = await dashboard.Open(theme);
        await page.Tell($"training-{theme}", async () =>
        {
            int sweeps = theme == ColorScheme.Light ? 4 : 5;
            await TrainingStory.TrainHere(page, sweeps);
            await page.Page.GetByText("Sweep by sweep").ClickAsync();
            await Assertions.Expect(page.Page.GetByRole(AriaRole.Region, new() { Name = "Sweeps" }).Locator("tbody tr")).ToHaveCountAsync(sweeps);
        });
    }

    [Fact]
    public async Task Training_RankOutOfRange_NamesTheRule()
    {
        await using BrowserPage page = await dashboard.Open(ColorScheme.Light);
        await page.Tell("training-invalid", async () =>
        {
            await page.GoTo("/dashboard/training", "Training");
            await TrainingStory.Fill(page, "rank", "5000");
            await page.Page.GetByRole(AriaRole.Button, new() { Name = "Start training" }).ClickAsync();
            await page.SeeText("Rank k must be from 1 to 1,024.");
        });
    }

    [Theory, InlineData(ColorScheme.Light), InlineData(ColorScheme.Dark)]
    public async Task Models_Promote_MovesTheCurrentMark(ColorScheme theme)
    {
        await using BrowserPage page = await dashboard.Open(theme);
        await page.Tell($"models-{theme}", async () =>
        {
            await TrainingStory.TrainHere(page, sweeps: 2);
            await page.GoTo("/dashboard/models", "Models");
            ILocator button = page.Page.GetByRole(AriaRole.Button, new() { Name = "Promote version" }).First;
            string version = (await button.GetAttributeAsync("aria-label"))!.Split(' ')[^1];
            // Named again: the list may have grown at its top since.
            await page.Page.GetByRole(AriaRole.Button, new() { Name = $"Promote version {version}", Exact = true }).ClickAsync();
            await page.SeeText($"Promote version {version}?");
            await page.Page.Locator(".rz-dialog button", new() { HasText = "Promote" }).ClickAsync();
            await BrowserPage.See(page.Page.Locator($".model.current[data-version='{version}']"));
            await Assertions.Expect(page.Page.Locator(".model.current")).ToHaveCountAsync(1);
        });
    }

    [Theory, InlineData(ColorScheme.Light), InlineData(ColorScheme.Dark)]
    public async Task User_FoundById_ShowsHistoryListAndReasons(ColorScheme theme)
    {
        await using BrowserPage page = await dashboard.Open(theme);
        await page.Tell($"user-{theme}", async () =>
        {
            await page.GoTo("/dashboard/users", "Users");
            await TrainingStory.Fill(page, "find-id", PlantedShop.Alice);
            await page.Page.GetByRole(AriaRole.Button, new() { Name = "Find" }).ClickAsync();
            await page.Heading($"User {PlantedShop.Alice}");
            ILocator history = page.Page.Locator("#history tbody tr");
            await Assertions.Expect(history).ToHaveCountAsync(3);
            await Assertions.Expect(history.First).ToContainTextAsync("tea-2");
            ILocator best = page.Page.Locator("#list tbody tr").First;
            await Assertions.Expect(best).ToContainTextAsync("Fine tea number");
            await Assertions.Expect(best).ToContainTextAsync("personal");
            await best.GetByRole(AriaRole.Button).ClickAsync();
            await Assertions.Expect(page.Page.Locator("#split tbody tr")).ToHaveCountAsync(3);
        });
    }

    [Theory, InlineData(ColorScheme.Light), InlineData(ColorScheme.Dark)]
    public async Task Item_FromTheList_ShowsRecordEventsAndNeighbours(ColorScheme theme)
    {
        await using BrowserPage page = await dashboard.Open(theme);
        await page.Tell($"item-{theme}", async () =>
        {
            await page.GoTo("/dashboard/items", "Items");
            await Assertions.Expect(page.Page.Locator("tbody tr")).ToHaveCountAsync(20);
            await TrainingStory.Fill(page, "find-id", "bolt-3");
            await page.Page.GetByRole(AriaRole.Button, new() { Name = "Find" }).ClickAsync();
            await page.Heading("Item bolt-3");
            await page.SeeText("Fine bolt number 3");
            await page.SeeText("4.50");
            await Assertions.Expect(page.Page.Locator("#similar tbody tr").First).ToContainTextAsync("bolt-");
            await Assertions.Expect(page.Page.Locator("#recent tbody tr").First).ToContainTextAsync("bolt-lover-");
        });
    }

    [Theory, InlineData(ColorScheme.Light, "Dark", "dark"), InlineData(ColorScheme.Dark, "Light", "light")]
    public async Task Theme_Chosen_WinsOverTheSystemAndStays(ColorScheme system, string choice, string theme)
    {
        await using BrowserPage page = await dashboard.Open(system);
        await page.Tell($"theme-{theme}", async () =>
        {
            await page.GoTo("/dashboard", "Overview");
            await Assertions.Expect(page.Page.Locator("html")).ToHaveAttributeAsync("data-theme", system == ColorScheme.Dark ? "dark" : "light");
            await page.Page.GetByRole(AriaRole.Radio, new() { Name = choice }).ClickAsync();
            await Assertions.Expect(page.Page.Locator("html")).ToHaveAttributeAsync("data-theme", theme);
            await Chosen(page, choice);
            await page.GoTo("/dashboard/models", "Models");
            await Assertions.Expect(page.Page.Locator("html")).ToHaveAttributeAsync("data-theme", theme);
            await Chosen(page, choice);
        });
    }

    [Fact]
    public async Task Theme_Chosen_HoldsBeforeAnyServerCouldAnswer()
    {
        await using BrowserPage page = await dashboard.Open(ColorScheme.Dark);
        await page.Tell("theme-alone", async () =>
        {
            await page.GoTo("/dashboard", "Overview");
            // Within one turn of the page's script nothing is sent or received.
            string[] now = await page.Page.EvaluateAsync<string[]>(
                """
                () => {
                  const button = document.querySelector('[data-theme-choice=light]');
                  button.click();
                  return [document.documentElement.dataset.theme, button.getAttribute('aria-checked')];
                }
                """);
            Assert.Equal(["light", "true"], now);
        });
    }

    [Fact]
    public async Task Theme_ChosenWhereNothingIsKept_HoldsInTheWindow()
    {
        await using BrowserPage page = await dashboard.Open(ColorScheme.Dark);
        await page.Page.AddInitScriptAsync("Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }");
        await page.Tell("theme-unkept", async () =>
        {
            await page.GoTo("/dashboard", "Overview");
            await page.Page.GetByRole(AriaRole.Radio, new() { Name = "Light" }).ClickAsync();
            await Assertions.Expect(page.Page.Locator("html")).ToHaveAttributeAsync("data-theme", "light");
            await Chosen(page, "Light");
        });
    }

    [Fact]
    public async Task Icons_WhoseFontComesLate_LieOverNothing()
    {
        await using BrowserPage page = await dashboard.Open(ColorScheme.Light);
        var fonts = new TaskCompletionSource();
        await page.Page.RouteAsync("**/MaterialSymbols*", async route =>
        {
            await fonts.Task;
            await route.ContinueAsync();
        });
        await page.Tell("icons-late", async () =>
        {
            await page.GoTo("/dashboard", "Overview");
            await Chosen(page, "As the system");
            string[] hit = await HitButtons(page);
            // A picture of a failure waits for fonts.
            fonts.SetResult();
            Assert.Equal(["system", "light", "dark"], hit);
        });
    }

    private static Task Chosen(BrowserPage page, string choice) =>
        Assertions.Expect(page.Page.GetByRole(AriaRole.Radio, new() { Name = choice })).ToBeCheckedAsync();

    /// <summary>Which choice a click on the middle, and beside it, of each button meets.</summary>
    private static Task<string[]> HitButtons(BrowserPage page) => page.Page.EvaluateAsync<string[]>(
        """
        () => [...document.querySelectorAll('[data-theme-choice]')].map(button => {
          const box = button.getBoundingClientRect(), y = box.top + box.height / 2;
          const met = [0.1, 0.5, 0.9].map(at => document.elementFromPoint(box.left + at * box.width, y).closest('[data-theme-choice]').dataset.themeChoice);
          return [...new Set(met)].join('+');
        })
        """);
}
