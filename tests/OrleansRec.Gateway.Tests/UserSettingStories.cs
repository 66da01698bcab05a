using OrleansRec.Api;

namespace OrleansRec.Gateway.Tests;

/// <summary>Goal: consent, attributes, merging and the portrait over HTTP, as a shop uses them.</summary>
public sealed class UserSettingStories(SharedHost shared)
{
    [Fact]
    public async Task PutUser_EveryField_ComesBackAndIsReplaced()
    {
        await shared.Client.PutUserAsync("set-1", new() { Attributes = new() { ["country"] = "DE" }, Consent = new() { Personalise = false }, RetentionDays = 30 });
        UserInfo user = (await shared.Client.GetUserAsync("set-1"))!;
        Assert.Equal(("DE", false, true, 30.0), (user.Attributes["country"], user.Consent.Personalise, user.Consent.Store, user.RetentionDays));
        Assert.Equal("DE", (await shared.Client.ExportUserAsync("set-1"))!.Attributes["country"]);

        await shared.Client.PutUserAsync("set-1", new());

        user = (await shared.Client.GetUserAsync("set-1"))!;
        Assert.Equal((0, true, true, null), (user.Attributes.Count, user.Consent.Personalise, user.Consent.Store, user.RetentionDays));
    }

    [Theory]
    [InlineData("""{"consent":{"store":false}}""", true, false), InlineData("""{"consent":{}}""", true, true), InlineData("""{"consent":{"personalise":false}}""", false, true)]
    public async Task PutUser_AbsentConsents_AreGiven(string body, bool personalise, bool store)
    {
        await shared.Server.Send("PUT", "/v1/users/set-2", body);
        Assert.Equal((personalise, store), (await shared.Client.GetUserAsync("set-2"))!.Consent is var c ? (c.Personalise, c.Store) : default);
    }

    [Theory]
    [InlineData("PUT", "/v1/users/set-3", """{"retentionDays":0}""", "retentionDays"), InlineData("PUT", "/v1/users/set-3", """{"attributes":{"":"x"}}""", "attributes")]
    [InlineData("PUT", "/v1/users/set-3", """{"attributes":{"a":null}}""", "attributes"), InlineData("POST", "/v1/users/set-3/merge", "{}", "from")]
    [InlineData("POST", "/v1/users/set-3/merge", """{"from":"set-3"}""", "from"), InlineData("PUT", "/v1/users/set-3", """{"consents":{}}""", "$.consents")]
    public async Task BadInput_IsRefusedByField(string method, string target, string body, string field)
    {
        (int status, var problem, _) = await shared.Server.Send(method, target, body);
        Assert.Equal((400, field), (status, problem.GetProperty("field").GetString()));
    }

    [Fact]
    public async Task RecordEvents_NoStoring_AreAnsweredAsNotStored()
    {
        await shared.Client.PutUserAsync("set-4", new() { Consent = new() { Store = false } });
        EventsAnswer answer = await shared.Client.RecordEventsAsync([SharedHost.Purchase("set-4", "tea-0"), SharedHost.Purchase("set-5", "tea-0")]);
        Assert.Equal((1, 1, 0, 0), (answer.Accepted, answer.NotStored, answer.Duplicates, answer.Rejected.Length));
        Assert.Empty((await shared.Client.ExportUserAsync("set-4"))!.Events);
    }

    [Fact]
    public async Task Merge_AVisitorAtLogin_IsKnownToTheNextList()
    {
        await shared.Client.RecordEventsAsync([.. Enumerable.Range(0, 3).Select(i => SharedHost.Purchase("set-visitor", $"tea-{i}"))]);

        MergedUserAnswer merged = await shared.Client.MergeUserAsync("set-6", "set-visitor");

        Assert.Equal((3, 0, 0, 3L), (merged.Events, merged.Duplicates, merged.NotStored, merged.HistoryVersion));
        RecommendationAnswer list = await shared.Client.RecommendAsync("set-6", new() { K = 2 });
        Assert.Equal(["tea-3", "tea-4"], list.Items.Select(i => i.ItemId).Order());
        Assert.Equal(0, (await shared.Client.MergeUserAsync("set-6", "set-visitor")).Events);
        Assert.Equal(0, (await shared.Client.MergeUserAsync("set-6", "set-never-seen")).Events);
    }

    [Fact]
    public async Task GetUser_WithAHistory_HasItsPortrait()
    {
        await shared.Client.PutItemsAsync(
            [new() { ItemId = "set-mug", Brand = "Acme", Categories = ["kitchen"], Price = 5 }, new() { ItemId = "set-pot", Brand = "Acme", Categories = ["kitchen", "garden"], Price = 20 }]);
        DateTimeOffset bought = DateTimeOffset.UtcNow.AddDays(-2);
        await shared.Client.RecordEventsAsync(
            [new() { UserId = "set-7", ItemId = "set-mug", Type = "view", Time = bought.AddDays(-1) }, new() { UserId = "set-7", ItemId = "set-pot", Type = "purchase", Time = bought }]);

        UserPortraitInfo portrait = (await shared.Client.GetUserAsync("set-7"))!.Portrait!;

        Assert.Equal([("kitchen", 6 / 11.0), ("garden", 5 / 11.0)], portrait.Categories.Select(c => (c.Name, c.Share)));
        Assert.Equal("Acme", Assert.Single(portrait.Brands).Name);
        Assert.Equal((12.5, 1, 20.0, 2), (portrait.PriceMedian, portrait.Orders, portrait.Spend, portrait.Hours.Sum()));
        Assert.InRange(portrait.RecencyDays, 2, 2.1);
    }
}
