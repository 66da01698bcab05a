using System.Net;
using OrleansRec.Api;
using static OrleansRec.Client.Tests.ScriptedServer;

namespace OrleansRec.Client.Tests;

/// <summary>Goal: each verb sends the method, path and body that the server knows, and reads its answer. Method: a scripted handler.</summary>
public sealed class VerbTests
{
    private const string List = """{"recommendationId":"r","modelVersion":2,"catalogueVersion":3,"historyVersion":4,"items":[{"itemId":"mug","score":0.5,"rank":1,"source":"personal"}]}""";

    [Fact]
    public async Task Recommend_OptionsThatAQueryCarries_GetsWithThem()
    {
        var server = new ScriptedServer(Json(List));
        using RecommenderClient client = Client(server);

        RecommendationAnswer list = await client.RecommendAsync(
            "a/b c%2F", new() { K = 5, IncludeSeen = true, Filter = new() { Categories = ["mugs"], NotCategories = ["sale"], PriceMax = 20, InStock = true } });

        Assert.Equal("/v1/users/a%2Fb%20c%252F/recommendations?k=5&filter=category%3Amugs%2C%21category%3Asale%2Cprice%3C%3D20.0000000000%2Cin-stock&includeSeen=true",
            server.Requests[0].Target);
        Assert.Equal(HttpMethod.Get, server.Requests[0].Method);
        Assert.Equal("rec_key", server.Requests[0].Key);
        Assert.Equal(new ListedItem("mug", 0.5f, 1, "personal"), Assert.Single(list.Items));
        Assert.Equal((2, 3, 4), (list.ModelVersion, list.CatalogueVersion, list.HistoryVersion));
    }

