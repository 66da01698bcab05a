using System.Net;
using OrleansRec.Silo.Tests.Storage;
using OrleansRec.Tests.Shared;

namespace OrleansRec.Silo.Tests.Durability;

/// <summary>A full disk refuses writes by name, loses nothing acknowledged, and the server goes on by itself once there is room.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public async Task Post_OnAFullDisk_IsUnavailableUntilThereIsRoom()
    {
        using var library = await PowerCutLibrary.BuildOrSkip();
        await using var server = await ProductProcess.Serve(scratch["data"], library.Environment(scratch["data"]));
        using var http = new HttpClient { BaseAddress = server.Address };
        Assert.Equal(HttpStatusCode.OK, (await SingleEvent.Post(http, "before")).StatusCode);
        File.WriteAllText(library.FullSwitchPath, "");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await SingleEvent.Post(http, "during")).StatusCode);
        HttpResponseMessage ready = await http.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Contains("The log could not be written", await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/health/live")).StatusCode);
        File.Delete(library.FullSwitchPath);
        Assert.Equal(HttpStatusCode.OK, (await SingleEvent.Post(http, "during")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await SingleEvent.Post(http, "after")).StatusCode);
        var acknowledged = new Dictionary<string, string[]> { [SingleEvent.User] = ["before", "during", "after"] };
        Assert.Empty(await ExportCheck.Violations(server.Address, acknowledged, isQuiet: true));
    }
}
