using Azure.Storage.Blobs;
using OrleansRec.Azure;
using OrleansRec.Contracts;
using OrleansRec.Silo.Tests.Storage;

namespace OrleansRec.Cluster.Tests.Storage;

/// <summary>The contract of log stores, tried on Azure's blobs by Azurite, with small segments so that they roll.</summary>
public sealed class AzureLogStoreContract : LogStoreContract, IAsyncLifetime
{
    private AzureLogStore store = null!, second = null!;

    protected override ILogStore Store => store;

    protected override ILogStore Second => second;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(AzuriteServer.Missing is not null, AzuriteServer.Missing ?? "");
        var container = new BlobContainerClient((await AzuriteServer.Shared).ConnectionString, $"logs-{Guid.NewGuid():N}");
        await container.CreateAsync();
        var options = new AzureLogOptions { SegmentBytesMax = 1 << 20, SegmentBlocksMax = 300 };
        (store, second) = (new(container, options), new(container, options));
    }

    public ValueTask DisposeAsync()
    {
        store?.Dispose();
        second?.Dispose();
        return default;
    }
}
