using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansRec.Api;
using OrleansRec.Client;
using OrleansRec.Gateway;
using OrleansRec.Model;
using OrleansRec.Silo.Dashboard.Access;
using OrleansRec.Silo.Hosting;
using OrleansRec.Silo.Tests.Storage;
using OrleansRec.Tests.Shared;

namespace OrleansRec.Silo.Tests.Access;

/// <summary>The product's own server on a folder of its own, a planted user, and every kind of key and login that there is.</summary>
public sealed class AccessServer : IAsyncLifetime
{
    public const string PlantedUser = "planted-user";
    public const string PlantedItem = "planted-item";

    private static readonly TimeSpan startTimeout = TimeSpan.FromMinutes(2), endTimeout = TimeSpan.FromMinutes(2);

    private readonly ScratchFolder scratch = new();
    private readonly Dictionary<Visitor, string> keys = [];

    public WebApplication App { get; private set; } = null!;

    /// <summary>Sends no key by itself, and follows no redirection.</summary>
    public HttpClient Http { get; private set; } = null!;

    /// <summary>Everything that the server routes to, pages and files included.</summary>
    public IEnumerable<RouteEndpoint> Endpoints => App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    public async ValueTask InitializeAsync()
    {
        App = WebServer.Build(new(scratch["data"], Port: 0));
        using var late = new CancellationTokenSource(startTimeout);
        Uri address = await WebServer.Start(App, late.Token).Within(startTimeout, "the start of the server");
        Http = new(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = address };
        string first = (await App.Services.GetRequiredService<AccessKeys>().EnsureFirstKey())!;
        using var system = new RecommenderClient(address, first);
        await system.RecordEventsAsync([new() { UserId = PlantedUser, ItemId = PlantedItem, Type = "purchase", EventId = "planted-event", SessionId = "planted-session" }]);
        await system.PutItemAsync(PlantedItem, new() { Title = "Planted title" });
        keys[Visitor.System] = first;
        foreach (var (visitor, scope) in new[] { (Visitor.Read, KeyScopes.Read), (Visitor.Write, KeyScopes.Write), (Visitor.Admin, KeyScopes.Admin), (Visitor.Revoked, KeyScopes.Admin) })
            keys[visitor] = (await system.CreateKeyAsync(new(visitor.ToString(), scope))).Key;
        keys[Visitor.OverRate] = (await system.CreateKeyAsync(new("over its rate", KeyScopes.System, 0.01))).Key;
        keys[Visitor.OtherTenant] = (await system.CreateTenantAsync(new("other")))!.Key;
        foreach (Visitor visitor in Visitors.All.Where(v => v is not (Visitor.Nobody or Visitor.Expired)))
            _ = await Cookie(visitor);
        string revoked = (await system.ListKeysAsync()).Keys.Single(k => k.Name == nameof(Visitor.Revoked)).Id;
        await system.RevokeKeyAsync(revoked);
        // The one request of the key's bucket. And the first page, which maps the pages.
        using (await Send(HttpMethod.Get, "/v1/training", Visitor.OverRate, null))
        using (await Http.GetAsync("/dashboard/login"))
            return;
    }

    /// <summary>Sends as a visitor: the API asks for a key, pages for a login with it.</summary>
    public async Task<HttpResponseMessage> Send(HttpMethod method, string target, Visitor visitor, string? body)
    {
        using var request = new HttpRequestMessage(method, target);
        if (body is not null)
            request.Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        if (keys.TryGetValue(visitor, out string? key))
            request.Headers.Authorization = new("Bearer", key);
        if (await Cookie(visitor) is { } cookie)
            request.Headers.Add("Cookie", cookie);
        return await Http.SendAsync(request);
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
            endTimeout, "the end of the server");
        scratch.Dispose();
    }

    private readonly Dictionary<Visitor, string> cookies = [];

    /// <summary>The cookie that a login with the visitor's key sets; of an expired one, what it set a day ago.</summary>
    private async Task<string?> Cookie(Visitor visitor)
    {
        if (visitor == Visitor.Nobody)
            return null;
        if (cookies.TryGetValue(visitor, out string? made))
            return made;
        Caller caller = (await App.Services.GetRequiredService<AccessKeys>().Check(keys[visitor == Visitor.Expired ? Visitor.Admin : visitor]))!;
        DateTimeOffset until = visitor == Visitor.Expired ? DateTimeOffset.UtcNow.AddHours(-12) : DateTimeOffset.UtcNow.AddHours(12);
        var options = App.Services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(OperatorScope.Scheme);
        var ticket = new AuthenticationTicket(OperatorScope.Of(caller, until), new() { IssuedUtc = until.AddHours(-12), ExpiresUtc = until }, OperatorScope.Scheme);
        return cookies[visitor] = $"{options.Cookie.Name}={options.TicketDataFormat.Protect(ticket)}";
    }
}

/// <summary>The tests that share one server.</summary>
[CollectionDefinition(nameof(AccessServer))]
public sealed class AccessServerCollection : ICollectionFixture<AccessServer>;

/// <summary>Who asks.</summary>
public enum Visitor
{
    Nobody, Read, Write, Admin, System, Revoked, Expired, OtherTenant, OverRate,
}

/// <summary>All of them.</summary>
public static class Visitors
{
    public static readonly Visitor[] All = Enum.GetValues<Visitor>();
}
