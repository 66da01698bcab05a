using System.Globalization;
using Microsoft.Playwright;

namespace OrleansRec.Dashboard.Tests;

/// <summary>Trains by hand: fills in the form, starts, and waits for what the page shows.</summary>
public static class TrainingStory
{
    private const float TrainMs = 180_000;

    public static async Task TrainHere(BrowserPage page, int sweeps)
    {
        await page.GoTo("/dashboard/training", "Training");
        await Fill(page, "rank", "4");
        await Fill(page, "lambda", "0.1");
        await Fill(page, "sweeps", sweeps.ToString(CultureInfo.InvariantCulture));
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Start training" }).ClickAsync();
        await page.SeeText("has started.");
        await Assertions.Expect(page.Page.Locator("#training-phase")).ToHaveTextAsync("done", new() { Timeout = TrainMs });
        await page.SeeText($"Sweep {sweeps} of {sweeps}");
    }

    public static async Task Fill(BrowserPage page, string field, string value)
    {
        ILocator input = page.Page.Locator($"input[name='{field}']").Or(page.Page.Locator($"[name='{field}'] input")).First;
        await input.FillAsync(value);
        await input.BlurAsync();
    }
}