    [Fact]
    public async Task Recommend_CandidatesOrOddUser_PostsTheFullRequest()
    {
        var server = new ScriptedServer(Json(List));
        using RecommenderClient client = Client(server);

        await client.RecommendAsync("u", new() { Candidates = ["x"] });
        await client.RecommendAsync("..");
        await client.RecommendAsync("u", new() { Filter = new() { Categories = ["mugs, large"] } });

        Assert.All(server.Requests, r => Assert.Equal((HttpMethod.Post, "/v1/recommendations"), (r.Method, r.Target)));
        Assert.Contains("\"candidates\":[\"x\"]", server.Requests[0].Body, StringComparison.Ordinal);
        Assert.Contains("\"userId\":\"..\"", server.Requests[1].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListsBesideTheFactors_AreAskedForAsTheServerKnowsThem()
    {
        var server = new ScriptedServer(Json(List), Json(List), Json(List), Problem(HttpStatusCode.NotFound, """{"status":404,"field":"itemId","value":"u"}"""),
            Problem(HttpStatusCode.NotFound, """{"status":404,"field":"userId","value":"a/b"}"""));
        using RecommenderClient client = Client(server);

        Assert.NotNull(await client.SimilarByAsync("a/b", SimilarBy.Neighbours, new() { K = 3 }));
        Assert.NotNull(await client.BoughtTogetherAsync("a/b", new() { K = 3, IncludeSeen = true }));
        Assert.Equal(2, (await client.TrendingAsync(new() { K = 7, Filter = new() { InStock = true } })).ModelVersion);
        Assert.Null(await client.BoughtTogetherAsync("u"));
        Assert.Null(await client.SimilarUsersAsync("a/b", 4));
        await Assert.ThrowsAsync<RecommenderException>(() => client.TrendingAsync(new() { Candidates = ["x"] }));

        Assert.Equal(
            ["/v1/items/a%2Fb/similar?by=neighbours&k=3", "/v1/items/a%2Fb/bought-together?k=3", "/v1/trending?k=7&filter=in-stock", "/v1/items/u/bought-together?k=10", "/v1/users/a%2Fb/similar?k=4"],
            server.Requests.Select(r => r.Target));
    }

    [Fact]
    public async Task PagesAndLabels_AreAskedForAsTheServerKnowsThem()
    {
        const string Labels = """{"modelVersion":2,"catalogueVersion":3,"historyVersion":4,"labels":[{"name":"mugs","score":0.5,"items":7}]}""";
        var server = new ScriptedServer(Json($$"""{"historyVersion":4,"blocks":[{"name":"top","list":{{List}}}]}"""), Json(Labels), Json(Labels));
        using RecommenderClient client = Client(server);

        PageAnswer page = await client.RecommendPageAsync("a/b", new([new() { Name = "top", Scenario = "home", K = 2 }]));
        LabelsAnswer labels = await client.RecommendLabelsAsync("a/b", LabelKind.Brands, new() { K = 3, Where = "item.price < 5", Scenario = "home" });
        await client.TrendingLabelsAsync(LabelKind.Categories, new() { K = 4 });

        Assert.Equal((4, "top", 2), (page.HistoryVersion, page.Blocks[0].Name, page.Blocks[0].List.ModelVersion));
        Assert.Equal(new ListedLabel("mugs", 0.5, 7), labels.Labels[0]);
        Assert.Equal(
            ["/v1/users/a%2Fb/pages", "/v1/users/a%2Fb/recommendations/brands?where=item.price%20%3C%205&k=3&scenario=home", "/v1/trending/categories?k=4"], server.Requests.Select(r => r.Target));
        Assert.Contains("\"blocks\":[{\"name\":\"top\"", server.Requests[0].Body, StringComparison.Ordinal);
        await Assert.ThrowsAsync<RecommenderException>(() => client.RecommendLabelsAsync("u", "colours"));
        await Assert.ThrowsAsync<RecommenderException>(() => client.RecommendLabelsAsync("u", LabelKind.Brands, new() { Explain = true }));
    }

    [Fact]
    public async Task RecommendMany_Lines_ComeOneByOne()
    {
        var server = new ScriptedServer(Json($$"""{"userId":"u","list":{{List}}}""" + "\n" + $$"""{"userId":"v","list":{{List}}}""" + "\n"));
        using RecommenderClient client = Client(server);
        List<string> users = [];

        await foreach (UserListAnswer each in client.RecommendManyAsync(new() { UserIds = ["u", "v"], K = 1 }))
            users.Add($"{each.UserId} {Assert.Single(each.List.Items).ItemId}");

        Assert.Equal(["u mug", "v mug"], users);
        Assert.Equal((HttpMethod.Post, "/v1/recommendations/batch"), (server.Requests[0].Method, server.Requests[0].Target));
        Assert.Contains("\"userIds\":[\"u\",\"v\"]", server.Requests[0].Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"userId":"v","list":""")]
    [InlineData("null\n")]
    public async Task RecommendMany_AnswerThatBreaksOff_ThrowsAfterWhatCame(string rest)
    {
        using RecommenderClient client = Client(new ScriptedServer(Json($$"""{"userId":"u","list":{{List}}}""" + "\n" + rest)));
        await using IAsyncEnumerator<UserListAnswer> lists = client.RecommendManyAsync(new()).GetAsyncEnumerator();

        Assert.True(await lists.MoveNextAsync());
        Assert.Equal("u", lists.Current.UserId);
        RecommenderException broken = await Assert.ThrowsAsync<RecommenderException>(async () => await lists.MoveNextAsync());
        Assert.Equal("The answer broke off.", broken.Problem.Title);
    }

    [Fact]
    public async Task RecommendMany_Refused_ThrowsTheProblem()
    {
        var server = new ScriptedServer(Problem(HttpStatusCode.BadRequest, """{"field":"k","value":"0","rule":"must be between 1 and 1000"}"""));
        using RecommenderClient client = Client(server);

        RecommenderException refused = await Assert.ThrowsAsync<RecommenderException>(async () => await client.RecommendManyAsync(new() { K = 0 }).GetAsyncEnumerator().MoveNextAsync());

        Assert.Equal("k", refused.Problem.Field);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task UsersAndEventTypes_AreSentAsTheServerKnowsThem()
    {
        var server = new ScriptedServer(
            Json("""{"historyVersion":2}"""), Json("""{"events":7,"duplicates":1,"notStored":0,"historyVersion":9}"""), Json("""{"types":[]}"""), Json("""{"types":[]}"""));
        using RecommenderClient client = Client(server);

        Assert.Equal(2, (await client.PutUserAsync("a/b", new() { Consent = new() { Store = false }, RetentionDays = 30 })).HistoryVersion);
        Assert.Equal(new MergedUserAnswer(7, 1, 0, 9), await client.MergeUserAsync("a/b", "visitor"));
        await client.ListEventTypesAsync();
        await client.PutEventTypesAsync([new() { Type = "wishlist", Weight = 2 }]);

        Assert.Equal(
            [(HttpMethod.Put, "/v1/users/a%2Fb"), (HttpMethod.Post, "/v1/users/a%2Fb/merge"), (HttpMethod.Get, "/v1/event-types"), (HttpMethod.Put, "/v1/event-types")],
            server.Requests.Select(r => (r.Method, r.Target)));
        Assert.Contains("\"consent\":{\"personalise\":true,\"store\":false}", server.Requests[0].Body, StringComparison.Ordinal);
        Assert.Equal("""{"from":"visitor"}""", server.Requests[1].Body);
        Assert.Contains("\"countsAsPopular\":true", server.Requests[3].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetUser_UnknownUser_IsNull()
    {
        var server = new ScriptedServer(Problem(HttpStatusCode.NotFound, """{"status":404,"field":"userId","value":"u"}"""));
        using RecommenderClient client = Client(server);

        Assert.Null(await client.GetUserAsync("u"));
        Assert.Null(await client.DeleteUserAsync("u"));
        Assert.False(await client.DeleteItemAsync("i"));
    }

    [Fact]
    public async Task GetUser_AddressWithoutSuchARoute_Throws()
    {
        using RecommenderClient client = Client(new ScriptedServer(Json("<html>", HttpStatusCode.NotFound)));

        RecommenderException e = await Assert.ThrowsAsync<RecommenderException>(() => client.GetUserAsync("u"));

        Assert.Equal(404, e.Problem.Status);
    }

    [Fact]
    public async Task StartTraining_OneUnderWay_AnswersItsVersion()
    {
        using RecommenderClient client = Client(new ScriptedServer(Problem(HttpStatusCode.Conflict, """{"status":409,"version":7}""")));

        Assert.Equal(new TrainingStartedAnswer(false, 7), await client.StartTrainingAsync());
    }

    [Fact]
    public async Task RecordEvents_NaN_IsRefusedBeforeItIsSent()
    {
        var server = new ScriptedServer(Json("{}"));
        using RecommenderClient client = Client(server);

        await Assert.ThrowsAsync<RecommenderException>(() => client.RecordEventsAsync([new() { UserId = "u", ItemId = "i", Type = "view", Value = double.NaN }]));

        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    public async Task GetUser_IdThatAPathCannotCarry_NamesTheField(string userId)
    {
        using RecommenderClient client = Client(new ScriptedServer(Json("{}")));

        RecommenderException e = await Assert.ThrowsAsync<RecommenderException>(() => client.GetUserAsync(userId));

        Assert.Equal("userId", e.Problem.Field);
    }

    [Fact]
    public async Task Recommend_AnswerWithAFieldOfALaterVersion_IsRead()
    {
        using RecommenderClient client = Client(new ScriptedServer(Json(List.Replace("\"modelVersion\"", "\"later\":{},\"modelVersion\"", StringComparison.Ordinal))));

        Assert.Equal(2, (await client.RecommendAsync("u")).ModelVersion);
    }

    [Fact]
    public void EventKeys_AnyKey_ComesBack()
    {
        foreach (ulong key in new ulong[] { 0, 1, 0x00c0ffee00c0ffee, ulong.MaxValue })
        {
            Assert.True(EventKeys.TryParse(EventKeys.Format(key), out ulong parsed));
            Assert.Equal(key, parsed);
        }
        Assert.False(EventKeys.TryParse("key:123", out _));
        Assert.False(EventKeys.TryParse("order:0000000000000001", out _));
    }

    private static RecommenderClient Client(ScriptedServer server) => new(server, new("http://shop"), "rec_key");
}
