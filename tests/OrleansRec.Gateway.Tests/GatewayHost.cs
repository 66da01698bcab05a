using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansRec.Api;
using OrleansRec.Client;
using OrleansRec.Contracts;
using OrleansRec.Grains.Hosting;
using OrleansRec.Model;
using OrleansRec.Tests.Shared;

namespace OrleansRec.Gateway.Tests;

/// <summary>A server on a free port of this machine, over the grains with stores in memory, and a key of each scope.</summary>
public sealed class GatewayHost : IAsyncDisposable
{
    private static readonly TimeSpan StartMax = TimeSpan.FromMinutes(1), EndMax = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, string> _keys = [];

    private readonly InProcessSilo _silo;

    private GatewayHost(WebApplication app, InProcessSilo silo)
    {
        App = app;
        _silo = silo;
        Address = new(app.Urls.First());
        Http = new() { BaseAddress = Address };
    }

    public WebApplication App { get; }

    public Uri Address { get; }

    /// <summary>Sends no key by itself.</summary>
    public HttpClient Http { get; }

    public static async Task<GatewayHost> Start(Action<GatewayOptions>? options = null, Action<IServiceCollection>? services = null, string url = "http://127.0.0.1:0")
    {
        var shards = new ShardMap(3, 2);
        InProcessSilo silo = await InProcessSilo.Start(shards);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(url);
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(silo.Grains).AddSingleton(shards).AddSingleton(EventTypeRules.Default);
        builder.Services.AddSingleton<IRandomSource, CryptoRandomSource>().AddSingleton<IServingGate, ServingGate>();
        builder.Services.AddOrleansRecGateway(options);
        services?.Invoke(builder.Services);
        WebApplication app = builder.Build();
        app.UseOrleansRecGateway();
        app.MapOrleansRec();
        try
        {
            await BoundedWait.Of(() => app.StartAsync(), StartMax, "the start of the gateway");
        }
        catch
        {
            await app.DisposeAsync();
            await silo.DisposeAsync();
            throw;
        }
        return new(app, silo);
    }

    /// <summary>The default tenant's verbs without HTTP.</summary>
    public IRecommender Verbs => App.Services.GetRequiredService<Recommenders>().Of(TenantId.Default);

    /// <summary>The text of a key of this scope.</summary>
    public async Task<string> Key(string scope)
    {
        if (!_keys.TryGetValue(scope, out string? key))
        {
            KeyInput input = new(scope, scope);
            _keys[scope] = key = (await Verbs.CreateKey(input)).Key;
        }
        return key;
    }

    public async Task<RecommenderClient> Client(string scope = KeyScopes.Admin) => new(Address, await Key(scope));

    private const int BodyLengthUnasked = 1 << 20;

    /// <summary>Sends with an admin key; the answer's status and JSON (null where there is none).</summary>
    public async Task<(int Status, JsonElement Json, HttpResponseMessage Response)> Send(string method, string target, string? body = null, string mediaType = "application/json")
    {
        using var request = new HttpRequestMessage(new(method), target);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await Key(KeyScopes.Admin));
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, mediaType);
        // A server that refuses a body for its length closes the connection while the body still comes, and its answer may be lost: a large body asks first.
        request.Headers.ExpectContinue = body?.Length > BodyLengthUnasked;
        HttpResponseMessage response = await Http.SendAsync(request);
        return ((int)response.StatusCode, await Json(response), response);
    }

    public static async Task<JsonElement> Json(HttpResponseMessage response)
    {
        string text = await response.Content.ReadAsStringAsync();
        return text.StartsWith('{') ? JsonDocument.Parse(text).RootElement : default;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await BoundedWait.Of(
            async () =>
            {
                await App.StopAsync();
                await App.DisposeAsync();
            },
            EndMax, "the end of the gateway");
        await _silo.DisposeAsync();
    }
}
