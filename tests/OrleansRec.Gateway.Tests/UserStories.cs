using OrleansRec.Api;

namespace OrleansRec.Gateway.Tests;

/// <summary>Goal: a user can be looked at, listed, exported and erased over HTTP; one never seen is a 404, except for a list.</summary>
public sealed class UserStories(SharedHost shared)
{
    [Fact]
    public async Task GetUser_WithEvents_CountsThem()
    {
        await shared.Client.RecordEventsAsync([SharedHost.Purchase("us-1", "tea-0"), SharedHost.Purchase("us-1", "tea-1")]);

        UserInfo? user = await shared.Client.GetUserAsync("us-1");

        Assert.Equal((2L, 2, 2), (user!.HistoryVersion, user.Events, user.Items));
        Assert.Equal(2, user.Vector.Length);
    }

    [Theory]
    [InlineData("GET", "/v1/users/us-nobody")]
    [InlineData("GET", "/v1/users/us-nobody/export")]
    [InlineData("DELETE", "/v1/users/us-nobody")]
    public async Task UnknownUser_Is404WithTheField(string method, string target)
    {
        (int status, var problem, _) = await shared.Server.Send(method, target);

        Assert.Equal(404, status);
        Assert.Equal("userId", problem.GetProperty("field").GetString());
    }

    [Fact]
    public async Task Recommend_UnknownUser_AnswersThePopular()
    {
        RecommendationAnswer list = await shared.Client.RecommendAsync("us-first-visit", new() { K = 3 });

        Assert.Equal(0, list.HistoryVersion);
        Assert.Equal(3, list.Items.Length);
        Assert.All(list.Items, i => Assert.Equal("popular", i.Source));
    }

    [Fact]
    public async Task DeleteUser_Known_LeavesNothing()
    {
        await shared.Client.RecordEventsAsync([SharedHost.Purchase("us-2", "tea-0")]);

        Assert.Equal((1, 1), await shared.Client.DeleteUserAsync("us-2") is { } erased ? (erased.Events, erased.Receipt.Events) : default);

        Assert.Null(await shared.Client.ExportUserAsync("us-2"));
        Assert.Null(await shared.Client.DeleteUserAsync("us-2"));
    }

    [Fact]
    public async Task ListUsers_SmallPages_HoldEveryUserOnce()
    {
        List<string> paged = [];
        string? cursor = null;
        do
        {
            UserPage page = await shared.Client.ListUsersAsync(cursor, 7);
            paged.AddRange(page.Users.Select(u => u.UserId));
            cursor = page.Next;
        }
        while (cursor is not null);

        Assert.Equal(paged.Count, paged.Distinct().Count());
        Assert.Superset(Enumerable.Range(0, 10).SelectMany(i => (string[])[$"a{i}", $"b{i}"]).ToHashSet(), paged.ToHashSet());
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("a%2Fb")]
    [InlineData("a%b")]
    [InlineData("//")]
    [InlineData("a b+c?d#e&f=g")]
    [InlineData("...")]
    [InlineData("Zoë \u0001\n 😀")]
    public async Task AnyId_InPathsAndBodies_IsTheSameUser(string id)
    {
        await shared.Client.RecordEventsAsync([SharedHost.Purchase(id, "tea-0") with { EventId = id }]);

        Assert.Equal(id, (await shared.Client.GetUserAsync(id))?.UserId);
        Assert.Equal(1, (await shared.Client.RecommendAsync(id)).HistoryVersion);
        Assert.NotNull(await shared.Client.RemoveEventAsync(id, id));
        await shared.Client.PutItemAsync(id, new() { Title = "odd" });
        Assert.Equal(id, (await shared.Client.GetItemAsync(id))?.ItemId);
        Assert.True(await shared.Client.DeleteItemAsync(id));
    }

    [Fact]
    public async Task LongestId_InAPath_Works()
    {
        string id = string.Concat(Enumerable.Repeat("é", 128));
        await shared.Client.RecordEventsAsync([SharedHost.Purchase(id, "tea-0") with { EventId = "e" }]);

        Assert.NotNull(await shared.Client.ExplainAsync(id, "tea-1"));
        Assert.Equal(id, (await shared.Client.ExportUserAsync(id))?.UserId);
    }
}
