using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OrleansRec.Api;
using OrleansRec.Client;

namespace OrleansRec.Gateway.Tests;

/// <summary>Goal: a key opens exactly what its scope holds; a server without keys serves this machine only.</summary>
public sealed class AccessTests(SharedHost shared)
{
    [Theory]
    [InlineData(KeyScopes.Read, 200, 403, 403)]
    [InlineData(KeyScopes.Write, 200, 200, 403)]
    [InlineData(KeyScopes.Admin, 200, 200, 200)]
    public async Task Scope_HoldsTheOnesBeforeIt(string scope, int read, int write, int admin)
    {
        string key = await shared.Server.Key(scope);

        Assert.Equal(read, await Ask("GET", "/v1/users", "Authorization", $"Bearer {key}"));
        Assert.Equal(write, await Ask("POST", "/v1/items", "Authorization", $"Bearer {key}", "[]"));
        Assert.Equal(admin, await Ask("GET", "/v1/keys", "X-Api-Key", key));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("Authorization", "Bearer nonsense")]
    [InlineData("Authorization", "Bearer rec_000000000000_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("Authorization", "Basic dTpw")]
    [InlineData("X-Api-Key", "")]
    public async Task WrongKey_Is401WithTheField(string? header, string? value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/users");
        if (header is not null)
            request.Headers.TryAddWithoutValidation(header, value);
        using HttpResponseMessage response = await shared.Server.Http.SendAsync(request);
        var problem = await GatewayHost.Json(response);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.Single().Scheme);
        Assert.Equal("Authorization", problem.GetProperty("field").GetString());
        Assert.NotEmpty(problem.GetProperty("rule").GetString()!);
    }

    [Fact]
    public async Task Key_WithTheSecretOfAnother_Is401()
    {
        string read = await shared.Server.Key(KeyScopes.Read), admin = await shared.Server.Key(KeyScopes.Admin);

        Assert.Equal(401, await Ask("GET", "/v1/users", "X-Api-Key", admin[..16] + read[16..]));
    }

    [Fact]
    public async Task RevokedKey_OpensNothing()
    {
        NewKeyAnswer made = await shared.Client.CreateKeyAsync(new("short-lived", KeyScopes.Read));
        using var client = new RecommenderClient(shared.Server.Address, made.Key);
        await client.GetTrainingAsync();

        Assert.True(await shared.Client.RevokeKeyAsync(made.Id));

        RecommenderException e = await Assert.ThrowsAsync<RecommenderException>(() => client.GetTrainingAsync());
        Assert.Equal(401, e.Problem.Status);
        Assert.DoesNotContain((await shared.Client.ListKeysAsync()).Keys, k => k.Id == made.Id);
        Assert.False(await shared.Client.RevokeKeyAsync(made.Id));
    }

    [Theory]
    [InlineData("", KeyScopes.Read, "name")]
    [InlineData("n", "root", "scope")]
    public async Task CreateKey_BadInput_NamesTheField(string name, string scope, string field)
    {
        RecommenderException e = await Assert.ThrowsAsync<RecommenderException>(() => shared.Client.CreateKeyAsync(new(name, scope)));

        Assert.Equal((400, field), (e.Problem.Status, e.Problem.Field));
    }

    [Fact]
    public async Task EnsureFirstKey_Twice_MakesOneSystemKey()
    {
        await using GatewayHost server = await GatewayHost.Start();
        AccessKeys keys = server.App.Services.GetRequiredService<AccessKeys>();

        string? first = await keys.EnsureFirstKey();

        Assert.NotNull(first);
        Assert.Null(await keys.EnsureFirstKey());
        using var client = new RecommenderClient(server.Address, first);
        Assert.Equal(KeyScopes.System, Assert.Single((await client.ListKeysAsync()).Keys).Scope);
    }

    [Theory]
    [InlineData("127.0.0.1", 200)]
    [InlineData("localhost:1234", 200)]
    [InlineData("shop.example", 401)]
    public async Task InsecureLoopback_AddressedAsThisMachine_NeedsNoKey(string host, int expected)
    {
        await using GatewayHost server = await GatewayHost.Start(o => o.InsecureLoopback = true);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/keys") { Headers = { Host = host } };

        using HttpResponseMessage response = await server.Http.SendAsync(request);

        Assert.Equal(expected, (int)response.StatusCode);
    }

    [Fact]
    public async Task InsecureLoopback_OnEveryAddress_RefusesToStart()
    {
        InvalidOperationException e = await Assert.ThrowsAsync<InvalidOperationException>(
            () => GatewayHost.Start(o => o.InsecureLoopback = true, url: "http://0.0.0.0:0"));

        Assert.Contains("InsecureLoopback", e.Message, StringComparison.Ordinal);
        Assert.Contains("0.0.0.0", e.Message, StringComparison.Ordinal);
    }

    private async Task<int> Ask(string method, string target, string header, string value, string? body = null)
    {
        using var request = new HttpRequestMessage(new(method), target);
        request.Headers.Add(header, value);
        if (body is not null)
            request.Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await shared.Server.Http.SendAsync(request);
        return (int)response.StatusCode;
    }
}
