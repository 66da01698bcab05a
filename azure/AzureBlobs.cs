using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using OrleansRec.Contracts;

namespace OrleansRec.Azure;

/// <summary>The calls to the service that the store makes: so many at once, their faults in the store's terms.</summary>
internal sealed class AzureBlobs(BlobContainerClient container, AzureLogOptions options) : IDisposable
{
    private readonly SemaphoreSlim calls = new(options.CallsMax);

    public AppendBlobClient Log(string name) => container.GetAppendBlobClient(name);

    public BlockBlobClient Block(string name) => container.GetBlockBlobClient(name);

    /// <summary>Names that begin so, in order.</summary>
    public Task<List<string>> List(string prefix, CancellationToken cancellation) => Call(async () =>
    {
        var names = new List<string>();
        await foreach (BlobItem blob in container.GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix, cancellation).ConfigureAwait(false))
            names.Add(blob.Name);
        names.Sort(StringComparer.Ordinal);
        return names;
    }, cancellation);

    /// <summary>A blob's bytes and its tag; null where there is none.</summary>
    public Task<ReadBlob?> Read(string name, CancellationToken cancellation) => Call(async () =>
    {
        try
        {
            BlobDownloadResult blob = await container.GetBlobClient(name).DownloadContentAsync(cancellation).ConfigureAwait(false);
            return new ReadBlob(blob.Content.ToArray(), blob.Details.ETag);
        }
        catch (RequestFailedException e) when (IsMissing(e))
        {
            return null;
        }
    }, cancellation);

    public Task Delete(string name, CancellationToken cancellation) =>
        Call(() => container.GetBlobClient(name).DeleteIfExistsAsync(DeleteSnapshotsOption.IncludeSnapshots, cancellationToken: cancellation), cancellation);

    /// <summary>Runs a call when it is its turn. Conditions that do not hold are left to the caller.</summary>
    public async Task<T> Call<T>(Func<Task<T>> call, CancellationToken cancellation)
    {
        await calls.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (Exception e) when (e is RequestFailedException failed ? !IsCondition(failed) : e is AggregateException or IOException)
        {
            throw new StoreUnavailableException($"The blobs are unavailable: {e.Message.Split('\n')[0]}");
        }
        finally
        {
            calls.Release();
        }
    }

    /// <summary>Said by the service about its state, not about itself: there already, not there, or not as the condition says.</summary>
    public static bool IsCondition(RequestFailedException e) => e.Status is 404 or 409 or 412;

    public static bool IsMissing(RequestFailedException e) => e.Status == 404;

    public void Dispose() => calls.Dispose();
}

/// <summary>A blob as of one moment.</summary>
internal sealed record ReadBlob(byte[] Bytes, ETag Tag);
