using System.Net;
using OrleansRec.Contracts;
using OrleansRec.Silo.Storage;
using OrleansRec.Silo.Storage.Verification;
using OrleansRec.Silo.Tests.Storage;
using OrleansRec.Tests.Shared;

namespace OrleansRec.Silo.Tests.Durability;

/// <summary>A real disk that is full or read-only refuses by name and heals by itself; a clock that was set back changes nothing that was acknowledged.</summary>
public sealed class DiskFaultTests : IDisposable
{
    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public async Task Post_OnADiskThatFillsUp_IsUnavailableUntilThereIsRoom()
    {
        using var disk = SmallDisk.MountOrSkip(megabytes: 8);
        string data = Path.Combine(disk.Path, "data");
        var acknowledged = new Dictionary<string, string[]> { [SingleEvent.User] = ["before", "after"] };
        await using (var server = await ProductProcess.Serve(data))
        {
            using var http = new HttpClient { BaseAddress = server.Address };
            Assert.Equal(HttpStatusCode.OK, (await SingleEvent.Post(http, "before")).StatusCode);
            disk.Fill();
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await UntilRefused(http));
            disk.MakeRoom();
            Assert.Equal(HttpStatusCode.OK, (await SingleEvent.Post(http, "after")).StatusCode);
            Assert.Empty(await ExportCheck.Violations(server.Address, acknowledged, isQuiet: false));
        }
        Assert.True(FolderVerification.Run(data).IsClean);
    }

    [Fact]
    public async Task Open_OnADiskThatIsReadOnly_SaysSoAndVerifyStillReads()
    {
        using var disk = SmallDisk.MountOrSkip(megabytes: 8);
        string data = Path.Combine(disk.Path, "data");
        using (var folder = DataFolder.Open(new() { Folder = data }))
            await folder.Log.Append(new("model/1/0", (await folder.Log.Open("model/1/0")).Epoch, 1, 1, new byte[] { 1 }));
        disk.MakeReadOnly();
        var e = Assert.Throws<StoreUnavailableException>(() => DataFolder.Open(new() { Folder = data }));
        Assert.Contains(data, e.Message);
        Assert.Contains("Read-only file system", e.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(FolderVerification.Run(data).Findings);
        disk.MakeWritable();
        using var again = DataFolder.Open(new() { Folder = data });
        Assert.Equal(1, (await again.Log.Open("model/1/0")).LastSequence);
    }

    [Fact]
    public async Task Restart_WithTheClockSetBackAnHour_KeepsAndTakesEveryEvent()
    {
        using var library = await PowerCutLibrary.BuildOrSkip();
        string[] events = ["one", "two", "three", "four"];
        await using (var server = await ProductProcess.Serve(scratch["data"]))
        {
            using var http = new HttpClient { BaseAddress = server.Address };
            foreach (string id in events[..2])
                (await SingleEvent.Post(http, id)).EnsureSuccessStatusCode();
            await server.Kill();
        }
        var environment = library.Environment(scratch["data"]);
        environment["UNDO_CLOCK"] = "-3600";
        await using var earlier = await ProductProcess.Serve(scratch["data"], environment);
        using var client = new HttpClient { BaseAddress = earlier.Address };
        foreach (string id in events)
            (await SingleEvent.Post(client, id)).EnsureSuccessStatusCode();
        var acknowledged = new Dictionary<string, string[]> { [SingleEvent.User] = events };
        Assert.Empty(await ExportCheck.Violations(earlier.Address, acknowledged, isQuiet: true));
        Assert.InRange(await ServerTime(client), DateTimeOffset.UtcNow.AddHours(-1.1), DateTimeOffset.UtcNow.AddHours(-0.9));
    }

    /// <summary>Some events still fit into what the log holds already; each of them may be acknowledged.</summary>
    private static async Task<HttpStatusCode> UntilRefused(HttpClient http)
    {
        const int EventsMax = 20_000;
        for (int n = 0; n < EventsMax; n++)
        {
            using var answer = await SingleEvent.Post(http, $"during {n}");
            if (answer.StatusCode != HttpStatusCode.OK)
                return answer.StatusCode;
        }
        return HttpStatusCode.OK;
    }

    /// <summary>What the server takes for now: the time that it gave the last event.</summary>
    private static async Task<DateTimeOffset> ServerTime(HttpClient http)
    {
        string export = await http.GetStringAsync($"/v1/users/{SingleEvent.User}/export");
        using var document = System.Text.Json.JsonDocument.Parse(export);
        return document.RootElement.GetProperty("events").EnumerateArray().Last().GetProperty("time").GetDateTimeOffset();
    }
}
