using System.Text.Json;
using OrleansRec.Api;
using OrleansRec.Client;

namespace OrleansRec.Gateway.Tests;

/// <summary>The admin can say who looked at a user, and the log itself says nothing of who the users are.</summary>
public sealed class AccessLogStories(SharedHost shared)
{
    [Fact]
    public async Task ListAccess_OfAUser_TellsWhoLookedTheLatestFirst()
    {
        NewKeyAnswer key = await shared.Client.CreateKeyAsync(new("curious", KeyScopes.Read));
        using var curious = new RecommenderClient(shared.Server.Address, key.Key);
        await curious.GetUserAsync("looked-at/é");
        await curious.RecommendAsync("looked-at/é");
        await curious.GetUserAsync("somebody-else");
        await shared.Client.ExportUserAsync("looked-at/é");

        AccessPage page = await shared.Client.ListAccessAsync("looked-at/é");
        Assert.Equal(["exportUser", "getUser"], page.Entries.Select(e => e.Verb));
        Assert.Equal((key.Id, "curious"), (page.Entries[1].KeyId, page.Entries[1].KeyName));
        Assert.Single(page.Entries.Select(e => e.User).Distinct());
        Assert.DoesNotContain("looked-at", JsonSerializer.Serialize(page), StringComparison.Ordinal);
        Assert.Empty((await shared.Client.ListAccessAsync("never-looked-at")).Entries);
    }

    [Fact]
    public async Task ListAccess_PageByPage_HoldsEachLookOnce()
    {
        for (int i = 0; i < 5; i++)
            await shared.Client.GetUserAsync("paged");
        var seen = new List<AccessLook>();
        string? cursor = null;
        do
        {
            AccessPage page = await shared.Client.ListAccessAsync("paged", cursor, 2);
            seen.AddRange(page.Entries);
            cursor = page.Next;
        }
        while (cursor is not null);
        Assert.Equal(5, seen.Count);
        Assert.Equal(seen.OrderByDescending(e => e.Time).Select(e => e.Time), seen.Select(e => e.Time));
    }

    /// <summary>That somebody looked stays in the log; the hash by which the user could be found again does not.</summary>
    [Fact]
    public async Task DeleteUser_WhoWasLookedAt_LeavesTheLooksWithoutTheUser()
    {
        await shared.Client.RecordEventsAsync([new() { UserId = "forgotten", ItemId = "i", Type = "view" }]);
        await shared.Client.GetUserAsync("forgotten");
        await shared.Client.GetUserAsync("kept");
        string hash = Assert.Single((await shared.Client.ListAccessAsync("forgotten")).Entries).User;

        await shared.Client.DeleteUserAsync("forgotten");
        await shared.Client.GetUserAsync("kept");

        Assert.Empty((await shared.Client.ListAccessAsync("forgotten")).Entries);
        Assert.Equal(2, (await shared.Client.ListAccessAsync("kept")).Entries.Length);
        AccessLook[] all = (await shared.Client.ListAccessAsync(count: 1000)).Entries;
        Assert.DoesNotContain(all, e => e.User == hash);
        Assert.Contains(all, e => e is { User: "erased", Verb: "getUser" });
    }

    [Fact]
    public async Task ListAccess_OfEverybody_KnowsPagesOfMany()
    {
        await shared.Client.ListUsersAsync();
        AccessLook look = (await shared.Client.ListAccessAsync(count: 1000)).Entries.First(e => e.Verb == "listUsers");
        Assert.Equal("", look.User);
    }

    [Fact]
    public async Task ListAccess_OfAnotherTenant_IsEmpty()
    {
        await shared.Client.GetUserAsync("shared-name");
        using RecommenderClient system = await shared.Server.Client(KeyScopes.System);
        using var other = new RecommenderClient(shared.Server.Address, (await system.CreateTenantAsync(new("beside")))!.Key);
        Assert.Empty((await other.ListAccessAsync("shared-name")).Entries);
        Assert.Empty((await other.ListAccessAsync()).Entries);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("1-2-3")]
    [InlineData("-1-2")]
    public async Task ListAccess_ACursorOfItsOwn_IsRefused(string cursor)
    {
        RecommenderException e = await Assert.ThrowsAsync<RecommenderException>(() => shared.Client.ListAccessAsync(cursor: cursor));
        Assert.Equal((400, "cursor"), (e.Problem.Status, e.Problem.Field));
    }

    [Theory]
    [InlineData("/v1/users/u/recommendations?K0=1", "K0")]
    [InlineData("/v1/users?count=1&page=2", "page")]
    [InlineData("/v1/status?x=1", "x")]
    public async Task Query_AParameterThatIsNotKnown_IsNamed(string target, string name)
    {
        (int status, JsonElement problem, _) = await shared.Server.Send("GET", target);
        Assert.Equal((400, name), (status, problem.GetProperty("field").GetString()));
    }

    [Fact]
    public async Task Body_TooLargeAndSentAtOnce_IsAnsweredWith413()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/events");
        request.Headers.Authorization = new("Bearer", await shared.Server.Key(KeyScopes.Admin));
        request.Content = new ByteArrayContent(new byte[9 << 20]) { Headers = { ContentType = new("application/json") } };
        using HttpResponseMessage response = await shared.Server.Http.SendAsync(request);
        Assert.Equal(413, (int)response.StatusCode);
        Assert.Contains("4194304", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_ForAUserNeverSeen_Is404()
    {
        Assert.NotNull(await shared.Client.ExplainAsync("a0", "tea-0"));
        Assert.Null(await shared.Client.ExplainAsync("never-seen", "tea-0"));
    }
}
