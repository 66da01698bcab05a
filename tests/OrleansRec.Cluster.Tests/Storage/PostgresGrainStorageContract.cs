using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;
using Orleans.Storage;
using OrleansRec.Silo.Storage;
using OrleansRec.Silo.Storage.PostgreSql;
using OrleansRec.Silo.Tests.Storage;
using OrleansRec.Tests.Shared;

namespace OrleansRec.Cluster.Tests.Storage;

/// <summary>The contract of grain state, tried on Orleans' AdoNet provider with the statements that rec storage init writes.</summary>
public sealed class PostgresGrainStorageContract : GrainStorageContract, IAsyncLifetime
{
    private static readonly TimeSpan startTimeout = TimeSpan.FromMinutes(1), endTimeout = TimeSpan.FromMinutes(1);

    private IHost silo = null!;

    protected override IGrainStorage Storage => silo.Services.GetRequiredKeyedService<IGrainStorage>("rec");

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        var options = new StorageOptions { Kind = StorageKind.PostgreSql, ConnectionString = await (await PostgresServer.Shared).CreateDatabase("state") };
        PostgresStore.Initialise(options, _ => { });
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Logging.ClearProviders();
        PostgresState.Add(builder.Services, "rec", options, "orleansrec");
        builder.UseOrleans(o => o.UseLocalhostClustering(FreePorts.Take(1)[0], 0));
        silo = builder.Build();
        await BoundedWait.Of(() => silo.StartAsync(), startTimeout, "the start of a silo");
    }

    public async ValueTask DisposeAsync()
    {
        if (silo is null)
            return;
        await BoundedWait.Of(
            async () =>
            {
                await silo.StopAsync();
                silo.Dispose();
            },
            endTimeout, "the end of a silo");
    }
}
