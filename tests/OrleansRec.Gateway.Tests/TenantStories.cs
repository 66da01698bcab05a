using OrleansRec.Api;
using OrleansRec.Client;
using OrleansRec.Model;

namespace OrleansRec.Gateway.Tests;

/// <summary>What a tenant's key opens: its own data, under the same paths as everybody's, and nothing else.</summary>
public sealed class TenantStories(SharedHost shared)
{
    [Fact]
    public async Task Key_OfATenant_OpensThatTenantOnly()
    {
        using RecommenderClient system = await shared.Server.Client(KeyScopes.System);
        NewTenantAnswer acme = (await system.CreateTenantAsync(new("acme")))!;
        using var client = new RecommenderClient(shared.Server.Address, acme.Key);
        await client.RecordEventsAsync([new() { UserId = "tenant-ann", ItemId = "mug", Type = "purchase" }]);
        await client.PutItemAsync("acme-only", new() { Title = "Mug" });

        Assert.Equal(1, (await client.GetUserAsync("tenant-ann"))!.Events);
        Assert.Null(await shared.Client.GetUserAsync("tenant-ann"));
        Assert.Null(await shared.Client.GetItemAsync("acme-only"));
        Assert.Equal(1, (await client.GetStatusAsync()).Users);
        Assert.Equal([acme.KeyId], (await client.ListKeysAsync()).Keys.Select(k => k.Id));
        Assert.False(await shared.Client.RevokeKeyAsync(acme.KeyId));
        Assert.Equal(1, (await client.GetStatusAsync()).Users);
    }

    [Fact]
    public async Task CreateTenant_ANameThatIsTaken_Is409AndNull()
    {
        using RecommenderClient system = await shared.Server.Client(KeyScopes.System);
        Assert.NotNull(await system.CreateTenantAsync(new("taken")));
        Assert.Null(await system.CreateTenantAsync(new("taken")));
        Assert.Null(await system.CreateTenantAsync(new(TenantId.Default.Name)));
        Assert.Contains("taken", (await system.ListTenantsAsync()).Tenants.Select(t => t.Name));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Acme")]
    [InlineData("*")]
    [InlineData("a/b")]
    public async Task CreateTenant_AnotherText_NamesTheRule(string name)
    {
        using RecommenderClient system = await shared.Server.Client(KeyScopes.System);
        RecommenderException e = await Assert.ThrowsAsync<RecommenderException>(() => system.CreateTenantAsync(new(name)));
        Assert.Equal((400, "name", TenantId.Rule), (e.Problem.Status, e.Problem.Field, e.Problem.Rule));
    }

    [Theory]
    [InlineData(KeyScopes.Admin)]
    [InlineData(KeyScopes.Write)]
    public async Task Tenants_WithoutSystemScope_Are403(string scope)
    {
        using RecommenderClient client = await shared.Server.Client(scope);
        Assert.Equal(403, (await Assert.ThrowsAsync<RecommenderException>(() => client.ListTenantsAsync())).Problem.Status);
        Assert.Equal(403, (await Assert.ThrowsAsync<RecommenderException>(() => client.CreateTenantAsync(new("stolen")))).Problem.Status);
    }

    [Fact]
    public async Task CreateKey_OfSystemScopeInATenant_IsRefused()
    {
        using RecommenderClient system = await shared.Server.Client(KeyScopes.System);
        NewTenantAnswer made = (await system.CreateTenantAsync(new("climber")))!;
        using var client = new RecommenderClient(shared.Server.Address, made.Key);
        RecommenderException e = await Assert.ThrowsAsync<RecommenderException>(() => client.CreateKeyAsync(new("up", KeyScopes.System)));
        Assert.Equal((403, "scope"), (e.Problem.Status, e.Problem.Field));
    }

    [Theory]
    [InlineData("rec_nobody_0123456789ab_0123456789012345678901234567890123456789012")]
    [InlineData("rec__0123456789ab_0123456789012345678901234567890123456789012")]
    [InlineData("rec_*_0123456789ab_0123456789012345678901234567890123456789012")]
    public async Task Key_OfATenantThatIsNotThere_Is401(string key)
    {
        using var client = new RecommenderClient(shared.Server.Address, key);
        Assert.Equal(401, (await Assert.ThrowsAsync<RecommenderException>(() => client.GetStatusAsync())).Problem.Status);
    }
}
