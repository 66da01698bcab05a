using System.Net.Http.Json;

namespace OrleansRec.Silo.Tests.Durability;

/// <summary>Has a server train one model after another, across whatever happens to it.</summary>
internal sealed class BusyTraining
{
    private static readonly TimeSpan pause = TimeSpan.FromMilliseconds(50);

    private volatile Uri? address;
    private int startedCount;

    /// <summary>Where the server is now; null while it is down.</summary>
    public Uri? Address
    {
        get => address;
        set => address = value;
    }

    /// <summary>Trainings that the server began.</summary>
    public int StartedCount => startedCount;

    public async Task Run(CancellationToken stop)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        while (!stop.IsCancellationRequested)
        {
            if (address is { } server && await TryStart(http, server))
                startedCount++;
            await Task.Delay(pause, CancellationToken.None);
        }
    }

    /// <summary>The version that the server recommends with; each publication counts it up.</summary>
    public async Task<long> Published()
    {
        using var http = new HttpClient();
        var models = await http.GetFromJsonAsync<Api.ModelsAnswer>(new Uri(address!, "/v1/models"));
        return models!.Current;
    }

    /// <summary>One that is under way already is not started again.</summary>
    private static async Task<bool> TryStart(HttpClient http, Uri server)
    {
        try
        {
            using var answer = await http.PostAsJsonAsync(new Uri(server, "/v1/training"), new { rank = 8, sweeps = 4 });
            return answer.IsSuccessStatusCode && (await answer.Content.ReadFromJsonAsync<Api.TrainingStartedAnswer>())!.Started;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or IOException)
        {
            return false;
        }
    }
}
