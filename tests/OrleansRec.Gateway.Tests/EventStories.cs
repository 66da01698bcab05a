using System.Text.Json;
using OrleansRec.Api;

namespace OrleansRec.Gateway.Tests;

/// <summary>Goal: events over HTTP are recorded once, in part where some are bad, and known to the list of the same answer.</summary>
public sealed class EventStories(SharedHost shared)
{
    [Fact]
    public async Task PostEvent_SameEventIdTwice_CountsTheSecondAsDuplicate()
    {
        const string body = """{"eventId":"e1","userId":"ev-1","itemId":"tea-0","type":"view"}""";

        (int status, JsonElement first, _) = await shared.Server.Send("POST", "/v1/events", body);
        (_, JsonElement second, _) = await shared.Server.Send("POST", "/v1/events", body);

        Assert.Equal(200, status);
        Assert.Equal("""{"accepted":1,"duplicates":0,"rejected":[],"historyVersion":1}""", first.ToString());
        Assert.Equal("""{"accepted":0,"duplicates":1,"rejected":[],"historyVersion":1}""", second.ToString());
    }

    [Fact]
    public async Task PostEvent_NoEventId_IsAnEventOfItsOwn()
    {
        const string body = """{"userId":"ev-2","itemId":"tea-0","type":"view"}""";

        await shared.Server.Send("POST", "/v1/events", body);
        (_, JsonElement second, _) = await shared.Server.Send("POST", "/v1/events", body);

        Assert.Equal(2, second.GetProperty("historyVersion").GetInt64());
    }

    // Case 5 of ../shared/cases/import.md: the same number in a file and in a request is the same time.
    [Theory]
    [InlineData("1700000000", "2023-11-14T22:13:20")]
    [InlineData("1700000000123", "2023-11-14T22:13:20.123")]
    [InlineData("1700000000123456", "2023-11-14T22:13:20.123")]
    [InlineData("\"2023-11-14T22:13:20\"", "2023-11-14T22:13:20")]
    [InlineData("\"2023-11-15T00:13:20+02:00\"", "2023-11-14T22:13:20")]
    public async Task PostEvent_TimeAsSecondsMillisecondsMicrosecondsOrText_IsThatTime(string time, string utc)
    {
        string user = $"ev-time-{time.Length}-{time[^3]}";

        (int status, _, _) = await shared.Server.Send("POST", "/v1/events", $$"""{"userId":"{{user}}","itemId":"tea-0","type":"view","time":{{time}}}""");

        Assert.Equal(200, status);
        Assert.Equal(DateTimeOffset.Parse(utc + "Z", System.Globalization.CultureInfo.InvariantCulture), (await shared.Client.GetUserAsync(user))!.LastTime);
    }

    [Fact]
    public async Task PostEvents_OneBadOfThree_RecordsTheOthersAndNamesIt()
    {
        EventsAnswer answer = await shared.Client.RecordEventsAsync(
        [
            new() { UserId = "ev-3", ItemId = "tea-0", Type = "view" },
            new() { UserId = "ev-3", ItemId = "", Type = "view" },
            new() { UserId = "ev-3", ItemId = "tea-1", Type = "view" },
        ]);

        Assert.Equal((2, 0, 2L), (answer.Accepted, answer.Duplicates, answer.HistoryVersion));
        Assert.Equal(new RejectedEntry(1, "itemId", "", "must not be empty"), Assert.Single(answer.Rejected));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(1000)]
    public async Task PostEvents_ManyUsers_AnswersTheLastUsersVersion(int users)
    {
        EventInput[] events = [.. Enumerable.Range(0, users).Select(i => SharedHost.Purchase($"ev-4-{users}-{i}", "tea-0")), SharedHost.Purchase($"ev-4-{users}-0", "tea-1")];

        EventsAnswer answer = await shared.Client.RecordEventsAsync(events);
        EventsAnswer again = await shared.Client.RecordEventsAsync(events);

        Assert.Equal((users + 1, 0, 2L), (answer.Accepted, answer.Duplicates, answer.HistoryVersion));
        Assert.Equal((0, users + 1, 2L), (again.Accepted, again.Duplicates, again.HistoryVersion));
    }

    [Fact]
    public async Task PostEvents_ThenRecommend_TheListKnowsTheEvents()
    {
        EventsAnswer answer = await shared.Client.RecordEventsAsync([SharedHost.Purchase("ev-5", "tea-0"), SharedHost.Purchase("ev-5", "tea-1")], new() { K = 3 });

        RecommendationAnswer list = Assert.IsType<RecommendationAnswer>(answer.Recommendations);
        Assert.Equal(2, list.HistoryVersion);
        Assert.True(list.ModelVersion >= 1);
        Assert.Equal(["tea-2", "tea-3", "tea-4"], list.Items.Select(i => i.ItemId).Order());
        Assert.All(list.Items, i => Assert.Equal("personal", i.Source));
    }

    [Fact]
    public async Task PostEvents_ThenSomethingElse_NamesTheParameter()
    {
        (int status, JsonElement problem, _) = await shared.Server.Send("POST", "/v1/events?then=dance", """{"userId":"u","itemId":"i","type":"view"}""");

        Assert.Equal(400, status);
        Assert.Equal("then", problem.GetProperty("field").GetString());
    }

    [Theory]
    [InlineData("\"2026-01-31T12:00:00Z\"")]
    [InlineData("1769860800000")]
    public async Task PostEvent_TimeAsTextOrMilliseconds_IsTheSame(string time)
    {
        string user = $"ev-6-{time.Length}";

        (int status, _, _) = await shared.Server.Send("POST", "/v1/events", $$"""{"userId":"{{user}}","itemId":"tea-0","type":"view","time":{{time}}}""");

        Assert.Equal(200, status);
        Assert.Equal(new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero), (await shared.Client.GetUserAsync(user))!.LastTime);
    }

    [Fact]
    public async Task DeleteEvent_ThatIsThere_IsTakenBackOnce()
    {
        await shared.Client.RecordEventsAsync([SharedHost.Purchase("ev-7", "tea-0")]);

        RemovedEventAnswer? removed = await shared.Client.RemoveEventAsync("ev-7", "ev-7/tea-0");

        Assert.Equal(2, removed?.HistoryVersion);
        Assert.Null(await shared.Client.RemoveEventAsync("ev-7", "ev-7/tea-0"));
        Assert.Empty((await shared.Client.ExportUserAsync("ev-7"))!.Events);
    }

    [Fact]
    public async Task Export_EventIds_NameTheEventsToTakeBackAndToSendAgain()
    {
        await shared.Client.RecordEventsAsync([new() { UserId = "ev-8", ItemId = "tea-0", Type = "view" }]);
        string exported = Assert.Single((await shared.Client.ExportUserAsync("ev-8"))!.Events).EventId;

        EventsAnswer again = await shared.Client.RecordEventsAsync([new() { UserId = "ev-8", ItemId = "tea-0", Type = "view", EventId = exported }]);

        Assert.Equal(1, again.Duplicates);
        Assert.NotNull(await shared.Client.RemoveEventAsync("ev-8", exported));
    }
}
