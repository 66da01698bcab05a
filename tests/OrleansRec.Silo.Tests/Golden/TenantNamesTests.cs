using System.IO.Compression;
using OrleansRec.Api;
using OrleansRec.Model;
using OrleansRec.Silo.Hosting;
using OrleansRec.Silo.Tests.Storage;

namespace OrleansRec.Silo.Tests.Golden;

/// <summary>A folder from before there were tenants: its model and keys are the default tenant's too, and a tenant made beside it sees nothing of them.</summary>
public sealed class TenantNamesTests : IDisposable
{
    private readonly ScratchFolder scratch = new();

    public TenantNamesTests() =>
        ZipFile.ExtractToDirectory(Path.Combine(AppContext.BaseDirectory, "Golden", "format-1.zip"), scratch["data"]);

    public void Dispose() => scratch.Dispose();

    [Fact]
    public async Task Open_AFolderOfFormat1_GivesKeysAndModelToTheDefaultTenant()
    {
        await using var cluster = await LocalCluster.Open(scratch["data"], TenantId.Default, TestContext.Current.CancellationToken);
        KeyEntry key = Assert.Single((await cluster.Recommender.ListKeysAsync(TestContext.Current.CancellationToken)).Keys);
        Assert.Equal(("3019e48e2a15", "first", KeyScopes.Admin), (key.Id, key.Name, key.Scope));
        ModelsAnswer models = await cluster.Recommender.ListModelsAsync(TestContext.Current.CancellationToken);
        Assert.Equal((1, 1), ((int)models.Current, models.Models.Length));
        Assert.True((await cluster.Recommender.StartTrainingAsync(new() { Rank = 4, Sweeps = 1 }, TestContext.Current.CancellationToken)) is { Started: true, Version: 2 });
    }

    [Fact]
    public async Task CreateTenant_InAFolderOfFormat1_SeesNothingOfIt()
    {
        await using (var operators = await LocalCluster.Open(scratch["data"], TenantId.Default, TestContext.Current.CancellationToken))
            Assert.NotNull(await operators.Recommender.CreateTenantAsync(new("acme"), TestContext.Current.CancellationToken));

        await using var cluster = await LocalCluster.Open(scratch["data"], TenantId.Of("acme"), TestContext.Current.CancellationToken);
        ServerStatus status = await cluster.Recommender.GetStatusAsync(TestContext.Current.CancellationToken);
        Assert.Equal((0, 0, 0), ((int)status.Users, (int)status.Items, (int)status.ModelVersion));
        Assert.Equal("first", Assert.Single((await cluster.Recommender.ListKeysAsync(TestContext.Current.CancellationToken)).Keys).Name);
    }
}
