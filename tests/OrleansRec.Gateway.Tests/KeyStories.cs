using System.Net;
using System.Net.Http.Headers;
using OrleansRec.Api;
using OrleansRec.Client;

namespace OrleansRec.Gateway.Tests;

/// <summary>A key's life: made, used, rotated, bounded, revoked; and that no key makes or changes one that may do more.</summary>
public sealed class KeyStories(SharedHost shared)
{
    [Fact]
    public async Task RotateKey_WithAnOverlap_LeavesBothSecretsValid()
    {
        NewKeyAnswer old = await shared.Client.CreateKeyAsync(new("rotated", KeyScopes.Read));
        NewKeyAnswer renewed = (await shared.Client.RotateKeyAsync(old.Id, new(3600)))!;

        Assert.Equal(old.Id, renewed.Id);
        Assert.NotEqual(old.Key, renewed.Key);
        Assert.Equal((200, 200), (await Ask(old.Key), await Ask(renewed.Key)));
        KeyEntry listed = (await shared.Client.ListKeysAsync()).Keys.Single(k => k.Id == old.Id);
        Assert.InRange(listed.OldSecretUntil!.Value, DateTimeOffset.UtcNow.AddMinutes(30), DateTimeOffset.UtcNow.AddHours(2));
    }

    [Fact]
    public async Task RotateKey_WithoutAnOverlap_EndsTheOldSecret()
    {
        NewKeyAnswer old = await shared.Client.CreateKeyAsync(new("stolen", KeyScopes.Read));
        Assert.Equal(200, await Ask(old.Key));
        NewKeyAnswer renewed = (await shared.Client.RotateKeyAsync(old.Id, new(0)))!;
        Assert.Equal((401, 200), (await Ask(old.Key), await Ask(renewed.Key)));
        Assert.Null((await shared.Client.ListKeysAsync()).Keys.Single(k => k.Id == old.Id).OldSecretUntil);
    }

    [Fact]
    public async Task RotateKey_UnknownOrTooLong_IsNamed()
    {
        Assert.Null(await shared.Client.RotateKeyAsync("000000000000"));
        NewKeyAnswer key = await shared.Client.CreateKeyAsync(new("long", KeyScopes.Read));
        RecommenderException e = await Assert.ThrowsAsync<RecommenderException>(() => shared.Client.RotateKeyAsync(key.Id, new(31 * 24 * 3600)));
        Assert.Equal((400, "overlapSeconds"), (e.Problem.Status, e.Problem.Field));
    }

    [Fact]
    public async Task ListKeys_AfterAUse_TellsWhenItWas()
    {
        NewKeyAnswer key = await shared.Client.CreateKeyAsync(new("used", KeyScopes.Read));
        Assert.Null((await shared.Client.ListKeysAsync()).Keys.Single(k => k.Id == key.Id).LastUsed);
        DateTimeOffset before = DateTimeOffset.UtcNow.AddSeconds(-1);
        Assert.Equal(200, await Ask(key.Key));
        Assert.InRange((await shared.Client.ListKeysAsync()).Keys.Single(k => k.Id == key.Id).LastUsed!.Value, before, DateTimeOffset.UtcNow.AddSeconds(1));
    }

    [Fact]
    public async Task Keys_OfALargerScope_AreBeyondAnAdmin()
    {
        using RecommenderClient system = await shared.Server.Client(KeyScopes.System);
        NewKeyAnswer above = await system.CreateKeyAsync(new("above", KeyScopes.System));
        Assert.Equal(403, (await Assert.ThrowsAsync<RecommenderException>(() => shared.Client.CreateKeyAsync(new("climb", KeyScopes.System)))).Problem.Status);
        Assert.Equal(403, (await Assert.ThrowsAsync<RecommenderException>(() => shared.Client.RotateKeyAsync(above.Id))).Problem.Status);
        Assert.Equal(403, (await Assert.ThrowsAsync<RecommenderException>(() => shared.Client.RevokeKeyAsync(above.Id))).Problem.Status);
        Assert.True(await system.RevokeKeyAsync(above.Id));
    }

    [Fact]
    public async Task Key_WithARate_IsRefusedBeyondItWithRetryAfter()
    {
        // A bucket of one that takes 100 s to fill again.
        NewKeyAnswer slow = await shared.Client.CreateKeyAsync(new("slow", KeyScopes.Read, 0.01));
        Assert.Equal(200, await Ask(slow.Key));
        using HttpResponseMessage refused = await Response(slow.Key);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal("application/problem+json", refused.Content.Headers.ContentType?.MediaType);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 100);
        Assert.Equal(0.01, (await shared.Client.ListKeysAsync()).Keys.Single(k => k.Id == slow.Id).RequestsPerSecond);
        Assert.Equal(200, (int)(await Response(await shared.Server.Key(KeyScopes.Read))).StatusCode);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1e9)]
    public async Task CreateKey_ARateOutOfRange_NamesTheField(double rate)
    {
        RecommenderException e = await Assert.ThrowsAsync<RecommenderException>(() => shared.Client.CreateKeyAsync(new("rate", KeyScopes.Read, rate)));
        Assert.Equal((400, "requestsPerSecond"), (e.Problem.Status, e.Problem.Field));
    }

    private async Task<int> Ask(string key)
    {
        using HttpResponseMessage response = await Response(key);
        return (int)response.StatusCode;
    }

    private async Task<HttpResponseMessage> Response(string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/training");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return await shared.Server.Http.SendAsync(request);
    }
}
